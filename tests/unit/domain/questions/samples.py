"""Sample questions: one of each kind, and generated ones."""

from importlib import import_module
from typing import Any, cast

import pytest
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.domain.common.errors import InvalidArgument
from shared.domain.questions.any_question import AnyQuestion
from shared.domain.questions.choices import ChoiceQuestion
from shared.domain.questions.grading import Verdict
from shared.domain.questions.kinds import KINDS
from shared.domain.questions.kinds.cloze import Cloze
from shared.domain.questions.kinds.self_rated import SelfRated
from shared.domain.questions.kinds.short_answer import ShortAnswer
from shared.domain.questions.question import Question

CHOICES = [
    {"id": "a", "text": "Mercury"},
    {"id": "b", "text": "Venus"},
    {"id": "c", "text": "Earth"},
    {"id": "d", "text": "The Moon"},
]
RUBRIC = [
    {"criterion_id": "cause", "text": "Names the tilt of the axis", "points": 3},
    {"criterion_id": "effect", "text": "Tells what it does to the light", "points": 2},
]
KIND_NAMES = sorted(KINDS)
GRADED_IN_CODE = [name for name in KIND_NAMES if not KINDS[name].graded_by_model]
# Validates a question by its kind, as in a template.
ANY_QUESTION: TypeAdapter[Question] = TypeAdapter(AnyQuestion)


def kind_module(kind: str) -> Any:
    """The kind's test module, for the general laws. It defines

    - SAMPLE: the fields of a question that its kind needs, as JSON
    - ANSWERS: a strategy of valid answers to that question, right and wrong, as students send them
    - MODEL_OUTPUT: the fields of a ModelQuestion that the kind reads, where it has model_hints
    """
    return import_module(f"tests.unit.domain.questions.kinds.test_{kind}")


def raw(kind: str, /, **fields: Any) -> dict[str, Any]:
    """A question's JSON. A field whose value is Ellipsis is left out."""
    question = {"question_id": "q1", "kind": kind, "prompt": "Well?", **kind_module(kind).SAMPLE}
    return {key: value for key, value in {**question, **fields}.items() if value is not ...}


def a_question(kind: str, /, **fields: Any) -> Question:
    return ANY_QUESTION.validate_python(raw(kind, **fields))


def key_of(question: Question) -> Any:
    """An answer that is right."""
    match question:
        case ShortAnswer():
            return cast("list[str]", question.answer)[-1]
        case SelfRated():
            return "good"
        case Cloze():
            return [key_of(part) for part in question.parts]
        case _:
            return question.answer


def faults(question: object) -> set[str]:
    """The dotted paths at which a question is refused."""
    with pytest.raises(ValidationError) as refused:
        ANY_QUESTION.validate_python(question)
    return {".".join(map(str, error["loc"])) for error in refused.value.errors()}


def refusal(question: Question, raw: Any) -> str:
    """The message with which an answer is refused."""
    with pytest.raises(InvalidArgument) as refused:
        question.parse_answer(raw)
    (error,) = refused.value.errors
    assert error.path == "input.answer"
    return error.message


def verdict_on(question: Question, raw: Any) -> Verdict:
    return question.grade(question.parse_answer(raw))


words = st.text(min_size=1, max_size=12).filter(
    lambda text: any(character.isalnum() and character.isascii() for character in text)
)
decimals = st.decimals(-10_000, 10_000, allow_nan=False, places=3)
key_numbers = (
    st.integers(-(10**6), 10**6)
    | st.floats(allow_nan=False, allow_infinity=False)
    | decimals.map(str)
    | st.fractions(max_denominator=1_000).map(str)
)


def questions(*kinds: str) -> st.SearchStrategy[Question]:
    for kind in KIND_NAMES:
        # Loaded now: while a question is drawn, Hypothesis refuses the tests of a module.
        kind_module(kind)
    return _questions(*kinds)


@st.composite
def _questions(draw: st.DrawFn, *kinds: str) -> Question:
    kind = draw(st.sampled_from(kinds or KIND_NAMES))
    ids = draw(st.lists(words, min_size=2, max_size=6, unique=True))
    choices = [{"id": choice_id, "text": f"option {i}"} for i, choice_id in enumerate(ids)]
    drawn: dict[str, dict[str, Any]] = {
        "multiple_choice": {"choices": choices, "answer": draw(st.sampled_from(ids))},
        "multi_select": {
            "choices": choices,
            "answer": draw(st.lists(st.sampled_from(ids), min_size=1, unique=True)),
        },
        "numeric": {
            "answer": draw(key_numbers),
            "tolerance": draw(st.none() | st.floats(0, 1e300)),
            "unit": draw(st.sampled_from([None, "m", "%", "km/h", "$", "1/s"])),
        },
        "short_answer": {"answer": draw(st.lists(words, min_size=1, max_size=4))},
    }
    hints = draw(st.lists(words, max_size=3))
    fields = {"question_id": "q", "kind": kind, "prompt": draw(words), "hints": hints}
    fields |= kind_module(kind).SAMPLE
    return ANY_QUESTION.validate_python(fields | drawn.get(kind, {}))


def choices_of(question: Question) -> list[str]:
    return question.choice_ids if isinstance(question, ChoiceQuestion) else []
