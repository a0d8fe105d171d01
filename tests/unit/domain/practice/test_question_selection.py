"""Question selection: skills in turn, missed questions first, then new ones, then repeats."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.practice.question_selection import (
    DUE_AFTER_WRONG,
    Candidate,
    next_question,
    next_skill,
)
from shared.domain.students.mastery import SkillState, apply_attempt, begin_skill


def skill(skill_id: str, mastery: float | None = None, **fields: Any) -> SkillState:
    """At the beginning of a session, or with this mastery."""
    fresh = SkillState(skill_id=skill_id, name=skill_id)
    begun = begin_skill(fresh, firsts_needed=3, criterion=None)
    known = {} if mastery is None else {"mastery": mastery}
    return begun.model_copy(update={**known, **fields})


def choose(
    candidates: Sequence[Candidate],
    skills: Iterable[SkillState] = (),
    *,
    now: int = 0,
    seed: str = "session",
    avoid: str | None = None,
) -> str | None:
    known = {c.skill_id: skill(c.skill_id) for c in candidates}
    known |= {s.skill_id: s for s in skills}
    return next_question(candidates, known.values(), now=now, seed=seed, avoid=avoid)


def practise(
    bank: Sequence[Candidate],
    right: Callable[[Candidate, int], bool],
    *,
    turns: int,
) -> list[str]:
    """The questions asked, in order; `right` decides whether the learner answers one correctly."""
    candidates = {c.question_id: c for c in bank}
    skills = {c.skill_id: skill(c.skill_id) for c in bank}
    asked: list[str] = []
    for now in range(turns):
        last = asked[-1] if asked else None
        chosen = choose(list(candidates.values()), skills.values(), now=now, avoid=last)
        assert chosen is not None
        asked.append(chosen)
        question = candidates[chosen]
        correct = right(question, now)
        candidates[chosen] = replace(
            question,
            last_seen_at=now + 1,
            successes=max(question.successes, 0) + 1 if correct else min(question.successes, 0) - 1,
        )
        skills[question.skill_id] = apply_attempt(
            skills[question.skill_id],
            score=float(correct),
            correct=correct,
            guess=0.25,
            hinted=False,
            first_attempt=question.last_seen_at is None,
            criterion=None,
            asked_at=now + 1,
        )
    return asked


def bank(skill_id: str, count: int) -> list[Candidate]:
    return [Candidate(f"{skill_id}{n}", skill_id) for n in range(count)]


def gaps(asked: list[str], question_id: str) -> list[int]:
    """The numbers of answers between a question's appearances, the last one up to the end."""
    times = [turn for turn, asked_then in enumerate(asked) if asked_then == question_id]
    return [later - earlier for earlier, later in pairwise([*times, len(asked)])]


