"""The state that flows through the graph in one turn, and the context of its nodes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import JsonValue
from typing_extensions import TypedDict

from shared.domain.practice.client_view import StoredFields
from shared.domain.practice.state import Practice
from shared.domain.questions.answers import Answer
from shared.domain.questions.grading import Verdict
from shared.ports.sealing import PracticeSealer
from shared.tutor.ports import Tutor, Usage
from shared.tutor.tool_calls import Evaluation, Message

Action = Literal["present", "answer", "hint"]
# Work that takes long, announced before it begins.
LongStep = Literal["generating_block", "grading"]


class Turn(TypedDict, total=False):
    """The practice, the student's action (`do`), and the fields that nodes add.

    `state_hash` is that of the practice as received, absent for a new session. `given` is the
    answer as received, absent where `answer` is the same, and `duration_ms` the time that it took
    as the client reports it. `verdict` is there where the answer was graded before the turn.
    `messages` and `usage` grow from node to node, absent before the first message and the first
    model call.
    """

    practice: Practice
    state_hash: str
    do: Action
    answer: Answer
    verdict: Verdict
    given: JsonValue
    duration_ms: int | None
    evaluation: Evaluation
    messages: list[Message]
    usage: Usage
    stored_session: StoredFields


def merge_changes(turn: Turn, changes: Turn) -> Turn:
    """The turn after a node that returned these changes."""
    return {**turn, **changes}


def usage_so_far(turn: Turn) -> Usage:
    return turn.get("usage", Usage())


def ignore_step(_step: LongStep) -> None:
    """The default of TurnContext.announce."""


@dataclass(frozen=True)
class TurnContext:
    """The dependencies of the nodes, given to each run: the compiled graph holds no state.

    `announce` is called before work that takes long. LangGraph's stream writer would do the same,
    but costs a run its threads.
    """

    tutor: Tutor
    fallback: Tutor
    now: datetime
    sealer: PracticeSealer
    announce: Callable[[LongStep], None] = ignore_step
