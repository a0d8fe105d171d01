"""The growth of a session: one student takes thousands of turns and stores it every twentieth.

Sizes are the same in every run. The time of a turn is its processor time. A turn keeps no state, so
any of them can be repeated from the state that the client carried.
"""

import json
from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any, NamedTuple

from cryptography.fernet import Fernet
from pydantic import JsonValue
from pydantic_core import to_json

from local.examples import theory_template
from shared.domain.common.json_object import stored_size_bytes
from shared.domain.practice.source import source_from_template
from shared.domain.practice.state import OpenedPractice
from shared.domain.practice.transitions import start_practice
from shared.domain.questions.answers import Answer
from shared.domain.questions.kinds.multi_select import MultiSelect
from shared.domain.questions.kinds.multiple_choice import MultipleChoice
from shared.domain.questions.kinds.numeric import Numeric
from shared.domain.questions.kinds.self_rated import SelfRated
from shared.domain.questions.question import Question
from shared.domain.sessions.session import Mode, Session, Status
from shared.domain.sessions.session_data import SessionContent
from shared.domain.sessions.synchronisation import synchronise
from shared.domain.students.student import Origin
from shared.firestore.documents import fields_of, state_fields
from shared.ports.sealing import reseal
from shared.sealing.fernet_box import FernetBox
from shared.sealing.practice_sealer import FernetPracticeSealer
from shared.tutor.graph import run_turn
from shared.tutor.offline import OfflineTutor
from shared.tutor.state import Turn, TurnContext

STORED_EVERY = 20
BEGAN_AT = datetime(2026, 3, 10, 12, tzinfo=UTC)

Json = dict[str, Any]


class Sample(NamedTuple):
    """After `turns` turns: the state that the client carries, as JSON, and the documents' sizes."""

    turns: int
    carried: str
    session_bytes: int
    state_bytes: int


class SimulatedPractice:
    """A client that carries the state as JSON; each turn opens it, runs the graph and seals it."""

    def __init__(self) -> None:
        self._sealer = FernetPracticeSealer(FernetBox([Fernet.generate_key().decode()]))
        self._tutor = OfflineTutor()
        self._now = BEGAN_AT
        source = source_from_template(theory_template(), None)
        practice = start_practice(
            source,
            session_id="session",
            student_id="student",
            tutor=self._tutor.name,
            at=self._now,
        )
        self._session = empty_session()
        self._turns = 0
        self._carried = self._play({"practice": practice, "do": "present"})
        self._store()

    def run(self, turns: int) -> None:
        """Takes turns. Every third answer is wrong, and every seventh turn asks for a hint."""
        for _ in range(turns):
            self._turn()
            self._turns += 1
            if self._turns % STORED_EVERY == 0:
                self._store()

    def sample(self) -> Sample:
        """The state just before it is next stored, when it is largest. Takes 20 turns."""
        self.run(STORED_EVERY - 1)
        state = self._session.stored_session
        if state is None:
            raise AssertionError("it was stored at its start")
        sample = Sample(
            self._turns,
            self._carried,
            session_bytes=stored_size_bytes(fields_of(self._session)),
            state_bytes=stored_size_bytes(state_fields(state)),
        )
        self.run(1)
        return sample

    def seconds_from(self, carried: str) -> float:
        """Processor seconds of a turn from the carried state. The practice itself is unchanged."""
        own_state, self._carried = self._carried, carried
        began = process_time()
        self._turn()
        seconds = process_time() - began
        self._carried = own_state
        return seconds

    @property
    def questions_answered(self) -> int:
        return self._session.total_questions

    def _turn(self) -> None:
        opened = self._opened()
        question = opened.practice.pending
        if question is None:
            raise AssertionError("practice never runs dry")
        turn: Turn = {"practice": opened.practice, "state_hash": opened.state_hash, "do": "hint"}
        if self._turns % 7:
            answer = _answer(question, right=self._turns % 3 > 0)
            turn = {**turn, "do": "answer", "answer": answer}
        self._carried = self._play(turn)

    def _play(self, turn: Turn) -> str:
        """The state that the client carries after the turn."""
        self._now += timedelta(minutes=1)
        context = TurnContext(
            tutor=self._tutor, fallback=self._tutor, now=self._now, sealer=self._sealer
        )
        done = run_turn(turn, context)
        return to_json(self._sealer.seal(done["practice"])).decode()

    def _store(self) -> None:
        """Stores as update_progress does. The client continues with the state of the reply."""
        resealed = reseal(self._sealer, json.loads(self._carried), student_id="student")
        step = synchronise(self._session, resealed, {}, at=self._now)
        if step is None:
            raise AssertionError("there is something new to store")
        self._session = step.session
        self._carried = resealed.stored_session.model_dump_json()

    def _opened(self) -> OpenedPractice:
        return self._sealer.open(json.loads(self._carried), student_id="student")


def empty_session() -> Session:
    return Session(
        session_id="session",
        student_id="student",
        teacher_id=None,
        template_id=None,
        template_name=None,
        template_version=None,
        origin=Origin.SELF_PRACTICE,
        mode=Mode.INFINITE,
        name="Practice",
        description="",
        root_id=None,
        parent_ids=[],
        subject=None,
        topic=None,
        grade_level=None,
        timezone="UTC",
        status=Status.ACTIVE,
        started_at=BEGAN_AT,
        last_activity_at=BEGAN_AT,
        session_data=SessionContent(),
    )


def _answer(question: Question, *, right: bool) -> Answer:
    raw: JsonValue
    match question:
        case MultipleChoice():
            wrong = next(choice for choice in question.choice_ids if choice != question.answer)
            raw = question.answer if right else wrong
        case MultiSelect():
            raw = question.answer if right else [*question.choice_ids]
        case Numeric():
            raw = question.answer if right else 987_654_321
        case SelfRated():
            raw = "good" if right else "again"
        case _:
            accepted = question.answer if isinstance(question.answer, list) else []
            raw = accepted[0] if right and accepted else "not this"
    return question.parse_answer(raw)
