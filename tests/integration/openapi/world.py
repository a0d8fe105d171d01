"""Creates real data in the stack under test for generated requests."""

from dataclasses import dataclass, field
from typing import Any

import requests

Json = dict[str, Any]

TEXT_QUESTION: Json = {
    "question_id": "note",
    "kind": "short_answer",
    "prompt": "Which note is a fifth above C?",
    "answer": ["G"],
}
TEMPLATE: Json = {
    "name": "Contract",
    "template_data": {
        "sections": [
            {"name": "One", "exercises": [{"name": "Fifths", "questions": [TEXT_QUESTION]}]}
        ]
    },
}


@dataclass
class World:
    """The stack under test, with methods that create data in it."""

    url: str
    teacher: str
    student: str
    _state: Json = field(default_factory=dict)
    _template_id: str = ""
    _by_seal: dict[str, Json] = field(default_factory=dict)
    _asked: dict[str, Json] = field(default_factory=dict)

    def _post(self, function: str, body: Json, *, by: str) -> Any:
        answered = requests.post(
            f"{self.url}/{function}",
            json=body,
            headers={"Authorization": f"Bearer {by}"},
            timeout=30,
        )
        assert answered.ok, answered.text
        return answered.json()

    def template(self) -> str:
        """A new public template, at version 1."""
        body = {**TEMPLATE, "visibility": "public"}
        template_id: str = self._post("create_template", body, by=self.teacher)["template"][
            "template_id"
        ]
        return template_id

    def lasting_template(self) -> str:
        self._template_id = self._template_id or self.template()
        return self._template_id

    def session(self) -> str:
        """A new blank session, at revision 1."""
        started = self._post("start_session", {}, by=self.student)
        session_id: str = started["session"]["session_id"]
        return session_id

    def practice(self) -> Json:
        """A state with a pending question, whose session is not stored."""
        body = {"session_context": {"source_data": TEMPLATE}}
        turn = self._post("practice_turn", body, by=self.student)
        state: Json = turn["session_context"]["stored_session"]
        self._asked[state["seal"]] = turn["messages"][-1]
        return state

    def lasting_practice(self) -> Json:
        self._state = self._state or self.practice()
        return self._state

    def asked(self, state: Json) -> Json:
        """The message that asked the pending question of a state from `practice`."""
        return self._asked[state["seal"]]

    def remember(self, state: Json) -> None:
        """Records a state that a turn returned."""
        self._by_seal[state["seal"]] = state

    def as_answered(self, state: Json) -> Json:
        """The recorded state with this seal; schemathesis merges linked and generated states."""
        return self._by_seal[state["seal"]]

    def stored_practice(self) -> Json:
        """A practice state whose session is stored."""
        state = self.practice()
        self._post("start_session", {"stored_session": state}, by=self.student)
        return state
