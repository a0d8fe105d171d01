"""Attempts at one skill, and what it becomes by them."""

from collections.abc import Iterable
from itertools import accumulate
from typing import NamedTuple

from shared.domain.students.mastery import MasteryCriterion, SkillState, apply_attempt


class Attempt(NamedTuple):
    score: float = 1.0
    guess: float = 0.1
    hinted: bool = False
    first: bool = True

    @property
    def correct(self) -> bool:
        return self.score == 1


RIGHT = Attempt()
WRONG = Attempt(score=0)
HINTED = Attempt(hinted=True)
AGAIN = Attempt(first=False)
AGAIN_WRONG = Attempt(score=0, first=False)


def history(
    attempts: Iterable[Attempt],
    *,
    skill: SkillState,
    firsts_needed: int = 3,
    criterion: MasteryCriterion | None = None,
) -> list[SkillState]:
    """The skill before the first attempt and after each."""

    def step(skill: SkillState, attempt: Attempt) -> SkillState:
        return apply_attempt(
            skill,
            score=attempt.score,
            correct=attempt.correct,
            guess=attempt.guess,
            hinted=attempt.hinted,
            first_attempt=attempt.first,
            criterion=criterion,
            firsts_needed=firsts_needed,
        )

    return list(accumulate(attempts, step, initial=skill))
