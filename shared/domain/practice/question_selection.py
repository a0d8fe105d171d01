"""The selection of the next question: of the weakest skill, new ones first, then spaced repeats."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.domain.students.mastery import INITIAL, SkillState

# The number of answered questions after which a question is due again. Each right answer in a row
# doubles it, up to a bound, so that every question returns. The figures are our own: research shows
# only that wide and widening gaps make memory last (Cepeda et al., Psychological Bulletin 132,
# 2006).
DUE_AFTER_WRONG = 3
DUE_AFTER_RIGHT = 8
DOUBLINGS = 4

EASIEST, HARDEST = 1, 5
NO_DIFFICULTY = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be asked.

    `last_seen_at` is the session's count of answered questions when it was last answered, None for
    a new question. `successes` counts right answers without a hint in a row. `difficulty` is 1-5.
    """

    question_id: str
    skill_id: str
    difficulty: int | None = None
    last_seen_at: int | None = None
    successes: int = 0


def next_question(
    candidates: Sequence[Candidate],
    skills: Iterable[SkillState],
    *,
    now: int,
    seed: str,
    avoid: str | None,
) -> str | None:
    """The id of the question to ask, None only without candidates.

    `now` is the count of questions answered so far. `avoid`, the question asked last, is selected
    only if there is no other. Of equal candidates the first is selected: the author's order.
    """
    others = [c for c in candidates if c.question_id != avoid] or candidates
    if not others:
        return None
    skill_id, mastery = _weakest({c.skill_id for c in others}, skills, tie=f"{seed}:{now}")
    of_skill = [c for c in others if c.skill_id == skill_id]
    unseen = [c for c in of_skill if c.last_seen_at is None]
    if unseen:
        return min(unseen, key=lambda c: _misfit(c, mastery)).question_id
    return max(of_skill, key=lambda c: _overdue(c, now)).question_id


def _weakest(available: set[str], skills: Iterable[SkillState], *, tie: str) -> tuple[str, float]:
    mastery = dict.fromkeys(available, INITIAL)
    mastery.update((s.skill_id, s.mastery) for s in skills if s.skill_id in available)
    lowest = min(mastery.values())
    weakest = [skill_id for skill_id, value in mastery.items() if value == lowest]
    # A hash instead of `random`: the same choice in every process and version of Python.
    return min(weakest, key=lambda s: hashlib.sha256(f"{tie}:{s}".encode()).digest()), lowest


def _misfit(candidate: Candidate, mastery: float) -> tuple[int, int]:
    """The distance from the fitting difficulty; of two equally distant, the easier is better."""
    fitting = EASIEST + int(mastery * HARDEST)
    difficulty = NO_DIFFICULTY if candidate.difficulty is None else candidate.difficulty
    return abs(difficulty - fitting), difficulty


def _overdue(candidate: Candidate, now: int) -> float:
    """The elapsed wait as a share of the intended wait: the question is due from 1 on.

    By absolute lateness, questions that are often missed would keep all others waiting.
    """
    if candidate.successes:
        wait = DUE_AFTER_RIGHT << min(candidate.successes - 1, DOUBLINGS)
    else:
        wait = DUE_AFTER_WRONG
    return (now - (candidate.last_seen_at or 0)) / wait
