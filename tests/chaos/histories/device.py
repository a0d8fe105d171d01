"""A device that practises: it keeps the last state it was given, and the question that waits."""

from dataclasses import dataclass, field
from typing import Any

from local.api import User
from tests.chaos.histories.plan import Json, Step
from tests.chaos.histories.record import Answer, History
from tests.chaos.histories.sending import Sender

FUNCTION = "practice_turn"

QUESTIONS: dict[str, list[Json]] = {
    skill: [
        {
            "question_id": f"{skill}-{n}".lower(),
            "kind": "numeric",
            "prompt": f"{skill} of {n} and {n}",
            "answer": n + n if skill == "Sum" else n * n,
            "hints": [f"Think of {n}."],
        }
        for n in range(3, 8)
    ]
    for skill in ("Sum", "Product")
}
RIGHT = {q["question_id"]: q["answer"] for bank in QUESTIONS.values() for q in bank}
# By the id that a skill is stored under, which the stored skill's name leads to.
SKILL_OF = {q["question_id"]: skill for skill, bank in QUESTIONS.items() for q in bank}


@dataclass
class Device:
    """One student's practice on one of a client's devices. Without a state there is nothing yet."""

    user: User
    sender: Sender
    history: History
    state: Json = field(default_factory=dict)
    question: Json = field(default_factory=dict)

    def begin(self, step: Step, source: Json) -> Json | None:
        """Begins practice on a template as it was read. Gives what start_session takes."""
        self.state = {}
        calls = self._turn(step, {"source_data": source}, (), None)
        if not calls:
            return None
        payload: Json = calls[0]["args"]["full_session_payload"]
        self.history.handed_out(payload, ())
        return payload

    def adopt(self, step: Step, state: Json) -> None:
        """Goes on from a state that another device stored."""
        self.state = {}
        self._turn(step, {"stored_session": state}, self.history.answers_of(state), None)

    def answer(self, step: Step) -> None:
        if step.hinted and self.question["hints_left"]:
            self._go_on(step, {"type": "hint"})
        if not self.state:
            return
        question_id = self.question["question_id"]
        value = RIGHT[question_id] if step.right else -1
        skill_id = self.state["blocks"][-1]["skill_id"]
        hinted = not self.question["hints_left"]
        graded = Answer(question_id, skill_id, correct=step.right, hinted=hinted)
        self._go_on(step, {"type": "answer", "question_id": question_id, "answer": value}, graded)

    def _go_on(self, step: Step, given: Json, graded: Answer | None = None) -> None:
        answers = self.history.answers_of(self.state)
        if graded:
            answers = (*answers, graded)
        self._turn(step, {"stored_session": self.state}, answers, given)

    def _turn(
        self, step: Step, context: Json, answers: tuple[Answer, ...], given: Json | None
    ) -> list[Json]:
        """The turn's calls; none, and no state any more, when it was refused."""
        body: dict[str, Any] = {"session_context": context}
        if given:
            body["input"] = given
        exchange = self.sender.send(step, self.user, FUNCTION, body)
        if not exchange.good:
            self.state = {}
            return []
        self.state = exchange.reply["session_context"]["stored_session"]
        self.history.handed_out(self.state, answers)
        messages = exchange.reply["messages"]
        calls = [call for m in messages if m["type"] == "ai" for call in m["tool_calls"]]
        self.question = calls[-1]["args"]["question"]
        return calls
