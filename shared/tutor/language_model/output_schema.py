"""The schemas of a model's output, as strict JSON schemas.

Servers support different parts of JSON schema. These use the part that all support: every field
required, null the only union, no bounds. output_parser.py checks the bounds.
"""

from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.questions.question import Question


class StrictSchema(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ModelConcept(StrictSchema):
    title: str
    explanation: str
    worked_example: str | None


class ModelChoice(StrictSchema):
    id: str
    text: str


class ModelCriterion(StrictSchema):
    text: str
    points: int


class ModelQuestion(StrictSchema):
    kind: Literal["multiple_choice", "multi_select", "numeric", "short_answer", "free_response"]
    prompt: str
    difficulty: int = Field(description="1 (easiest) to 5 (hardest)")
    choices: list[ModelChoice] | None = Field(
        description="multiple_choice, multi_select: 3 to 6 of them; null for other kinds"
    )
    # Before the answer, so that the model works it out first.
    explanation: str = Field(description="why the answer is right, step by step; shown afterwards")
    answer: list[str] = Field(
        description="multiple_choice: the right choice's id; multi_select: the ids of all right "
        'ones; numeric: one number without its unit, such as "12", "-0.5", "3/4" or "1.2e3"; '
        "short_answer: every accepted wording, the best first; free_response: none"
    )
    tolerance: float | None = Field(description="numeric: how far off is right; null for exact")
    unit: str | None = Field(description="numeric: the unit the answer is in; null without one")
    rubric: list[ModelCriterion] | None = Field(
        description="free_response: 2 to 4 criteria, each one thing that a good answer says"
    )
    hints: list[str] = Field(description="1 to 3, each telling more, none telling the answer")


class ModelBlock(StrictSchema):
    concept: ModelConcept
    questions: list[ModelQuestion]


class ModelFinding(StrictSchema):
    criterion_id: str
    quote: str = Field(description="words copied from the answer; empty where there are none")
    met: bool


class ModelFindings(StrictSchema):
    findings: list[ModelFinding]


@cache
def response_format(written: type[StrictSchema]) -> dict[str, Any]:
    """OpenAI's `response_format` for a schema. Cached, so the result must not be changed."""
    schema = {"name": written.__name__, "strict": True, "schema": written.model_json_schema()}
    return {"type": "json_schema", "json_schema": schema}


def criterion_labels(question: Question) -> dict[str, str]:
    """The criterion ids by the labels that a model sees: an author's ids may be any text."""
    return {f"c{i}": c.criterion_id for i, c in enumerate(question.rubric or [], start=1)}
