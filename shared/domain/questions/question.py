"""Questions: what their author writes, and the part of it that students may see.

A question is checked whole, so that its author learns of every fault at once, each at its place.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Field,
    JsonValue,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from shared.domain.common.fields import LongText, NodeId, Number, WholeNumber
from shared.domain.common.json_object import JsonObject
from shared.domain.common.json_schema import Check
from shared.domain.common.text_normalisation import clean_text, normalise_answer
from shared.domain.common.validation import Violation, validation_error
from shared.domain.questions.numeric_parsing import (
    NotANumber,
    exact_fraction,
    is_compatible_unit,
    parse_quantity,
    parse_unit,
)

MAX_CHOICES = 20
MAX_ACCEPTED = 50
MAX_ACCEPTED_CHARACTERS = 1_000
MAX_HINTS = 10
MAX_CRITERIA = 20

# The chance to answer right without knowing, the G of knowledge tracing. Corbett & Anderson (1995)
# hold it below 0.3, lest a lucky guess counts for more than it shows.
GUESS_MOST = 0.3
GUESS_IN_WRITING = 0.1
GUESS_SELF_RATED = GUESS_MOST


class QuestionKind(StrEnum):
    MULTIPLE_CHOICE = "multiple_choice"
    MULTI_SELECT = "multi_select"
    NUMERIC = "numeric"
    SHORT_ANSWER = "short_answer"
    FREE_RESPONSE = "free_response"
    SELF_RATED = "self_rated"


KINDS_WITH_CHOICES = frozenset({QuestionKind.MULTIPLE_CHOICE, QuestionKind.MULTI_SELECT})


def _not_blank(value: str) -> str:
    if not clean_text(value):
        raise ValueError("must not be blank")
    return value


def _finite(value: float) -> float:
    exact_fraction(value)
    return value


def _a_unit(value: str) -> str:
    parse_unit(value)
    return value


# The characters that clean_text takes out, but for rare marks of single scripts.
INVISIBLE = r"\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
NOT_BLANK_PATTERN = rf"(?=[\s\S]*[^\s{INVISIBLE}])"
NOT_BLANK = Check(AfterValidator(_not_blank), pattern=NOT_BLANK_PATTERN)
FINITE = Check(AfterValidator(_finite), description="A finite number.")
A_UNIT = Check(AfterValidator(_a_unit), description="A unit of measurement, without a number.")

Prompt = Annotated[LongText, NOT_BLANK]
ShortText = Annotated[str, StringConstraints(max_length=2_000), NOT_BLANK]
KeyId = Annotated[str, StringConstraints(max_length=100), NOT_BLANK]
Tolerance = Annotated[Number, FINITE, Field(ge=0)]
Unit = Annotated[str, StringConstraints(max_length=40), A_UNIT]


class Choice(JsonObject):
    id: KeyId
    text: ShortText


class Criterion(JsonObject):
    criterion_id: KeyId
    text: ShortText
    points: Annotated[Number, Field(gt=0, le=100)]


class Question(JsonObject):
    """One question as its author wrote it, with the answer key."""

    # A field is checked against those above it: the answer comes after the choices.
    question_id: NodeId
    kind: Annotated[QuestionKind, Field(strict=False)]
    prompt: Prompt
    choices: Annotated[list[Choice], Field(max_length=MAX_CHOICES)] | None = Field(
        default=None, validate_default=True
    )
    tolerance: Tolerance | None = None  # absolute; without it the number has to be exact
    unit: Unit | None = None
    hints: Annotated[list[ShortText], Field(max_length=MAX_HINTS)] | None = None
    answer: JsonValue = Field(default=None, validate_default=True)
    rubric: Annotated[list[Criterion], Field(max_length=MAX_CRITERIA)] | None = Field(
        default=None, validate_default=True
    )
    explanation: LongText | None = None
    difficulty: Annotated[WholeNumber, Field(ge=1, le=5)] | None = None

    @field_validator("choices")
    @classmethod
    def _choices_can_be_told_apart(
        cls, choices: list[Choice] | None, info: ValidationInfo
    ) -> list[Choice] | None:
        if info.data.get("kind") in KINDS_WITH_CHOICES and len(choices or []) < 2:
            raise ValueError(f"{info.data['kind']} needs at least 2 choices")
        ids = [choice.id for choice in choices or []]
        texts = [" ".join(clean_text(choice.text).split()) for choice in choices or []]
        faults = [((i, "id"), "is used twice in this question") for i in _repeated(ids)]
        faults += [((i, "text"), "is used twice in this question") for i in _repeated(texts)]
        if faults:
            raise validation_error("choices", faults)
        return choices

    @field_validator("answer")
    @classmethod
    def _answer_can_be_graded(cls, answer: JsonValue, info: ValidationInfo) -> JsonValue:
        kind = info.data.get("kind")
        if faults := list(_faults_of_key(kind, answer, info.data)):
            raise validation_error("answer", faults)
        return answer

    @field_validator("rubric")
    @classmethod
    def _rubric_can_be_applied(
        cls, rubric: list[Criterion] | None, info: ValidationInfo
    ) -> list[Criterion] | None:
        if info.data.get("kind") is QuestionKind.FREE_RESPONSE and not rubric:
            raise ValueError("is needed to grade free_response")
        repeated = _repeated([criterion.criterion_id for criterion in rubric or []])
        if repeated:
            raise validation_error(
                "rubric", [((i, "criterion_id"), "is used twice in this rubric") for i in repeated]
            )
        return rubric

    @property
    def choice_ids(self) -> list[str]:
        return [choice.id for choice in self.choices or []]


def restore_question(dumped: Mapping[str, Any]) -> Question:
    """The question that was dumped, not checked again: for one that a seal vouches for, without
    fields of its author's own. Raises KeyError or ValueError for what can't have been one.
    """
    parts: dict[str, Any] = {
        "question_id": dumped["question_id"],
        "kind": QuestionKind(dumped["kind"]),
        "prompt": dumped["prompt"],
    }
    if dumped.get("choices"):
        parts["choices"] = [Choice.model_construct(**_of(Choice, c)) for c in dumped["choices"]]
    if dumped.get("rubric"):
        parts["rubric"] = [Criterion.model_construct(**_of(Criterion, c)) for c in dumped["rubric"]]
    return Question.model_construct(**_of(Question, {**dumped, **parts}))


def _of(model: type[JsonObject], fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: fields[name] for name in model.model_fields if name in fields}


def public_question(question: Question, hints_used: int) -> dict[str, JsonValue]:
    """All that a student may see before answering: what isn't named here stays out."""
    public: dict[str, JsonValue] = {
        "question_id": question.question_id,
        "kind": question.kind.value,
        "prompt": question.prompt,
    }
    if question.kind in KINDS_WITH_CHOICES:
        public["choices"] = [
            {"id": choice.id, "text": choice.text} for choice in question.choices or []
        ]
    if question.kind is QuestionKind.NUMERIC and question.unit is not None:
        public["unit"] = question.unit
    return {**public, "hints_left": max(0, len(question.hints or []) - hints_used)}


