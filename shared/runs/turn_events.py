"""A turn as it is told to a client, and the run of a client that a turn answers."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from shared.contract.client_message import ClientMessage
from shared.tutor.ports import Usage
from shared.tutor.state import LongStep
from shared.tutor.tool_calls import Message


class TurnReply(Protocol):
    """The reply of a turn: what is to be shown, its cost, and the fields that the client keeps."""

    @property
    def messages(self) -> list[Message]: ...

    @property
    def usage(self) -> Usage: ...

    @property
    def kept(self) -> Mapping[str, Any]:
        """The fields that the client sends with its next turn, or shows until then."""


class TurnEvents(Protocol):
    """Tells a client of a turn, in the form that the client knows."""

    def start(self) -> None: ...

    def announce(self, step: LongStep) -> None:
        """Before work that takes long."""

    def show(self, node: str, messages: list[Message]) -> None:
        """After each node, with the messages that it added."""

    def keep(self, reply: TurnReply) -> None:
        """What the client keeps, after all messages."""

    def end(self) -> None: ...


class StartedRun(Protocol):
    """A run that was found valid, before any work. `run_id` is new in each run.

    `sent` are the messages that came with it.
    """

    @property
    def run_id(self) -> str: ...

    @property
    def sent(self) -> Sequence[ClientMessage]: ...

    @property
    def presents_again(self) -> bool:
        """Whether the pending question is presented again, without an input."""

    def take(self, events: TurnEvents) -> None:
        """Takes the turn, and has its events sent as they happen."""
