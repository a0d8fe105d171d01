"""Knowledge tracing, of sessions begun by an older version: sequences worked out by hand, general
laws, and the criteria for mastered skills.

In the sums below `known : unknown` are the weights of the two explanations of an answer, so that
known / (known + unknown) is the chance that the skill was known; a tenth of the rest is learnt.
"""

import json
from itertools import product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.students.knowledge_tracing import posterior, trace
from shared.domain.students.mastery import HIGHEST, MasteryCriterion, SkillState
from tests.unit.domain.students.attempts import (
    AGAIN,
    AGAIN_WRONG,
    HINTED,
    RIGHT,
    WRONG,
    Attempt,
    history,
)

FRESH = SkillState(skill_id="fractions", name="Fractions")


def after(
    *attempts: Attempt, skill: SkillState = FRESH, criterion: MasteryCriterion | None = None
) -> SkillState:
    return history(attempts, skill=skill, criterion=criterion)[-1]


GOLDEN = {
    "right, free response": [
        # 0.1 x 0.9 = 0.09 : 0.9 x 0.1 = 0.09 -> 0.5; 0.5 + 0.5 x 0.1
        (RIGHT, 0.55),
        # 0.55 x 0.9 = 0.495 : 0.45 x 0.1 = 0.045 -> 0.916667; 0.916667 + 0.083333 x 0.1
        (RIGHT, 0.925),
        # 0.925 x 0.9 = 0.8325 : 0.075 x 0.1 = 0.0075 -> 0.991071; + 0.008929 x 0.1
        (RIGHT, 0.991964),
    ],
    "right, one of four": [
        # 0.09 : 0.9 x 0.25 = 0.225 -> 0.285714; + 0.714286 x 0.1
        (Attempt(guess=0.25), 0.357143),
        # 0.357143 x 0.9 = 0.321429 : 0.642857 x 0.25 = 0.160714 -> 0.666667; + 0.033333
        (Attempt(guess=0.25), 0.7),
        # 0.7 x 0.9 = 0.63 : 0.3 x 0.25 = 0.075 -> 0.893617; + 0.106383 x 0.1
        (Attempt(guess=0.25), 0.904255),
        # 0.904255 x 0.9 = 0.813830 : 0.095745 x 0.25 = 0.023936 -> 0.971428; + 0.002857
        (Attempt(guess=0.25), 0.974286),
    ],
    "right, one of two": [
        # 0.09 : 0.9 x 0.3 = 0.27 -> 0.25; + 0.75 x 0.1
        (Attempt(guess=0.3), 0.325),
        # 0.325 x 0.9 = 0.2925 : 0.675 x 0.3 = 0.2025 -> 0.590909; + 0.040909
        (Attempt(guess=0.3), 0.631818),
    ],
    "wrong, then right": [
        # 0.1 x 0.1 = 0.01 : 0.9 x 0.9 = 0.81 -> 0.012195; + 0.987805 x 0.1
        (WRONG, 0.110976),
        # 0.110976 x 0.1 = 0.011098 : 0.889024 x 0.9 = 0.800122 -> 0.013680; + 0.098632
        (WRONG, 0.112312),
        # 0.112312 x 0.9 = 0.101081 : 0.887688 x 0.1 = 0.088769 -> 0.532426; + 0.046757
        (RIGHT, 0.579183),
    ],
    "kinds mixed": [
        (Attempt(guess=0.25), 0.357143),  # as above
        # 0.357143 x 0.1 = 0.035714 : 0.642857 x 0.75 = 0.482143 -> 0.068966; + 0.093103
        (Attempt(score=0, guess=0.25), 0.162069),
        # 0.162069 x 0.9 = 0.145862 : 0.837931 x 0.25 = 0.209483 -> 0.410480; + 0.058952
        (Attempt(guess=0.25), 0.469432),
        # 0.469432 x 0.9 = 0.422489 : 0.530568 x 0.1 = 0.053057 -> 0.888430; + 0.011157
        (RIGHT, 0.899587),
    ],
    "right after a hint is wrong": [
        (RIGHT, 0.55),
        # 0.55 x 0.1 = 0.055 : 0.45 x 0.9 = 0.405 -> 0.119565; + 0.880435 x 0.1
        (HINTED, 0.207609),
        # 0.207609 x 0.9 = 0.186848 : 0.792391 x 0.1 = 0.079239 -> 0.702206; + 0.029779
        (RIGHT, 0.731986),
    ],
    "half right, three quarters right": [
        # right 0.5, wrong 0.012195; half of each 0.256098; + 0.743902 x 0.1
        (Attempt(score=0.5), 0.330488),
        # right 0.330488 x 0.9 = 0.297439 : 0.669512 x 0.25 = 0.167378 -> 0.639906
        # wrong 0.330488 x 0.1 = 0.033049 : 0.669512 x 0.75 = 0.502134 -> 0.061753
        # 0.75 x 0.639906 + 0.25 x 0.061753 = 0.495368; + 0.504632 x 0.1
        (Attempt(score=0.75, guess=0.25), 0.545831),
    ],
    "partly right after a hint is wrong": [(Attempt(score=0.5, hinted=True), 0.110976)],
}


