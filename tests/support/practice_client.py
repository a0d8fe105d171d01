"""A student's client: turns over HTTP, checked as tests need them."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from local.api import User
from local.examples import theory_template
from local.practice_client import right_answer, wrong_answer
from tests.conftest import NewUser

Json = dict[str, Any]


def calls(messages: list[Json]) -> list[Json]:
    return [call for m in messages if m["type"] == "ai" for call in m["tool_calls"]]


@dataclass
class Practising:
    """One student's practice as an app stores it: the last context and the messages received."""

    user: User
    context: Json
    seen: list[Json] = field(default_factory=list)

    def turn(self, given: Json | None = None) -> list[Json]:
        """Takes a turn and stores its context. Returns the turn's tool calls."""
        body: Json = {"session_context": self.context}
        if given is not None:
            body["input"] = given
        taken = self.user.call("practice_turn", body)
        assert taken.status_code == 200, taken.text
        self.context = taken.json()["session_context"]
        shown = calls(taken.json()["messages"])
        self.seen += shown
        return shown

    @property
    def stored(self) -> Json:
        stored: Json = self.context["stored_session"]
        return stored

    @property
    def pending(self) -> Json:
        question: Json = self.seen[-1]["args"]["question"]
        return question

    def answer(self, *, correctly: bool = True) -> Json:
        """Answers the pending question. Returns the feedback."""
        question = self.pending
        value = right_answer(question) if correctly else wrong_answer(question)
        shown = self.turn(
            {"type": "answer", "question_id": question["question_id"], "answer": value}
        )
        feedback: Json = shown[0]["args"]
        return feedback

    def start(self, **fields: Any) -> Json:
        """Starts a stored session with the practice so far. Returns the reply."""
        payload = self.seen[0]["args"]["full_session_payload"]
        started = self.user.call("start_session", {"stored_session": payload, **fields})
        assert started.status_code == 201, started.text
        reply: Json = started.json()
        return reply

    def store(self) -> Json:
        """Stores the state and continues with the new seal. Returns the session."""
        stored = self.user.call(
            "update_progress",
            {"session_id": self.stored["session_id"], "stored_session": self.stored},
        )
        assert stored.status_code == 200, stored.text
        session: Json = stored.json()["session"]
        self.context = {"stored_session": session["stored_session"]}
        return session


@dataclass
class Class:
    teacher: User
    student: User
    template_id: str

    def practising(self) -> Practising:
        template = self.student.read(f"session_templates/{self.template_id}")
        practising = Practising(self.student, {"source_data": template})
        practising.turn()
        return practising


@pytest.fixture
def room(user: NewUser) -> Class:
    """A teacher who assigned the example bank to a student."""
    teacher, student = user("teacher", teacher=True), user("student")
    created = teacher.call(
        "create_template", {**theory_template(), "student_ids": [student.uid]}
    ).json()
    return Class(teacher, student, created["template"]["template_id"])
