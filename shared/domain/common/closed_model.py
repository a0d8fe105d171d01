"""Models that refuse unknown fields by name."""

from collections.abc import Iterable
from typing import Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)

from shared.domain.common.nearest_names import NearestNames
from shared.domain.common.validation import Violation, validation_error, violations_of

# Naming each of very many fields would take all memory.
MAX_NAMED = 100


class ClosedModel(BaseModel):
    """A part of a request, validated strictly: "8" is not a number, and no other field is taken."""

    # Validators are built at the first request: a function may have several models.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    @model_validator(mode="wrap")
    @classmethod
    def refuse_unknown_fields(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Names unknown fields beside all other violations, each with the nearest known one."""
        if cls.model_config["extra"] != "forbid" or not isinstance(value, dict):
            return handler(value)
        unknown = [name for name in value if name not in cls.model_fields]
        if not unknown:
            return handler(value)
        violations: list[Violation] = []
        try:
            handler({name: value[name] for name in value if name in cls.model_fields})
        except ValidationError as error:
            # A violation of the object as a whole may be due to the misspelt name.
            violations = [violation for violation in violations_of(error) if violation[0]]
        known = NearestNames(cls.model_fields)
        violations += [((name,), _suggestion(known, name)) for name in unknown[:MAX_NAMED]]
        raise validation_error(cls.__name__, violations)


def refuse_nulls(model: BaseModel, names: Iterable[str]) -> None:
    """Raises ValidationError for fields of these names that were sent as null.

    For requests in which an optional field means "unchanged" where it is left out.
    """
    sent = [name for name in names if name in model.model_fields_set]
    if nulls := [name for name in sent if getattr(model, name) is None]:
        violations = [((name,), "must not be null") for name in nulls]
        raise validation_error(type(model).__name__, violations)


def _suggestion(known: NearestNames, name: str) -> str:
    nearest = known.to(name)
    return "is not a known field" + (f": did you mean {nearest[0]}?" if nearest else "")
