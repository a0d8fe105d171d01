"""Questions to try grading on: one of each kind, and any that an author could write."""

from typing import Any, cast

from hypothesis import strategies as st

from shared.domain.questions.question import Question, QuestionKind

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
OF_EACH_KIND: dict[str, dict[str, Any]] = {
    "multiple_choice": {"choices": CHOICES, "answer": "b"},
    "multi_select": {"choices": CHOICES, "answer": ["a", "b", "c"]},
    "numeric": {"answer": 9.8, "tolerance": 0.05, "unit": "m/s²"},
    "short_answer": {"answer": ["Copernicus", "Nicolaus Copernicus"]},
    "free_response": {"rubric": RUBRIC},
    "self_rated": {},
}
KINDS = sorted(OF_EACH_KIND)


def raw(kind: str, /, **fields: Any) -> dict[str, Any]:
    """A question's JSON; a field of ... is left out."""
    question = {"question_id": "q1", "kind": kind, "prompt": "Well?", **OF_EACH_KIND[kind]}
    return {key: value for key, value in {**question, **fields}.items() if value is not ...}


def a_question(kind: str, /, **fields: Any) -> Question:
    return Question.model_validate(raw(kind, **fields))


def key_of(question: Question) -> Any:
    """An answer that is right."""
    match question.kind:
        case QuestionKind.SHORT_ANSWER:
            return cast("list[str]", question.answer)[-1]
        case QuestionKind.SELF_RATED:
            return "good"
        case _:
            return question.answer


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


@st.composite
def questions(draw: st.DrawFn, *kinds: str) -> Question:
    kind = draw(st.sampled_from(kinds or KINDS))
    ids = draw(st.lists(words, min_size=2, max_size=6, unique=True))
    choices = [{"id": choice_id, "text": f"option {i}"} for i, choice_id in enumerate(ids)]
    of_kind: dict[str, dict[str, Any]] = {
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
        "free_response": {"rubric": RUBRIC},
        "self_rated": {},
    }
    hints = draw(st.lists(words, max_size=3))
    fields = {"question_id": "q", "kind": kind, "prompt": draw(words), "hints": hints}
    return Question.model_validate({**fields, **of_kind[kind]})
