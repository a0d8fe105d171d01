"""Questions that are answered with choices of a list."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import Field, JsonValue

from shared.domain.common.json_schema import LeftOut
from shared.domain.questions.question import (
    MAX_CHOICES,
    Choice,
    Question,
)

# Of a choice's number, leading zeros included.
MAX_POSITION_DIGITS = 10


class ChoiceQuestion(Question):
    """At least two choices, which the student sees."""

    choices: Annotated[list[Choice], Field(min_length=2, max_length=MAX_CHOICES)]
    keep_order: Annotated[
        bool | None,
        Field(
            description="Whether students see the choices in this order, and not shuffled: for a "
            "scale, or a last choice like “none of these”.",
        ),
        LeftOut(),
    ] = None

    def shuffled(self, seed: str) -> Self:
        if self.keep_order:
            return self
        begun = hashlib.sha256(f"{seed}:{self.question_id}:".encode())

        def place(choice: Choice) -> bytes:
            hash_ = begun.copy()
            hash_.update(choice.id.encode())
            return hash_.digest()

        return self.model_copy(update={"choices": sorted(self.choices, key=place)})

    @classmethod
    def from_model_output(cls, fields: Mapping[str, Any]) -> dict[str, JsonValue]:
        return {**super().from_model_output(fields), "choices": fields["choices"]}

    def public_fields(self) -> dict[str, JsonValue]:
        return {"choices": [{"id": choice.id, "text": choice.text} for choice in self.choices]}

    @property
    def choice_ids(self) -> list[str]:
        return [choice.id for choice in self.choices]

    def id_of(self, text: str) -> str:
        """The id of the choice that a text names, by its id or by its number from 1 on."""
        named, ids = text.strip(), self.choice_ids
        # Python refuses to convert thousands of digits.
        is_number = named.isdecimal() and len(named) <= MAX_POSITION_DIGITS
        if named not in ids and is_number and 1 <= int(named) <= len(ids):
            return ids[int(named) - 1]
        return named


def find_key_violation(entry: object, choices: Sequence[Choice] | None) -> str | None:
    """Why an entry of an answer key is not the id of a choice; None where it is.

    `choices` is None where the choices themselves were refused.
    """
    if not isinstance(entry, str):
        return "must be the id of one choice"
    if choices is not None and entry not in [choice.id for choice in choices]:
        return "is not among the choices"
    return None
