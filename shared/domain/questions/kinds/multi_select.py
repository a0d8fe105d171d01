"""The kind `multi_select`."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, ClassVar, Literal, cast

from pydantic import JsonValue, ValidationInfo, field_validator

from shared.domain.questions.answers import Answer, invalid_answer, parse_option
from shared.domain.questions.choices import ChoiceQuestion, list_of_ids, require_ids_of_choices
from shared.domain.questions.grading import Verdict
from shared.domain.questions.question import MAX_CHOICES


class MultiSelect(ChoiceQuestion):
    """One or more of the choices are right, and each right one counts."""

    kind: Literal["multi_select"]
    answer: Annotated[
        JsonValue,
        list_of_ids("The ids of all right choices.", fewest=1, uniqueItems=True),
    ]

    answer_types: ClassVar[Sequence[str]] = ("array",)
    answer_description: ClassVar[str] = "a list of ids of choices"
    model_hints: ClassVar[Mapping[str, str]] = {
        "choices": "3 to 6 of them",
        "answer": "the ids of all right ones",
    }

    @field_validator("answer")
    @classmethod
    def _require_choices(cls, answer: JsonValue, info: ValidationInfo) -> JsonValue:
        if not isinstance(answer, list) or not 0 < len(answer) <= MAX_CHOICES:
            raise ValueError(f"must be a list of the ids of 1 to {MAX_CHOICES} choices")
        require_ids_of_choices(answer, info.data.get("choices"), distinct=True)
        return answer

    def parse_answer(self, raw: JsonValue) -> Answer:
        # At least one choice is right, so an empty list is a form sent too early.
        if not isinstance(raw, list) or not raw:
            raise invalid_answer("must be a list of the ids of one or more of the choices")
        ids = self.choice_ids
        chosen = [parse_option(entry, ids, "must list ids of the choices only") for entry in raw]
        if len(set(chosen)) < len(chosen):
            raise invalid_answer("must not list a choice twice")
        return cast("Answer", chosen)

    def answer_from_text(self, text: str) -> JsonValue:
        return [self.id_of(part) for part in text.split(",")]

    def grade(self, answer: Answer) -> Verdict:
        """A wrong choice cancels a right one, so that choosing everything does not pay."""
        chosen, key = set(cast("list[str]", answer)), set(cast("list[str]", self.answer))
        share = Fraction(max(0, len(chosen & key) - len(chosen - key)), len(key))
        return Verdict(correct=share == 1, score=float(share), correct_answer=self.answer)

    def is_solved_by(self, entries: Sequence[str]) -> bool:
        return self._is_right(list(entries))

    @property
    def guess_probability(self) -> float:
        """One of all combinations of at least one choice."""
        return 1 / ((1 << len(self.choices)) - 1)
