"""A device that practises. It stores the last state received and the pending question."""

from dataclasses import dataclass, field
from typing import Any

from local.api import User
from tests.chaos.histories.plan import Json, Step
from tests.chaos.histories.record import Answer, History
from tests.chaos.histories.sender import Sender

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
ANSWERS = {q["question_id"]: q["answer"] for bank in QUESTIONS.values() for q in bank}
# The name of the skill that each question trains, by question id.
SKILL_OF = {q["question_id"]: skill for skill, bank in QUESTIONS.items() for q in bank}


@dataclass
class Device:
    """One student's practice on one of a client's devices. `state` is empty before the start."""

    user: User
    sender: Sender
    history: History
    state: Json = field(default_factory=dict)
    question: Json = field(default_factory=dict)

    def begin(self, step: Step, source: Json) -> Json | None:
        """Starts practice on a template. Returns the `stored_session` for start_session, if any."""
        self.state = {}
        calls = self._turn(step, {"source_data": source}, (), None)
        if not calls:
            return None
        payload: Json = calls[0]["args"]["full_session_payload"]
        self.history.add_state(payload, ())
        return payload

    def adopt(self, step: Step, state: Json) -> None:
        """Continues from a state that another device stored."""
        self.state = {}
        self._turn(step, {"stored_session": state}, self.history.answers_of(state), None)

    def answer(self, step: Step) -> None:
        if step.hinted and self.question["hints_left"]:
            self._continue(step, {"type": "hint"})
        if not self.state:
            return
        question_id = self.question["question_id"]
        value = ANSWERS[question_id] if step.right else -1
        skill_id = self.state["blocks"][-1]["skill_id"]
        hinted = not self.question["hints_left"]
        graded = Answer(question_id, skill_id, correct=step.right, hinted=hinted)
        self._continue(
            step, {"type": "answer", "question_id": question_id, "answer": value}, graded
        )

    def _continue(self, step: Step, turn_input: Json, graded: Answer | None = None) -> None:
        answers = self.history.answers_of(self.state)
        if graded:
            answers = (*answers, graded)
        self._turn(step, {"stored_session": self.state}, answers, turn_input)

    def _turn(
        self, step: Step, context: Json, answers: tuple[Answer, ...], turn_input: Json | None
    ) -> list[Json]:
        """Returns the turn's tool calls; when it was refused, clears the state and returns none."""
        body: dict[str, Any] = {"session_context": context}
        if turn_input:
            body["input"] = turn_input
        exchange = self.sender.send(step, self.user, FUNCTION, body)
        if not exchange.is_success:
            self.state = {}
            return []
        self.state = exchange.reply["session_context"]["stored_session"]
        self.history.add_state(self.state, answers)
        messages = exchange.reply["messages"]
        calls = [call for m in messages if m["type"] == "ai" for call in m["tool_calls"]]
        # Work on an assignment has no next question when all are answered.
        self.question = calls[-1]["args"].get("question", {})
        return calls
