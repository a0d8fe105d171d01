"""The base of every request model."""

from pydantic import BaseModel, ConfigDict


class Command(BaseModel):
    """A request, named in the imperative: `StartSession` is the request of `start_session`.

    JSON types are taken literally ("8" is not a number) and unknown fields are refused by name.
    """

    # Validators are built at the first request: a function may have several commands.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)
