"""The kind `multiple_choice`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import JsonValue, ValidationInfo, WithJsonSchema, field_validator

from shared.domain.questions.answers import Answer, parse_option
from shared.domain.questions.choices import ChoiceQuestion, find_key_violation
from shared.domain.questions.grading import Verdict, all_or_nothing
from shared.domain.questions.numeric_parsing import find_value
from shared.domain.questions.question import only_entry

if TYPE_CHECKING:
    from shared.domain.questions.statements import Statement


class MultipleChoice(ChoiceQuestion):
    """One of the choices is right."""

    kind: Literal["multiple_choice"]
    answer: Annotated[
        JsonValue, WithJsonSchema({"type": "string", "description": "The id of the right choice."})
    ]

    answer_description: ClassVar[str] = "the id of a choice"
    model_hints: ClassVar[Mapping[str, str]] = {
        "choices": "3 to 6 of them",
        "answer": "the right choice's id",
    }

    @field_validator("answer")
    @classmethod
    def _require_choice(cls, answer: JsonValue, info: ValidationInfo) -> JsonValue:
        if violation := find_key_violation(answer, info.data.get("choices")):
            raise ValueError(violation)
        return answer

    @classmethod
    def from_model_output(cls, fields: Mapping[str, Any]) -> dict[str, JsonValue]:
        return {**super().from_model_output(fields), "answer": only_entry(fields["answer"])}

    def parse_answer(self, raw: JsonValue) -> str:
        return parse_option(raw, self.choice_ids, "must be the id of one of the choices")

    def answer_from_text(self, text: str) -> str:
        return self.id_of(text)

    def grade(self, answer: Answer) -> Verdict:
        return all_or_nothing(answer == self.answer, self.answer)

    @property
    def key_texts(self) -> Sequence[str]:
        return [choice.text for choice in self.choices if choice.id == self.answer]

    def is_contradicted_by(self, statement: "Statement") -> bool:
        """Whether the sentence ends with a wrong choice and doesn't name the right one."""
        if statement.label in self.choice_ids:
            return statement.label != self.answer
        (key,) = self.key_texts
        wrong = [choice.text for choice in self.choices if choice.id != self.answer]
        if (right := find_value(key)) is not None:
            values = [value for text in wrong if (value := find_value(text)) is not None]
            return statement.is_another_number([right]) and not statement.is_another_number(values)
        return not statement.names(key) and any(map(statement.ends_with, wrong))

    @property
    def guess_probability(self) -> float:
        return 1 / len(self.choices)
