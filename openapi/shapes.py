"""The base of the models that describe what practice_turn shows, in messages.py."""

from pydantic import ConfigDict

from shared.domain.common.fields import ValueObject


class Shape(ValueObject):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
