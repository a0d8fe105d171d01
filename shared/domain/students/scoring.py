"""Score and XP. docs/architecture.md lists the product's rules, under "Score, XP and streak"."""

from datetime import date
from enum import StrEnum

from shared.domain.common.fields import ValueObject

XP_RIGHT_AT_FIRST_TRY = 10
XP_RIGHT_LATER = 5
XP_EXERCISE_TICKED = 2
XP_SESSION_BONUS = 20
SESSION_BONUS_ITEMS = 5
XP_PER_STREAK_DAY = 5
STREAK_BONUS_DAYS = 7
# A question of an earlier session that is not due pays 1/4: recalling it again so soon teaches
# little (Cepeda et al., Psychological Bulletin 132, 2006).
REPEATED_QUESTION_DIVISOR = 4
# A client's reports are not proven, so caps bound the XP that a false report can earn.
MAX_CLAIMED_XP_PER_SESSION = 100
MAX_CLAIMED_XP_PER_DAY = 300


class Xp(ValueObject):
    """XP by part. `verified` is the part of `total` for answers that the server graded.

    The rest is claimed: for items that the client reported, for self-rated answers, and both
    bonuses, which such items earn too.
    """

    items: int = 0
    session_bonus: int = 0
    streak_bonus: int = 0
    total: int = 0
    verified: int = 0

    @property
    def claimed(self) -> int:
        return self.total - self.verified


class ClaimedXp(ValueObject):
    """The claimed XP of the last local day with any. `local_date` is an ISO date."""

    local_date: str | None = None
    xp: int = 0


class RightAnswers(ValueObject):
    """Numbers of questions answered right: at the first try without a hint, and later."""

    first: int = 0
    later: int = 0


class QuestionResult(StrEnum):
    """The best result of a question in this session: XP is paid once for each question."""

    FIRST = "first"  # right at the first try
    LATER = "later"  # right at a later one
    WRONG = "wrong"


def next_question_result(
    before: QuestionResult | None, *, right: bool, hinted: bool = False
) -> QuestionResult:
    """The result of a question after one more answer. Right after a hint counts as a later try."""
    if before is None:
        first = QuestionResult.LATER if hinted else QuestionResult.FIRST
        return first if right else QuestionResult.WRONG
    if before is QuestionResult.WRONG and right:
        return QuestionResult.LATER
    return before


def score_percent(correct: int, total: int) -> float | None:
    """Share of questions answered right, 0-100 with one decimal; None when none was asked."""
    return round(100 * correct / total, 1) if total else None


def question_xp(answers: RightAnswers, *, repeated: RightAnswers | None = None) -> int:
    """XP of the questions answered right. `repeated` are those of them that pay a quarter.

    The sum of the quarters is rounded down.
    """
    deducted = _full_xp(repeated or RightAnswers())
    return _full_xp(answers) - deducted + deducted // REPEATED_QUESTION_DIVISOR


def _full_xp(answers: RightAnswers) -> int:
    return XP_RIGHT_AT_FIRST_TRY * answers.first + XP_RIGHT_LATER * answers.later


def is_session_bonus_due(*, items_completed: int, items_count: int) -> bool:
    return items_completed >= SESSION_BONUS_ITEMS or 0 < items_count == items_completed


def compute_xp(
    *,
    verified_items: int,
    claimed_items: int,
    session_bonus_due: bool,
    bonus_streak_days: int,
    claimed_today: int,
) -> Xp:
    """XP by part, claimed XP within its caps.

    `verified_items` and `claimed_items` are the XP of the items, before the caps;
    `bonus_streak_days` is 0 unless this session makes its day count; `claimed_today` is the claimed
    XP that other sessions of the local day were paid.
    """
    left = max(0, min(MAX_CLAIMED_XP_PER_SESSION, MAX_CLAIMED_XP_PER_DAY - claimed_today))
    session_bonus = XP_SESSION_BONUS if session_bonus_due else 0
    streak_bonus = XP_PER_STREAK_DAY * min(bonus_streak_days, STREAK_BONUS_DAYS)
    claimed = []
    for due in (claimed_items, session_bonus, streak_bonus):
        claimed.append(min(due, left))
        left -= claimed[-1]
    return Xp(
        items=verified_items + claimed[0],
        session_bonus=claimed[1],
        streak_bonus=claimed[2],
        total=verified_items + sum(claimed),
        verified=verified_items,
    )


def claimed_xp_on(claimed: ClaimedXp, today: date) -> int:
    """The claimed XP that count towards the cap of this local day.

    A day that is not later than the last one shares its cap: a westward change of the time zone
    must not give the same hours a second one.
    """
    is_later = claimed.local_date is None or claimed.local_date < today.isoformat()
    return 0 if is_later else claimed.xp


def add_claimed_xp(claimed: ClaimedXp, xp: int, today: date) -> ClaimedXp:
    """The claimed XP after a session of this local day."""
    day = max(claimed.local_date or "", today.isoformat())
    return ClaimedXp(local_date=day, xp=claimed_xp_on(claimed, today) + xp)