banks = st.lists(
    st.builds(
        Candidate,
        question_id=st.sampled_from("abcdefghijkl"),
        skill_id=st.sampled_from(["s1", "s2", "s3"]),
        difficulty=st.none() | st.integers(1, 5),
        last_seen_at=st.none() | st.integers(0, 50),
        successes=st.integers(-200, 200),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda c: c.question_id,
)
masteries = st.lists(st.floats(0, 1), max_size=3).map(
    lambda values: [skill(f"s{n}", value) for n, value in enumerate(values, 1)]
)
avoided = st.none() | st.sampled_from("abcdefghijkl")


@given(banks, masteries, st.integers(0, 60), avoided)
def test_there_is_always_a_next_question_and_not_the_one_just_asked(
    candidates: list[Candidate], skills: list[SkillState], now: int, avoid: str | None
) -> None:
    chosen = choose(candidates, skills, now=now, avoid=avoid)
    assert chosen in {c.question_id for c in candidates}
    assert chosen != avoid or len(candidates) == 1


@given(banks, masteries, st.integers(50, 60), avoided)
def test_the_next_question_is_missed_or_new_where_the_skill_has_such(
    candidates: list[Candidate], skills: list[SkillState], now: int, avoid: str | None
) -> None:
    chosen_id = choose(candidates, skills, now=now, avoid=avoid)
    [chosen] = [c for c in candidates if c.question_id == chosen_id]
    others = [c for c in candidates if c.question_id != avoid] or candidates
    of_skill = [c for c in others if c.skill_id == chosen.skill_id]
    missed = [
        c
        for c in of_skill
        if c.last_seen_at and c.successes in (0, -1) and now - c.last_seen_at >= DUE_AFTER_WRONG
    ]
    new = [c for c in of_skill if c.last_seen_at is None]
    assert chosen in (missed or new or of_skill)


# The skill whose turn it is: the longest wait, by the number of questions, times the weight.


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param({"asked_at": 4}, {"asked_at": 5}, id="the longer wait"),
        pytest.param({"asked_at": 0}, {"asked_at": 1}, id="a skill that was never asked"),
        pytest.param({"asked_at": 9}, {"asked_at": 8, "mastered": True}, id="two beat five x .4"),
        pytest.param({"asked_at": 5, "mastered": True}, {"asked_at": 9}, id="six x .4 beat two"),
        pytest.param(
            {"asked_at": 5, "mastered": True, "due": True}, {"asked_at": 6}, id="due counts whole"
        ),
        pytest.param({"asked_at": 8}, {"asked_at": 6, "wrong_in_row": 6}, id="five x .5 are less"),
        pytest.param({"asked_at": 6, "wrong_in_row": 5}, {"asked_at": 8}, id="five wrong are few"),
    ],
)
def test_the_skill_with_the_longest_weighted_wait_has_its_turn(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    skills = [skill("second", **second), skill("first", **first)]
    assert next_skill(skills, now=11, seed="session").skill_id == "first"


def test_a_skill_that_is_never_right_does_not_take_all_questions() -> None:
    questions = [*bank("a", 10), *bank("b", 10), *bank("c", 10)]
    asked = practise(questions, lambda c, _: c.skill_id != "b", turns=300)
    of_b = [question_id[0] for question_id in asked[-100:]].count("b")
    assert 20 <= of_b <= 50


def test_a_mastered_skill_is_asked_again() -> None:
    questions = [question for skill_id in "abcdef" for question in bank(skill_id, 40)]
    asked = practise(questions, lambda c, now: c.skill_id == "a" or now % 2 == 0, turns=300)
    of_a = [question_id[0] for question_id in asked[-120:]].count("a")
    assert 5 <= of_a <= 15


def test_a_missed_question_comes_back_before_new_ones_after_three_others() -> None:
    asked = practise(bank("s", 20), lambda c, now: c.question_id != "s2" or now > 2, turns=8)
    assert asked == ["s0", "s1", "s2", "s3", "s4", "s5", "s2", "s6"]


def test_a_question_of_an_earlier_session_comes_after_the_new_ones() -> None:
    known = Candidate("known", "s", last_seen_at=0)
    assert choose([known, Candidate("new", "s")], now=50) == "new"
    assert choose([known, Candidate("right", "s", last_seen_at=49, successes=1)], now=50) == "known"


@given(banks, masteries, st.integers(0, 60), avoided, st.randoms(use_true_random=False))
def test_the_same_state_always_gives_a_question_of_the_same_skill_in_any_order(
    candidates: list[Candidate],
    skills: list[SkillState],
    now: int,
    avoid: str | None,
    order: Random,
) -> None:
    skill_of = {c.question_id: c.skill_id for c in candidates}
    chosen = choose(candidates, skills, now=now, avoid=avoid)
    assert chosen == choose(candidates, skills, now=now, avoid=avoid)
    shuffled = candidates.copy()
    order.shuffle(shuffled)
    again = choose(shuffled, skills, now=now, avoid=avoid)
    assert chosen is not None
    assert again is not None
    assert skill_of[chosen] == skill_of[again]


def test_without_candidates_there_is_nothing_to_ask() -> None:
    assert choose([], [skill("s1")]) is None


def test_a_skill_with_one_question_alternates_with_the_next() -> None:
    candidates = [Candidate("only", "weak"), Candidate("other", "strong")]
    skills = [skill("weak"), skill("strong", mastered=True)]
    assert choose(candidates, skills) == "only"
    assert choose(candidates, skills, avoid="only") == "other"
    assert choose(candidates[:1], skills, avoid="only") == "only"


def test_between_equal_skills_the_session_decides_the_same_way_everywhere() -> None:
    candidates = [Candidate("a", "s1"), Candidate("b", "s2"), Candidate("c", "s3")]
    chosen = [choose(candidates, now=now, seed="a session") for now in range(12)]
    # Must never change: a session continues unchanged under another version of Python.
    assert "".join(map(str, chosen)) == "bacccaaabcbc"


def test_between_equal_skills_all_have_their_chance() -> None:
    candidates = [Candidate("a", "s1"), Candidate("b", "s2"), Candidate("c", "s3")]
    chosen = [choose(candidates, seed=str(seed)) for seed in range(300)]
    assert min(chosen.count(each) for each in "abc") > 70


@pytest.mark.parametrize(
    ("mastery", "order"),
    [
        pytest.param(0.3, ["1", "2", "3", "4", "5"], id="from easy on"),
        pytest.param(0.6, ["3", "2", "4", "1", "5"], id="in the middle"),
        pytest.param(0.96, ["5", "4", "3", "2", "1"], id="from hard down"),
        pytest.param(1, ["5", "4", "3", "2", "1"], id="at the very top"),
    ],
)
def test_new_questions_are_as_hard_as_mastery_allows(mastery: float, order: list[str]) -> None:
    left = [Candidate(str(d), "s", difficulty=d) for d in (4, 2, 5, 1, 3)]
    asked = []
    while left:
        chosen = choose(left, [skill("s", mastery)])
        left = [c for c in left if c.question_id != chosen]
        asked.append(chosen)
    assert asked == order


def test_a_learner_who_gets_all_right_meets_ever_harder_questions() -> None:
    questions = [
        Candidate(f"{d}-{n}", "s", difficulty=d) for n in range(9) for d in (3, 1, 5, 2, 4)
    ]
    asked = practise(questions, lambda *_: True, turns=12)
    difficulties = [int(question_id[0]) for question_id in asked]
    assert difficulties == sorted(difficulties)
    assert (difficulties[0], difficulties[-1]) == (3, 5)


def test_questions_without_a_difficulty_come_in_their_authors_order() -> None:
    questions = [Candidate(question_id, "s") for question_id in "qwertz"]
    assert practise(questions, lambda *_: True, turns=6) == list("qwertz")


def test_a_question_without_a_difficulty_counts_as_middling() -> None:
    questions = [Candidate("hard", "s", 5), Candidate("unknown", "s"), Candidate("easy", "s", 1)]
    assert practise(questions, lambda *_: False, turns=3) == ["unknown", "easy", "hard"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param((5, 0), (5, 1), id="a wrong one before a right one as old"),
        pytest.param((5, 1), (5, 2), id="right once before right twice"),
        pytest.param((5, 0), (8, 0), id="of two wrong ones the older"),
        pytest.param((6, 0), (1, 1), id="a wrong one overtakes older right ones"),
        pytest.param((8, 0), (1, 1), id="wrong ones are due after three, and come first"),
        pytest.param((1, 1), (9, 0), id="but not before"),
        pytest.param((9, 1), (9, 9), id="the nearest to its time where none is due"),
    ],
)
def test_questions_seen_come_back_by_how_overdue_they_are(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    seen = [
        Candidate("second", "s", last_seen_at=second[0], successes=second[1]),
        Candidate("first", "s", last_seen_at=first[0], successes=first[1]),
    ]
    assert choose(seen, now=11) == "first"


def test_wrong_answers_come_back_sooner_and_right_ones_come_back_too() -> None:
    hard = {"s3", "s8", "s13"}
    asked = practise(bank("s", 20), lambda c, _: c.question_id not in hard, turns=2_000)
    # Each question once, and the hard ones a second time.
    assert len(set(asked[:23])) == 20
    # From then on none is new.
    repeats = {question_id: gaps(asked[23:], question_id)[1:] for question_id in set(asked)}
    assert max(max(repeats[q]) for q in hard) <= 15
    easy = set(asked) - hard
    assert all(len(repeats[q]) > 5 for q in easy)
    assert max(max(repeats[q]) for q in easy) < 400
    assert min(len(repeats[q]) for q in hard) > 10 * max(len(repeats[q]) for q in easy)


def test_each_right_answer_in_a_row_widens_the_gap() -> None:
    # The hard ones are asked in between, so that the easy one can wait its full interval.
    asked = practise(bank("s", 8), lambda c, _: c.question_id == "s0", turns=1_000)
    first, *widening = gaps(asked, "s0")[:5]
    assert first >= 8
    assert widening == sorted(widening)
    assert widening[-1] > 4 * first


SKILLS = [*bank("a", 4), *bank("b", 7), *bank("c", 10)]


@pytest.mark.parametrize("wrong_every", [3, 5, 10_000])
def test_every_question_of_every_skill_keeps_coming_back(wrong_every: int) -> None:
    asked = practise(SKILLS, lambda _, now: now % wrong_every != 0, turns=3_000)
    assert set(asked[-1_000:]) == {c.question_id for c in SKILLS}
    assert all(earlier != later for earlier, later in pairwise(asked))


def test_a_learner_who_gets_all_wrong_is_asked_the_whole_skill() -> None:
    asked = practise(bank("s", 5), lambda *_: False, turns=50)
    # Each missed one once more before a new one, and from then on all in turn.
    assert asked[:9] == ["s0", "s1", "s2", "s3", "s0", "s1", "s2", "s3", "s4"]
    assert asked[9:49] == ["s0", "s1", "s2", "s4", "s3"] * 8
