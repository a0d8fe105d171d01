"""Scenes, one for each way in which a function writes: set-up, call and counted effects.

Their users are new, so that many scenes can be played in one database, also at the same time.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from secrets import token_hex
from typing import Any

import requests

from local.api import User
from local.stack import Stack
from local.tokens import scheduler_token
from shared.firestore.client import Client
from testkit.faults.plans import COMMIT, COUNT, QUERY, READ
from tests.support.answers import ok
from tests.support.firestore.practice import QUESTIONS
from tests.support.firestore.practice import TEMPLATE as PRACTICE_TEMPLATE
from tests.support.firestore.scenes import BANK, CLOSING, ITEMS, TEMPLATE
from tests.support.stored import user_documents
from tests.support.time_zones import ZONE_OF_NOON

Json = dict[str, Any]
Facts = Counter[tuple[str, str]]

LONG_AGO = datetime(2023, 5, 6, 7, 8, 9, tzinfo=UTC)
ANSWERS = {question["question_id"]: question["answer"] for question in QUESTIONS}

# By collection, the fields that a second effect would change. Instants count as set or not set.
COUNTED = {
    "session_templates": ("name", "version", "archived_at"),
    "private": ("template_data", "max_students"),
    "practice_sessions": (
        *("status", "end_reason", "revision", "session_data", "ended_at", "time_spent_seconds"),
        *("items_count", "items_completed", "total_questions", "questions_correct"),
        *("score_percent", "xp", "streak_before", "streak_after"),
    ),
    "items": ("index", "grade", "correct", "verified"),
    "state": ("schema_version",),
    "active_sessions": (),
    "packs": ("status", "portion", "due_total"),
    "students": ("streak", "xp_total", "xp_verified", "claimed", "totals"),
    "skills": ("attempts", "p_mastery"),
    "idempotency": ("function", "status"),
    "question_reports": ("question_id", "note"),
    "classes": ("name", "version", "archived_at"),
    "members": ("display_name", "status"),
    "assignments": ("title", "version", "points"),
    "content": ("content_hash",),
    "rows": ("cells", "self_practice", "status"),
    "live": ("state", "answered"),
    "audit": ("before", "after", "note"),
    "join_codes": (),
    "places": ("left",),
}


@dataclass(frozen=True)
class Users:
    """A new teacher and a new student. `client` reaches the database without the proxy."""

    stack: Stack
    client: Client

    @cached_property
    def teacher(self) -> User:
        return User(self.stack, f"teacher-{token_hex(6)}", teacher=True)

    @cached_property
    def student(self) -> User:
        return User(self.stack, f"student-{token_hex(6)}")

    @cached_property
    def key(self) -> str:
        return f"key-{token_hex(6)}"

    def documents(self) -> dict[str, Json]:
        """All documents of these users, without the scheduler's idempotency records."""
        documents = {
            path: fields
            for user in (self.teacher, self.student)
            for path, (fields, _) in user_documents(self.client, user.uid).items()
        }
        for kind in ("skills", "packs"):
            for found in self.client.collection(f"students/{self.student.uid}/{kind}").stream():
                documents[found.reference.path] = found.to_dict()
        codes = [d["code"] for path, d in documents.items() if path.endswith("/private/join")]
        for code in filter(None, codes):
            stored = self.client.document(f"join_codes/{code}")
            for found in (stored.get(), *stored.collection("places").stream()):
                documents[found.reference.path] = found.to_dict()
        return documents

    def facts(self) -> Facts:
        return facts(self.documents())

    def template(self, **fields: Any) -> Json:
        """Creates a template of the teacher, assigned to the student."""
        body = {**TEMPLATE, "student_ids": [self.student.uid], **fields}
        template: Json = ok(self.teacher.call("create_template", body), 201)["template"]
        return template

    def session(self, **fields: Any) -> Json:
        body = {"timezone": ZONE_OF_NOON, **fields}
        session: Json = ok(self.student.call("start_session", body), 201)["session"]
        return session

    def school_class(self) -> Json:
        """The reply about a new class of the teacher."""
        return ok(self.teacher.call("create_class", {"name": "Guitar"}), 201)

    def assignment(self) -> Json:
        """The ids of a new assignment of a class that the student is in."""
        of = self.school_class()
        joining = {"code": of["join"]["code"], "display_name": "Sam"}
        ok(self.student.call("join_class", joining), 201)
        body = {
            "class_id": of["class"]["class_id"],
            "template_id": self.template(template_data=PRACTICE_TEMPLATE["template_data"])[
                "template_id"
            ],
        }
        created = ok(self.teacher.call("create_assignment", body), 201)["assignment"]
        return {name: created[name] for name in ("class_id", "assignment_id")}

    def turn(self, context: Json, turn_input: Json | None = None) -> Json:
        body = {"session_context": context, **({"input": turn_input} if turn_input else {})}
        after: Json = ok(self.student.call("practice_turn", body))["session_context"]
        return after

    def answered(self, context: Json) -> Json:
        """The context after a right answer to the pending question."""
        question_id = context["stored_session"]["current"]["question_id"]
        turn_input = {"type": "answer", "question_id": question_id, "answer": ANSWERS[question_id]}
        return self.turn(context, turn_input)


