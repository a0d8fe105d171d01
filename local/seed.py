"""The templates of the local stack, its class, and the past sessions of its students.

`python -m local.seed` creates what is missing, with the settings of the running functions. Instants
lie in the past, so it calls the functions' handlers instead of sending requests.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import import_module
from typing import Any

import requests

from local.emulator import Emulator
from local.examples import GUITAR_TEMPLATE, algebra_template, theory_template
from local.people import SEED_STUDENTS, TEACHER, Person
from local.practice_client import right_answer, wrong_answer
from shared.contract.examples import (
    ASSIGNMENT_ID,
    CLASS_ID,
    CLASS_REPLY,
    SESSION_ID,
    TEMPLATE_DATA,
    TEMPLATE_ID,
)
from shared.ports.calls import Call, Caller, IdempotencyContext
from shared.wiring.environment import settings
from shared.wiring.tutor import offline_tutor

ASSIGNED = [student.uid for student in SEED_STUDENTS]
TIMEZONE = "Europe/Berlin"
# How many days ago each student had a session of which template.
HISTORY = {
    "student-1": {"guitar": (9, 7, 6, 4, 2), "theory": (8, 5, 1), "mental-arithmetic": (3,)},
    "student-2": {"guitar": (5, 2), "theory": (1,)},
}
WRONG_EVERY = 4
ANSWERS = 10
ANSWER_TIME = timedelta(seconds=45)
EXERCISE_TIME = timedelta(minutes=12)
GRADES = ("good", "hard", "good", "easy", "again")

SEED_TEMPLATES: dict[str, dict[str, Any]] = {
    "guitar": {
        **GUITAR_TEMPLATE,
        "root_id": "learn-guitar",
        "subject": "Music",
        "student_ids": ASSIGNED,
    },
    "theory": {**theory_template(), "student_ids": ASSIGNED},
    "algebra": algebra_template(),
    # The template of the API document's examples.
    TEMPLATE_ID: {
        "name": "Daily scales",
        "subject": "Music",
        "student_ids": ASSIGNED,
        "template_data": TEMPLATE_DATA,
    },
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


def _call(function: str, person: Person, body: Any, *, at: datetime, **dependencies: Any) -> Any:
    """The reply of one call of a function by the person at an instant.

    `dependencies` replace those of the deployed function. Raises the refusals of the function.
    """
    main = import_module(f"functions.{function}.main")
    handler = import_module(f"functions.{function}.handler")
    command = main.OPERATION.request.model_validate_json(json.dumps(body))
    idempotency = IdempotencyContext(person.uid, function, None, "", at)
    caller = Caller(person.uid, is_teacher=person.teacher)
    reply = handler.handle(
        command, Call(caller, idempotency, at), replace(main.dependencies(), **dependencies)
    )
    return json.loads(reply.json)


def seed(now: datetime) -> None:
    """Creates the missing templates and sessions, each under an id of its own.

    Raises requests.RequestException when the emulator does not answer.
    """
    for template_id, template in SEED_TEMPLATES.items():
        if _read(f"session_templates/{template_id}") is None:
            at = now - timedelta(days=10)
            _call("create_template", TEACHER, template, at=at, new_id=partial(str, template_id))
    _seed_class(now)
    _seed_assignment(now)
    for begun_at, session_id, student, template_id in _sessions(now):
        stored = _read(f"practice_sessions/{session_id}")
        # One that an interruption left active is resumed.
        if stored and (
            session_id == SESSION_ID or stored["fields"]["status"]["stringValue"] != "active"
        ):
            continue
        if template_id == "theory":
            _practise(student, session_id, begun_at=begun_at)
        else:
            _tick(student, session_id, template_id, begun_at=begun_at)


def _seed_class(now: datetime) -> None:
    """The class of the API document's examples, which both students have joined."""
    code = CLASS_REPLY["join"]["code"]
    if _read(f"classes/{CLASS_ID}") is None:
        body = {"name": "Guitar, Tuesdays", "subject": "Music", "timezone": TIMEZONE}
        ids = {"new_id": partial(str, CLASS_ID), "new_code": partial(str, code)}
        _call("create_class", TEACHER, body, at=now, **ids)
    for student in SEED_STUDENTS:
        if _read(f"classes/{CLASS_ID}/members/{student.uid}") is None:
            _call("join_class", student, {"code": code, "display_name": student.name}, at=now)


