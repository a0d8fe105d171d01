"""Items of a session, as reported and as logged, and the running counts of them."""

import hashlib
from collections.abc import Collection, Sequence
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, computed_field

from shared.domain.common.errors import FieldError, InvalidArgument
from shared.domain.common.fields import (
    Id,
    Instant,
    Label,
    LongText,
    Milliseconds,
    NodeId,
    UnitInterval,
    ValueObject,
)
from shared.domain.common.nearest_names import NearestNames
from shared.domain.practice.attempts import MAX_FEEDBACK, MAX_PROMPT
from shared.domain.questions.any_question import CorrectAnswer
from shared.domain.questions.grades import Grade
from shared.domain.questions.grading import PASSING_SCORE
from shared.domain.questions.image import LoggedImage
from shared.domain.questions.stem import LoggedStem
from shared.domain.students.scoring import QuestionResult, RightAnswers, next_question_result
from shared.domain.students.skills import SkillBefore

MAX_ITEMS = 10_000  # bounds the tally, which counts every question in the session's document
# Hex digits of a hash. MAX_ITEMS keys of unlisted items take 140 KB of the session's document;
# longer ones would not fit beside its free data.
QUESTION_KEY_LENGTH = 16
UNLISTED_KEY_LENGTH = 12
# The search for near names takes time, a microsecond for each exercise. A call with more mistyped
# items than these is wrong as a whole.
ITEMS_WITH_NEAREST_NAMES = 20
MAX_COMPARISONS = 100_000


class Item(ValueObject):
    """A client's report of one item: an exercise done or a question answered.

    `extra` is True for an item beyond the exercises of its session.
    """

    node_id: NodeId
    exercise_type: Label | None = None
    grade: Grade | None = None
    correct: bool | None = None
    score: UnitInterval | None = None
    duration_ms: Milliseconds | None = None
    completed: bool = True
    notes: LongText | None = None
    answer: CorrectAnswer = None
    extra: bool = False

    @property
    def is_done(self) -> bool:
        """Whether the item counts as done. The grade "again" asks for another try."""
        return self.completed and self.grade is not Grade.AGAIN

    @property
    def is_right(self) -> bool | None:
        """Whether it was answered right; None for an item that is no answer."""
        if self.correct is not None or self.score is None:
            return self.correct
        return self.score >= PASSING_SCORE


class Evidence(ValueObject):
    """What an answer showed of its skill, for the skill to be recomputed from the log.

    `place` is that of the answer among all of the skill, from 0. `guess` is the probability, 0-1,
    of a right answer without knowing. `first` is False where the question had been answered before,
    in any session. `before` is the skill before the answer, in work on an assignment: for the first
    answer of a request alone, since the others follow from it.
    """

    place: int
    guess: UnitInterval
    first: bool
    before: SkillBefore | None = Field(default=None, exclude_if=lambda before: before is None)


class LoggedItem(Item):
    """An entry of the append-only log. `index` is its place in it, from 0.

    A verified one has the question, the answer as given, the right answer and the feedback, cut to
    their bounds; they are None where the client's log had no room for them. It also has the skill
    that was asked and, where it changed that skill, the evidence. `duration_ms` is never verified:
    its source is the client.
    """

    schema_version: Literal[1] = 1
    item_id: Id
    index: Annotated[int, Field(ge=0)]
    skill_id: NodeId | None = Field(default=None, exclude_if=lambda skill_id: skill_id is None)
    evidence: Evidence | None = Field(default=None, exclude_if=lambda evidence: evidence is None)
    hinted: bool = False
    verified: bool
    completed_at: Instant
    prompt: Annotated[str, Field(max_length=MAX_PROMPT)] | None = None
    choices: list[dict[str, str]] | None = None
    correct_answer: CorrectAnswer = None
    feedback: Annotated[str, Field(max_length=MAX_FEEDBACK)] | None = None
    image: LoggedImage | None = Field(default=None, exclude_if=lambda image: image is None)
    stem: LoggedStem | None = Field(default=None, exclude_if=lambda stem: stem is None)

    @property
    def is_graded(self) -> bool:
        """Whether a turn graded it."""
        return self.verified and self.correct is not None

    @computed_field
    def duration_source(self) -> Literal["client"] | None:
        return None if self.duration_ms is None else "client"


