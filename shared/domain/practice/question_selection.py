"""The selection of the next question: skills in turn, missed questions first, then new ones."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.domain.students.mastery import SkillState

# The number of answered questions after which a question is due again. Each right answer in a row
# doubles it, up to a bound, so that every question returns. The figures are our own: research shows
# only that wide and widening gaps make memory last (Cepeda et al., Psychological Bulletin 132,
# 2006).
DUE_AFTER_WRONG = 3
DUE_AFTER_RIGHT = 8
DOUBLINGS = 4

# A skill waits for its turn by the number of questions since it was asked, times its weight.
MASTERED_WEIGHT = 0.4
# More of what is not understood crowds out what can be learnt.
STUCK_WEIGHT = 0.5
STUCK_AFTER = 6  # wrong answers in a row

EASIEST, HARDEST = 1, 5
NO_DIFFICULTY = 3
# At this mastery and below the easiest questions fit, at 1 the hardest.
EASIEST_UP_TO = 0.3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be asked.

    `last_seen_at` is the session's count of answered questions when it was last answered, None for
    a new question, 0 for one that only earlier sessions asked. `successes` counts right answers
    without a hint in a row; below 0 the others in a row. `difficulty` is 1-5.
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
    available = {c.skill_id for c in others}
    skill = next_skill((s for s in skills if s.skill_id in available), now=now, seed=seed)
    of_skill = [c for c in others if c.skill_id == skill.skill_id]
    missed = [c for c in of_skill if _is_missed(c) and _overdue(c, now) >= 1]
    if missed:
        return max(missed, key=lambda c: _overdue(c, now)).question_id
    unseen = [c for c in of_skill if c.last_seen_at is None]
    if unseen:
        fitting = fitting_difficulty(skill.mastery)
        return min(unseen, key=lambda c: _misfit(c, fitting)).question_id
    return max(of_skill, key=lambda c: _overdue(c, now)).question_id


def next_skill(skills: Iterable[SkillState], *, now: int, seed: str) -> SkillState:
    """The skill whose turn it is. Raises ValueError without skills.

    Each is asked in turn: one that is never answered right must not take all questions, and one
    that was mastered is not left to be forgotten. Ties are decided by a hash instead of `random`:
    the same choice in every process and version of Python.
    """

    def turn(skill: SkillState) -> tuple[float, bytes]:
        waited = now - skill.asked_at if skill.asked_at else now + 1
        hash_ = hashlib.sha256(f"{seed}:{now}:{skill.skill_id}".encode()).digest()
        return -waited * _weight(skill), hash_

    return min(skills, key=turn)


def _weight(skill: SkillState) -> float:
    if skill.mastered and not skill.due:
        return MASTERED_WEIGHT
    return STUCK_WEIGHT if skill.wrong_in_row >= STUCK_AFTER else 1.0


def fitting_difficulty(mastery: float) -> int:
    """The difficulty, 1-5, of questions at this mastery, 0-1."""
    above = max(0.0, mastery - EASIEST_UP_TO) / (1 - EASIEST_UP_TO)
    return EASIEST + round((HARDEST - EASIEST) * above)


def _misfit(candidate: Candidate, fitting: int) -> tuple[int, int]:
    """The distance from the fitting difficulty; of two equally distant, the easier is better."""
    difficulty = NO_DIFFICULTY if candidate.difficulty is None else candidate.difficulty
    return abs(difficulty - fitting), difficulty


def _is_missed(candidate: Candidate) -> bool:
    """Whether it was answered in this session, wrong the last time and not twice in a row: a
    question that is missed again must not keep the others waiting.
    """
    return bool(candidate.last_seen_at) and candidate.successes in (0, -1)


def _overdue(candidate: Candidate, now: int) -> float:
    """The elapsed wait as a share of the intended wait: the question is due from 1 on.

    By absolute lateness, questions that are often missed would keep all others waiting.
    """
    if candidate.successes > 0:
        wait = DUE_AFTER_RIGHT << min(candidate.successes - 1, DOUBLINGS)
    else:
        wait = DUE_AFTER_WRONG
    return (now - (candidate.last_seen_at or 0)) / wait
