"""Mastery by evidence: sequences worked out by hand, general laws, and the default criterion."""

from collections.abc import Iterable
from itertools import pairwise, product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.students.evidence import MOST_KNOWN, UNPRACTISED, Belief, forget, observe
from shared.domain.students.mastery import (
    MasteryCriterion,
    SkillState,
    begin_skill,
)
from tests.unit.domain.students.attempts import AGAIN, HINTED, RIGHT, WRONG, Attempt
from tests.unit.domain.students.attempts import history as attempts_history


def begun(
    belief: Belief = UNPRACTISED,
    *,
    firsts: int = 0,
    firsts_needed: int = 3,
    criterion: MasteryCriterion | None = None,
) -> SkillState:
    return begin_skill(
        SkillState(skill_id="fractions", name="Fractions"),
        belief=belief,
        firsts=firsts,
        firsts_needed=firsts_needed,
        criterion=criterion,
    )


def history(
    attempts: Iterable[Attempt], *, skill: SkillState | None = None, firsts_needed: int = 3
) -> list[SkillState]:
    return attempts_history(attempts, skill=skill or begun(), firsts_needed=firsts_needed)


# The weights of none : half : known, and of these the shares; then 0.05 of none becomes half and
# 0.01 of half known. What is shown is known + half / 2.
GOLDEN = {
    "right, in writing": [
        # .2 x .1 = .02 : .4 x .55 = .22 : .4 x .95 = .38, of .62
        # .032258 : .354839 : .612903; half - .003548 + .001613, known + .003548
        (RIGHT, (0.352904, 0.616452)),
        # .030645 x .1 = .003064 : .352904 x .55 = .194097 : .616452 x .95 = .585629, of .782791
        # .003915 : .247955 : .748130; half - .002480 + .000196, known + .002480
        (RIGHT, (0.245671, 0.750609)),
    ],
    "right, one of four": [
        # .2 x .25 = .05 : .4 x .625 = .25 : .4 x .95 = .38, of .68
        # .073529 : .367647 : .558824; half - .003676 + .003676, known + .003676
        (Attempt(guess=0.25), (0.367647, 0.562500)),
    ],
    "wrong": [
        # .2 x .9 = .18 : .4 x .45 = .18 : .4 x .05 = .02, of .38
        # .473684 : .473684 : .052632; half - .004737 + .023684, known + .004737
        (WRONG, (0.492632, 0.057368)),
    ],
    "right after a hint": [(HINTED, (0.492632, 0.057368))],
    "half right": [
        # the mean of right and wrong before the transitions:
        # .252971 : .414261 : .332767; half - .004143 + .012649, known + .004143
        (Attempt(score=0.5), (0.422767, 0.336910)),
    ],
    "a question asked before": [
        # .2 x .316228 = .063246 : .4 x .741620 = .296648 : .4 x .974679 = .389872, of .749766
        # .084354 : .395654 : .519992; half - .003957 + .004218, known + .003957
        (AGAIN, (0.395915, 0.523948)),
    ],
}


@pytest.mark.parametrize("steps", GOLDEN.values(), ids=GOLDEN.keys())
def test_the_belief_is_the_one_worked_out_by_hand(
    steps: list[tuple[Attempt, tuple[float, float]]],
) -> None:
    skills = history(attempt for attempt, _ in steps)
    for skill, (_, (half, known)) in zip(skills[1:], steps, strict=True):
        assert skill.belief == pytest.approx((half, known), abs=2e-6)
        assert skill.mastery == pytest.approx(known + half / 2, abs=2e-6)


beliefs = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(
    lambda pair: Belief(
        half=(1 - min(pair[0], MOST_KNOWN)) * pair[1], known=min(pair[0], MOST_KNOWN)
    )
)
chances = st.floats(0, 1)
guesses = st.floats(0.001, 0.5)
attempts = st.lists(
    st.sampled_from(
        [
            Attempt(score, guess, hinted, first)
            for score, guess, hinted, first in product(
                [0, 0.5, 1], [0.01, 0.25, 0.5], [False, True], [False, True]
            )
        ]
    ),
    max_size=30,
)


@given(attempts)
def test_a_belief_is_a_probability_and_never_certain(given_attempts: list[Attempt]) -> None:
    for skill in history(given_attempts):
        belief = skill.belief
        assert belief is not None
        assert belief.half >= 0
        assert 0 <= belief.known <= MOST_KNOWN
        assert belief.half + belief.known <= 1 + 1e-6
        assert 0 < skill.mastery < 1


@given(beliefs, guesses, chances, chances)
def test_a_better_score_never_means_less_mastery(
    belief: Belief, guess: float, one: float, other: float
) -> None:
    worse, better = sorted([one, other])
    after_worse = observe(belief, score=worse, guess=guess)
    after_better = observe(belief, score=better, guess=guess)
    assert after_worse.mastery <= after_better.mastery + 1e-9
    assert after_worse.known <= after_better.known + 1e-9


@given(beliefs, chances, guesses)
def test_after_a_hint_the_score_makes_no_difference(
    belief: Belief, score: float, guess: float
) -> None:
    wrong = observe(belief, score=0, guess=guess)
    assert observe(belief, score=score, guess=guess, hinted=True) == wrong


