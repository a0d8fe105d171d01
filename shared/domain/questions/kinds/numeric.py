"""The kind `numeric`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    Field,
    JsonValue,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from shared.domain.common.json_schema import LeftOut
from shared.domain.common.text_normalisation import clean_text
from shared.domain.common.validation import validation_error
from shared.domain.questions.answers import Answer, invalid_answer
from shared.domain.questions.grading import Verdict, all_or_nothing
from shared.domain.questions.numeric_parsing import (
    MAX_CHARACTERS,
    MAX_WRITTEN_DIGITS,
    DecimalMark,
    NotANumber,
    Quantity,
    exact_fraction,
    is_compatible_unit,
    is_fraction,
    parse_quantity,
    write_number,
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
    decimal_mark: Annotated[
        DecimalMark | None,
        Field(
            description="The decimal mark of the key and of answers. The other sign, before three "
            "digits, is then a mark of thousands. Without it 1.234 is a decimal, and 1,234 is "
            "refused: it can be read in two ways.",
        ),
        LeftOut(),
    ] = None

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
        # The decimal mark is validated later, so any reading will do here.
        given = parse_quantity(answer, ".").unit
        if "unit" in info.data and not is_compatible_unit(given, info.data["unit"]):
            raise ValueError("is in another unit than the question")
        return answer

    @model_validator(mode="after")
    def _require_one_reading(self) -> Self:
        try:
            self._key()
        except NotANumber as error:
            raise validation_error("answer", [(("answer",), str(error))]) from error
        return self

    @classmethod
    def from_model_output(cls, fields: Mapping[str, Any]) -> dict[str, JsonValue]:
        return {
            "answer": only_entry(fields["answer"]),
            "tolerance": fields["tolerance"],
            "unit": fields["unit"] or None,
        }

    def public_fields(self) -> dict[str, JsonValue]:
        fields: dict[str, JsonValue] = {"unit": self.unit, "decimal_mark": self.decimal_mark}
        return {name: value for name, value in fields.items() if value is not None}

    def parse_answer(self, raw: JsonValue) -> str:
        try:
            given = parse_quantity(raw, self.decimal_mark).unit
        except NotANumber as error:
            raise invalid_answer(str(error)) from None
        if given and self.unit is None:
            raise invalid_answer("must be a number alone: this question has no unit")
        if isinstance(raw, str):
            return clean_text(raw)
        # A JSON number has a point, which may be the question's mark of thousands.
        return repr(raw).replace(".", self.decimal_mark or ".")

    def grade(self, answer: Answer) -> Verdict:
        try:
            given = parse_quantity(answer, self.decimal_mark)
        except NotANumber:
            return all_or_nothing(False, self.answer)
        verdict = all_or_nothing(self._is_near(given), self.answer)
        return verdict._replace(read_as=self._written(given, str(answer)))

    def _key(self) -> Quantity:
        return parse_quantity(self.answer, self.decimal_mark)

    def _is_near(self, given: Quantity) -> bool:
        if not is_compatible_unit(given.unit, self.unit):
            return False
        return abs(given.value - self._key().value) <= exact_fraction(self.tolerance or 0)

    def _written(self, given: Quantity, answer: str) -> str | None:
        """What was read, in the question's notation; None for a number too long to be compared by
        eye.
        """
        number = write_number(given.value, self.decimal_mark, as_fraction=is_fraction(answer))
        if len(number) > MAX_WRITTEN_DIGITS:
            return None
        return f"{number} {given.unit}" if given.unit else number

    @property
    def key_texts(self) -> Sequence[str]:
        return [str(self.answer)]

    def is_contradicted_by(self, statement: "Statement") -> bool:
        right = self._key().value
        return statement.is_another_number([right], exact_fraction(self.tolerance or 0))
