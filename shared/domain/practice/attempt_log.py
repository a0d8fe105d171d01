"""The log of graded answers, which the seal holds until the session is stored.

Each entry has the question and the answer. Clients carry the log, so its total size is bounded.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pydantic import Field, JsonValue
from pydantic_core import to_json

from shared.domain.common.fields import Instant, ValueObject
from shared.domain.questions.grades import Grade
from shared.domain.questions.image import LoggedImage
from shared.domain.questions.stem import LoggedStem
from shared.domain.students.scoring import QuestionResult

# Unstored attempts kept. Beyond these the oldest are dropped; totals still count them.
MAX_UNSTORED_ATTEMPTS = 400
# Of all texts together, as JSON. Beyond these the oldest attempts lose theirs.
MAX_LOG_TEXT_BYTES = 32 * 1024
# The same of strict work, whose log no client carries, and which its end alone stores. With so many
# a state stays below MAX_SEAL_LENGTH.
MAX_KEPT_TEXT_BYTES = 224 * 1024
# Of all answers that could not be graded, as JSON: in a state that a client carries, and in that of
# strict work. Beyond these an answer is cut.
MAX_UNGRADED_BYTES = 8 * 1024
MAX_KEPT_UNGRADED_BYTES = 64 * 1024

TEXTS = ("prompt", "choices", "answer", "correct_answer", "feedback")
# The beginning of the texts in an entry. A text has no quotes but escaped ones.
FIRST_TEXT = b',"prompt":'
NO_TEXTS = b"".join(b',"%b":null' % name.encode() for name in TEXTS) + b"}"


class Attempt(ValueObject):
    """One graded answer. `index` counts from 0 over the whole session.

    `earned` is the result that it gave its question, None where it was wrong or the question was
    answered right before. `self_rated` is True where the student graded it.
    `duration_ms` is reported by the client. It is None where the client reports none, and so are
    the texts where the log had no room for them. The texts, picture and stem are its last fields.
    """

    index: int
    question_id: str
    skill_id: str
    kind: str
    correct: bool
    score: float
    hinted: bool
    first_attempt: bool
    guess: float
    grade: Grade
    at: Instant
    earned: QuestionResult | None = None
    self_rated: bool = False
    duration_ms: int | None = None
    prompt: str | None = None
    choices: list[dict[str, str]] | None = None
    answer: JsonValue = None
    correct_answer: JsonValue = None
    feedback: str | None = None
    image: LoggedImage | None = Field(default=None, exclude_if=lambda image: image is None)
    stem: LoggedStem | None = Field(default=None, exclude_if=lambda stem: stem is None)


class UngradedAnswer(ValueObject):
    """An answer that could not be graded, in a practice that asks each question once.

    `index` counts these from 0 over the whole session.
    """

    index: int
    question_id: str
    skill_id: str
    kind: str
    at: Instant
    prompt: str
    answer: str


@dataclass(frozen=True)
class AttemptLog:
    """The log, oldest attempt first. Each entry is an Attempt as compact JSON.

    Every turn carries the log and may append to it, and only storing reads it. So a turn neither
    parses the entries nor writes them again.
    """

    entries: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, attempts: Iterable[Attempt]) -> "AttemptLog":
        return cls(tuple(map(to_json, attempts)))

    @cached_property
    def attempts(self) -> list[Attempt]:
        """Raises ValidationError for an entry that is not an Attempt."""
        return [Attempt.model_validate_json(entry) for entry in self.entries]

    def append(self, attempt: Attempt, *, text_bytes: int = MAX_LOG_TEXT_BYTES) -> "AttemptLog":
        """The log with one more attempt, within its bounds."""
        kept: list[bytes] = []
        size = 0
        for entry in reversed([*self.entries, to_json(attempt)][-MAX_UNSTORED_ATTEMPTS:]):
            texts_at = entry.index(FIRST_TEXT)
            size += len(entry) - texts_at
            kept.append(entry if size <= text_bytes else entry[:texts_at] + NO_TEXTS)
        return AttemptLog(tuple(reversed(kept)))
