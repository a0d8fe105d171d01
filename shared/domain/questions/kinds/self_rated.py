"""The kind `self_rated`."""

from typing import ClassVar, Literal

from pydantic import JsonValue

from shared.domain.questions.answers import Answer, parse_option
from shared.domain.questions.grades import Grade
from shared.domain.questions.grading import Verdict, all_or_nothing
from shared.domain.questions.question import MAX_GUESS, Question

_GRADES = ", ".join(Grade)


class SelfRated(Question):
    """The student practises or recalls something and grades it. There is no answer key."""

    kind: Literal["self_rated"]

    answer_description: ClassVar[str] = f"a grade: {_GRADES}"

    def parse_answer(self, raw: JsonValue) -> str:
        return parse_option(raw, list(Grade), f"must be one of {_GRADES}")

    def grade(self, answer: Answer) -> Verdict:
        grade = Grade(str(answer))
        return all_or_nothing(grade is not Grade.AGAIN, None)._replace(grade=grade)

    @property
    def guess_probability(self) -> float:
        return MAX_GUESS
