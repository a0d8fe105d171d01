"""What flows through the graph in one turn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict

from shared.domain.practice.client_view import StoredSession
from shared.domain.practice.state import Practice
from shared.domain.questions.answers import Answer
from shared.domain.questions.grading import Verdict
from shared.domain.questions.question import Question
from shared.ports.sealing import PracticeSealer
from shared.tutor.ports import Tutor, Usage
from shared.tutor.tool_calls import Message

Action = Literal["present", "answer", "hint"]


class Evaluation(TypedDict):
    """An answer behind us: the question, what it was worth (None: nobody could tell), and after."""

    question: Question
    verdict: Verdict | None
    mastery: float
    block_complete: bool


class Turn(TypedDict, total=False):
    """The practice with what the student asked for (`do`), and what the nodes add to it.

    `state_hash` is that of the practice as it came, absent for a new session. `messages` and
    `usage` grow from node to node, absent before the first message and the first model call.
    """

    practice: Practice
    state_hash: str
    do: Action
    answer: Answer
    is_new: bool
    evaluated: Evaluation
    messages: list[Message]
    usage: Usage
    stored_session: StoredSession


def usage_so_far(turn: Turn) -> Usage:
    """What the turn has cost at the model so far."""
    return turn.get("usage", Usage())


def ignore_event(_happening: dict[str, str]) -> None:
    """Nobody is told what happens meanwhile."""


@dataclass(frozen=True)
class TurnContext:
    """What the nodes work with, given to each run anew: the graph itself holds nothing.

    What takes long is told of before it begins; LangGraph's own way there costs a run its threads.
    """

    tutor: Tutor
    fallback: Tutor
    now: datetime
    sealer: PracticeSealer
    tell: Callable[[dict[str, str]], None] = ignore_event
