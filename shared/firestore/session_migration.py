"""Drops the state of ended sessions that an older version stored with it inside of their documents.

Of an active session the next write moves it (documents.py). An ended one has no further write, and
would weigh 70 KB in every list. The migration may be interrupted anywhere and started again.
"""

from collections.abc import Callable, Iterator, Sequence

from google.cloud.firestore_v1.base_query import FieldFilter

from shared.domain.sessions.session import Mode, Status
from shared.firestore.database import Database
from shared.firestore.documents import SESSIONS, Document
from shared.firestore.paging import count_documents, read_pages
from shared.firestore.retry import COMMAND_DEADLINE_SECONDS, Deadline, retry_until_settled
from shared.firestore.writes import Update

# A page is one commit, which has a time limit and a maximum of bytes, and a state takes 70 KB.
PAGE = 25
STATE = "stored_session"
# Enough of a state to know that there is one, without loading it.
NEEDED = ("status", f"{STATE}.seq")


class SessionMigration:
    def __init__(self, database: Database) -> None:
        self._database = database
        infinite = FieldFilter("mode", "==", Mode.INFINITE.value)
        self._sessions = database.client.collection(SESSIONS).where(filter=infinite)

    def count(self) -> int:
        """The number of all sessions of infinite practice."""
        return count_documents(self._sessions, seconds=COMMAND_DEADLINE_SECONDS)

    def run(self, *, dry_run: bool = False) -> Iterator[bool]:
        """Yields for each session whether it was found ended with its state. A dry run writes
        nothing.
        """
        query = self._sessions.select(NEEDED)
        for page in read_pages(query, size=PAGE, seconds=COMMAND_DEADLINE_SECONDS):
            ended = [session for session in page if _keeps_state(session)]
            if ended and not dry_run:
                retry_until_settled(self._step(ended), seconds=COMMAND_DEADLINE_SECONDS)
            yield from (session in ended for session in page)

    def _step(self, found: Sequence[Document]) -> Callable[[Deadline], None]:
        """The step that drops the states of these sessions in one commit."""

        def step(deadline: Deadline) -> None:
            paths = [session.path for session in found]
            read = self._database.read(paths, deadline, only=NEEDED).values()
            # An attempt before may have taken effect, and a session may have been erased.
            left = [session for session in read if _keeps_state(session)]
            if left:
                writes = [Update(session, {}, removed=(STATE,)) for session in left]
                self._database.commit(writes, deadline)

        return step


def _keeps_state(session: Document) -> bool:
    fields = session.fields or {}
    return fields.get("status") != Status.ACTIVE and bool(fields.get(STATE))
