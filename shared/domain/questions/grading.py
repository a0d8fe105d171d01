"""Grading: how right an answer is, and what that says of the student's memory.

No model grades here. For free text a model reports only what it found, criterion by criterion, with
the student's own words as proof; whether the words are there and what they are worth is ours.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, cast

from pydantic import JsonValue

from shared.domain.common.text_normalisation import fold_text, normalise_answer
from shared.domain.questions.answers import Answer
from shared.domain.questions.grades import Grade
from shared.domain.questions.numeric_parsing import (
    NotANumber,
    exact_fraction,
    is_compatible_unit,
    parse_quantity,
)
from shared.domain.questions.question import Question, QuestionKind

FREE_RESPONSE_PASS = 0.6
QUOTE_LEAST_CHARACTERS = 3  # without spaces; "a" or "is" would be found in any answer


class Verdict(NamedTuple):
    """`score` is 0-1. `correct_answer` is what to show, None where there is no one such answer."""

    correct: bool
    score: float
    correct_answer: JsonValue = None
    grade: Grade | None = None  # the student's own, of a self_rated question
    criteria_met: tuple[str, ...] = ()


class Finding(NamedTuple):
    """What a model says of one criterion: met or not, and the words of the answer that show it."""

    criterion_id: str
    met: bool
    quote: str


class UnusableFindings(ValueError):
    """The findings don't belong to the rubric. The model may be asked again."""


def grade_answer(question: Question, answer: Answer) -> Verdict:
    """The verdict on an answer that answer_of let pass, for every kind but free_response."""
    match question.kind:
        case QuestionKind.MULTIPLE_CHOICE:
            return _all_or_nothing(answer == question.answer, question.answer)
        case QuestionKind.MULTI_SELECT:
            return _by_share(set(answer), cast("list[str]", question.answer))
        case QuestionKind.NUMERIC:
            return _all_or_nothing(_is_near(question, answer), question.answer)
        case QuestionKind.SHORT_ANSWER:
            accepted = cast("list[str]", question.answer)
            right = normalise_answer(str(answer)) in map(normalise_answer, accepted)
            return _all_or_nothing(right, accepted[0])
        case QuestionKind.SELF_RATED:
            grade = Grade(str(answer))
            return _all_or_nothing(grade is not Grade.AGAIN, None)._replace(grade=grade)
        case QuestionKind.FREE_RESPONSE:
            raise ValueError("free_response is graded by its rubric")


def grade_by_rubric(question: Question, answer: str, findings: Sequence[Finding]) -> Verdict:
    """The verdict on free text. A criterion without a finding, or whose quote isn't in the answer,
    counts as not met.

    Raises UnusableFindings for a criterion that the rubric hasn't, or one found twice.
    """
    rubric = question.rubric or []
    found = {finding.criterion_id: finding for finding in findings}
    if len(found) < len(findings):
        raise UnusableFindings("each criterion must be named once only")
    known = [criterion.criterion_id for criterion in rubric]
    if found.keys() - set(known):
        raise UnusableFindings(f"the criteria are {', '.join(known)}; there is no other")

    text = fold_text(answer)
    met = [
        criterion
        for criterion in rubric
        if (finding := found.get(criterion.criterion_id)) and _is_shown(finding, text)
    ]
    score = float(
        sum((exact_fraction(criterion.points) for criterion in met), Fraction())
        / sum((exact_fraction(criterion.points) for criterion in rubric), Fraction())
    )
    return Verdict(
        correct=score >= FREE_RESPONSE_PASS,
        score=score,
        criteria_met=tuple(criterion.criterion_id for criterion in met),
    )


def recall_grade(verdict: Verdict, *, hinted: bool) -> Grade:
    """How well it was remembered, for scheduling. Who rates themselves is taken at their word."""
    if verdict.grade is not None:
        return verdict.grade
    if not verdict.correct:
        return Grade.AGAIN
    return Grade.HARD if hinted else Grade.GOOD


def _all_or_nothing(right: bool, correct_answer: JsonValue) -> Verdict:
    return Verdict(correct=right, score=1.0 if right else 0.0, correct_answer=correct_answer)


def _by_share(chosen: set[str], key: list[str]) -> Verdict:
    """A wrong choice takes back a right one, lest choosing everything pays."""
    right, wrong = len(chosen & set(key)), len(chosen - set(key))
    share = Fraction(max(0, right - wrong), len(key))
    return Verdict(correct=share == 1, score=float(share), correct_answer=list(key))


def _is_near(question: Question, answer: Answer) -> bool:
    try:
        given = parse_quantity(answer)
    except NotANumber:
        return False
    if not is_compatible_unit(given.unit, question.unit):
        return False
    distance = abs(given.value - parse_quantity(question.answer).value)
    return distance <= exact_fraction(question.tolerance or 0)


def _is_shown(finding: Finding, answer: str) -> bool:
    quote = fold_text(finding.quote)
    long_enough = len(quote.replace(" ", "")) >= QUOTE_LEAST_CHARACTERS
    return finding.met and long_enough and quote in answer