def facts(documents: dict[str, Json]) -> Facts:
    """The stored fields that show how often a request took effect."""
    return Counter(
        (collection, _counted_fields(fields, COUNTED[collection]))
        for path, fields in documents.items()
        for collection in [path.split("/")[-2]]
    )


def _counted_fields(fields: Json, names: tuple[str, ...]) -> str:
    counted = {name: fields[name] for name in names if name in fields}
    if "cells" in counted:
        counted["cells"] = sorted(map(_counted_cell, counted["cells"].values()))
    if "session_data" in counted:
        counted["session_data"] = {**counted["session_data"], "template_id": None}
    return json.dumps(counted, sort_keys=True, default=_instant)


def _counted_cell(cell: Json) -> str:
    """A cell of the gradebook without what is random: ids of sessions and users."""
    override = cell.get("override")
    named = override and {**override, "by": None}
    counted = {**cell, "session_id": None, "override": named}
    return json.dumps(counted, sort_keys=True, default=_instant)


def _instant(value: object) -> str:
    assert isinstance(value, datetime)
    return "set"


@dataclass(frozen=True)
class Scene:
    """A request with its set-up.

    `rpcs` are its calls to the database, with a key and without faults. `repeatable` means that a
    repeat without a key changes nothing, whether or not the first request took effect.
    """

    function: str
    before: Callable[[Users], Json]
    rpcs: tuple[str, ...] = (READ, COMMIT)
    status: int = 200
    by: str = "student"
    repeatable: bool = True

    def play(
        self, users: Users, body: Json, *, key: str | None, through: Stack | None = None
    ) -> requests.Response:
        """Sends the request, to `through` instead of the users' own stack if it is given."""
        headers = {"Idempotency-Key": key} if key else {}
        if self.by == "scheduler":
            token = scheduler_token(project_id=users.stack.project_id)
            headers["Authorization"] = f"Bearer {token}"
        user = users.teacher if self.by == "teacher" else users.student
        user = replace(user, stack=through or users.stack)
        return user.call(self.function, body, headers=headers)


def _template_with_keys(users: Users) -> Json:
    return {**TEMPLATE, "student_ids": [users.student.uid], "template_data": BANK}


def _template_update(users: Users) -> Json:
    return {"template_id": users.template()["template_id"], "version": 1, "template_data": BANK}


def _of_template(users: Users) -> Json:
    return {"template_id": users.template()["template_id"]}


def _to_start(users: Users) -> Json:
    return {**_of_template(users), "timezone": ZONE_OF_NOON}


def _to_resume(users: Users) -> Json:
    return {"template_id": users.session(**_of_template(users))["template_id"]}


def _to_update(users: Users) -> Json:
    return {"session_id": users.session(**_of_template(users))["session_id"], "items": ITEMS}


def _to_complete(users: Users) -> Json:
    body = _to_update(users)
    ok(users.student.call("update_progress", body))
    return {"session_id": body["session_id"], **CLOSING}


def _to_discard(users: Users) -> Json:
    return {"session_id": _to_complete(users)["session_id"], "discard": True}


