"""A part of the benchmark of expressions, whose table is in docs/tutor.md."""

from bench.expressions import ACCEPTED, TOPICS, WRONG, Counts, cases, count
from shared.algebra.process import AlgebraProcess

KEYS = 8 * len(TOPICS)


def counted() -> Counts:
    algebra = AlgebraProcess()
    try:
        return count(list(cases(KEYS)), algebra)
    finally:
        algebra.close()


def test_right_forms_are_accepted_and_wrong_answers_are_not() -> None:
    counts = counted()

    assert counts.share("right", ACCEPTED) >= 0.95
    assert counts.share("right", WRONG) == 0
    assert counts.share("wrong", ACCEPTED) <= 0.005
    assert counts.share("same", ACCEPTED) == 0
