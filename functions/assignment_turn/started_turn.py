"""A run of strict work that was found valid. Its answer is committed before any event about it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from functions.assignment_turn.contract import AssignmentTurnReply
from functions.assignment_turn.given_input import NativeInput
from functions.assignment_turn.handler import Dependencies, StrictTurn
from functions.assignment_turn.message_input import find_sent_input
from functions.assignment_turn.runs_contract import AssignmentRunInput
from shared.contract.client_message import ClientMessage
from shared.domain.common.errors import AnswerCommitted, InvalidArgument
from shared.ports.calls import Call
from shared.runs.message_input import located_in_run
from shared.runs.turn_events import TurnEvents

# A committed reply is told as a whole: the nodes that made it are not stored with it.
NODE = "turn"


@dataclass(frozen=True)
class StartedTurn:
    """Implements shared.runs.turn_events.StartedRun."""

    sent: Sequence[ClientMessage]
    run_id: str
    turn: StrictTurn

    @property
    def presents_again(self) -> bool:
        return self.turn.presents_again

    def take(self, events: TurnEvents) -> None:
        """Has the events sent after the commit. Where another answer was committed, its reply is
        told before the refusal, so that the client can go on from there.
        """
        events.start()
        try:
            reply = self.turn.answer(events.announce)
        except AnswerCommitted as refused:
            if refused.committed is not None:
                _tell(events, AssignmentTurnReply.model_validate(refused.committed))
            raise
        _tell(events, reply)
        events.end()


def start_turn(given: AssignmentRunInput, call: Call, dependencies: Dependencies) -> StartedTurn:
    """Raises a refusal, with paths below `input`; AnswerCommitted only as the turn is taken."""
    native = None if given.input is None else NativeInput(given.seq, given.input)
    sent = None if native else find_sent_input(given.session_id, given.messages)
    turn = StrictTurn(given.session_id, native or sent, call, dependencies)
    try:
        with suppress(AnswerCommitted):
            turn.start()
    except InvalidArgument as invalid:
        raise located_in_run(invalid, sent.message if sent else None) from invalid
    return StartedTurn(given.messages, dependencies.new_uuid(), turn)


def _tell(events: TurnEvents, reply: AssignmentTurnReply) -> None:
    events.show(NODE, reply.messages)
    events.keep(reply)
