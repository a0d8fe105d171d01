"""All that is stored of a class's assignments, for administration; no function needs it."""

from collections.abc import Iterator, Mapping, Sequence

from google.cloud.firestore import Query
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.domain.classes.assignment import Assignment
from shared.domain.classes.membership import MemberStatus
from shared.domain.classes.school_class import SchoolClass
from shared.domain.gradebook.rows import Row
from shared.domain.sessions.items import LoggedItem
from shared.domain.sessions.session import Session
from shared.firestore.database import Database
from shared.firestore.documents import (
    CLASSES,
    ROWS,
    SESSIONS,
    Document,
    assignments_path,
    class_assignment_of,
    class_of,
    class_path,
    item_of,
    row_of,
    session_of,
)
from shared.firestore.paging import count_documents, read_pages
from shared.firestore.retry import COMMAND_DEADLINE_SECONDS, retry_until_settled

PAGE = 100


class ClassData:
    """Pages are read as they are needed, so that memory does not grow with a class."""

    def __init__(self, database: Database, class_id: str) -> None:
        self._database = database
        self._class_id = class_id

    def school_class(self) -> SchoolClass | None:
        path = class_path(self._class_id)
        read = retry_until_settled(lambda deadline: self._database.read([path], deadline))
        return class_of(read[path])

    def assignments(self) -> Mapping[str, Assignment]:
        """By assignment_id."""
        found = self._pages(self._database.client.collection(assignments_path(self._class_id)))
        assignments = (class_assignment_of(document) for page in found for document in page)
        return {each.assignment_id: each for each in assignments if each}

    def names(self) -> Mapping[str, str]:
        """The names of the students in the class, by uid, of those who left too."""
        rows = self._database.client.collection(f"{CLASSES}/{self._class_id}/{ROWS}")
        shown = rows.select(["student_id", "display_name"])
        fields = [document.fields or {} for page in self._pages(shown) for document in page]
        return {row["student_id"]: row["display_name"] for row in fields if "display_name" in row}

    def rows(self) -> Sequence[Row]:
        """The gradebook: the rows of the students who are in the class, in the order of uids."""
        rows = self._database.client.collection(f"{CLASSES}/{self._class_id}/{ROWS}")
        found = (row_of(document) for page in self._pages(rows) for document in page)
        return [row for row in found if row and row.status is MemberStatus.ACTIVE]

    def count_sessions(self) -> int:
        return count_documents(self._sessions(), seconds=COMMAND_DEADLINE_SECONDS)

    def sessions(self) -> Iterator[Session]:
        for page in self._pages(self._sessions()):
            yield from (found for document in page if (found := session_of(document)))

    def items(self, session: Session) -> list[LoggedItem]:
        items = self._database.client.collection(f"{SESSIONS}/{session.session_id}/items")
        return [item_of(document) for page in self._pages(items) for document in page]

    def _sessions(self) -> Query:
        sessions = self._database.client.collection(SESSIONS)
        return sessions.where(filter=FieldFilter("class_id", "==", self._class_id))

    def _pages(self, query: Query) -> Iterator[list[Document]]:
        return read_pages(query, size=PAGE, seconds=COMMAND_DEADLINE_SECONDS)
