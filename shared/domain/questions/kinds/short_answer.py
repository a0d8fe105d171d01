"""The kind `short_answer`."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, cast

from pydantic import Field, JsonValue, WithJsonSchema, field_validator

from shared.domain.common.json_schema import LeftOut
from shared.domain.common.text_normalisation import fold_text, normalise_answer
from shared.domain.common.validation import validation_error
from shared.domain.questions.answers import Answer, parse_text
from shared.domain.questions.grading import Verdict, all_or_nothing
from shared.domain.questions.numeric_parsing import find_value
from shared.domain.questions.question import Question
from shared.domain.questions.visible_text import NOT_INVISIBLE_PATTERN
from shared.domain.questions.word_folding import Ignored, folded_wordings, is_slip

MAX_ACCEPTED = 50
MAX_ACCEPTED_CHARACTERS = 1_000
# The wordings of a solver that are compared: with any number of them one would be right by chance.
MAX_SOLVED = 5

if TYPE_CHECKING:
    from shared.domain.questions.statements import Statement


class ShortAnswer(Question):
    """A few words, which are right if they equal one of the accepted wordings."""

    kind: Literal["short_answer"]
    answer: Annotated[
        JsonValue,
        WithJsonSchema(
            {
                "type": "array",
                "items": {
                    "type": "string",
                    "maxLength": MAX_ACCEPTED_CHARACTERS,
                    "pattern": f"^{NOT_INVISIBLE_PATTERN}",
                },
                "minItems": 1,
                "maxItems": MAX_ACCEPTED,
                "description": "Every accepted wording.",
            }
        ),
    ]
    ignores: Annotated[
        Annotated[list[Ignored], Field(max_length=3)] | None,
        Field(
            description="What does not count when an answer is compared: accents, an article "
            "before the answer, or whether English words are contracted.",
        ),
        LeftOut(),
    ] = None
    spelling_retry: Annotated[
        bool | None,
        Field(
            description="Whether an answer that a slip of the pen tells from the key may be given "
            "again, once and at no cost.",
        ),
        LeftOut(),
    ] = None

    answer_description: ClassVar[str] = "a text"
    model_hints: ClassVar[Mapping[str, str]] = {
        "kind": "for answers of a few words that can be compared letter by letter",
        "answer": "every accepted wording, the best first",
    }

    @field_validator("answer")
    @classmethod
    def _require_accepted_texts(cls, answer: JsonValue) -> JsonValue:
        if not isinstance(answer, list) or not 0 < len(answer) <= MAX_ACCEPTED:
            raise ValueError(f"must be a list of 1 to {MAX_ACCEPTED} accepted texts")
        reasons = [(i, _find_violation(accepted)) for i, accepted in enumerate(answer)]
        if violations := [((i,), reason) for i, reason in reasons if reason]:
            raise validation_error("answer", violations)
        return answer

    def parse_answer(self, raw: JsonValue) -> str:
        return parse_text(raw)

    def grade(self, answer: Answer) -> Verdict:
        accepted = cast("list[str]", self.answer)
        return all_or_nothing(self._is_accepted(str(answer)), accepted[0])

    def find_misspelling(self, answer: Answer) -> str | None:
        """A word of the prompt is no slip: it may be one of several to choose from."""
        given = normalise_answer(str(answer))
        if not self.spelling_retry or self._is_accepted(str(answer)):
            return None
        if f" {given} " in f" {_words(self.prompt)} ":
            return None
        # Contractions have several readings, and each would be compared with each.
        ignored = [name for name in self.ignores or [] if name != "contractions"]
        (read,) = folded_wordings(given, ignored)
        accepted = cast("list[str]", self.answer)
        is_near = any(is_slip(read, *folded_wordings(text, ignored)) for text in accepted)
        return str(answer) if is_near else None

    def _is_accepted(self, answer: str) -> bool:
        return not self._wordings([answer]).isdisjoint(
            self._wordings(cast("list[str]", self.answer))
        )

    def _wordings(self, texts: list[str]) -> frozenset[str]:
        ignored = self.ignores or []
        return frozenset(w for text in texts for w in folded_wordings(text, ignored))

    def is_solved_by(self, entries: Sequence[str]) -> bool:
        """A solver may know other wordings than the key: one that is in it will do."""
        return any(map(self._is_right, entries[:MAX_SOLVED]))

    @property
    def key_texts(self) -> Sequence[str]:
        return cast("list[str]", self.answer)

    def is_contradicted_by(self, statement: "Statement") -> bool:
        values = [find_value(accepted) for accepted in self.key_texts]
        right = [value for value in values if value is not None]
        if len(right) == len(values):
            return statement.is_another_number(right)
        return statement.conclusion is not None and not any(map(statement.names, self.key_texts))


def _words(text: str) -> str:
    """The text's words alone, one space apart."""
    return " ".join(re.findall(r"[\w'-]+", fold_text(text)))


def _find_violation(accepted: object) -> str | None:
    if not isinstance(accepted, str):
        return "must be a text"
    if len(accepted) > MAX_ACCEPTED_CHARACTERS:
        return f"must not be longer than {MAX_ACCEPTED_CHARACTERS} characters"
    return None if normalise_answer(accepted) else "must not be blank"
