"""The kind `self_rated`."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import JsonValue

from shared.domain.questions.answers import Answer, parse_option
from shared.domain.questions.grades import GRADES_BY_NUMBER, Grade, grade_from_number
from shared.domain.questions.grading import Verdict, all_or_nothing
from shared.domain.questions.question import GUESS_OF_A_SELF_RATING, Question

_GRADES = ", ".join(Grade)


class SelfRated(Question):
    """The student practises or recalls something and grades it. There is no answer key."""

    kind: Literal["self_rated"]

    graded_by_student: ClassVar[bool] = True
    answer_types: ClassVar[Sequence[str]] = ("string", "number")
    answer_description: ClassVar[str] = f"a grade: {_GRADES}, or its number, 1 to 4"

    def parse_answer(self, raw: JsonValue) -> str:
        message = f"must be one of {_GRADES}, or 1 to 4"
        return parse_option(grade_from_number(raw), list(Grade), message)

    def answer_from_text(self, text: str) -> JsonValue:
        numbered = {str(number): grade for number, grade in GRADES_BY_NUMBER.items()}
        return numbered.get(text.strip(), text)

    def grade(self, answer: Answer) -> Verdict:
        grade = Grade(str(answer))
        return all_or_nothing(grade is not Grade.AGAIN, None)._replace(grade=grade)

    @property
    def guess_probability(self) -> float:
        return GUESS_OF_A_SELF_RATING
