"""Questions: the fields that any of them may carry, and the interface that a kind implements.

A kind is a subclass in kinds/<kind>.py, listed in kinds/__init__.py. A question is validated whole,
so that its author learns of all violations at once, each at its place.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, cast, get_args

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
    field_validator,
    model_validator,
)

from shared.domain.common.errors import InvalidArgument
from shared.domain.common.fields import LongText, NodeId, Number, WholeNumber
from shared.domain.common.json_object import JsonObject
from shared.domain.common.json_schema import Check, add_description
from shared.domain.common.text_normalisation import clean_text
from shared.domain.common.validation import validation_error
from shared.domain.questions.algebra.port import Algebra
from shared.domain.questions.answers import Answer
from shared.domain.questions.grading import Verdict
from shared.domain.questions.image import Image
from shared.domain.questions.numeric_parsing import exact_fraction, parse_unit
from shared.domain.questions.visible_text import NOT_INVISIBLE

if TYPE_CHECKING:
    from shared.domain.questions.statements import Statement

MAX_CHOICES = 20
MAX_HINTS = 10
MAX_CRITERIA = 20

# The probability of a right answer without the skill.
GUESS_IN_WRITING = 0.1
GUESS_OF_A_SELF_RATING = 0.3


def _require_finite(value: float) -> float:
    exact_fraction(value)
    return value


def _require_unit(value: str) -> str:
    parse_unit(value)
    return value


FINITE = Check(AfterValidator(_require_finite), description="A finite number.")
A_UNIT = Check(
    AfterValidator(_require_unit), description="A unit of measurement, without a number."
)

PromptText = Annotated[LongText, NOT_INVISIBLE]
ShortText = Annotated[str, StringConstraints(max_length=2_000), NOT_INVISIBLE]
KeyId = Annotated[str, StringConstraints(max_length=100), NOT_INVISIBLE]
Tolerance = Annotated[Number, FINITE, Field(ge=0)]
Unit = Annotated[str, StringConstraints(max_length=40), A_UNIT]


class Choice(JsonObject):
    id: KeyId
    text: ShortText

    @model_validator(mode="before")
    @classmethod
    def _require_object(cls, value: Any) -> Any:
        if isinstance(value, str):
            raise ValueError('must be an object: {"id": "a", "text": "Venus"}')
        return value


class Criterion(JsonObject):
    criterion_id: KeyId
    text: ShortText
    points: Annotated[Number, Field(gt=0, le=100)]


class Question(JsonObject):
    """One question as its author wrote it, with the answer key.

    A question of any kind may carry each of these fields. `answer`, `rubric` and `explanation` are
    the answer key: students do not read them before they have answered.

    A kind narrows the fields that it needs, and may add fields of its own, which students read.
    Fields are validated in the order of their declaration, those that a kind adds last. A validator
    finds in `info.data` only the valid ones before its own. A check of the answer key against a
    field that the kind adds runs after all fields, only if they are valid, and names its place:

        @model_validator(mode="after")
        def _require_key_of_items(self) -> Self:
            if unknown := self.answer.keys() - {item.id for item in self.items}:
                reason = "is not among the items"
                raise validation_error("answer", [(("answer", id_), reason) for id_ in unknown])
            return self
    """

    # A kind's schema takes 2 ms to build, and most functions never need it.
    model_config = ConfigDict(
        defer_build=True,
        json_schema_extra=add_description(
            "Ids and texts of choices, and ids of criteria, are unique in a question."
        ),
    )

    question_id: NodeId
    kind: str
    prompt: PromptText
    image: Image | None = None
    stem: Annotated[
        NodeId | None,
        Field(description="The stem_id of a stem of its exercise, of which this is a step."),
    ] = None
    choices: Annotated[list[Choice], Field(max_length=MAX_CHOICES)] | None = None
    tolerance: Tolerance | None = None  # absolute; without it the number has to be exact
    unit: Unit | None = None
    hints: Annotated[list[ShortText], Field(max_length=MAX_HINTS)] | None = None
    answer: JsonValue = None
    rubric: Annotated[list[Criterion], Field(max_length=MAX_CRITERIA)] | None = None
    explanation: LongText | None = None
    difficulty: Annotated[WholeNumber, Field(ge=1, le=5)] | None = None

    # Whether only a model can grade an answer, by the rubric.
    graded_by_model: ClassVar[bool] = False
    # Whether the answer is the student's own grade, which nothing verifies.
    graded_by_student: ClassVar[bool] = False
    # An answer, as students send it and as the right one is shown to them: its types in JSON (an
    # array holds strings) and its description.
    answer_types: ClassVar[Sequence[str]] = ("string",)
    answer_description: ClassVar[str]
    # Instructions to a model that writes a question of this kind, by field of ModelQuestion
    # (tutor/language_model/output_schema.py). A kind without any is never asked of a model.
    model_hints: ClassVar[Mapping[str, str]] = {}

    @field_validator("choices")
    @classmethod
    def _require_distinct_choices(cls, choices: list[Choice] | None) -> list[Choice] | None:
        require_distinct(choices or [])
        return choices

    @field_validator("rubric")
    @classmethod
    def _require_distinct_criteria(cls, rubric: list[Criterion] | None) -> list[Criterion] | None:
        if repeated := find_repeated([criterion.criterion_id for criterion in rubric or []]):
            message = "is used twice in this rubric"
            raise validation_error("rubric", [((i, "criterion_id"), message) for i in repeated])
        return rubric

    @classmethod
    def kind_name(cls) -> str:
        (name,) = get_args(cls.model_fields["kind"].annotation)
        return str(name)

    @classmethod
    def from_model_output(cls, fields: Mapping[str, Any]) -> dict[str, JsonValue]:
        """The fields of the key and what belongs to it, not validated, of a question by a model.

        `fields` are those of ModelQuestion, the only ones that a model writes. A kind with others
        has them encoded in `answer`. The order and the ids that the student will see must not
        depend on the key. May raise ValidationError, which the model is asked to correct.
        """
        return {"answer": fields["answer"]}

    def shuffled(self, seed: str) -> Self:
        """The question as one session shows it: the same seed gives the same order."""
        return self

    @abstractmethod
    def parse_answer(self, raw: JsonValue) -> Answer:
        """The answer as it is graded. Raises InvalidArgument, at input.answer.

        An answer that can only be a slip is refused, and costs nothing: an unknown choice, a text
        where a number is asked. An answer that is merely wrong is accepted.
        """

    def answer_from_text(self, text: str) -> JsonValue:
        """The answer, not validated, that a chat message gives."""
        return text

    @abstractmethod
    def grade(self, answer: Answer) -> Verdict:
        """The verdict on an answer from parse_answer.

        Raises ValueError for a kind that is graded by a model; see rubric.grade_by_rubric.
        """

    def grade_with(self, answer: Answer, algebra: Algebra) -> Verdict:
        """As `grade`, for kinds that compare mathematics, which may be too hard for code of ours.

        Raises InvalidArgument, at input.answer, where it can't be decided: that costs nothing.
        """
        return self.grade(answer)

    def is_solved_by(self, entries: Sequence[str]) -> bool:
        """Whether an answer is right, given in the texts in which a model writes `answer`.

        Raises ValueError for a kind that is graded by a model.
        """
        return self._is_right(only_entry(list(entries)))

    def _is_right(self, raw: JsonValue) -> bool:
        try:
            answer = self.parse_answer(raw)
        except InvalidArgument:
            return False
        return self.grade(answer).correct

    @property
    def key_texts(self) -> Sequence[str]:
        """The texts of which each gives the answer away. Empty where none does by itself."""
        return [self.answer] if isinstance(self.answer, str) else []

    def is_contradicted_by(self, statement: "Statement") -> bool:
        """Whether the last sentence of an explanation states another answer than the key.

        False where that is not certain.
        """
        return False

    @classmethod
    def concealed(cls, dumped: Mapping[str, Any]) -> dict[str, Any]:
        """A dumped question with its parts in an order that tells nothing of the key."""
        return dict(dumped)

    def in_words(self, answer: JsonValue) -> JsonValue:
        """An answer as it is read without the question, which has the texts of its ids."""
        return answer

    def find_misspelling(self, answer: Answer) -> str | None:
        """The part of an answer from parse_answer that seems right but for its spelling.

        None in a question that lets nobody answer again. It must tell nothing of a choice.
        """
        return None

    @property
    def is_self_contained(self) -> bool:
        """Whether its prompt can be understood by itself, as a text."""
        return self.image is None and self.stem is None

    @property
    def graded_by_algebra(self) -> bool:
        """Whether grading may take an Algebra; see grade_with."""
        return False

    @property
    def guess_probability(self) -> float:
        """The probability of a right answer without the skill, above 0 and at most 1/2.

        A kind in which a guess often earns a part of the score may give that of a right part.
        """
        return GUESS_IN_WRITING

    def public_view(self, hints_used: int = 0) -> dict[str, JsonValue]:
        """All that a student may see before answering. Fields not named here are left out."""
        return {
            "question_id": self.question_id,
            "kind": self.kind,
            "prompt": self.prompt,
            **({"image": self.image.public_view()} if self.image else {}),
            **({"stem": self.stem} if self.stem is not None else {}),
            **self.public_fields(),
            "hints_left": max(0, len(self.hints or []) - hints_used),
        }

    def public_fields(self) -> dict[str, JsonValue]:
        """The part of the public view that the kind adds, without fields of its author's own."""
        return {}


def require_distinct(choices: Sequence[Choice]) -> None:
    """For a validator of a list. Raises ValidationError at each id and text that is used twice."""
    texts = [" ".join(clean_text(choice.text).split()) for choice in choices]
    repeated = [(i, "id") for i in find_repeated([choice.id for choice in choices])]
    repeated += [(i, "text") for i in find_repeated(texts)]
    if repeated:
        message = "is used twice in this question"
        raise validation_error("choices", [(at, message) for at in repeated])


def find_repeated(values: Sequence[object]) -> list[int]:
    """The positions of the values that have occurred before."""
    return [i for i, value in enumerate(values) if value in values[:i]]


def only_entry(entries: list[str]) -> JsonValue:
    """The entry, where there is one; None for none. The key's own check refuses more than one."""
    return entries[0] if len(entries) == 1 else cast("JsonValue", entries or None)
