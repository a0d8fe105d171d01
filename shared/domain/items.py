"""Items of a session: what was practised, how it went, and the counts that are kept of it."""

import hashlib
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from shared.domain.fields import Id, Instant, Label, LongText, NodeId, Share, Value, Whole

MAX_ITEMS = 10_000  # keeps the tally, which knows every question, well below the document limit


class Grade(StrEnum):
    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"


class Result(StrEnum):
    """How a question has gone in this session, for XP is paid once for each."""

    FIRST = "first"  # right at the first try
    LATER = "later"  # right at a later one
    WRONG = "wrong"


class Item(Value):
    """What a client reports of one item: an exercise done or a question answered."""

    node_id: NodeId
    exercise_type: Label | None = None
    grade: Grade | None = None
    correct: bool | None = None
    score: Share | None = None
    duration_ms: Annotated[Whole, Field(ge=0, le=86_400_000)] | None = None
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


class Tally(Value):
    """The running counts behind a session's totals. Questions go by a hash of their node_id."""

    items_logged: int = 0
    unlisted_items: int = 0
    unlisted_completed: int = 0
    # Of infinite practice, from its seal: questions right at the first unhinted try, and later.
    verified_first: int = 0
    verified_later: int = 0
    questions: dict[str, Result] = {}


def tallied(tally: Tally, items: Sequence[Item], *, unlisted: Sequence[bool]) -> Tally:
    """With the items counted. `unlisted` are those that name no exercise: whether completed."""
    questions: dict[str, Result] = dict(tally.questions)
    for item in items:
        if item.correct is None:
            continue
        key = hashlib.sha256(item.node_id.encode()).hexdigest()[:16]
        questions[key] = result_after(questions.get(key), right=item.correct)
    return tally.model_copy(
        update={
            "items_logged": tally.items_logged + len(items),
            "unlisted_items": tally.unlisted_items + len(unlisted),
            "unlisted_completed": tally.unlisted_completed + sum(unlisted),
            "questions": questions,
        }
    )


def result_after(before: Result | None, *, right: bool, hinted: bool = False) -> Result:
    """How a question stands after one more answer. Right after a hint counts as a later try."""
    if before is None:
        first = Result.LATER if hinted else Result.FIRST
        return first if right else Result.WRONG
    if before is Result.WRONG and right:
        return Result.LATER
    return before
