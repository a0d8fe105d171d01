"""What flows through the graph in one turn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from typing_extensions import TypedDict

from shared.domain.answer import Answer
from shared.domain.grading import Verdict
from shared.domain.practice import Practice
from shared.domain.question import Question
from shared.tutor.messages import Message
from shared.tutor.ports import Tutor, Usage

Do = Literal["present", "answer", "hint"]


class Evaluated(TypedDict):
    """An answer behind us: the question, what it was worth (None: nobody could tell), and after."""

    question: Question
    verdict: Verdict | None
    mastery: float
    block_complete: bool


class Turn(TypedDict, total=False):
    """`do` is what the student asked for; `messages` and `usage` grow from node to node, and are
    absent before the first message and the first call of a model.
    """

    practice: Practice
    do: Do
    answer: Answer
    is_new: bool
    evaluated: Evaluated
    messages: list[Message]
    usage: Usage
    stored_session: dict[str, Any]


def spent(turn: Turn) -> Usage:
    """What the turn has cost at the model so far."""
    return turn.get("usage", Usage())


def unheard(_happening: dict[str, str]) -> None:
    """Nobody is told what happens meanwhile."""


@dataclass(frozen=True)
class Collaborators:
    """What the nodes work with, given to each run anew: the graph itself holds nothing.

    `stored` gives the state the form that a client stores, sealed. What takes long is told of
    before it begins; LangGraph's own way there costs a run its threads.
    """

    tutor: Tutor
    fallback: Tutor
    now: datetime
    stored: Callable[[Practice], dict[str, Any]]
    tell: Callable[[dict[str, str]], None] = unheard
