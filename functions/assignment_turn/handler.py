"""One turn of strict work: read, graded in memory, committed, and only then replied to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

from functions.assignment_turn.contract import AssignmentTurn, AssignmentTurnReply
from shared.contract.turn_input import ContinueInput, Input
from shared.domain.classes.assignment import require_not_closed
from shared.domain.common.errors import Unavailable
from shared.domain.gradebook.live import live_of
from shared.domain.gradebook.turns import (
    CommittedTurn,
    advance,
    require_same_turn,
    require_seq,
    require_strict,
)
from shared.domain.practice.client_view import client_view
from shared.domain.practice.state import OpenedPractice
from shared.domain.questions.algebra.port import Algebra
from shared.domain.sessions.session import Session, require_active, require_owned
from shared.ports.calls import Call, Caller, Reply
from shared.ports.sealing import PracticeSealer
from shared.ports.turns import TurnChange, TurnRecords, TurnRepository
from shared.tutor.actions import choose_action
from shared.tutor.graph import run_turn
from shared.tutor.ports import Tutor
from shared.tutor.state import Turn, TurnContext, usage_so_far

# A student who works on two devices loses a race or two; more have another reason.
ATTEMPTS = 5
INPUT: TypeAdapter[Input] = TypeAdapter(Input)


@dataclass(frozen=True)
class Dependencies:
    """`tutor_for` returns the tutor of one turn, `new_id` a random id. `algebra` compares answers
    in mathematics.
    """

    turns: TurnRepository
    practice_sealer: PracticeSealer
    algebra: Callable[[], Algebra]
    tutor_for: Callable[[Caller], Tutor]
    offline_tutor: Tutor
    new_id: Callable[[], str]


class _Taken(NamedTuple):
    """A turn that was taken from the state with this hash, and is not stored yet."""

    state_hash: str
    turn: Turn


def handle(
    command: AssignmentTurn, call: Call, dependencies: Dependencies
) -> Reply[AssignmentTurnReply]:
    return _Request(command, call, dependencies).answer()


class _Request:
    """One request, which may read again where another one was faster."""

    def __init__(self, command: AssignmentTurn, call: Call, dependencies: Dependencies) -> None:
        self._command = command
        self._call = call
        self._dependencies = dependencies
        self._id = dependencies.new_id()
        given = command.input
        self._input: Input | None = None if isinstance(given, ContinueInput) else given
        self._sent: Mapping[str, Any] = (
            self._input.model_dump(mode="json", exclude_none=True) if self._input else {}
        )
        self._given = self._sent
        self._context = TurnContext(
            tutor=dependencies.tutor_for(call.caller),
            fallback=dependencies.offline_tutor,
            now=call.received_at,
            sealer=dependencies.practice_sealer,
        )
        self._taken: _Taken | None = None

    def answer(self) -> Reply[AssignmentTurnReply]:
        for _ in range(ATTEMPTS):
            if reply := self._attempt():
                return Reply(reply)
        raise Unavailable

    def _attempt(self) -> AssignmentTurnReply | None:
        """The reply; None where another request changed something in the meantime."""
        command = self._command
        found = self._dependencies.turns.read(
            command.session_id, command.seq if self._input else None
        )
        session = require_strict(require_owned(found.session, by=self._call.caller.uid))
        if found.turn is not None and found.turn.request != self._id:
            committed = require_same_turn(found.turn, self._sent, at=self._call.received_at)
            if committed is not None:
                return AssignmentTurnReply.model_validate(committed)
            # Its grading died. It counts, also where this request, of a page that was loaded again,
            # has another answer.
            self._given = from_json(found.turn.given)
            self._input = INPUT.validate_json(found.turn.given)
        opened = self._open(found, session)
        if self._input is None:
            return _reply(run_turn(_begun(opened, {"do": "present"}), self._context))
        seq = require_seq(opened.practice, command.seq)
        taken = self._take(opened, found, seq)
        if taken is None:
            return None
        turn, found = taken
        session = require_strict(require_owned(found.session, by=self._call.caller.uid))
        reply = _reply(turn)
        practice = turn["practice"]
        after = advance(session, practice, at=self._call.received_at)
        committed_turn = self._committed(seq, reply)
        change = TurnChange(
            turn=committed_turn,
            session=after,
            state=self._dependencies.practice_sealer.seal(practice),
            live=live_of(after, practice),
        )
        if not found.commit(change):
            return None
        require_same_turn(committed_turn, self._sent, at=self._call.received_at)
        return reply

    def _open(self, found: TurnRecords, session: Session) -> OpenedPractice:
        require_active(session)
        if found.assignment is not None:
            require_not_closed(found.assignment, at=self._call.received_at)
        if found.state is None:
            raise Unavailable  # read while another request was ending the session
        return self._dependencies.practice_sealer.open(
            found.state, student_id=session.student_id, session_id=session.session_id
        )

    def _take(
        self, opened: OpenedPractice, found: TurnRecords, seq: int
    ) -> tuple[Turn, TurnRecords] | None:
        """The turn, and the records that it may be committed over.

        What a model grades is committed first: of answers that are sent at once, one is graded.
        """
        if self._taken and self._taken.state_hash == opened.state_hash:
            return self._taken.turn, found
        action = choose_action(opened.practice, self._input, self._dependencies.algebra)
        pending = opened.practice.pending
        is_reserved = found.turn is not None and found.turn.request == self._id
        if action["do"] == "answer" and pending and pending.graded_by_model and not is_reserved:
            reserved = found.reserve(self._committed(seq, None))
            if reserved is None or reserved.state != found.state:
                return None
            found = reserved
        turn = run_turn(_begun(opened, action), self._context)
        self._taken = _Taken(opened.state_hash, turn)
        return turn, found

    def _committed(self, seq: int, reply: AssignmentTurnReply | None) -> CommittedTurn:
        return CommittedTurn(
            seq=seq,
            request=self._id,
            given=to_json(self._given).decode(),
            reply=reply.model_dump_json() if reply else None,
            at=self._call.received_at,
        )


def _begun(opened: OpenedPractice, action: Turn) -> Turn:
    return {"practice": opened.practice, "state_hash": opened.state_hash, **action}


def _reply(turn: Turn) -> AssignmentTurnReply:
    practice = turn["practice"]
    return AssignmentTurnReply(
        session_id=practice.session_id,
        seq=practice.seq,
        done=practice.is_plan_done,
        messages=turn.get("messages", []),
        state=client_view(practice),
        usage=usage_so_far(turn),
    )
