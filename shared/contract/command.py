"""The base of every request model."""

from functools import cache
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_snake


class Command(BaseModel):
    """A request, named in the imperative: `StartSession` is what `start_session` takes.

    JSON types are taken literally ("8" is no number) and unknown fields are refused by name.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    method: ClassVar[Literal["POST", "PUT", "DELETE"]] = "POST"

    @classmethod
    def function(cls) -> str:
        """The name of the function it is for."""
        return _snake(cls.__name__)


_snake = cache(to_snake)
