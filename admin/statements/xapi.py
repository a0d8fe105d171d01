"""Statements of the Experience API 1.0.3 about the work on a class's assignments.

Source: https://github.com/adlnet/xAPI-Spec/blob/1.0.3/xAPI-Data.md. The ids of statements are made
of what they state, so that a store that gets an export twice keeps each statement once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from shared.domain.classes.assignment import Assignment
from shared.domain.classes.school_class import SchoolClass
from shared.domain.gradebook.rows import score_of
from shared.domain.sessions.items import LoggedItem
from shared.domain.sessions.session import Session, Status

Statement = dict[str, Any]

VERBS = "http://adlnet.gov/expapi/verbs/"
ACTIVITIES = "http://adlnet.gov/expapi/activities/"
# Texts are in the language of their author, which is not known.
ANY_LANGUAGE = "und"
INTERACTION_TYPES = {
    "multiple_choice": "choice",
    "multi_select": "choice",
    "numeric": "numeric",
    "short_answer": "fill-in",
    "free_response": "long-fill-in",
    "ordering": "sequencing",
    "matching": "matching",
}
# Between the parts of a response, by the specification.
BETWEEN_RESPONSES = "[,]"


@dataclass(frozen=True)
class Course:
    """A class with its assignments by id. `home` is the app's address, below which ids are."""

    home: str
    school_class: SchoolClass
    assignments: Mapping[str, Assignment]

    def iri(self, *steps: str) -> str:
        path = "/".join(quote(step, safe="") for step in steps)
        return f"{self.home.rstrip('/')}/classes/{self.school_class.class_id}/{path}".rstrip("/")


def statements(
    course: Course, session: Session, items: list[LoggedItem], *, name: str | None
) -> Iterator[Statement]:
    """Of one student's work: that it began, each answer, and that it was handed in.

    `name` is that of the student in the class.
    """
    shared = _shared(course, session, name)
    work = _work(course, session)
    yield _statement(session, "initialized", session.started_at, shared, object=work)
    for item in sorted(items, key=lambda item: item.index):
        if item.is_right is not None:
            yield _answered(course, session, item, shared)
    if session.status is Status.COMPLETED and session.ended_at is not None:
        result: dict[str, Any] = {"completion": True, "duration": _duration(session)}
        if (score := score_of(session)) is not None:
            result["score"] = {"scaled": round(score / 100, 4), "raw": score, "min": 0, "max": 100}
        yield _statement(session, "completed", session.ended_at, shared, object=work, result=result)


def _answered(course: Course, session: Session, item: LoggedItem, shared: Statement) -> Statement:
    result: dict[str, Any] = {"success": item.is_right}
    if item.score is not None:
        result["score"] = {"scaled": item.score}
    if item.answer is not None:
        result["response"] = _response(item.answer)
    if item.duration_ms is not None:
        result["duration"] = f"PT{item.duration_ms / 1000:g}S"
    definition: dict[str, Any] = {
        "type": f"{ACTIVITIES}cmi.interaction",
        "interactionType": INTERACTION_TYPES.get(item.exercise_type or "", "other"),
    }
    if item.prompt:
        definition["description"] = {ANY_LANGUAGE: item.prompt}
    if item.correct_answer is not None:
        definition["correctResponsesPattern"] = [_response(item.correct_answer)]
    question = {
        "objectType": "Activity",
        "id": course.iri("assignments", session.assignment_id or "", "questions", item.node_id),
        "definition": definition,
    }
    parent = {"contextActivities": {**shared["context"]["contextActivities"]}}
    parent["contextActivities"]["parent"] = [_work(course, session)]
    context = {**shared["context"], **parent}
    return _statement(
        session,
        "answered",
        item.completed_at,
        {**shared, "context": context},
        object=question,
        result=result,
        part=item.item_id,
    )


def _statement(
    session: Session,
    verb: str,
    at: datetime,
    shared: Statement,
    *,
    part: str = "",
    **fields: Any,
) -> Statement:
    iri = f"urn:practice:{session.session_id}:{verb}:{part}"
    return {
        "id": str(uuid5(NAMESPACE_URL, iri)),
        "version": "1.0.3",
        "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "verb": {"id": f"{VERBS}{verb}", "display": {"en": verb}},
        **shared,
        **fields,
    }


def _shared(course: Course, session: Session, name: str | None) -> Statement:
    account = {"homePage": course.home, "name": session.student_id}
    actor = {"objectType": "Agent", **({"name": name} if name else {}), "account": account}
    group = {
        "objectType": "Activity",
        "id": course.iri(),
        "definition": {
            "type": f"{ACTIVITIES}course",
            "name": {ANY_LANGUAGE: course.school_class.name},
        },
    }
    registration = uuid5(NAMESPACE_URL, f"urn:practice:{session.session_id}")
    context = {
        "registration": str(registration),
        "contextActivities": {"grouping": [group]},
    }
    return {"actor": actor, "context": context}


def _work(course: Course, session: Session) -> Statement:
    assignment = course.assignments.get(session.assignment_id or "")
    return {
        "objectType": "Activity",
        "id": course.iri("assignments", session.assignment_id or ""),
        "definition": {
            "type": f"{ACTIVITIES}assessment",
            "name": {ANY_LANGUAGE: assignment.title if assignment else session.name},
        },
    }


def _duration(session: Session) -> str:
    return f"PT{session.time_spent_seconds or session.duration_seconds or 0}S"


def _response(answer: object) -> str:
    parts = answer if isinstance(answer, list) else [answer]
    return BETWEEN_RESPONSES.join(map(str, parts))