def guess_probability(question: Question) -> float:
    match question.kind:
        case QuestionKind.MULTIPLE_CHOICE:
            return min(GUESS_MOST, 1 / len(question.choice_ids))
        case QuestionKind.MULTI_SELECT:
            return min(GUESS_MOST, 1 / ((1 << len(question.choice_ids)) - 1))
        case QuestionKind.SELF_RATED:
            return GUESS_SELF_RATED
        case QuestionKind.NUMERIC | QuestionKind.SHORT_ANSWER | QuestionKind.FREE_RESPONSE:
            return GUESS_IN_WRITING


def _repeated(values: list[str]) -> list[int]:
    """Where a value stands that has been there before."""
    return [i for i, value in enumerate(values) if value in values[:i]]


def _faults_of_key(
    kind: QuestionKind | None, answer: JsonValue, checked: Mapping[str, Any]
) -> Iterator[Violation]:
    """`checked` lacks those fields that were refused themselves."""
    match kind:
        case None | QuestionKind.FREE_RESPONSE | QuestionKind.SELF_RATED:
            return
        case _ if answer is None:
            yield (), f"is needed to grade {kind}"
        case QuestionKind.MULTIPLE_CHOICE:
            yield from _faults_of_choice(answer, checked.get("choices"), ())
        case QuestionKind.MULTI_SELECT:
            yield from _faults_of_choices(answer, checked.get("choices"))
        case QuestionKind.NUMERIC:
            yield from _faults_of_number(answer, checked)
        case QuestionKind.SHORT_ANSWER:
            yield from _faults_of_accepted(answer)


def _faults_of_choice(
    answer: JsonValue, choices: list[Choice] | None, at: tuple[int, ...]
) -> Iterator[Violation]:
    if not isinstance(answer, str):
        yield at, "must be the id of a choice"
    elif choices is not None and answer not in [choice.id for choice in choices]:
        yield at, "is not among the choices"


def _faults_of_choices(answer: JsonValue, choices: list[Choice] | None) -> Iterator[Violation]:
    if not isinstance(answer, list) or not 0 < len(answer) <= MAX_CHOICES:
        yield (), f"must be a list of the ids of 1 to {MAX_CHOICES} choices"
        return
    for i, entry in enumerate(answer):
        yield from _faults_of_choice(entry, choices, (i,))
        if entry in answer[:i]:
            yield (i,), "must not be repeated"


def _faults_of_number(answer: JsonValue, checked: Mapping[str, Any]) -> Iterator[Violation]:
    try:
        given = parse_quantity(answer).unit
    except NotANumber as error:
        yield (), str(error)
    else:
        if "unit" in checked and not is_compatible_unit(given, checked["unit"]):
            yield (), "is in another unit than the question"


def _faults_of_accepted(answer: JsonValue) -> Iterator[Violation]:
    if not isinstance(answer, list) or not 0 < len(answer) <= MAX_ACCEPTED:
        yield (), f"must be a list of 1 to {MAX_ACCEPTED} accepted texts"
        return
    for i, accepted in enumerate(answer):
        if not isinstance(accepted, str):
            yield (i,), "must be a text"
        elif len(accepted) > MAX_ACCEPTED_CHARACTERS:
            yield (i,), f"must not be longer than {MAX_ACCEPTED_CHARACTERS} characters"
        elif not normalise_answer(accepted):
            yield (i,), "must not be blank"
