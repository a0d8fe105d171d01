"""Verdicts on answers, and the grade of recall that follows from a verdict."""

from typing import NamedTuple

from pydantic import JsonValue

from shared.domain.questions.grades import Grade

# The lowest score, 0-1, of a right answer, where a score is graded or reported in parts.
PASSING_SCORE = 0.6


class Verdict(NamedTuple):
    """`score` is 0-1. `correct_answer` is to be shown, None where there is not exactly one.

    `grade` is the student's own, of a self-rated question. `read_as` is what was read, of an answer
    that can be written in several ways. `remark` is a sentence on it beside right and wrong.
    """

    correct: bool
    score: float
    correct_answer: JsonValue = None
    grade: Grade | None = None
    criteria_met: tuple[str, ...] = ()
    read_as: str | None = None
    remark: str | None = None


def all_or_nothing(correct: bool, correct_answer: JsonValue) -> Verdict:
    return Verdict(correct=correct, score=1.0 if correct else 0.0, correct_answer=correct_answer)


def recall_grade(verdict: Verdict, *, hinted: bool) -> Grade:
    """How well the skill was remembered, for scheduling. A student's own grade counts as it is."""
    if verdict.grade is not None:
        return verdict.grade
    if not verdict.correct:
        return Grade.AGAIN
    return Grade.HARD if hinted else Grade.GOOD
