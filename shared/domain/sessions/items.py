"""Items of a session, as reported and as logged, and the running counts of them."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from shared.domain.common.fields import (
    Id,
    Instant,
    Label,
    LongText,
    NodeId,
    UnitInterval,
    ValueObject,
    WholeNumber,
)
from shared.domain.questions.grades import Grade
from shared.domain.students.scoring import QuestionResult, next_question_result

MAX_ITEMS = 10_000  # bounds the tally, which counts every question in the session's document


class Item(ValueObject):
    """A client's report of one item: an exercise done or a question answered."""

    node_id: NodeId
    exercise_type: Label | None = None
    grade: Grade | None = None
    correct: bool | None = None
    score: UnitInterval | None = None
    duration_ms: Annotated[WholeNumber, Field(ge=0, le=86_400_000)] | None = None
    completed: bool = True
    notes: LongText | None = None


class LoggedItem(Item):
    """An entry of the append-only log. `index` is its place in it, from 0."""

    schema_version: Literal[1] = 1
    item_id: Id
    index: Annotated[int, Field(ge=0)]
    hinted: bool = False
    verified: bool
    completed_at: Instant


class Tally(ValueObject):
    """The running counts behind a session's totals. Questions go by a hash of their node_id."""

    items_logged: int = 0
    unlisted_items: int = 0
    unlisted_completed: int = 0
    # Infinite practice, from its seal: questions right at the first unhinted try, and later.
    verified_first: int = 0
    verified_later: int = 0
    questions: dict[str, QuestionResult] = {}


def update_tally(tally: Tally, items: Sequence[Item], *, unlisted: Sequence[bool]) -> Tally:
    """The tally with the items added. `unlisted` has, for each that names no exercise, whether it
    was completed.
    """
    questions: dict[str, QuestionResult] = dict(tally.questions)
    for item in items:
        if item.correct is None:
            continue
        key = hashlib.sha256(item.node_id.encode()).hexdigest()[:16]
        questions[key] = next_question_result(questions.get(key), right=item.correct)
    return tally.model_copy(
        update={
            "items_logged": tally.items_logged + len(items),
            "unlisted_items": tally.unlisted_items + len(unlisted),
            "unlisted_completed": tally.unlisted_completed + sum(unlisted),
            "questions": questions,
        }
    )
