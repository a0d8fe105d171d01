"""The kind `matching`."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, Self, cast

from pydantic import (
    Field,
    JsonValue,
    ValidationInfo,
    field_validator,
    model_validator,
)

from shared.domain.common.text_normalisation import fold_text
from shared.domain.common.validation import validation_error
from shared.domain.questions.answers import Answer, invalid_answer, parse_option
from shared.domain.questions.choices import (
    ShuffledQuestion,
    by_text,
    conceal_choices,
    list_of_ids,
    require_ids_of_choices,
    shown_choices,
)
from shared.domain.questions.grading import Verdict
from shared.domain.questions.question import MAX_CHOICES, Choice, find_repeated

# Between the two texts of a pair, as a model writes it.
PAIR = " => "


class Matching(ShuffledQuestion):
    """To each item belongs one of the choices; a choice may belong to several items or to none."""

    kind: Literal["matching"]
    answer: Annotated[
        JsonValue,
        list_of_ids("For each item, in their order, the id of its choice.", fewest=1),
    ]
    items: Annotated[
        list[Choice],
        Field(min_length=1, max_length=MAX_CHOICES, description="What the choices belong to."),
    ]

    answer_types: ClassVar[Sequence[str]] = ("array",)
    answer_description: ClassVar[str] = "for each item, in their order, the id of its choice"
    model_hints: ClassVar[Mapping[str, str]] = {
        "answer": f"3 to 6 pairs, each written as one text: left{PAIR}right",
    }

    @field_validator("answer")
    @classmethod
    def _require_choices(cls, answer: JsonValue, info: ValidationInfo) -> JsonValue:
        if not isinstance(answer, list) or not 0 < len(answer) <= MAX_CHOICES:
            raise ValueError("must be a list with the id of a choice for each item")
        require_ids_of_choices(answer, info.data.get("choices"), distinct=False)
        return answer

    @field_validator("items")
    @classmethod
    def _require_distinct_items(cls, items: list[Choice]) -> list[Choice]:
        texts = [fold_text(item.text) for item in items]
        repeated = [(i, "id") for i in find_repeated([item.id for item in items])]
        if repeated := [*repeated, *((i, "text") for i in find_repeated(texts))]:
            message = "is used twice in this question"
            raise validation_error("items", [(at, message) for at in repeated])
        return items

    @model_validator(mode="after")
    def _require_choice_of_each(self) -> Self:
        if len(cast("list[str]", self.answer)) != len(self.items):
            message = "must have one entry for each item"
            raise validation_error("answer", [(("answer",), message)])
        return self

    @classmethod
    def from_model_output(cls, fields: Mapping[str, Any]) -> dict[str, JsonValue]:
        pairs = [text.partition(PAIR.strip())[::2] for text in fields["answer"]]
        lefts = [left.strip() for left, _ in pairs]
        rights = by_text({"text": text} for text in {right.strip() for _, right in pairs})
        ids = {choice["text"]: str(n) for n, choice in enumerate(rights, start=1)}
        return {
            "items": [{"id": str(n), "text": text} for n, text in enumerate(lefts, start=1)],
            "choices": [{"id": id_, "text": text} for text, id_ in ids.items()],
            "answer": [ids[right.strip()] for _, right in pairs],
        }

    @classmethod
    def concealed(cls, dumped: Mapping[str, Any]) -> dict[str, Any]:
        return conceal_choices(dumped)

    def public_fields(self) -> dict[str, JsonValue]:
        return {"items": shown_choices(self.items), **super().public_fields()}

    def parse_answer(self, raw: JsonValue) -> Answer:
        if not isinstance(raw, list) or len(raw) != len(self.items):
            raise invalid_answer("must be a list with the id of a choice for each item")
        ids = self.choice_ids
        message = "must list ids of the choices only"
        return cast("Answer", [parse_option(entry, ids, message) for entry in raw])

    def answer_from_text(self, text: str) -> JsonValue:
        return [self.id_of(part) for part in text.split(",")]

    def is_solved_by(self, entries: Sequence[str]) -> bool:
        pairs = [text.partition(PAIR.strip())[::2] for text in entries]
        matched = {fold_text(left): fold_text(right) for left, right in pairs}
        ids = {fold_text(choice.text): choice.id for choice in self.choices}
        given = [matched.get(fold_text(item.text), "") for item in self.items]
        return self._is_right(cast("JsonValue", [ids.get(right, "") for right in given]))

    def grade(self, answer: Answer) -> Verdict:
        """The score is the share of the items with their choice."""
        key = cast("list[str]", self.answer)
        right = sum(a == b for a, b in zip(cast("list[str]", answer), key, strict=True))
        share = Fraction(right, len(key))
        return Verdict(correct=share == 1, score=float(share), correct_answer=self.answer)

    def in_words(self, answer: JsonValue) -> JsonValue:
        texts = {choice.id: choice.text for choice in self.choices}
        if not isinstance(answer, list):
            return answer
        pairs = zip(self.items, answer, strict=False)
        return [f"{item.text} \u2192 {texts.get(str(id_), id_)}" for item, id_ in pairs]

    @property
    def guess_probability(self) -> float:
        """Of a right part: one choice of all."""
        return 1 / len(self.choices)
