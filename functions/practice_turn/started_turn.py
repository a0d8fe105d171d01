"""A turn that was found valid, before its first node; and its events as it runs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from functions.practice_turn.handler import (
    Dependencies,
    build_reply,
    open_turn,
    turn_context,
)
from functions.practice_turn.message_input import find_pending_input, without_lost_turn
from functions.practice_turn.runs_contract import RunInput
from shared.contract.client_message import ClientMessage
from shared.domain.common.errors import InvalidArgument
from shared.ports.calls import Call
from shared.runs.message_input import located_in_run
from shared.runs.turn_events import TurnEvents
from shared.tutor.actions import choose_action
from shared.tutor.graph import stream_turn
from shared.tutor.state import Turn, TurnContext, merge_changes


@dataclass(frozen=True)
class StartedTurn:
    """`turn` is the turn before its first node. Implements shared.runs.turn_events.StartedRun."""

    given: RunInput
    run_id: str
    turn: Turn
    context: TurnContext

    @property
    def sent(self) -> Sequence[ClientMessage]:
        return self.given.messages

    @property
    def presents_again(self) -> bool:
        return self.turn["do"] == "present" and self.turn["practice"].pending is not None

    def take(self, events: TurnEvents) -> None:
        """Runs the turn, and has each of its events sent as it happens."""
        events.start()
        context, turn = replace(self.context, announce=events.announce), self.turn
        for node, changes in stream_turn(turn, context):
            shown = len(turn.get("messages", []))
            turn = merge_changes(turn, changes)
            events.show(node, turn.get("messages", [])[shown:])
        events.keep(build_reply(turn, self.context))
        events.end()


def start_turn(given: RunInput, call: Call, dependencies: Dependencies) -> StartedTurn:
    """Raises a refusal, with paths below `input`."""
    context = turn_context(call, dependencies)
    try:
        turn = open_turn(given.session_context, call, dependencies, context.tutor)
    except InvalidArgument as invalid:
        raise located_in_run(invalid, None) from invalid
    practice, student_input, found = turn["practice"], given.input, None
    if student_input is None:
        found = find_pending_input(practice, without_lost_turn(practice, given.messages))
    try:
        if found is not None and practice.pending is not None:
            # A choice that is named by its number is the one that the student sees there.
            student_input = found.parse(practice.as_shown(practice.pending))
        action = choose_action(practice, student_input, dependencies.algebra)
    except InvalidArgument as invalid:
        raise located_in_run(invalid, found) from invalid
    return StartedTurn(given, dependencies.new_uuid(), {**turn, **action}, context)
