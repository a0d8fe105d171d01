"""Mastery of a skill: Bayesian knowledge tracing, and the criterion of mastery.

The two steps and the threshold of 0.95 are those of A. T. Corbett and J. R. Anderson, "Knowledge
tracing: Modeling the acquisition of procedural knowledge", User Modeling and User-Adapted
Interaction 4 (1995), 253-278. They fit the other parameters to each rule and student; here one set
serves every skill. The guess probability, of a right answer without the skill, depends on the
question.
"""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from shared.domain.common.closed_model import ClosedModel
from shared.domain.common.fields import ExerciseName, NodeId, ValueObject, WholeNumber
from shared.domain.common.json_schema import add_description

INITIAL = 0.1  # L0: known before any practice
LEARNING = 0.1  # T: learnt at a question, where it wasn't known before
SLIP = 0.1  # S: known, and answered wrong all the same
MASTERED_FROM = 0.95
# Distinct questions answered without a hint: repeating one question is not mastery.
FIRSTS_NEEDED = 3
# Mastery is rounded to 6 decimals. At 1 no number of wrong answers could lower it.
DECIMALS = 6
HIGHEST = 1 - 10**-DECIMALS


class MasteryCriterion(ClosedModel):
    """Mastered when m of the last n attempts were right unhinted, instead of the default."""

    model_config = ConfigDict(json_schema_extra=add_description("m is at most n."))

    kind: Literal["m_of_n"]
    m: Annotated[WholeNumber, Field(ge=1, le=50)]
    n: Annotated[WholeNumber, Field(ge=1, le=50)]

    @model_validator(mode="after")
    def _require_m_within_n(self) -> Self:
        if self.m > self.n:
            raise ValueError("m must not be greater than n")
        return self


class SkillState(ValueObject):
    """A learner's skill. `mastery` is the probability that it is known, 0-1.

    `firsts` counts first attempts without a hint, each at another question. `recent` has the last n
    attempts, true where right without a hint, if mastery is m of n; else it is empty.
    """

    skill_id: NodeId
    name: ExerciseName
    mastery: Annotated[float, Field(ge=0, le=1)] = INITIAL
    attempts: Annotated[int, Field(ge=0)] = 0
    mastered: bool = False
    firsts: Annotated[int, Field(ge=0)] = 0
    recent: Annotated[list[bool], Field(max_length=50)] = []


def posterior(p: float, *, right: bool, guess: float) -> float:
    """The probability, 0-1, that the skill was known, after an answer. `guess` is below 1."""
    known = p * ((1 - SLIP) if right else SLIP)
    if not known:
        return 0.0
    return known / (known + (1 - p) * (guess if right else 1 - guess))


def update_mastery(p: float, *, score: float, guess: float, hinted: bool) -> float:
    """The probability, 0-1, that the skill is known after an answer.

    A partial score, 0-1, blends a right and a wrong answer in its proportion. An answer after a
    hint does not show what was known before it, so it counts as wrong.
    """
    share = 0 if hinted else score
    known = share * posterior(p, right=True, guess=guess)
    known += (1 - share) * posterior(p, right=False, guess=guess)
    return known + (1 - known) * LEARNING


def apply_attempt(
    skill: SkillState,
    *,
    score: float,
    correct: bool,
    guess: float,
    hinted: bool,
    first_attempt: bool,
    criterion: MasteryCriterion | None,
) -> SkillState:
    """The skill after one more attempt, at a question never answered before if `first_attempt`.

    A question has one attempt each time it is asked. m of n counts repeated questions too: they are
    spaced, and a bank of few questions could never be mastered by new ones alone.

    `mastered` follows the criterion at every attempt, so it can be lost again: it agrees with the
    probability, and a learner who has forgotten is asked again. After a slip one or two right
    answers restore it.
    """
    mastery = update_mastery(skill.mastery, score=score, guess=guess, hinted=hinted)
    mastery = min(round(mastery, DECIMALS), HIGHEST)
    firsts, recent = skill.firsts, skill.recent
    if first_attempt:
        firsts += not hinted
    if criterion is None:
        mastered = mastery >= MASTERED_FROM and firsts >= FIRSTS_NEEDED
    else:
        recent = [*recent, correct and not hinted][-criterion.n :]
        mastered = sum(recent) >= criterion.m
    return skill.model_copy(
        update={
            "mastery": mastery,
            "attempts": skill.attempts + 1,
            "mastered": mastered,
            "firsts": firsts,
            "recent": recent,
        }
    )
