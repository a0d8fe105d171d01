"""A client of infinite practice on the example bank, whose answer keys it knows."""

from dataclasses import dataclass, field
from typing import Any

from local.api import User
from local.examples import theory_template
from local.walkthrough import CheckFailed, print_detail, require_status
from shared.domain.students.scoring import XP_RIGHT_AT_FIRST_TRY, XP_RIGHT_LATER

Json = dict[str, Any]


def questions_of(template_data: Json) -> list[Json]:
    return [
        question
        for section in template_data["sections"]
        for exercise in section["exercises"]
        for question in exercise["questions"]
    ]


# The questions of the example bank with their answer keys, by id.
BANK = {q["question_id"]: q for q in questions_of(theory_template()["template_data"])}


def right_answer(question: Json) -> Any:
    """An answer to a question of the example bank that is graded as right."""
    return right_answer_by(BANK[question["question_id"]])


def wrong_answer(question: Json) -> Any:
    """An answer to a question of the example bank that is graded as wrong."""
    return wrong_answer_by(BANK[question["question_id"]])


def right_answer_by(key: Json) -> Any:
    """A right answer to a question that is given with its answer key."""
    match key["kind"]:
        case "short_answer":
            return f"  {key['answer'][0].upper()} "
        case "self_rated":
            return "good"
        case "free_response":
            return "An answer in my own words."
        case _:
            return key["answer"]


def wrong_answer_by(key: Json) -> Any:
    """A wrong answer to a question that is given with its answer key."""
    match key["kind"]:
        case "multiple_choice":
            return next(c["id"] for c in key["choices"] if c["id"] != key["answer"])
        case "multi_select":
            return [c["id"] for c in key["choices"] if c["id"] not in key["answer"]]
        case "numeric":
            return 987_654_321
        case "self_rated":
            return "again"
        case _:
            return "certainly not this"


@dataclass
class Results:
    """The graded answers so far, and the XP that each question must pay."""

    answered: int = 0
    correct: int = 0
    xp_by_question: dict[str, int] = field(default_factory=dict)

    def add(self, question_id: str, *, correct: bool, hinted: bool) -> None:
        self.answered += 1
        self.correct += correct
        before = self.xp_by_question.get(question_id)
        if not before:
            earned = XP_RIGHT_AT_FIRST_TRY if before is None and not hinted else XP_RIGHT_LATER
            self.xp_by_question[question_id] = earned if correct else 0


@dataclass
class Device:
    """A student's app. It keeps the last session context and the pending question."""

    student: User
    context: Json
    question: Json = field(default_factory=dict)
    hinted: bool = False

    @property
    def stored(self) -> Json:
        """The last `stored_session`."""
        stored: Json = self.context["stored_session"]
        return stored

    def turn(self, message: Json | None = None) -> list[Json]:
        """Sends an input message and returns the turn's tool calls.

        Raises CheckFailed unless the only pending call presents a question.
        """
        body = {"session_context": self.context, **({"input": message} if message else {})}
        reply = require_status(self.student.call("practice_turn", body), 200)
        self.context = reply["session_context"]
        messages = reply["messages"]
        calls: list[Json] = [c for m in messages if m["type"] == "ai" for c in m["tool_calls"]]
        resolved = {m["tool_call_id"] for m in messages if m["type"] == "tool"}
        if [c["name"] for c in calls if c["id"] not in resolved] != ["question_presentation"]:
            raise CheckFailed("a turn did not end with exactly one pending question")
        self.question = calls[-1]["args"]["question"]
        return calls

    def hint(self) -> None:
        """Asks for a hint and prints it."""
        presented = self.turn({"type": "hint"})[0]["args"]
        self.hinted = True
        print_detail(f"hint: {presented['hint']}")

    def answer(self, value: Any, results: Results) -> tuple[Json, list[Json]]:
        """Answers the pending question: the feedback, and all tool calls of the turn."""
        question_id = self.question["question_id"]
        print_detail(f"{self.question['kind']}: {self.question['prompt'].splitlines()[0]}")
        print_detail(f"answer: {value!r}")
        calls = self.turn({"type": "answer", "question_id": question_id, "answer": value})
        feedback = calls[0]["args"]
        results.add(question_id, correct=feedback["correct"], hinted=self.hinted)
        self.hinted = False
        print_detail(f"feedback: {feedback['feedback'].splitlines()[0]}")
        print_detail(f"mastery: {feedback['new_mastery_score']}")
        return feedback, calls

    def mastery(self) -> float:
        """The mastery, 0 to 1, of the skill of the current block."""
        skill_id = self.stored["blocks"][-1]["skill_id"]
        mastery: float = next(
            s["mastery"] for s in self.stored["skills"] if s["skill_id"] == skill_id
        )
        return mastery

    def store(self) -> Any:
        """The response of update_progress to the last `stored_session`."""
        body = {"session_id": self.stored["session_id"], "stored_session": self.stored}
        return self.student.call("update_progress", body)
