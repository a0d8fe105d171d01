"""create_template: POST → 201 {template}."""

from typing import Any

from pydantic import BaseModel

from shared.contract.command import Command
from shared.contract.operation import Operation, Tag
from shared.domain.common.errors import PermissionDenied
from shared.domain.common.fields import Id, Label, Name, Text, UserIds
from shared.domain.students.mastery import MasteryCriterion
from shared.domain.templates.template import Template, TemplateData, Visibility


class CreateTemplate(Command):
    """`visibility` is `private`, or `assigned` where students are given, unless it is set."""

    name: Name
    description: Text = ""
    root_id: Id | None = None
    subject: Label | None = None
    topic: Label | None = None
    grade_level: Label | None = None
    visibility: Visibility | None = None
    student_ids: UserIds = []
    template_data: TemplateData
    mastery_criterion: MasteryCriterion | None = None


class CreateTemplateReply(BaseModel):
    template: Template


EXAMPLE: dict[str, Any] = {
    "name": "Daily scales",
    "description": "Ten minutes before anything else",
    "subject": "Music",
    "visibility": "assigned",
    "student_ids": ["sam"],
    "template_data": {
        "sections": [
            {
                "name": "Warm-up",
                "duration_minutes": 10,
                "exercises": [
                    {"id": "c-major", "name": "C major", "description": "Two octaves"},
                    {
                        "id": "intervals",
                        "name": "Intervals",
                        "skill": "Intervals",
                        "questions": [
                            {
                                "question_id": "fifth",
                                "kind": "numeric",
                                "prompt": "How many semitones are in a perfect fifth?",
                                "hints": ["C to G, counted on the piano's keys"],
                                "answer": 7,
                                "explanation": "C to G: seven keys up.",
                            },
                            {
                                "question_id": "tritone",
                                "kind": "multiple_choice",
                                "prompt": "Which two notes are a tritone apart?",
                                "choices": [
                                    {"id": "a", "text": "C and F"},
                                    {"id": "b", "text": "C and F sharp"},
                                ],
                                "answer": "b",
                            },
                        ],
                    },
                ],
            }
        ],
        "total_duration_minutes": 10,
        "tags": ["scales"],
    },
}

OPERATION = Operation(
    function="create_template",
    request=CreateTemplate,
    replies={201: CreateTemplateReply},
    tag=Tag.TEMPLATES,
    summary="Write a template",
    description="Anyone signed in may own templates. Only a teacher (custom claim `role: teacher`) "
    "may set `student_ids`, or a `visibility` other than `private`.",
    refusals=(PermissionDenied,),
    example=EXAMPLE,
)
