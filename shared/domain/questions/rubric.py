"""Grading of free text by a rubric.

A model reports only its findings, criterion by criterion, with the student's own words as proof.
Code checks that the words are in the answer and computes the score.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from shared.domain.common.text_normalisation import fold_text
from shared.domain.questions.grading import PASSING_SCORE, Verdict
from shared.domain.questions.numeric_parsing import exact_fraction
from shared.domain.questions.question import Question

MIN_QUOTE_CHARACTERS = 3  # without spaces; "a" or "is" would be found in any answer


class Finding(NamedTuple):
    """A model's finding on one criterion. `quote` has the words of the answer that show it."""

    criterion_id: str
    met: bool
    quote: str


class UnusableFindings(ValueError):
    """The findings do not belong to the rubric. The model may be asked again."""


def grade_by_rubric(question: Question, answer: str, findings: Sequence[Finding]) -> Verdict:
    """The verdict on free text. A criterion without a finding, or whose quote is not in the answer,
    counts as not met.

    Raises UnusableFindings for an unknown criterion, or one found twice.
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
        correct=score >= PASSING_SCORE,
        score=score,
        criteria_met=tuple(criterion.criterion_id for criterion in met),
    )


def _is_shown(finding: Finding, answer: str) -> bool:
    quote = fold_text(finding.quote)
    long_enough = len(quote.replace(" ", "")) >= MIN_QUOTE_CHARACTERS
    return finding.met and long_enough and quote in answer
