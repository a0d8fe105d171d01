"""The schemas of a model's output, as strict JSON schemas.

Servers support different parts of JSON schema. These use the part that all support: every field
required, null the only union, no bounds. output_parser.py checks the bounds.
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from shared.domain.questions.kinds import KINDS
from shared.domain.questions.question import Question

MODEL_KINDS: Mapping[str, type[Question]] = {
    name: kind for name, kind in KINDS.items() if kind.model_hints
}


def _require_model_kind(kind: str) -> str:
    if kind not in MODEL_KINDS:
        raise ValueError(f"must be one of {', '.join(MODEL_KINDS)}")
    return kind


def _hints(field: str) -> str:
    """The kinds' hints on a field; kinds with the same one are named together."""
    names: dict[str, list[str]] = {}
    for name, kind in MODEL_KINDS.items():
        if hint := kind.model_hints.get(field):
            names.setdefault(hint, []).append(name)
    return "; ".join(f"{', '.join(kinds)}: {hint}" for hint, kinds in names.items())


class StrictSchema(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


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
    kind: Annotated[
        str,
        AfterValidator(_require_model_kind),
        WithJsonSchema(
            {"type": "string", "enum": list(MODEL_KINDS), "description": _hints("kind")}
        ),
    ]
    prompt: str
    difficulty: int = Field(description="1 (easiest) to 5 (hardest)")
    choices: list[ModelChoice] | None = Field(
        description=f"{_hints('choices')}; null for other kinds"
    )
    # Before the answer, so that the model works it out first.
    explanation: str = Field(description="why the answer is right, step by step; shown afterwards")
    answer: list[str] = Field(description=_hints("answer"))
    tolerance: float | None = Field(description=_hints("tolerance"))
    unit: str | None = Field(description=_hints("unit"))
    rubric: list[ModelCriterion] | None = Field(description=_hints("rubric"))
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


class ModelSolution(StrictSchema):
    number: int = Field(description="that of the question")
    # Before the answer, so that the model works it out first.
    working: str = Field(description="how you find the answer, in as few words as will do")
    answer: list[str] = Field(description=_hints("answer"))


class ModelSolutions(StrictSchema):
    solutions: list[ModelSolution]


@cache
def response_format(written: type[StrictSchema]) -> dict[str, Any]:
    """OpenAI's `response_format` for a schema. Cached, so the result must not be changed."""
    schema = {"name": written.__name__, "strict": True, "schema": written.model_json_schema()}
    return {"type": "json_schema", "json_schema": schema}


def criterion_labels(question: Question) -> dict[str, str]:
    """The criterion ids by the labels that a model sees: an author's ids may be any text."""
    return {f"c{i}": c.criterion_id for i, c in enumerate(question.rubric or [], start=1)}