class Tally(ValueObject):
    """The running counts behind a session's totals. Items go by a hash of their node_id.

    `unlisted` holds whether each item that names no exercise is done, `lapsed` the questions that
    were right once and whose latest answer is wrong. Both begin where a session that is older than
    these fields continued.
    """

    items_logged: int = 0
    unlisted_items: int = 0
    unlisted_completed: int = 0
    # Infinite practice, from its seal: questions right at the first unhinted try, and later. Those
    # that the student graded are counted apart, and so are those of either that pay a quarter.
    verified_first: int = 0
    verified_later: int = 0
    verified_repeated: RightAnswers = RightAnswers()
    self_rated: RightAnswers = RightAnswers()
    self_rated_repeated: RightAnswers = RightAnswers()
    fast_answers: int = 0
    questions: dict[str, QuestionResult] = {}
    lapsed: list[str] = []
    unlisted: dict[str, bool] = {}


class CountedItems(NamedTuple):
    """The tally with more items, and by how much they change the session's question counts."""

    tally: Tally
    total_questions: int
    questions_correct: int


def count_items(tally: Tally, items: Sequence[Item], *, unlisted: Collection[int]) -> CountedItems:
    """The tally with the items added; `unlisted` are the positions of those naming no exercise.

    The latest item of a node_id counts: it replaces the counts of those before.
    """
    questions, lapsed, others = dict(tally.questions), set(tally.lapsed), dict(tally.unlisted)
    asked = right = completed = 0
    for position, item in enumerate(items):
        key, unlisted_key = _keys(item.node_id)
        completed -= others.pop(unlisted_key, False)
        if position in unlisted:
            completed += item.is_done
            others[unlisted_key] = item.is_done
        if item.is_right is None:
            continue
        before = questions.get(key)
        was_right = before not in (None, QuestionResult.WRONG) and key not in lapsed
        asked += before is None
        right += item.is_right - was_right
        questions[key] = next_question_result(before, right=item.is_right)
        lapsed.discard(key)
        if not item.is_right and questions[key] is not QuestionResult.WRONG:
            lapsed.add(key)
    changes = {
        "items_logged": tally.items_logged + len(items),
        "unlisted_items": tally.unlisted_items + len(others) - len(tally.unlisted),
        "unlisted_completed": tally.unlisted_completed + completed,
        "questions": questions,
        "lapsed": sorted(lapsed),
        "unlisted": others,
    }
    return CountedItems(tally.model_copy(update=changes), asked, right)


def is_reported(tally: Tally, node_id: str) -> bool:
    """Whether an item that names no exercise was answered, or is done."""
    key, unlisted_key = _keys(node_id)
    return key in tally.questions or tally.unlisted.get(unlisted_key, False)


def _keys(node_id: str) -> tuple[str, str]:
    """The node's keys in the tally: in `questions` and `lapsed`, and in `unlisted`."""
    digest = hashlib.sha256(node_id.encode()).hexdigest()
    return digest[:QUESTION_KEY_LENGTH], digest[:UNLISTED_KEY_LENGTH]


def require_listed(
    items: Sequence[Item], exercises: Collection[str], *, unlisted: Collection[int]
) -> None:
    """Raises InvalidArgument for items that name none of the exercises, unless they are extra.

    Where there is no exercise an item may have any name. `unlisted` are the positions of the items
    that name neither an exercise nor a question of the session.
    """
    mistyped = [position for position in sorted(unlisted) if not items[position].extra]
    if not exercises or not mistyped:
        return
    nearest = NearestNames(exercises)
    messages = ["names no exercise of this session"] * len(mistyped)
    explained = min(ITEMS_WITH_NEAREST_NAMES, MAX_COMPARISONS // len(exercises))
    for n, position in enumerate(mistyped[:explained]):
        if names := nearest.to(items[position].node_id):
            messages[n] += f"; the nearest: {', '.join(names)}"
    raise InvalidArgument(
        errors=[
            FieldError(
                f"items.{position}.node_id", f"{message}. An item beyond them needs extra: true"
            )
            for position, message in zip(mistyped, messages, strict=True)
        ]
    )
