"""Lists in requests, validated only until enough errors are known.

Pydantic describes every error, at 10 KB and 60 microseconds each: a list of a million wrong entries
would take all memory. After MAX_ERRORS the remaining entries of a request are skipped.
"""

from typing import Annotated, Any, TypeVar

from pydantic import ValidationError, ValidationInfo, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticOmit

from shared.domain.common.json_schema import Check

# As many as a refusal lists.
MAX_ERRORS = 100

T = TypeVar("T")


class ErrorBudget:
    """The number of errors that the lists of one request may still have.

    It is the `context` of a validation. Without one every entry is validated.
    """

    def __init__(self) -> None:
        self.left = MAX_ERRORS


def _within_budget(
    value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo[object]
) -> Any:
    budget = info.context
    if not isinstance(budget, ErrorBudget):
        return handler(value)
    if budget.left <= 0:
        raise PydanticOmit
    before = budget.left
    try:
        return handler(value)
    except ValidationError as error:
        # Lists inside the entry have counted a part of its errors already.
        budget.left = min(budget.left, before - error.error_count())
        raise


Entries = list[Annotated[T, Check(WrapValidator(_within_budget))]]