@pytest.mark.parametrize("steps", GOLDEN.values(), ids=GOLDEN.keys())
def test_mastery_is_the_result_worked_out_by_hand(steps: list[tuple[Attempt, float]]) -> None:
    skills = history((attempt for attempt, _ in steps), skill=FRESH)
    assert [skill.mastery for skill in skills] == [0.1, *(mastery for _, mastery in steps)]
    assert [skill.attempts for skill in skills] == list(range(len(steps) + 1))


chances = st.floats(0, 1)
guesses = st.floats(0, 0.3)
KINDS_OF_ATTEMPT = [
    Attempt(score, guess, hinted)
    for score, guess, hinted in product([0, 0.3, 0.5, 1], [0, 0.01, 0.1, 0.25, 0.3], [False, True])
]
histories = st.lists(st.sampled_from(KINDS_OF_ATTEMPT), max_size=12)


@given(histories)
def test_mastery_stays_within_bounds_and_is_never_certain(attempts: list[Attempt]) -> None:
    for skill in history(attempts, skill=FRESH):
        assert 0.1 <= skill.mastery <= HIGHEST < 1


@given(chances, guesses, chances, chances)
def test_a_better_score_never_means_less_mastery(
    p: float, guess: float, one: float, other: float
) -> None:
    worse, better = sorted([one, other])
    after_worse = trace(p, score=worse, guess=guess, hinted=False)
    assert after_worse <= trace(p, score=better, guess=guess, hinted=False) + 1e-12


@given(chances, guesses)
def test_a_right_answer_never_lowers_mastery(p: float, guess: float) -> None:
    assert posterior(p, right=True, guess=guess) >= p - 1e-12
    assert trace(p, score=1, guess=guess, hinted=False) >= p - 1e-12


@given(chances, guesses)
def test_a_wrong_answer_never_raises_the_posterior(p: float, guess: float) -> None:
    assert posterior(p, right=False, guess=guess) <= p + 1e-12


@given(st.floats(0.01, 0.99), guesses, guesses)
def test_a_right_answer_proves_less_the_easier_it_is_to_guess(
    p: float, one: float, other: float
) -> None:
    harder, easier = sorted([one, other])
    says = posterior(p, right=True, guess=harder)
    assert posterior(p, right=True, guess=easier) <= says + 1e-12


@given(chances, chances, guesses)
def test_after_a_hint_the_score_makes_no_difference(p: float, score: float, guess: float) -> None:
    wrong = trace(p, score=0, guess=guess, hinted=False)
    assert trace(p, score=score, guess=guess, hinted=True) == wrong


@given(st.lists(st.sampled_from([(s, g) for s in (0, 1) for g in (0.01, 0.1, 0.3)]), max_size=12))
def test_mastery_is_the_share_of_all_pasts_in_which_the_skill_is_known(
    answers: list[tuple[int, float]],
) -> None:
    """Computed from the definition: the weight of each possible moment of learning, summed."""

    def weight(learnt_after: int) -> float:
        prior = 0.1 if learnt_after == 0 else 0.9 * 0.9 ** (learnt_after - 1) * 0.1
        chances = (
            (0.9 if right else 0.1) if n >= learnt_after else (guess if right else 1 - guess)
            for n, (right, guess) in enumerate(answers)
        )
        return prior * prod(chances)

    count = len(answers)
    known = sum(weight(moment) for moment in range(count + 1))
    never = sum(weight(moment) for moment in range(count + 1, count + 400))
    stepwise = 0.1
    for right, guess in answers:
        stepwise = trace(stepwise, score=right, guess=guess, hinted=False)
    assert stepwise == pytest.approx(known / (known + never), abs=1e-9)


@given(histories)
def test_a_skill_comes_back_from_json_as_it_was(attempts: list[Attempt]) -> None:
    skill = after(*attempts, criterion=MasteryCriterion(kind="m_of_n", m=3, n=5))
    assert SkillState.model_validate_json(skill.model_dump_json()) == skill
    assert SkillState.model_validate(json.loads(json.dumps(skill.model_dump()))) == skill
    assert len(repr(skill.mastery).partition(".")[2]) <= 6


def test_a_thousand_right_answers_do_not_hide_that_a_skill_was_forgotten() -> None:
    skill = after(*[RIGHT] * 1_000)
    assert skill.mastery == 0.999999
    assert skill.mastered
    assert not after(*[WRONG] * 6, skill=skill).mastered


# By default: 0.95, and three first attempts without a hint.


