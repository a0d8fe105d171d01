"""One turn of strict work: read, graded in memory, committed, and only then replied to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import TypeAdapter
from pydantic_core import to_json

from functions.assignment_turn.contract import AssignmentTurn, AssignmentTurnReply
from functions.assignment_turn.given_input import GivenInput, NativeInput
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
from shared.domain.questions.question import Question
from shared.domain.sessions.session import Session, require_active, require_owned
from shared.ports.calls import Call, Caller, Reply
from shared.ports.sealing import PracticeSealer
from shared.ports.turns import TurnChange, TurnRecords, TurnRepository
from shared.tutor.actions import choose_action
from shared.tutor.graph import run_turn
from shared.tutor.ports import Tutor
from shared.tutor.state import LongStep, Turn, TurnContext, ignore_step, usage_so_far

# A student who works on two devices loses a race or two; more have another reason.
ATTEMPTS = 5
INPUT: TypeAdapter[Input] = TypeAdapter(Input)
Announce = Callable[[LongStep], None]


@dataclass(frozen=True)
class Dependencies:
    """`tutor_for` returns the tutor of one turn, `new_id` a random id. `new_uuid` makes ids of runs
    and threads. `algebra` compares answers in mathematics.
    """

    turns: TurnRepository
    practice_sealer: PracticeSealer
    algebra: Callable[[], Algebra]
    tutor_for: Callable[[Caller], Tutor]
    offline_tutor: Tutor
    new_id: Callable[[], str]
    new_uuid: Callable[[], str]


class _Ready(NamedTuple):
    """A turn that was found valid: its reply where it was committed before, else its action."""

    found: TurnRecords
    reply: AssignmentTurnReply | None = None
    opened: OpenedPractice | None = None
    action: Turn = {}


class _Kept(NamedTuple):
    """What was found out of the state with this hash: the student's action, or the turn after it.

    Where another request was faster, and the state is the same, it is not done again.
    """

    state_hash: str
    turn: Turn


def handle(
    command: AssignmentTurn, call: Call, dependencies: Dependencies
) -> Reply[AssignmentTurnReply]:
    given = NativeInput(command.seq, command.input) if command.input else None
    return Reply(StrictTurn(command.session_id, given, call, dependencies).answer())


class StrictTurn:
    """One turn of strict work, which may read again where another request was faster."""

    def __init__(
        self, session_id: str, given: GivenInput | None, call: Call, dependencies: Dependencies
    ) -> None:
        self._session_id = session_id
        self._given = given
        self._call = call
        self._dependencies = dependencies
        self._id = dependencies.new_id()
        # What the request asks for, and what is taken: an answer whose grading died comes first.
        self._sent: Input | None = None
        self._input: Input | None = None
        self._context = TurnContext(
            tutor=dependencies.tutor_for(call.caller),
            fallback=dependencies.offline_tutor,
            now=call.received_at,
            sealer=dependencies.practice_sealer,
        )
        self._ready: _Ready | None = None
        self._chosen: _Kept | None = None
        self._taken: _Kept | None = None

    @property
    def presents_again(self) -> bool:
        """Whether the pending question is presented, without an input. Known once it is started."""
        return self._sent is None

    def start(self) -> None:
        """Reads the session, and finds the turn valid. Raises a refusal; nothing is stored yet."""
        self._ready = self._prepare()

    def answer(self, announce: Announce = ignore_step) -> AssignmentTurnReply:
        """The reply, which is committed. `announce` is called before anything is stored: what it
        raises leaves the turn untaken.
        """
        for _ in range(ATTEMPTS):
            ready, self._ready = self._ready or self._prepare(), None
            if reply := self._settle(ready, announce):
                return reply
        raise Unavailable

    def _prepare(self) -> _Ready:
        seq = self._given.seq if self._given else None
        found = self._dependencies.turns.read(self._session_id, seq)
        session = self._require_own(found)
        self._read_input(found, session)
        if found.turn is not None and found.turn.request != self._id and self._sent is not None:
            committed = require_same_turn(found.turn, _fields(self._sent), at=self._at)
            if committed is not None:
                return _Ready(found, reply=AssignmentTurnReply.model_validate(committed))
            # Its grading died. It counts, also where this request, of a page that was loaded again,
            # has another answer.
            self._input = INPUT.validate_json(found.turn.given)
        self._require_open(found, session)
        opened = self._opened(found, session)
        if self._input is None:
            return _Ready(found, opened=opened, action={"do": "present"})
        require_seq(opened.practice, seq)
        return _Ready(found, opened=opened, action=self._choose(opened, self._input))

    def _read_input(self, found: TurnRecords, session: Session) -> None:
        if self._given is None or self._sent is not None:
            return
        read = self._given.read(lambda: self._question(found, session), found.turn)
        if not isinstance(read, ContinueInput):
            self._sent = self._input = read

    def _question(self, found: TurnRecords, session: Session) -> Question | None:
        """The question that the input is for, as its student sees it; None after the work."""
        if found.state is None:
            return None
        practice = self._opened(found, session).practice
        question_id = found.turn.question_id if found.turn else None
        entry = practice.source.bank_question(question_id) if question_id else None
        question = entry.question if entry else practice.pending
        return practice.as_shown(question) if question else None

    def _require_own(self, found: TurnRecords) -> Session:
        return require_strict(require_owned(found.session, by=self._call.caller.uid))

    def _require_open(self, found: TurnRecords, session: Session) -> None:
        require_active(session)
        if found.assignment is not None:
            require_not_closed(found.assignment, at=self._at)

    def _opened(self, found: TurnRecords, session: Session) -> OpenedPractice:
        if found.state is None:
            raise Unavailable  # read while another request was ending the session
        return self._dependencies.practice_sealer.open(
            found.state, student_id=session.student_id, session_id=session.session_id
        )

    def _choose(self, opened: OpenedPractice, given: Input) -> Turn:
        if self._chosen is None or self._chosen.state_hash != opened.state_hash:
            action = choose_action(opened.practice, given, self._dependencies.algebra)
            self._chosen = _Kept(opened.state_hash, action)
        return self._chosen.turn

    def _settle(self, ready: _Ready, announce: Announce) -> AssignmentTurnReply | None:
        """The reply; None where another request changed something in the meantime."""
        if ready.opened is None:
            return ready.reply
        if self._input is None:
            return _reply(run_turn(_begun(ready.opened, ready.action), self._context))
        taken = self._take(ready.found, ready.opened, ready.action, announce)
        return None if taken is None else self._commit(ready.opened.practice.seq, *taken)

    def _take(
        self, found: TurnRecords, opened: OpenedPractice, action: Turn, announce: Announce
    ) -> tuple[Turn, TurnRecords] | None:
        """The turn, and the records that it may be committed over.

        What a model grades is committed first: of answers that are sent at once, one is graded.
        """
        if self._taken and self._taken.state_hash == opened.state_hash:
            return self._taken.turn, found
        pending = opened.practice.pending
        if action["do"] == "answer" and pending and pending.graded_by_model:
            announce("grading")
            if found.turn is None or found.turn.request != self._id:
                reserved = found.reserve(self._committed(opened.practice.seq, None))
                if reserved is None:
                    return None
                found = reserved
        turn = run_turn(_begun(opened, action), self._context)
        self._taken = _Kept(opened.state_hash, turn)
        return turn, found

    def _commit(self, seq: int, turn: Turn, found: TurnRecords) -> AssignmentTurnReply | None:
        reply, practice = _reply(turn), turn["practice"]
        after = advance(self._require_own(found), practice, at=self._at)
        committed = self._committed(seq, reply)
        change = TurnChange(
            turn=committed,
            session=after,
            state=self._dependencies.practice_sealer.seal(practice),
            live=live_of(after, practice),
        )
        if not found.commit(change):
            return None
        require_same_turn(committed, _fields(self._sent), at=self._at)
        return reply

    @property
    def _at(self) -> datetime:
        return self._call.received_at

    def _committed(self, seq: int, reply: AssignmentTurnReply | None) -> CommittedTurn:
        return CommittedTurn(
            seq=seq,
            request=self._id,
            given=to_json(_fields(self._input)).decode(),
            reply=reply.model_dump_json() if reply else None,
            at=self._at,
        )


def _fields(given: Input | None) -> Mapping[str, Any]:
    return given.model_dump(mode="json", exclude_none=True) if given else {}


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