def _practice_to_start(users: Users) -> Json:
    """A practice state with two answers that is not stored yet."""
    source = users.template(template_data=PRACTICE_TEMPLATE["template_data"])
    context = users.turn({"source_data": source})
    return {**users.answered(users.answered(context)), "timezone": ZONE_OF_NOON}


def _practice_to_update(users: Users) -> Json:
    """A session stored with two answers, and a practice state with a third one."""
    session = users.session(**_practice_to_start(users))
    after = users.answered({"stored_session": session["stored_session"]})
    return {"session_id": session["session_id"], **after}


def _to_report(users: Users) -> Json:
    session_id = users.session()["session_id"]
    ok(users.student.call("update_progress", {"session_id": session_id, "items": ITEMS[1:]}))
    return {"session_id": session_id, "question_id": ITEMS[1]["node_id"], "note": "Wrong."}


def _practice_to_complete(users: Users) -> Json:
    return {**_practice_to_update(users), "time_spent_seconds": 600}


def _to_pack(users: Users) -> Json:
    users.template(template_data=BANK)
    return {"timezone": ZONE_OF_NOON, "limits": {"new": 1}}


def _packed(users: Users) -> Json:
    body = _to_pack(users)
    ok(users.student.call("daily_pack", body), 201)
    return body


def _of_class(users: Users) -> Json:
    return {"class_id": users.school_class()["class"]["class_id"], "version": 1, "name": "Lute"}


def _to_rotate(users: Users) -> Json:
    class_id = users.school_class()["class"]["class_id"]
    return {"class_id": class_id, "join": {"rotate": True, "max_students": 30}}


def _to_join(users: Users) -> Json:
    return {"code": users.school_class()["join"]["code"], "display_name": "Sam"}


def _joined(users: Users) -> Json:
    body = _to_join(users)
    ok(users.student.call("join_class", body), 201)
    return body


def _to_remove(users: Users) -> Json:
    of = users.school_class()
    body = {"code": of["join"]["code"], "display_name": "Sam"}
    ok(users.student.call("join_class", body), 201)
    return {"class_id": of["class"]["class_id"], "student_id": users.student.uid}


def _to_assign(users: Users) -> Json:
    of = users.school_class()["class"]["class_id"]
    return {"class_id": of, "template_id": users.template(template_data=BANK)["template_id"]}


def _of_assignment(users: Users) -> Json:
    return {**users.assignment(), "version": 1, "points": 20}


def _to_begin(users: Users) -> Json:
    return {**users.assignment(), "timezone": ZONE_OF_NOON}


def _begun(users: Users) -> Json:
    body = _to_begin(users)
    ok(users.student.call("start_session", body), 201)
    return body


def _to_hand_in(users: Users) -> Json:
    """Work on an assignment with two answers."""
    session = users.session(**users.assignment())
    context = {"stored_session": session["stored_session"]}
    context = users.answered(users.answered(users.turn(context)))
    return {"session_id": session["session_id"], **context, "time_spent_seconds": 600}


def _to_grade(users: Users) -> Json:
    grade = {"revision": 0, "score_percent": 90, "note": "Late bus"}
    return {**users.assignment(), "student_id": users.student.uid, **grade}


def _to_void(users: Users) -> Json:
    """A question that the student has answered, in work that is handed in."""
    session = ok(users.student.call("complete_session", _to_hand_in(users)))["session"]
    ids = {name: session[name] for name in ("class_id", "assignment_id")}
    log = users.client.collection(f"practice_sessions/{session['session_id']}/items").stream()
    question_id = min(item.to_dict()["node_id"] for item in log)
    return {**ids, "question_id": question_id, "note": "Two answers are right"}


def _self_practice_of_member(users: Users) -> Json:
    """A session to complete, whose totals go into the rows of two classes."""
    for _ in range(2):
        joining = {"code": users.school_class()["join"]["code"], "display_name": "Sam"}
        ok(users.student.call("join_class", joining), 201)
    session_id = users.session()["session_id"]
    ok(users.student.call("update_progress", {"session_id": session_id, "items": ITEMS}))
    return {"session_id": session_id, **CLOSING}


