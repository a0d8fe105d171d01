"""The base of every request model."""

from shared.domain.common.closed_model import ClosedModel


class Command(ClosedModel):
    """A request, named in the imperative: `StartSession` is the request of `start_session`.

    JSON types are taken literally ("8" is not a number) and unknown fields are refused by name.
    """
