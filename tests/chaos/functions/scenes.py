"""One scene for each way a function writes: what is there before, the call, what counts after it.

Its people are new, so that many scenes can be played over one database, at the same moment too.
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
from testkit.faults.plans import COMMIT, QUERY, READ
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

# What a second effect would change, by collection. Of an instant it counts whether there is one.
COUNTED = {
    "session_templates": ("name", "version", "archived_at"),
    "private": ("template_data",),
    "practice_sessions": (
        *("status", "revision", "session_data", "ended_at", "time_spent_seconds"),
        *("items_count", "items_completed", "total_questions", "questions_correct"),
        *("score_percent", "xp", "streak_before", "streak_after"),
    ),
    "items": ("index", "grade", "correct", "verified"),
    "active_sessions": (),
    "students": ("streak", "xp_total", "totals"),
    "skills": ("attempts", "p_mastery"),
    "idempotency": ("function", "status"),
}


@dataclass(frozen=True)
class Cast:
    """A teacher and a student nobody has seen before. `client` goes past the proxy."""

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
        """Everything stored that is theirs. The scheduler's records are nobody's."""
        documents = {
            path: fields
            for user in (self.teacher, self.student)
            for path, (fields, _) in user_documents(self.client, user.uid).items()
        }
        for skill in self.client.collection(f"students/{self.student.uid}/skills").stream():
            documents[skill.reference.path] = skill.to_dict()
        return documents

    def facts(self) -> Facts:
        return facts(self.documents())

    def template(self, **fields: Any) -> Json:
        """A new template of the teacher's, assigned to the student."""
        body = {**TEMPLATE, "student_ids": [self.student.uid], **fields}
        template: Json = ok(self.teacher.call("create_template", body), 201)["template"]
        return template

    def session(self, **fields: Any) -> Json:
        body = {"timezone": ZONE_OF_NOON, **fields}
        session: Json = ok(self.student.call("start_session", body), 201)["session"]
        return session

    def turn(self, context: Json, given: Json | None = None) -> Json:
        body = {"session_context": context, **({"input": given} if given else {})}
        after: Json = ok(self.student.call("practice_turn", body))["session_context"]
        return after

    def answered(self, context: Json) -> Json:
        """The context after a right answer to what is pending."""
        question_id = context["stored_session"]["current"]["question_id"]
        given = {"type": "answer", "question_id": question_id, "answer": ANSWERS[question_id]}
        return self.turn(context, given)


def facts(documents: dict[str, Json]) -> Facts:
    """What is stored, as far as it says how often something took effect."""
    return Counter(
        (collection, _told(fields, COUNTED[collection]))
        for path, fields in documents.items()
        for collection in [path.split("/")[-2]]
    )


def _told(fields: Json, names: tuple[str, ...]) -> str:
    told = {name: fields[name] for name in names}
    told |= {name: told[name] is not None for name in told if name.endswith("_at")}
    if "session_data" in told:
        told["session_data"] = {**told["session_data"], "template_id": None}
    return json.dumps(told, sort_keys=True)


@dataclass(frozen=True)
class Scene:
    """`rpcs` are the calls to the database that the request makes, with a key and undisturbed.

    `repeatable`: sent again without a key it changes nothing, whatever became of the first one.
    """

    function: str
    before: Callable[[Cast], Json]
    rpcs: tuple[str, ...] = (READ, COMMIT)
    status: int = 200
    by: str = "student"
    repeatable: bool = True

    def play(
        self, cast: Cast, body: Json, *, key: str | None, through: Stack | None = None
    ) -> requests.Response:
        """Makes the call, `through` other functions than the cast's own if there are any."""
        headers = {"Idempotency-Key": key} if key else {}
        if self.by == "scheduler":
            token = scheduler_token(project_id=cast.stack.project_id)
            headers["Authorization"] = f"Bearer {token}"
        user = cast.teacher if self.by == "teacher" else cast.student
        user = replace(user, stack=through or cast.stack)
        return user.call(self.function, body, headers=headers)


def _template_with_keys(cast: Cast) -> Json:
    return {**TEMPLATE, "student_ids": [cast.student.uid], "template_data": BANK}


def _new_text(cast: Cast) -> Json:
    return {"template_id": cast.template()["template_id"], "version": 1, "template_data": BANK}


def _of_template(cast: Cast) -> Json:
    return {"template_id": cast.template()["template_id"]}


def _to_start(cast: Cast) -> Json:
    return {**_of_template(cast), "timezone": ZONE_OF_NOON}


def _to_resume(cast: Cast) -> Json:
    return {"template_id": cast.session(**_of_template(cast))["template_id"]}


def _to_update(cast: Cast) -> Json:
    return {"session_id": cast.session(**_of_template(cast))["session_id"], "items": ITEMS}


def _to_complete(cast: Cast) -> Json:
    body = _to_update(cast)
    ok(cast.student.call("update_progress", body))
    return {"session_id": body["session_id"], **CLOSING}


def _practice_to_start(cast: Cast) -> Json:
    """Two answers, none of them stored yet."""
    source = cast.template(template_data=PRACTICE_TEMPLATE["template_data"])
    context = cast.turn({"source_data": source})
    return {**cast.answered(cast.answered(context)), "timezone": ZONE_OF_NOON}


def _practice_to_update(cast: Cast) -> Json:
    """A session stored with two answers, and a third one since."""
    session = cast.session(**_practice_to_start(cast))
    after = cast.answered({"stored_session": session["stored_session"]})
    return {"session_id": session["session_id"], **after}


def _practice_to_complete(cast: Cast) -> Json:
    return {**_practice_to_update(cast), "time_spent_seconds": 600}


def _left_for_years(cast: Cast) -> Json:
    """Two sessions, one of them with a lock."""
    for fields in ({}, _of_template(cast)):
        session_id = cast.session(**fields)["session_id"]
        cast.client.document(f"practice_sessions/{session_id}").update(
            {"started_at": LONG_AGO, "last_activity_at": LONG_AGO + timedelta(minutes=7)}
        )
    return {"stale_after_minutes": 525_600}


SCENES: dict[str, Scene] = {
    "create_template": Scene(
        "create_template", _template_with_keys, status=201, by="teacher", repeatable=False
    ),
    "update_template": Scene("update_template", _new_text, by="teacher"),
    "delete_template": Scene("delete_template", _of_template, status=204, by="teacher"),
    "start_session": Scene("start_session", _to_start, status=201),
    "start_session resumed": Scene("start_session", _to_resume, (READ, READ, COMMIT)),
    "start_session with practice": Scene("start_session", _practice_to_start, status=201),
    "update_progress": Scene("update_progress", _to_update, repeatable=False),
    "update_progress with practice": Scene("update_progress", _practice_to_update),
    "complete_session": Scene("complete_session", _to_complete),
    "complete_session with practice": Scene("complete_session", _practice_to_complete),
    "cleanup_stale_sessions": Scene(
        "cleanup_stale_sessions",
        _left_for_years,
        (READ, QUERY, COMMIT, QUERY, COMMIT),
        by="scheduler",
    ),
}