def _stale_sessions(users: Users) -> Json:
    """Creates two stale sessions with work to credit, one of them with a lock.

    The first of them counts for the day, so the instants of the last activity differ.
    """
    blank: tuple[Json, Any] = ({}, ITEMS[1:])
    for minutes, (fields, items) in enumerate((blank, (_of_template(users), ITEMS))):
        session_id = users.session(**fields)["session_id"]
        ok(users.student.call("update_progress", {"session_id": session_id, "items": items}))
        users.client.document(f"practice_sessions/{session_id}").update(
            {
                "started_at": LONG_AGO,
                "last_activity_at": LONG_AGO + timedelta(minutes=7 + minutes),
            }
        )
    return {"stale_after_minutes": 525_600}


# The student; the pack; due skills, assigned templates; the template, the student's document about
# it, a skill.
PACKED = (READ, READ, QUERY, QUERY, READ, READ, READ, COMMIT)

SCENES: dict[str, Scene] = {
    "create_template": Scene(
        "create_template", _template_with_keys, status=201, by="teacher", repeatable=False
    ),
    "update_template": Scene("update_template", _template_update, by="teacher"),
    "delete_template": Scene("delete_template", _of_template, status=204, by="teacher"),
    "start_session": Scene("start_session", _to_start, status=201),
    "start_session resumed": Scene("start_session", _to_resume, (READ, READ, COMMIT)),
    "start_session with practice": Scene("start_session", _practice_to_start, status=201),
    "update_progress": Scene("update_progress", _to_update, repeatable=False),
    "update_progress with practice": Scene("update_progress", _practice_to_update),
    "report_question": Scene(
        "report_question", _to_report, (READ, QUERY, READ, COMMIT), status=201
    ),
    "complete_session": Scene("complete_session", _to_complete),
    "complete_session discarded": Scene("complete_session", _to_discard),
    "complete_session with practice": Scene("complete_session", _practice_to_complete),
    "daily_pack": Scene("daily_pack", _to_pack, PACKED, status=201),
    "daily_pack resumed": Scene("daily_pack", _packed, (READ, READ, READ, COMMIT)),
    "create_class": Scene(
        "create_class",
        lambda _users: {"name": "Guitar"},
        (READ, READ, COMMIT),
        status=201,
        by="teacher",
        repeatable=False,
    ),
    "update_class": Scene("update_class", _of_class, by="teacher"),
    "update_class with another code": Scene(
        "update_class",
        _to_rotate,
        (READ, READ, READ, COUNT, COMMIT),
        by="teacher",
        repeatable=False,
    ),
    "join_class": Scene("join_class", _to_join, (READ, READ, COMMIT), status=201),
    "join_class resumed": Scene("join_class", _joined, (READ, READ, COMMIT)),
    "remove_member": Scene("remove_member", _to_remove, (READ, READ, COMMIT), by="teacher"),
    "create_assignment": Scene(
        "create_assignment",
        _to_assign,
        (READ, COUNT, COMMIT),
        status=201,
        by="teacher",
        repeatable=False,
    ),
    "update_assignment": Scene("update_assignment", _of_assignment, by="teacher"),
    "start_session of an assignment": Scene(
        "start_session", _to_begin, (READ, READ, COMMIT), status=201
    ),
    "start_session of an assignment, resumed": Scene("start_session", _begun),
    "complete_session of an assignment": Scene(
        "complete_session", _to_hand_in, (READ, READ, READ, COMMIT)
    ),
    "complete_session of a member of classes": Scene("complete_session", _self_practice_of_member),
    "override_grade": Scene("override_grade", _to_grade, by="teacher"),
    "cleanup_stale_sessions": Scene(
        "cleanup_stale_sessions",
        _stale_sessions,
        # Others than assignments, and these; then what is left of both.
        (READ, QUERY, READ, COMMIT, QUERY, QUERY, QUERY, COMMIT),
        by="scheduler",
    ),
}
# The functions that store no reply, because a repeated request finds the state that it asks for.
SCENES_WITHOUT_KEYS: dict[str, Scene] = {
    # Class, assignment and copy; the sessions, counted; then a session with its log and a skill,
    # and how far the work is.
    "void_item": Scene(
        "void_item",
        _to_void,
        (READ, COUNT, COMMIT, READ, QUERY, READ, QUERY, READ, QUERY, COMMIT, COMMIT, READ),
        by="teacher",
    ),
}
