"""The example templates of the local stack and their people, created through the functions."""

from typing import Any

from local.api import User
from local.examples import GUITAR_TEMPLATE, theory_template
from local.stack import Stack, StackError

TEACHER = "teacher-1"
STUDENTS = ("student-1", "student-2")

TEMPLATES: dict[str, dict[str, Any]] = {
    "guitar": {
        **GUITAR_TEMPLATE,
        "root_id": "learn-guitar",
        "subject": "Music",
        "student_ids": list(STUDENTS),
    },
    "theory": {**theory_template(), "student_ids": list(STUDENTS)},
    "mental-arithmetic": {
        "name": "Mental arithmetic",
        "description": "Five minutes a day, no paper",
        "subject": "Mathematics",
        "visibility": "public",
        "template_data": {
            "sections": [
                {
                    "name": "Times tables",
                    "duration_minutes": 5,
                    "exercises": [
                        {"id": "sevens", "name": "The sevens, both ways", "skill": "Times tables"},
                        {"id": "squares", "name": "Squares up to 20", "skill": "Times tables"},
                    ],
                }
            ],
            "total_duration_minutes": 5,
        },
    },
}


def create_templates(stack: Stack) -> None:
    """Creates the templates with idempotency keys, so that a second run creates nothing.

    Prints their ids. Raises StackError if a call is refused.
    """
    teacher = User(stack, TEACHER, teacher=True)
    for key, template in TEMPLATES.items():
        created = teacher.call(
            "create_template", template, headers={"Idempotency-Key": f"seed-{key}"}
        )
        if not created.ok:
            raise StackError(f"Seeding failed: {created.text}")
        template_id = created.json()["template"]["template_id"]
        print(f"Seeded template {template_id} ({template['name']}) of {TEACHER}")
    print(f"Students: {', '.join(STUDENTS)}. Token: .venv/bin/python -m local.tokens {TEACHER}")
