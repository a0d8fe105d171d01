"""Reviews of a skill by FSRS, the free spaced repetition scheduler, one a local day.

FSRS spaces reviews by days. Its learning steps, of minutes, are left out: within a session the
selection of questions brings a missed one back.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from shared.domain.questions.grades import Grade
from shared.domain.students.local_days import LocalDays

# A card of py-fsrs as JSON, empty before the first review.
Card = dict[str, Any]

# The state of a card between reviews, in py-fsrs; the others are those of learning steps.
REVIEW_STATE = 2

# Of FSRS-6 with its default parameters: after `stability` days 90 % are recalled.
DECAY = -0.1542
FACTOR = 0.9 ** (1 / DECAY) - 1

# How far intervals are spread, so that skills learnt on one day do not all return on one: the share
# of the days between two bounds, and one day. The figures are those of py-fsrs.
SPREAD_FROM_DAYS = 2.5
SPREADS = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, float("inf"), 0.05))
SHORTEST_SPREAD_DAYS = 2


def retrievability(card: Card, at: datetime) -> float:
    """The probability, 0-1, that what was reviewed is recalled at this time.

    The power law of FSRS-6, as in py-fsrs, in whole days. 0 before the first review.
    """
    if not card.get("last_review") or not card.get("stability"):
        return 0.0
    days = max(0, (at - _last_review(card)).days)
    recalled: float = (1 + FACTOR * days / card["stability"]) ** DECAY
    return recalled


def is_due_by_day(card: Card) -> bool:
    """Whether the card is without learning steps, so that it is due on a later day."""
    return card.get("state") == REVIEW_STATE


def is_review(card: Card, at: datetime, *, days: LocalDays) -> bool:
    """Whether an answer at this time is the first of its local day."""
    if not card.get("last_review"):
        return True
    return days.date_of(at) > days.date_of(_last_review(card))


def review(
    card: Card, grade: Grade, at: datetime, *, days: LocalDays, seed: str
) -> tuple[Card, datetime]:
    """The card after a review, and the instant at which its local due day begins.

    The interval is spread by the seed and the day: the same review gives the same card, however
    often a commit is tried.
    """
    from fsrs import Card as FsrsCard
    from fsrs import Rating, Scheduler

    rating = {
        Grade.AGAIN: Rating.Again,
        Grade.HARD: Rating.Hard,
        Grade.GOOD: Rating.Good,
        Grade.EASY: Rating.Easy,
    }[grade]
    at = datetime.fromtimestamp(at.timestamp(), UTC)
    scheduler = Scheduler(learning_steps=[], relearning_steps=[], enable_fuzzing=False)
    before = FsrsCard.from_dict(cast("Any", card)) if card else FsrsCard(card_id=_card_id(seed))
    after, _ = scheduler.review_card(before, rating, at)
    today = days.date_of(at)
    due_on = today + timedelta(days=_spread((after.due - at).days, f"{seed}:{today}"))
    after.due = days.beginning_of(due_on)
    return dict(after.to_dict()), after.due


def _spread(days: int, seed: str) -> int:
    if days < SPREAD_FROM_DAYS:
        return days
    width = 1 + sum(share * max(min(days, end) - begin, 0.0) for begin, end, share in SPREADS)
    fewest, most = max(SHORTEST_SPREAD_DAYS, round(days - width)), round(days + width)
    return fewest + int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8]) % (most - fewest + 1)


def _last_review(card: Card) -> datetime:
    return datetime.fromisoformat(card["last_review"])


def _card_id(seed: str) -> int:
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4])
