"""Mastery of a skill in a session, and the criterion of mastery."""

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from shared.domain.common.closed_model import ClosedModel
from shared.domain.common.fields import ExerciseName, NodeId, ValueObject, WholeNumber
from shared.domain.common.json_schema import add_description
from shared.domain.students import knowledge_tracing
from shared.domain.students.evidence import DECIMALS, UNPRACTISED, Belief, observe

MASTERED_FROM = 0.95
# Distinct questions answered without a hint: repeating one question is not mastery.
FIRSTS_NEEDED = 3
# Of knowledge tracing. At 1 no number of wrong answers could lower it.
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
    """A learner's skill in a session. `mastery` is the expected share of it that is known, 0-1.

    `half` and `known` are its Belief. They are None in a session begun by a version that traced
    knowledge: there `mastery` is the probability that the skill is known. `firsts` counts first
    attempts without a hint, each at another question, those of earlier sessions included. `recent`
    has the last n attempts, true where right without a hint, if mastery is m of n; else it is
    empty.

    `asked_at` is the session's count of answered questions after the skill's last one, 0 before it.
    `wrong_in_row` counts its latest attempts that were wrong or hinted. `due` is True until the
    skill is practised, if its review was due when the session was stored. `began_with` is the
    mastery at the beginning of the session.
    """

    skill_id: NodeId
    name: ExerciseName
    mastery: Annotated[float, Field(ge=0, le=1)] = knowledge_tracing.INITIAL
    attempts: Annotated[int, Field(ge=0)] = 0
    mastered: bool = False
    firsts: Annotated[int, Field(ge=0)] = 0
    recent: Annotated[list[bool], Field(max_length=50)] = []
    half: float | None = None
    known: float | None = None
    asked_at: int = 0
    wrong_in_row: int = 0
    due: bool = False
    began_with: float | None = None

    @property
    def mastery_before(self) -> float:
        """The mastery at the beginning of the session."""
        return knowledge_tracing.INITIAL if self.began_with is None else self.began_with

    @property
    def belief(self) -> Belief | None:
        """None where knowledge is traced."""
        if self.half is None or self.known is None:
            return None
        return Belief(self.half, self.known)


def begin_skill(
    skill: SkillState,
    *,
    belief: Belief = UNPRACTISED,
    firsts: int = 0,
    due: bool = False,
    firsts_needed: int,
    criterion: MasteryCriterion | None,
) -> SkillState:
    """The skill at the beginning of a session, as earlier sessions left it.

    m of n counts the attempts of this session alone.
    """
    begun = skill.model_copy(
        update={
            **_shown(belief),
            "attempts": 0,
            "firsts": firsts,
            "recent": [],
            "asked_at": 0,
            "wrong_in_row": 0,
            "due": due,
        }
    )
    return begun.model_copy(
        update={
            "mastered": criterion is None and _has_evidence(begun, firsts_needed),
            "began_with": begun.mastery,
        }
    )


def apply_attempt(
    skill: SkillState,
    *,
    score: float,
    correct: bool,
    guess: float,
    hinted: bool,
    first_attempt: bool,
    criterion: MasteryCriterion | None,
    firsts_needed: int = FIRSTS_NEEDED,
    asked_at: int = 0,
) -> SkillState:
    """The skill after one more attempt, at a question never answered before if `first_attempt`.

    A question has one attempt each time it is asked. m of n counts repeated questions too: they are
    spaced, and a bank of few questions could never be mastered by new ones alone. `firsts_needed`
    is the number of distinct unhinted questions that the default needs.

    `mastered` follows the criterion at every attempt, so it can be lost again: it agrees with the
    probability, and a learner who has forgotten is asked again.
    """
    right = correct and not hinted
    changed = skill.model_copy(
        update={
            **_mastery_after(skill, score, guess, hinted=hinted, repeated=not first_attempt),
            "attempts": skill.attempts + 1,
            "firsts": skill.firsts + (first_attempt and not hinted),
            "recent": [] if criterion is None else [*skill.recent, right][-criterion.n :],
            "asked_at": asked_at,
            "wrong_in_row": 0 if right else skill.wrong_in_row + 1,
            "due": False,
        }
    )
    if criterion is None:
        mastered = _has_evidence(changed, firsts_needed)
    else:
        mastered = sum(changed.recent) >= criterion.m
    return changed.model_copy(update={"mastered": mastered})


def _mastery_after(
    skill: SkillState, score: float, guess: float, *, hinted: bool, repeated: bool
) -> dict[str, float]:
    before = skill.belief
    if before is None:
        traced = knowledge_tracing.trace(skill.mastery, score=score, guess=guess, hinted=hinted)
        return {"mastery": min(round(traced, DECIMALS), HIGHEST)}
    after = observe(before, score=score, guess=guess, hinted=hinted, repeated=repeated)
    return _shown(after)


def _shown(belief: Belief) -> dict[str, float]:
    half, known = (round(p, DECIMALS) for p in belief)
    return {"half": half, "known": known, "mastery": Belief(half, known).mastery}


def _has_evidence(skill: SkillState, firsts_needed: int) -> bool:
    if skill.known is None:
        return skill.mastery >= MASTERED_FROM and skill.firsts >= FIRSTS_NEEDED
    return skill.known >= MASTERED_FROM and skill.firsts >= firsts_needed
