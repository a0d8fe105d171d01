"""The kind `numeric`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import JsonValue, ValidationInfo, WithJsonSchema, field_validator

from shared.domain.common.text_normalisation import clean_text
from shared.domain.questions.answers import Answer, invalid_answer
from shared.domain.questions.grading import Verdict, all_or_nothing
from shared.domain.questions.numeric_parsing import (
    MAX_CHARACTERS,
    NotANumber,
    exact_fraction,
    is_compatible_unit,
    parse_quantity,
)
from shared.domain.questions.question import Question, only_entry

if TYPE_CHECKING:
    from shared.domain.questions.statements import Statement


class Numeric(Question):
    """A number in the question's unit, right exactly or within a tolerance."""

    kind: Literal["numeric"]
    answer: Annotated[
        JsonValue,
        WithJsonSchema(
            {
                "anyOf": [{"type": "number"}, {"type": "string", "maxLength": MAX_CHARACTERS}],
                "description": "A number, or its text: 12, -0.5, 3/4, 1 1/2 or 1.2e3, with or "
                "without the question's unit.",
            }
        ),
    ]

    answer_types: ClassVar[Sequence[str]] = ("number", "string")
    answer_description: ClassVar[str] = "a number or its text"
    model_hints: ClassVar[Mapping[str, str]] = {
        "answer": 'one number without its unit, such as "12", "-0.5", "3/4" or "1.2e3"',
        "tolerance": "how far off is right; null for exact",
        "unit": "the unit the answer is in; null without one",
    }

    @field_validator("answer")
    @classmethod
    def _require_quantity(cls, answer: JsonValue, info: ValidationInfo) -> JsonValue:
        given = parse_quantity(answer).unit
        if "unit" in info.data and not is_compatible_unit(given, info.data["unit"]):
            raise ValueError("is in another unit than the question")
        return answer

    @classmethod
    def from_model_output(cls, fields: Mapping[str, Any]) -> dict[str, JsonValue]:
        return {
            "answer": only_entry(fields["answer"]),
            "tolerance": fields["tolerance"],
            "unit": fields["unit"] or None,
        }

    def public_fields(self) -> dict[str, JsonValue]:
        return {} if self.unit is None else {"unit": self.unit}

    def parse_answer(self, raw: JsonValue) -> str:
        try:
            given = parse_quantity(raw).unit
        except NotANumber as error:
            raise invalid_answer(str(error)) from None
        if given and self.unit is None:
            raise invalid_answer("must be a number alone: this question has no unit")
        return clean_text(raw) if isinstance(raw, str) else repr(raw)

    def grade(self, answer: Answer) -> Verdict:
        return all_or_nothing(self._is_near(answer), self.answer)

    def _is_near(self, answer: Answer) -> bool:
        try:
            given = parse_quantity(answer)
        except NotANumber:
            return False
        if not is_compatible_unit(given.unit, self.unit):
            return False
        distance = abs(given.value - parse_quantity(self.answer).value)
        return distance <= exact_fraction(self.tolerance or 0)

    @property
    def key_texts(self) -> Sequence[str]:
        return [str(self.answer)]

    def is_contradicted_by(self, statement: "Statement") -> bool:
        right = parse_quantity(self.answer).value
        return statement.is_another_number([right], exact_fraction(self.tolerance or 0))
