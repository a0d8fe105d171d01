"""What flows through the graph in one turn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from typing_extensions import TypedDict

from shared.domain.practice.state import Practice
from shared.domain.questions.answers import Answer
from shared.domain.questions.grading import Verdict
from shared.domain.questions.question import Question
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
    """`do` is what the student asked for; `messages` and `usage` grow from node to node, and are
    absent before the first message and the first call of a model.
    """

    practice: Practice
    do: Action
    answer: Answer
    is_new: bool
    evaluated: Evaluation
    messages: list[Message]
    usage: Usage
    stored_session: dict[str, Any]


def usage_so_far(turn: Turn) -> Usage:
    """What the turn has cost at the model so far."""
    return turn.get("usage", Usage())


def ignore_event(_happening: dict[str, str]) -> None:
    """Nobody is told what happens meanwhile."""


@dataclass(frozen=True)
class TurnContext:
    """What the nodes work with, given to each run anew: the graph itself holds nothing.

    `stored` gives the state the form that a client stores, sealed. What takes long is told of
    before it begins; LangGraph's own way there costs a run its threads.
    """

    tutor: Tutor
    fallback: Tutor
    now: datetime
    stored: Callable[[Practice], dict[str, Any]]
    tell: Callable[[dict[str, str]], None] = ignore_event
