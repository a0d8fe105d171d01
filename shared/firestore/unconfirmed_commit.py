"""A commit whose outcome is unknown, and how reading again resolves it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic

from google.api_core.exceptions import Aborted

from shared.firestore.documents import Document
from shared.firestore.retry import TRANSIENT
from shared.firestore.writes import Update, Write
from shared.ports.calls import R, R_co, Reply

Documents = Mapping[str, Document]


@dataclass(frozen=True)
class Decision(Generic[R_co]):
    """The writes, and the reply to give once they are stored. No writes: reply at once."""

    reply: Reply[R_co]
    writes: Sequence[Write] = ()


class UnconfirmedCommit(Generic[R]):
    """The last commit of a request that got no response, if there was one.

    With an idempotency key or a receipt its outcome can be read, even after other writes.
    Without either its effect shows only until another request overwrites it.
    """

    def __init__(self, receipt: str | None, *, has_key: bool) -> None:
        self.decision: Decision[R] | None = None
        self._receipt = receipt
        self._has_key = has_key
        self._aborted = False

    @contextmanager
    def recorded(self, decision: Decision[R]) -> Iterator[None]:
        """Records the decision when its commit fails without a known outcome."""
        try:
            yield
        except (*TRANSIENT, Aborted) as error:
            # An earlier commit may still be on its way.
            outcome_was_known = self.decision is None or self._aborted
            self._aborted = outcome_was_known and isinstance(error, Aborted)
            self.decision = decision
            raise

    def has_taken_effect(self, documents: Documents) -> bool:
        """Whether the documents show its effect.

        Every update raises a revision, a version or a total. So it was made if all of its fields
        have the values that it would have written.
        """
        if self._has_key:
            return False  # its record, from the same commit, would have been found
        if self._receipt:
            return documents[self._receipt].fields is not None
        return any(
            not update.changed_fields(documents[update.read.path]) for update in self._updates()
        )

    def is_overwritten(self, documents: Documents) -> bool:
        """Whether it may have taken effect and been overwritten since, so that no read can tell.

        A commit that was aborted is known not to have been made.
        """
        if self._has_key or self._receipt or self._aborted or not self._updates():
            return False
        return all(
            documents[update.read.path].update_time != update.read.update_time
            for update in self._updates()
        )

    def _updates(self) -> list[Update]:
        writes = self.decision.writes if self.decision else ()
        return [write for write in writes if isinstance(write, Update)]
