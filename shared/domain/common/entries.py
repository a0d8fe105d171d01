"""Lists in requests, validated only until enough errors are known.

Pydantic describes every error, at 10 KB and 60 microseconds each: a list of a million wrong entries
would take all memory. After MAX_ERRORS the remaining entries of a request are skipped.
"""

from typing import Annotated, Any, TypeVar

from pydantic import ValidationError, ValidationInfo, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticKnownError, PydanticOmit

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


def at_most(entries: int) -> Check:
    """The annotation of a list with at most so many entries.

    Unlike `max_length` it counts before an entry is validated: to skip half a million wrong entries
    one by one would take 0.2 s.
    """

    def require_few(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        if isinstance(value, list) and len(value) > entries:
            context = {"field_type": "List", "max_length": entries, "actual_length": len(value)}
            raise PydanticKnownError("too_long", context)
        return handler(value)

    return Check(WrapValidator(require_few), maxItems=entries)