def test_three_right_answers_to_distinct_open_questions_master_a_skill() -> None:
    assert [skill.mastered for skill in history([RIGHT] * 3, skill=FRESH)] == [
        False,
        False,
        False,
        True,
    ]


def test_one_question_answered_repeatedly_does_not_master_a_skill() -> None:
    skill = after(RIGHT, *[AGAIN] * 20)
    assert (skill.firsts, skill.mastery, skill.mastered) == (1, HIGHEST, False)


def test_first_attempts_after_a_hint_do_not_count() -> None:
    skill = after(RIGHT, RIGHT, HINTED, *[AGAIN] * 10)
    assert (skill.firsts, skill.mastery, skill.mastered) == (2, HIGHEST, False)
    assert after(RIGHT, skill=skill).mastered


def test_many_questions_do_not_replace_mastery() -> None:
    skill = after(*[Attempt(guess=0.25), Attempt(score=0, guess=0.25)] * 20)
    assert skill.firsts == 40
    assert not skill.mastered


def test_a_mastered_skill_can_be_lost_and_regained() -> None:
    learner = history([RIGHT, RIGHT, RIGHT, WRONG, WRONG, RIGHT, RIGHT], skill=FRESH)
    assert [skill.mastered for skill in learner] == [
        *(False, False, False, True),  # 0.991964
        *(False, False),  # 0.938806, then 0.666893
        *(True, True),  # 0.952..., and on
    ]


@given(st.floats(0.95, HIGHEST), guesses)
def test_a_slip_costs_a_mastered_skill_at_most_two_right_answers(
    mastery: float, guess: float
) -> None:
    master = FRESH.model_copy(update={"mastery": round(mastery, 6), "firsts": 3, "mastered": True})
    slipped, recovered = Attempt(score=0, guess=guess), Attempt(guess=guess)
    assert after(slipped, recovered, recovered, skill=master).mastered


# m of n: the last n attempts, repeats included, at any mastery.


@pytest.mark.parametrize(
    ("attempts", "mastered"),
    [
        pytest.param([RIGHT] * 2, False, id="too few so far"),
        pytest.param([RIGHT] * 3, True, id="three right need not wait for five"),
        pytest.param([WRONG, RIGHT, RIGHT, WRONG, RIGHT], True, id="three of five"),
        pytest.param([RIGHT, WRONG, WRONG, RIGHT, WRONG, RIGHT], False, id="the first is too old"),
        pytest.param([RIGHT, RIGHT, RIGHT, WRONG, WRONG, WRONG], False, id="lost again"),
        pytest.param([HINTED] * 5, False, id="right after a hint is wrong"),
        pytest.param([RIGHT, RIGHT, HINTED, HINTED, RIGHT], True, id="hints use up places"),
        pytest.param([RIGHT, RIGHT, HINTED, HINTED, HINTED, RIGHT], False, id="and push out"),
        pytest.param([RIGHT, AGAIN, AGAIN], True, id="repeats count"),
        pytest.param([RIGHT, *[AGAIN_WRONG] * 3, RIGHT, AGAIN], False, id="wrong ones as well"),
        pytest.param([RIGHT] * 2 + [Attempt(score=0.9)], False, id="nearly right is not right"),
    ],
)
def test_a_skill_is_mastered_when_three_of_the_last_five_were_right(
    attempts: list[Attempt], mastered: bool
) -> None:
    assert (
        after(*attempts, criterion=MasteryCriterion(kind="m_of_n", m=3, n=5)).mastered is mastered
    )


@given(
    st.lists(st.sampled_from([RIGHT, WRONG, HINTED, AGAIN, AGAIN_WRONG]), max_size=20),
    st.integers(1, 10),
    st.integers(1, 10),
)
def test_m_of_n_considers_and_stores_the_last_n_only(
    attempts: list[Attempt], one: int, other: int
) -> None:
    m, n = sorted([one, other])
    skill = after(*attempts, criterion=MasteryCriterion(kind="m_of_n", m=m, n=n))
    right = [attempt.correct and not attempt.hinted for attempt in attempts]
    assert skill.recent == right[-n:]
    assert skill.mastered == (right[-n:].count(True) >= m)


def test_m_of_n_stays_within_reach_when_every_question_has_been_seen() -> None:
    criterion = MasteryCriterion(kind="m_of_n", m=8, n=10)
    missed_at_first = after(*[WRONG] * 10, criterion=criterion)
    assert not missed_at_first.mastered
    assert after(*[AGAIN] * 8, skill=missed_at_first, criterion=criterion).mastered


def test_mastery_itself_is_the_same_under_either_criterion() -> None:
    attempts = [RIGHT, WRONG, HINTED, RIGHT]
    criterion = MasteryCriterion(kind="m_of_n", m=2, n=3)
    assert after(*attempts).mastery == after(*attempts, criterion=criterion).mastery