@given(beliefs, guesses, guesses)
def test_a_right_answer_proves_less_the_easier_it_is_to_guess(
    belief: Belief, one: float, other: float
) -> None:
    harder, easier = sorted([one, other])
    proven = observe(belief, score=1, guess=harder).known
    assert observe(belief, score=1, guess=easier).known <= proven + 1e-9


@given(beliefs, guesses)
def test_a_question_asked_before_proves_less(belief: Belief, guess: float) -> None:
    once = observe(belief, score=1, guess=guess)
    assert observe(belief, score=1, guess=guess, repeated=True).known <= once.known + 1e-9


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.01, 0.1, 0.25, 0.5])), max_size=7))
def test_the_belief_is_the_share_of_all_pasts_that_end_in_a_state(
    answers: list[tuple[bool, float]],
) -> None:
    """Computed from the definition: the weight of each path through the states, summed."""
    none, half, known = range(3)
    prior = {none: 0.2, half: 0.4, known: 0.4}
    step = {
        (none, none): 0.95,
        (none, half): 0.05,
        (half, half): 0.99,
        (half, known): 0.01,
        (known, known): 1.0,
    }

    def right(state: int, guess: float) -> float:
        return {none: guess, half: 0.5 + 0.5 * guess, known: 0.95}[state]

    weights = {none: 0.0, half: 0.0, known: 0.0}
    for path in product(range(3), repeat=len(answers) + 1):
        moves = prod(step.get(move, 0.0) for move in pairwise(path))
        seen = prod(
            right(state, guess) if is_right else 1 - right(state, guess)
            for state, (is_right, guess) in zip(path, answers, strict=False)
        )
        weights[path[-1]] += prior[path[0]] * moves * seen
    total = sum(weights.values())
    belief = UNPRACTISED
    for is_right, guess in answers:
        belief = observe(belief, score=float(is_right), guess=guess)
    if weights[known] / total < MOST_KNOWN:
        assert belief == pytest.approx((weights[half] / total, weights[known] / total), abs=1e-9)


@given(beliefs, chances, chances)
def test_the_less_is_recalled_the_less_is_known(belief: Belief, one: float, other: float) -> None:
    less, more = sorted([one, other])
    assert forget(belief, less).mastery <= forget(belief, more).mastery + 1e-9
    assert forget(belief, 1) == pytest.approx(belief)
    assert forget(belief, 0).known == 0
    assert 0 <= forget(belief, less).none <= 1


def test_a_thousand_right_answers_do_not_hide_that_a_skill_was_forgotten() -> None:
    skill = history([RIGHT] * 1_000)[-1]
    assert skill.known == MOST_KNOWN
    assert skill.mastered
    assert not history([WRONG] * 3, skill=skill)[-1].mastered


# By default: known from 0.95, and three distinct questions without a hint.


def test_six_right_answers_in_writing_master_a_skill() -> None:
    assert [skill.mastered for skill in history([RIGHT] * 6)] == [*[False] * 6, True]


def test_one_question_answered_repeatedly_does_not_master_a_skill() -> None:
    skill = history([RIGHT, *[AGAIN] * 60])[-1]
    assert (skill.firsts, skill.known, skill.mastered) == (1, MOST_KNOWN, False)


def test_a_bank_of_one_question_can_be_mastered() -> None:
    attempts_at_it = [RIGHT, *[AGAIN] * 60]
    assert history(attempts_at_it, firsts_needed=1)[-1].mastered


def test_first_attempts_after_a_hint_do_not_count() -> None:
    skill = history([RIGHT, RIGHT, HINTED, *[AGAIN] * 60])[-1]
    assert (skill.firsts, skill.mastered) == (2, False)
    assert history([RIGHT], skill=skill)[-1].mastered


def test_right_and_wrong_by_turns_never_master_a_skill() -> None:
    assert not any(skill.mastered for skill in history([RIGHT, WRONG] * 100))


def test_a_skill_mastered_in_earlier_sessions_begins_mastered() -> None:
    known = Belief(half=0.02, known=0.97)
    assert begun(known, firsts=3).mastered
    assert not begun(known, firsts=2).mastered
    assert begun(known, firsts=1, firsts_needed=1).mastered
    assert not begun(forget(known, 0.9), firsts=3).mastered
    # m of n counts the attempts of the session.
    assert not begun(known, firsts=3, criterion=MasteryCriterion(kind="m_of_n", m=1, n=1)).mastered


def test_a_skill_notes_when_it_was_asked_and_how_often_it_was_wrong_in_a_row() -> None:
    skill = begun().model_copy(update={"due": True})
    wrong_in_row = [after.wrong_in_row for after in history([WRONG, HINTED, RIGHT], skill=skill)]
    assert wrong_in_row == [0, 1, 2, 0]
    assert [after.due for after in history([WRONG, RIGHT], skill=skill)] == [True, False, False]


def test_a_belief_of_knowledge_tracing_keeps_the_mastery_that_was_shown() -> None:
    assert Belief.of_tracing(1).known == MOST_KNOWN
    for p in (0.0, 0.1, 0.5, 0.95):
        assert Belief.of_tracing(p).mastery == p
        assert Belief.of_tracing(p).known == pytest.approx(p * p)
