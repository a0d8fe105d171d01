"""The kind `ordering`."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, cast

from pydantic import JsonValue, ValidationInfo, field_validator

from shared.domain.common.text_normalisation import fold_text
from shared.domain.questions.answers import Answer, invalid_answer, parse_option
from shared.domain.questions.choices import (
    ShuffledQuestion,
    by_text,
    conceal_choices,
    list_of_ids,
    require_ids_of_choices,
)
from shared.domain.questions.grading import Verdict
from shared.domain.questions.question import MAX_CHOICES


class Ordering(ShuffledQuestion):
    """All choices are to be put in order."""

    kind: Literal["ordering"]
    answer: Annotated[
        JsonValue,
        list_of_ids("The ids of all choices, in the right order.", fewest=2, uniqueItems=True),
    ]

    answer_types: ClassVar[Sequence[str]] = ("array",)
    answer_description: ClassVar[str] = "the ids of all choices, in order"
    model_hints: ClassVar[Mapping[str, str]] = {
        "answer": "3 to 6 texts of what is to be put in order, in the right order",
    }

    @field_validator("answer")
    @classmethod
    def _require_all_choices(cls, answer: JsonValue, info: ValidationInfo) -> JsonValue:
        if not isinstance(answer, list) or len(answer) > MAX_CHOICES:
            raise ValueError("must be a list of the ids of all choices")
        choices = info.data.get("choices")
        require_ids_of_choices(answer, choices, distinct=True)
        if choices is not None and len(answer) < len(choices):
            raise ValueError("must list all choices")
        return answer

    @classmethod
    def from_model_output(cls, fields: Mapping[str, Any]) -> dict[str, JsonValue]:
        texts = by_text({"text": text} for text in fields["answer"])
        ids = {choice["text"]: str(n) for n, choice in enumerate(texts, start=1)}
        choices: JsonValue = [{"id": id_, "text": text} for text, id_ in ids.items()]
        return {"choices": choices, "answer": [ids[text] for text in fields["answer"]]}

    @classmethod
    def concealed(cls, dumped: Mapping[str, Any]) -> dict[str, Any]:
        return conceal_choices(dumped)

    def parse_answer(self, raw: JsonValue) -> Answer:
        if not isinstance(raw, list) or len(raw) != len(self.choices):
            raise invalid_answer("must be a list of the ids of all choices")
        ids = self.choice_ids
        ordered = [parse_option(entry, ids, "must list ids of the choices only") for entry in raw]
        if len(set(ordered)) < len(ordered):
            raise invalid_answer("must not list a choice twice")
        return cast("Answer", ordered)

    def answer_from_text(self, text: str) -> JsonValue:
        return [self.id_of(part) for part in text.split(",")]

    def is_solved_by(self, entries: Sequence[str]) -> bool:
        ids = {fold_text(choice.text): choice.id for choice in self.choices}
        return self._is_right([ids.get(fold_text(entry), "") for entry in entries])

    def grade(self, answer: Answer) -> Verdict:
        """Of all pairs of choices, each in the right order counts, and each in the wrong order
        cancels one: the score is Kendall's tau (Biometrika 30, 1938), or 0 where it is below.
        """
        places = {id_: n for n, id_ in enumerate(cast("list[str]", self.answer))}
        given = [places[id_] for id_ in cast("list[str]", answer)]
        wrong = sum(a > b for n, a in enumerate(given) for b in given[n + 1 :])
        share = _share(len(given), wrong)
        return Verdict(correct=share == 1, score=float(share), correct_answer=self.answer)

    @property
    def guess_probability(self) -> float:
        return _expected_score(len(self.choices))


def _share(count: int, wrong: int) -> Fraction:
    """The score with this number of pairs in the wrong order."""
    pairs = count * (count - 1) // 2
    return max(Fraction(), 1 - Fraction(2 * wrong, pairs))


@cache
def _expected_score(count: int) -> float:
    """The mean score of a random order."""
    orders = [1]  # the number of orders by the pairs that are wrong (Mahonian numbers)
    for size in range(2, count + 1):
        longer = [0] * (len(orders) + size - 1)
        for wrong, number in enumerate(orders):
            for more in range(size):
                longer[wrong + more] += number
        orders = longer
    total = sum(number * _share(count, wrong) for wrong, number in enumerate(orders))
    return float(total / sum(orders))
