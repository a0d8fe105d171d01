"""A turn that was found valid, before its first node; and its events as it runs."""

from dataclasses import dataclass, replace
from typing import Protocol

from functions.practice_turn.handler import (
    Dependencies,
    open_turn,
    turn_context,
)
from functions.practice_turn.message_input import parse_messages, without_lost_turn
from functions.practice_turn.runs_contract import RunInput
from shared.domain.common.errors import FieldError, InvalidArgument
from shared.ports.calls import Call
from shared.tutor.actions import choose_action
from shared.tutor.graph import stream_turn
from shared.tutor.state import LongStep, Turn, TurnContext, merge_changes
from shared.tutor.tool_calls import Message


@dataclass(frozen=True)
class StartedTurn:
    """`turn` is the turn before its first node. `run_id` is new in each turn."""

    given: RunInput
    run_id: str
    turn: Turn
    context: TurnContext


class TurnEvents(Protocol):
    """Tells a client of a turn, in the form that the client knows."""

    def start(self) -> None: ...

    def announce(self, step: LongStep) -> None:
        """Before work that takes long."""

    def show(self, node: str, messages: list[Message]) -> None:
        """After each node, with the messages that it added."""

    def finish(self, turn: Turn) -> None: ...


def start_turn(given: RunInput, call: Call, dependencies: Dependencies) -> StartedTurn:
    """Raises a refusal, with paths below `input`."""
    context = turn_context(call, dependencies)
    try:
        turn = open_turn(given.session_context, call, dependencies, context.tutor)
    except InvalidArgument as invalid:
        raise _located_in_run(invalid) from invalid
    messages = without_lost_turn(turn["practice"], given.messages)
    parsed = None if given.input else parse_messages(turn["practice"], messages)
    try:
        action = choose_action(
            turn["practice"], parsed.input if parsed else given.input, dependencies.algebra
        )
    except InvalidArgument as invalid:
        path = f"input.messages.{parsed.position}.content" if parsed else None
        raise _located_in_run(invalid, path=path) from invalid
    return StartedTurn(given, dependencies.new_uuid(), {**turn, **action}, context)


def take_turn(started: StartedTurn, events: TurnEvents) -> None:
    """Runs the turn, and has each of its events sent as it happens."""
    events.start()
    context, turn = replace(started.context, announce=events.announce), started.turn
    for node, changes in stream_turn(turn, context):
        shown = len(turn.get("messages", []))
        turn = merge_changes(turn, changes)
        events.show(node, turn.get("messages", [])[shown:])
    events.finish(turn)


def _located_in_run(invalid: InvalidArgument, *, path: str | None = None) -> InvalidArgument:
    """The refusal of a turn with paths in a run, whose input is the turn; or with this one."""
    return InvalidArgument(
        errors=[FieldError(path or f"input.{e.path}", e.message) for e in invalid.errors]
    )