def _seed_assignment(now: datetime) -> None:
    """An assignment of the class, which nobody has begun."""
    if _read(f"classes/{CLASS_ID}/assignments/{ASSIGNMENT_ID}") is None:
        body = {
            "class_id": CLASS_ID,
            "template_id": TEMPLATE_ID,
            "title": "Intervals",
            "due_at": (now + timedelta(days=7)).isoformat(),
            "points": 10,
        }
        _call("create_assignment", TEACHER, body, at=now, new_id=partial(str, ASSIGNMENT_ID))


def _sessions(now: datetime) -> Iterator[tuple[datetime, str, Person, str]]:
    """The start, id, student and template of each session, the oldest first.

    The last is the active session of the API document's examples.
    """
    past = [
        (days, student, template_id)
        for student in SEED_STUDENTS
        for template_id, all_days in HISTORY[student.uid].items()
        for days in all_days
    ]
    for days, student, template_id in sorted(past, key=lambda session: -session[0]):
        session_id = f"{student.uid}-{template_id}-{days}-days-ago"
        yield now - timedelta(days=days), session_id, student, template_id
    yield now, SESSION_ID, SEED_STUDENTS[0], TEMPLATE_ID


def _tick(student: Person, session_id: str, template_id: str, *, begun_at: datetime) -> None:
    """A checklist session, completed unless it is that of the examples."""
    body = {"template_id": template_id, "timezone": TIMEZONE}
    reply = _call("start_session", student, body, at=begun_at, new_id=partial(str, session_id))
    if session_id == SESSION_ID:
        return
    at = begun_at
    for grade in GRADES:
        if reply["next_item"] is None:
            break
        at += EXERCISE_TIME
        item = {"node_id": reply["next_item"]["node_id"], "grade": grade}
        reply = _call(
            "update_progress", student, {"session_id": session_id, "items": [item]}, at=at
        )
    closing = {"focus_score": 7, "energy_level": 6, "notes": "Legato still uneven"}
    _call("complete_session", student, {"session_id": session_id, **closing}, at=at)


def _practise(student: Person, session_id: str, *, begun_at: datetime) -> None:
    """A completed session of infinite practice, with every WRONG_EVERY-th answer wrong."""
    turn = partial(
        _call,
        "practice_turn",
        student,
        tutor_for=lambda _caller: offline_tutor(),
        new_session_id=partial(str, session_id),
    )
    if state := _read(f"practice_sessions/{session_id}/state/current"):
        stored = state["fields"]["stored_session"]
        reply = turn({"session_context": {"stored_session": stored}}, at=begun_at)
    else:
        source = _read("session_templates/theory")
        reply = turn({"session_context": {"source_data": source}}, at=begun_at)
        started = {**reply["session_context"], "timezone": TIMEZONE}
        _call("start_session", student, started, at=begun_at)
    at = begun_at
    for number in range(1, ANSWERS + 1):
        at += ANSWER_TIME
        question = reply["messages"][-1]["tool_calls"][0]["args"]["question"]
        answer = wrong_answer(question) if number % WRONG_EVERY == 0 else right_answer(question)
        given = {"type": "answer", "question_id": question["question_id"], "answer": answer}
        reply = turn({"session_context": reply["session_context"], "input": given}, at=at)
    closing = {"session_id": session_id, **reply["session_context"], "focus_score": 8}
    _call("complete_session", student, closing, at=at)


def _read(path: str) -> Any:
    """The document in Firestore's REST notation, read as the emulator's owner; None without it."""
    documents = Emulator(settings().emulator_host).documents_url(settings().project_id)
    response = requests.get(
        f"{documents}/{path}",
        headers={"Authorization": "Bearer owner"},
        timeout=30,
    )
    if response.status_code == 404:
        return None
    response.raise_for_status()
    return response.json()


if __name__ == "__main__":
    seed(datetime.now(UTC))
