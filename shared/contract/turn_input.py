"""What a student does in a turn: answers, asks for a hint, or goes on."""

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from shared.domain.common.closed_model import ClosedModel
from shared.domain.common.fields import Milliseconds, NodeId
from shared.domain.common.json_schema import Check
from shared.domain.common.validation import validation_error, violations_of
from shared.domain.questions.any_question import AnyAnswer


class AnswerInput(ClosedModel):
    """`duration_ms` is the time from question to answer as the client measured it, for the log."""

    type: Literal["answer"]
    question_id: NodeId
    answer: AnyAnswer
    duration_ms: Milliseconds | None = None


class HintInput(ClosedModel):
    type: Literal["hint"]


class ContinueInput(ClosedModel):
    type: Literal["continue"]


def _without_tag(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Takes the union's tag out of the paths of errors: they are paths in the request."""
    try:
        return handler(value)
    except ValidationError as error:
        violations = [(location[1:], message) for location, message in violations_of(error)]
        if isinstance(value, dict) and value.get("type") not in INPUT_TYPES:
            violations = [(("type",), f"must be one of {', '.join(INPUT_TYPES)}")]
        raise validation_error("input", violations) from error


INPUT_TYPES = ("answer", "hint", "continue")
Input = Annotated[
    AnswerInput | HintInput | ContinueInput,
    Field(discriminator="type"),
    Check(WrapValidator(_without_tag)),
]
