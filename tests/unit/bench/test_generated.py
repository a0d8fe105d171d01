"""The goals for keys of a model, on a part of what the benchmark measures."""

import pytest

from bench.generated import Outcome, measure

BLOCKS = 100


@pytest.fixture(scope="module")
def unsolved() -> Outcome:
    return measure(blocks=BLOCKS, solver_errs=None)


@pytest.mark.parametrize("errs", [0.0, 0.05])
def test_of_five_percent_wrong_keys_at_most_one_percent_is_served(errs: float) -> None:
    found = measure(blocks=BLOCKS, solver_errs=errs)
    assert found.wrong_drafted == pytest.approx(0.05, abs=0.02)
    assert found.wrong_served <= 0.01
    assert found.right_dropped <= 0.1
    assert found.from_bank == 0


def test_checks_in_code_alone_find_slips_and_drop_nothing_good(unsolved: Outcome) -> None:
    assert unsolved.wrong_served <= 0.7 * unsolved.wrong_drafted
    assert unsolved.right_dropped <= 0.01
    assert unsolved.calls == BLOCKS


def test_a_solver_that_often_errs_costs_questions_and_serves_no_wrong_ones() -> None:
    found = measure(blocks=BLOCKS, solver_errs=0.2)
    assert found.wrong_served <= 0.01
    assert found.right_dropped > 0.1
