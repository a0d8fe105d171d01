"""The kind `cloze`."""

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar, cast

from pydantic import (
    Field,
    JsonValue,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from shared.domain.common.errors import InvalidArgument
from shared.domain.common.json_object import JsonObject
from shared.domain.common.json_schema import LeftOut
from shared.domain.common.validation import validation_error, violations_of
from shared.domain.questions.algebra.port import Algebra, NoAlgebra
from shared.domain.questions.answers import Answer, invalid_answer
from shared.domain.questions.grading import Verdict
from shared.domain.questions.kinds.expression import Expression, Form
from shared.domain.questions.kinds.multiple_choice import MultipleChoice
from shared.domain.questions.kinds.numeric import Numeric
from shared.domain.questions.kinds.short_answer import ShortAnswer
from shared.domain.questions.numeric_parsing import DecimalMark
from shared.domain.questions.question import (
    MAX_CHOICES,
    Choice,
    KeyId,
    Question,
    Tolerance,
    Unit,
    find_repeated,
)
from shared.domain.questions.word_folding import Ignored

MAX_BLANKS = 20
# A blank in a prompt, by its id.
MARK = re.compile(r"\{\{([A-Za-z0-9_-]{1,40})\}\}")
OF_BLANKS: Mapping[str, type[Question]] = {
    kind.kind_name(): kind for kind in (ShortAnswer, Numeric, Expression, MultipleChoice)
}
# Between the accepted wordings of one blank, as a model writes them.
OR = "|"
T = TypeVar("T")


class Blank(JsonObject):
    """A gap in the text, with the fields of its kind. `answer` is its key, as in that kind."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
    kind: Literal["short_answer", "numeric", "expression", "multiple_choice"]
    # Texts alone: with ids a template would be nested deeper than can be stored.
    choices: Annotated[
        Annotated[list[KeyId], Field(max_length=MAX_CHOICES)] | None,
        Field(description="Of multiple_choice: the texts, of which the answer is one."),
        LeftOut(),
    ] = None
    tolerance: Annotated[Tolerance | None, LeftOut()] = None
    unit: Annotated[Unit | None, LeftOut()] = None
    decimal_mark: Annotated[DecimalMark | None, LeftOut()] = None
    form: Annotated[Form | None, LeftOut()] = None
    ignores: Annotated[Annotated[list[Ignored], Field(max_length=3)] | None, LeftOut()] = None
    spelling_retry: Annotated[bool | None, LeftOut()] = None
    answer: Annotated[
        JsonValue,
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "number"},
                    {"type": "string"},
                    {"type": "array", "items": {"type": "string"}},
                ],
                "description": "The key, as in a question of the kind.",
            }
        ),
    ] = None


class Cloze(Question):
    """A text with blanks, each answered like a short question of its own."""

    kind: Literal["cloze"]
    blanks: Annotated[
        list[Blank],
        Field(
            min_length=1,
            max_length=MAX_BLANKS,
            description="In the order of their marks in the prompt: {{1}} is the blank with id 1.",
        ),
    ]

    answer_types: ClassVar[Sequence[str]] = ("array",)
    answer_description: ClassVar[str] = "for each blank, in their order, its answer as a text"
    model_hints: ClassVar[Mapping[str, str]] = {
        "kind": "for a text whose prompt has 2 to 5 blanks, written {{1}}, {{2}} and so on",
        "answer": f"for each blank in their order its accepted words, with {OR} between them",
    }

    @field_validator("blanks")
    @classmethod
    def _require_distinct_ids(cls, blanks: list[Blank]) -> list[Blank]:
        if repeated := find_repeated([blank.id for blank in blanks]):
            message = "is used twice in this question"
            raise validation_error("blanks", [((i, "id"), message) for i in repeated])
        return blanks

    @model_validator(mode="after")
    def _require_answerable_blanks(self) -> Self:
        violations = []
        for index, blank in enumerate(self.blanks):
            try:
                OF_BLANKS[blank.kind].model_validate(self._fields_of(blank))
            except ValidationError as error:
                at = ("blanks", index)
                # A choice has no parts here.
                found = {place[:2]: why for place, why in violations_of(error)}
                violations += [((*at, *place), why) for place, why in found.items()]
        marked, ids = MARK.findall(self.prompt), [blank.id for blank in self.blanks]
        if marked != ids:
            marks = " ".join(f"{{{{{id_}}}}}" for id_ in ids)
            violations.append((("prompt",), f"must have each blank once, in their order: {marks}"))
        if violations:
            raise validation_error("blanks", violations)
        return self

    @classmethod
    def from_model_output(cls, fields: Mapping[str, Any]) -> dict[str, JsonValue]:
        blanks = [
            {
                "id": str(n),
                "kind": ShortAnswer.kind_name(),
                "answer": [word.strip() for word in text.split(OR)],
            }
            for n, text in enumerate(fields["answer"], start=1)
        ]
        return cast("dict[str, JsonValue]", {"blanks": blanks})

    def shuffled(self, seed: str) -> Self:
        blanks = [
            blank.model_copy(update={"choices": part.shuffled(seed).choice_ids})
            if blank.choices
            else blank
            for blank, part in zip(self.blanks, self.parts, strict=True)
        ]
        return self.model_copy(update={"blanks": blanks})

    def public_fields(self) -> dict[str, JsonValue]:
        parts = zip(self.blanks, self.parts, strict=True)
        shown = [
            {
                "id": blank.id,
                "kind": blank.kind,
                **part.public_fields(),
                **({"choices": blank.choices} if blank.choices else {}),
            }
            for blank, part in parts
        ]
        return {"blanks": cast("JsonValue", shown)}

    def parse_answer(self, raw: JsonValue) -> Answer:
        if not isinstance(raw, list) or len(raw) != len(self.blanks):
            raise invalid_answer("must be a list with an answer for each blank")
        return [
            _in_blank(number, part.parse_answer, entry)
            for number, (part, entry) in enumerate(zip(self.parts, raw, strict=True), start=1)
        ]

    def answer_from_text(self, text: str) -> JsonValue:
        """One a line, as mathematics may have semicolons of its own, or with semicolons between."""
        parts, given = self.parts, text.strip().splitlines()
        if len(given) != len(parts):
            given = re.split(r"[;\n]", text)
        return [part.answer_from_text(t) for part, t in zip(parts, given, strict=False)]

    def is_solved_by(self, entries: Sequence[str]) -> bool:
        parts = self.parts
        pairs = zip(parts, entries, strict=False)
        return len(parts) == len(entries) and all(
            part.is_solved_by(entry.split(OR)) for part, entry in pairs
        )

    def grade(self, answer: Answer) -> Verdict:
        return self.grade_with(answer, NoAlgebra())

    def grade_with(self, answer: Answer, algebra: Algebra) -> Verdict:
        """The score is the mean of the blanks."""
        given = zip(self.parts, cast("list[str]", answer), strict=True)
        verdicts = [
            _in_blank(number, part.grade_with, entry, algebra)
            for number, (part, entry) in enumerate(given, start=1)
        ]
        share = sum(Fraction(verdict.score) for verdict in verdicts) / len(verdicts)
        read = [verdict.read_as for verdict in verdicts]
        remarks = [verdict.remark for verdict in verdicts]
        return Verdict(
            correct=share == 1,
            score=float(share),
            correct_answer=[str(verdict.correct_answer) for verdict in verdicts],
            read_as="; ".join(_numbered("", read)) or None,
            remark="\n".join(_numbered("Blank ", remarks)) or None,
        )

    def find_misspelling(self, answer: Answer) -> str | None:
        given = zip(self.parts, cast("list[str]", answer), strict=True)
        found = (part.find_misspelling(entry) for part, entry in given)
        return next((misspelt for misspelt in found if misspelt is not None), None)

    @property
    def key_texts(self) -> Sequence[str]:
        return []

    @property
    def graded_by_algebra(self) -> bool:
        return any(part.graded_by_algebra for part in self.parts)

    @property
    def guess_probability(self) -> float:
        """The mean of the blanks."""
        guesses: list[float] = [part.guess_probability for part in self.parts]
        return sum(guesses) / len(guesses)

    def _fields_of(self, blank: Blank) -> dict[str, Any]:
        """The blank as a question of its kind. Choices are shuffled apart from those of others."""
        fields = {**blank.set_fields(), "prompt": self.prompt, "kind": blank.kind}
        if blank.choices is not None:
            fields["choices"] = [Choice(id=text, text=text) for text in blank.choices]
        return {**fields, "question_id": f"{self.question_id}:{blank.id}"[-200:]}

    @property
    def parts(self) -> list[Any]:
        """The blanks as questions, not validated again."""
        return [
            OF_BLANKS[blank.kind].model_construct(**self._fields_of(blank)) for blank in self.blanks
        ]


def _numbered(name: str, texts: Sequence[str | None]) -> list[str]:
    """The texts that there are, each with the number of its blank, unless there is one blank."""
    return [
        f"{name}{number}: {text}" if len(texts) > 1 else text
        for number, text in enumerate(texts, start=1)
        if text is not None
    ]


def _in_blank(number: int, take: Callable[..., T], *given: Any) -> T:
    """What the blank makes of its answer. Raises InvalidArgument, which names the blank."""
    try:
        return take(*given)
    except InvalidArgument as refused:
        raise invalid_answer(f"blank {number} {refused.errors[0].message}") from None
