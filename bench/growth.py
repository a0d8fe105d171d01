"""How a session grows: one student practises for 2,000 turns and stores every twentieth.

Prints the table of docs/tutor.md. Sizes are the same at every run; times are a machine's own, and
of its processor alone, so that what else it does counts little.

    .venv/bin/python -m bench.growth
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from time import process_time
from typing import Any, NamedTuple

from cryptography.fernet import Fernet
from pydantic import JsonValue

from bench.mastery import table
from local.examples import theory_template
from shared.domain.advance import advanced
from shared.domain.answer import Answer, answer_of
from shared.domain.freeform import stored_bytes
from shared.domain.practice import Practice
from shared.domain.question import Kind, Question
from shared.domain.session import Mode, Origin, Session, Status
from shared.domain.session_data import SessionContent
from shared.domain.source import source_of
from shared.domain.turns import begun
from shared.seal import Seals, opened_session, stored_session
from shared.tutor.graph import RECURSION_LIMIT, graph
from shared.tutor.offline import OfflineTutor
from shared.tutor.state import Collaborators, Turn

TURNS = 2_000
STORED_EVERY = 20
ROW = 200
BEGAN_AT = datetime(2026, 3, 10, 12, tzinfo=UTC)

Json = dict[str, Any]


class Sample(NamedTuple):
    """One turn: how long it took, and what the client then carries, as JSON."""

    seconds: float
    carried_bytes: int


class Growth:
    """A client that keeps JSON alone, as over the wire; each turn opens it, plays and seals.

    `document_bytes` has the size of the session's document in Firestore at each storing.
    """

    def __init__(self) -> None:
        self._seals = Seals([Fernet.generate_key().decode()])
        self._tutor = OfflineTutor()
        self._now = BEGAN_AT
        source = source_of(theory_template(), None)
        self._practice = begun(
            source, session_id="session", student_id="student", tutor=self._tutor.name
        )
        self._session = _session()
        self._carried = ""
        self.samples: list[Sample] = []
        self.document_bytes: list[int] = []
        self._play({"do": "present"})
        self._store()

    def run(self, turns: int) -> None:
        for number in range(turns):
            self._turn(number)
            if (number + 1) % STORED_EVERY == 0:
                self._store()

    @property
    def questions_answered(self) -> int:
        return self._session.total_questions

    def _turn(self, number: int) -> None:
        """Every third answer is wrong, and a hint is asked for now and then."""
        question = self._practice.pending
        if question is None:
            raise AssertionError("practice never runs dry")
        asked: Turn = {"do": "hint"}
        if number % 7:
            asked = {"do": "answer", "answer": _answer(question, right=number % 3 > 0)}
        began = process_time()
        self._practice = opened_session(self._seals, json.loads(self._carried))
        self._play(asked)
        self.samples.append(Sample(process_time() - began, len(self._carried.encode())))

    def _play(self, asked: Turn) -> None:
        self._now += timedelta(minutes=1)
        context = Collaborators(
            tutor=self._tutor, fallback=self._tutor, now=self._now, stored=self._form
        )
        done: Turn = graph().invoke(
            {"practice": self._practice, **asked},
            context=context,
            config={"recursion_limit": RECURSION_LIMIT},
        )
        self._practice = done["practice"]
        self._carried = json.dumps(self._form(self._practice))

    def _store(self) -> None:
        """As update_progress does: the client goes on with what comes back."""
        step = advanced(self._session, self._practice, form=self._form, at=self._now)
        if step is None:
            raise AssertionError("there is something new to store")
        self._session = step.session
        self._carried = json.dumps(self._session.stored_session)
        self._practice = opened_session(self._seals, json.loads(self._carried))
        self.document_bytes.append(stored_bytes(self._session.model_dump(mode="json")))

    def _form(self, practice: Practice) -> Json:
        return stored_session(self._seals, practice)


def _session() -> Session:
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
    match question.kind:
        case Kind.MULTIPLE_CHOICE:
            wrong = next(choice for choice in question.choice_ids if choice != question.answer)
            raw = question.answer if right else wrong
        case Kind.MULTI_SELECT:
            raw = question.answer if right else list(question.choice_ids)
        case Kind.NUMERIC:
            raw = question.answer if right else 987_654_321
        case Kind.SELF_RATED:
            raw = "good" if right else "again"
        case _:
            accepted = question.answer if isinstance(question.answer, list) else []
            raw = accepted[0] if right and accepted else "not this"
    return answer_of(question, raw)


def growth_table(growth: Growth) -> str:
    rows = []
    for first in range(0, len(growth.samples), ROW):
        samples = growth.samples[first : first + ROW]
        documents = growth.document_bytes[1:][first // STORED_EVERY :][: ROW // STORED_EVERY]
        rows.append(
            [
                f"{first + 1}-{first + len(samples)}",
                kilobytes(max(documents)),
                kilobytes(max(sample.carried_bytes for sample in samples)),
                *times([sample.seconds for sample in samples]),
            ]
        )
    heads = ["turns", "document, largest", "carried, largest", "turn, median", "10th to 90th"]
    return table(heads, rows)


def kilobytes(count: int) -> str:
    return f"{count / 1024:.1f} KB"


def times(seconds: Sequence[float]) -> tuple[str, str]:
    """The median, and the spread without the slowest and fastest tenth, in milliseconds."""
    tenths = quantiles(seconds, n=10)
    return f"{median(seconds) * 1000:.1f} ms", f"{tenths[0] * 1000:.1f}-{tenths[-1] * 1000:.1f} ms"


if __name__ == "__main__":
    grown = Growth()
    grown.run(TURNS)
    print(growth_table(grown))
    first, last = grown.samples[:ROW], grown.samples[-ROW:]
    for name, part in (("first", first), ("last", last)):
        middle, spread = times([sample.seconds for sample in part])
        print(f"\n{name} {ROW} turns: {middle}, 10th to 90th percentile {spread}")
