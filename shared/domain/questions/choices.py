"""Questions that are answered with choices of a list."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import Field, JsonValue, WithJsonSchema

from shared.domain.common.json_schema import LeftOut
from shared.domain.common.validation import validation_error
from shared.domain.questions.question import MAX_CHOICES, Choice, Question, find_repeated

# Of a choice's number, leading zeros included.
MAX_POSITION_DIGITS = 10
# Hex digits of an id that is made of a choice's text: enough for the choices of one question.
ID_LENGTH = 16


class ShuffledQuestion(Question):
    """At least two choices, which each session shows in an order of its own."""

    choices: Annotated[list[Choice], Field(min_length=2, max_length=MAX_CHOICES)]

    def shuffled(self, seed: str) -> Self:
        return self.model_copy(
            update={"choices": shuffle(self.choices, f"{seed}:{self.question_id}")}
        )

    def public_fields(self) -> dict[str, JsonValue]:
        return {"choices": shown_choices(self.choices)}

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


class ChoiceQuestion(ShuffledQuestion):
    """Some of the choices are right."""

    keep_order: Annotated[
        bool | None,
        Field(
            description="Whether students see the choices in this order, and not shuffled: for a "
            "scale, or a last choice like “none of these”.",
        ),
        LeftOut(),
    ] = None

    def shuffled(self, seed: str) -> Self:
        return self if self.keep_order else super().shuffled(seed)

    @classmethod
    def from_model_output(cls, fields: Mapping[str, Any]) -> dict[str, JsonValue]:
        return {**super().from_model_output(fields), "choices": fields["choices"]}


def shuffle(choices: Sequence[Choice], seed: str) -> list[Choice]:
    """The choices in an order that depends on the seed and their ids alone."""
    begun = hashlib.sha256(f"{seed}:".encode())

    def place(choice: Choice) -> bytes:
        hash_ = begun.copy()
        hash_.update(choice.id.encode())
        return hash_.digest()

    return sorted(choices, key=place)


def by_text(choices: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Choices, as JSON, in an order that tells nothing of the key: that of a hash of their texts.

    Their own order may be the key, where choices are put in order or matched.
    """

    def place(choice: Mapping[str, Any]) -> bytes:
        return hashlib.sha256(str(choice["text"]).encode()).digest()

    return sorted(map(dict, choices), key=place)


def conceal_choices(dumped: Mapping[str, Any]) -> dict[str, Any]:
    """A dumped question whose choices have an order and ids that tell nothing of the key, a list of
    ids: authors write them in the order of the key, and number them.
    """
    choices = by_text(dumped["choices"])
    ids = {
        choice["id"]: hashlib.sha256(str(choice["text"]).encode()).hexdigest()[:ID_LENGTH]
        for choice in choices
    }
    renamed = [{**choice, "id": ids[choice["id"]]} for choice in choices]
    return {**dumped, "choices": renamed, "answer": [ids[entry] for entry in dumped["answer"]]}


def shown_choices(choices: Iterable[Choice]) -> list[JsonValue]:
    return [{"id": choice.id, "text": choice.text} for choice in choices]


def find_key_violation(entry: object, choices: Sequence[Choice] | None) -> str | None:
    """Why an entry of an answer key is not the id of a choice; None where it is.

    `choices` is None where the choices themselves were refused.
    """
    if not isinstance(entry, str):
        return "must be the id of one choice"
    if choices is not None and entry not in [choice.id for choice in choices]:
        return "is not among the choices"
    return None


def list_of_ids(description: str, *, fewest: int, **keywords: Any) -> WithJsonSchema:
    """The JSON schema of an answer key that lists ids of choices."""
    return WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "string"},
            "minItems": fewest,
            "maxItems": MAX_CHOICES,
            **keywords,
            "description": description,
        }
    )


def require_ids_of_choices(
    answer: Sequence[object], choices: Sequence[Choice] | None, *, distinct: bool
) -> None:
    """Raises ValidationError for entries of a key that are not the ids of choices, or repeated."""
    reasons = [(i, find_key_violation(entry, choices)) for i, entry in enumerate(answer)]
    violations = [((i,), reason) for i, reason in reasons if reason]
    if distinct:
        violations += [((i,), "must not be repeated") for i in find_repeated(answer)]
    if violations:
        raise validation_error("answer", violations)
