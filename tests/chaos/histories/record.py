"""Record of a history: requests with replies, samples meanwhile, and all documents at the end.

Instants are in seconds since the epoch, by this machine's clock, which the emulator shares.
"""

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Exchange:
    """One request and its reply. `status` is None without a reply."""

    client: int
    step: int
    function: str
    uid: str
    key: str | None
    body: Json
    sent_at: float
    answered_at: float
    status: int | None
    reply: Json
    replayed: bool = False

    @property
    def is_success(self) -> bool:
        return self.status in (200, 201)

    @property
    def is_open(self) -> bool:
        """Whether the reply leaves open if the request took effect."""
        return self.status is None or self.status >= 500


@dataclass(frozen=True)
class SeenSession:
    """A session in a sample."""

    session_id: str
    student_id: str
    template_id: str | None
    mode: str
    status: str
    revision: int
    updated_at: float


@dataclass(frozen=True)
class Sample:
    """All sessions at some moment between `began_at` and `ended_at`."""

    began_at: float
    ended_at: float
    sessions: list[SeenSession]


@dataclass(frozen=True)
class Answer:
    """One graded answer of infinite practice."""

    question_id: str
    skill_id: str
    correct: bool
    hinted: bool


@dataclass(frozen=True)
class Stored:
    fields: Json
    created_at: float
    updated_at: float


@dataclass(frozen=True)
class Template:
    """A template as it was created."""

    template_id: str
    name: str
    subject: str | None
    owner_id: str
    student_ids: list[str]
    template_data: Json


@dataclass
class History:
    """Everything recorded of a history.

    `calm` means without faults. `streaks` has each student's streak at the start. `answers` has,
    for each practice state that a reply contained, the answers that led to it.
    """

    calm: bool
    templates: dict[str, Template]
    streaks: dict[str, Json]
    exchanges: list[Exchange] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    answers: dict[str, tuple[Answer, ...]] = field(default_factory=dict)
    documents: dict[str, Stored] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, exchange: Exchange) -> None:
        with self.lock:
            self.exchanges.append(exchange)

    def add_state(self, state: Mapping[str, Any], answers: tuple[Answer, ...]) -> None:
        with self.lock:
            self.answers.setdefault(state_key(state), answers)

    def answers_of(self, state: Mapping[str, Any]) -> tuple[Answer, ...]:
        if not state["progress"]["questions_answered"]:
            return ()  # as it was stored: with the student's history, in no reply of a turn
        with self.lock:
            return self.answers[state_key(state)]

    def documents_in(self, collection: str) -> dict[str, Stored]:
        """The documents directly in a collection, by id."""
        return {
            path.removeprefix(f"{collection}/"): stored
            for path, stored in self.documents.items()
            if path.startswith(f"{collection}/") and path.count("/") == collection.count("/") + 1
        }


def state_key(state: Mapping[str, Any]) -> str:
    """The identity of a practice state: all its visible fields. 1 and 1.0 are equal."""
    visible = {name: value for name, value in state.items() if name != "seal"}
    return json.dumps(_with_float_numbers(visible), sort_keys=True)


def _with_float_numbers(value: Any) -> Any:
    match value:
        case dict():
            return {key: _with_float_numbers(inner) for key, inner in value.items()}
        case list():
            return [_with_float_numbers(inner) for inner in value]
        case int() if not isinstance(value, bool):
            return float(value)
        case _:
            return value


def now() -> float:
    return time.time()
