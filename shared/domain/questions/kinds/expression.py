"""The kind `expression`."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, JsonValue, WithJsonSchema, field_validator, model_validator

from shared.domain.common.errors import InvalidArgument
from shared.domain.common.json_schema import LeftOut
from shared.domain.common.text_normalisation import clean_text
from shared.domain.common.validation import validation_error
from shared.domain.questions.algebra.port import Algebra, NoAlgebra
from shared.domain.questions.answers import Answer, invalid_answer
from shared.domain.questions.grading import Verdict
from shared.domain.questions.numeric_parsing import DecimalMark
from shared.domain.questions.question import Question, only_entry

MAX_CHARACTERS = 500
Form = Literal["like_key", "factored", "expanded", "lowest_terms", "solved", "any"]


class Expression(Question):
    """Mathematics: a term, an exact number, an equation, an inequality, a point, a list, a set, an
    interval or a matrix. Right is what equals the key and has the form that is asked for.
    """

    kind: Literal["expression"]
    answer: Annotated[
        JsonValue,
        WithJsonSchema(
            {
                "type": "string",
                "minLength": 1,
                "maxLength": MAX_CHARACTERS,
                "description": "Mathematics, plain or in TeX: 2x + 3, \\frac{1}{2}, √8, x = 4, "
                "(1, 2), {1, 2}, [0; 1), x = 2 or x = 3, [[1, 2], [3, 4]].",
            }
        ),
    ]
    decimal_mark: Annotated[
        DecimalMark | None,
        Field(
            description="The decimal mark of the key and of answers, a point without it. With a "
            "comma, entries are separated by semicolons."
        ),
        LeftOut(),
    ] = None
    form: Annotated[
        Form | None,
        Field(
            description="The form that a right answer has beside its value. Without it, like_key: "
            "the key's operation at the top, at most 1.5 times as long, and calculated as far as "
            "the key is."
        ),
        LeftOut(),
    ] = None

    answer_description: ClassVar[str] = "mathematics as a text, plain or in TeX"
    model_hints: ClassVar[Mapping[str, str]] = {
        "kind": "for answers in mathematics that have to be exact or contain a variable",
        "answer": 'one term, equation, point, set or interval, such as "2*(x+1)", "sqrt(3)/2", '
        '"x = 4", "(1, 2)", "{1, 2}" or "[0; 1)", in the form that is asked for',
    }

    @field_validator("answer")
    @classmethod
    def _require_text(cls, answer: JsonValue) -> JsonValue:
        if not isinstance(answer, str):
            raise ValueError("must be a text")
        return answer

    @model_validator(mode="after")
    def _require_readable_key(self) -> Self:
        from shared.domain.questions.algebra.grading import find_key_violation

        if reason := find_key_violation(str(self.answer), mark=self._mark, form=self._form):
            raise validation_error("answer", [(("answer",), reason)])
        return self

    @classmethod
    def from_model_output(cls, fields: Mapping[str, Any]) -> dict[str, JsonValue]:
        return {"answer": only_entry(fields["answer"])}

    def public_fields(self) -> dict[str, JsonValue]:
        return {} if self.decimal_mark is None else {"decimal_mark": self.decimal_mark}

    def parse_answer(self, raw: JsonValue) -> str:
        """A text that can't be read is a slip, and so is a list where one value is asked for."""
        from shared.domain.questions.algebra.grading import require_answer

        if not isinstance(raw, str):
            raise invalid_answer("must be a text")
        require_answer(raw, str(self.answer), mark=self._mark)
        return clean_text(raw)

    def grade(self, answer: Answer) -> Verdict:
        return self.grade_with(answer, NoAlgebra())

    def grade_with(self, answer: Answer, algebra: Algebra) -> Verdict:
        from shared.domain.questions.algebra.grading import grade

        key = str(self.answer)
        return grade(str(answer), key, mark=self._mark, form=self._form, algebra=algebra)

    def _is_right(self, raw: JsonValue) -> bool:
        """A solver that is not told the form has found the value."""
        try:
            return self.grade(self.parse_answer(raw)).score > 0
        except InvalidArgument:
            return False

    @property
    def graded_by_algebra(self) -> bool:
        return True

    @property
    def _mark(self) -> str:
        return self.decimal_mark or "."

    @property
    def _form(self) -> str:
        return self.form or "like_key"
