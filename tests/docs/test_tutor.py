"""The figures in docs/tutor.md are those the code has and the simulation gives."""

from collections.abc import Callable

import pytest

from bench.mastery import TABLES
from local.processes import ROOT
from shared.domain import mastery
from shared.domain.question import GUESS_IN_WRITING, GUESS_MOST

TUTOR = (ROOT / "docs" / "tutor.md").read_text()


@pytest.mark.parametrize("table", TABLES)
def test_the_tables_are_what_the_simulated_students_give(table: Callable[[], str]) -> None:
    assert f"\n\n{table()}\n" in TUTOR, "run bench.mastery again and put its tables in"


@pytest.mark.parametrize(
    "words",
    [
        f"| L0 | {mastery.INITIAL} |",
        f"| T | {mastery.LEARNING} |",
        f"| S | {mastery.SLIP} |",
        f"at most {GUESS_MOST}; {GUESS_IN_WRITING} in writing",
        f"p ≥ {mastery.MASTERED_FROM} and after at least {mastery.FIRSTS_NEEDED} first attempts",
        f"to {mastery.DECIMALS} decimals",
    ],
)
def test_the_constants_are_those_of_the_code(words: str) -> None:
    assert words in TUTOR
