"""The kind `free_response`."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, JsonValue

from shared.domain.questions.answers import Answer, parse_text
from shared.domain.questions.grading import Verdict
from shared.domain.questions.question import (
    MAX_CRITERIA,
    Criterion,
    Question,
)


class FreeResponse(Question):
    """Free text, graded by a rubric. A model finds the criteria, and code computes the score."""

    kind: Literal["free_response"]
    rubric: Annotated[list[Criterion], Field(min_length=1, max_length=MAX_CRITERIA)]

    graded_by_model: ClassVar[bool] = True
    answer_description: ClassVar[str] = "a text"
    model_hints: ClassVar[Mapping[str, str]] = {
        "answer": "none",
        "rubric": "2 to 4 criteria, each one thing that a good answer says",
    }

    @classmethod
    def from_model_output(cls, fields: Mapping[str, Any]) -> dict[str, JsonValue]:
        rubric = enumerate(fields["rubric"] or [], start=1)
        return {"rubric": [{"criterion_id": f"c{i}", **criterion} for i, criterion in rubric]}

    def parse_answer(self, raw: JsonValue) -> str:
        return parse_text(raw)

    def grade(self, answer: Answer) -> Verdict:
        raise ValueError("free_response is graded by its rubric")
