"""Moves the students of older templates into documents of their own (assignments.py).

It may be interrupted anywhere and started again: a template is moved whole or not at all, and one
without students in it is passed over. Functions may write meanwhile.
"""

from collections.abc import Callable, Iterator, Sequence

from shared.firestore.assignments import (
    SHOWN,
    STUDENT_IDS,
    assigned_path,
    assignment_writes,
    student_ids_of,
)
from shared.firestore.database import Database
from shared.firestore.documents import TEMPLATES, Document
from shared.firestore.paging import count_documents, read_pages
from shared.firestore.retry import COMMAND_DEADLINE_SECONDS, Deadline, retry_until_settled
from shared.firestore.writes import Update, Write

PAGE = 300
NEEDED = (*SHOWN, STUDENT_IDS, "updated_at")


class TemplateMigration:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._templates = database.client.collection(TEMPLATES)

    def count(self) -> int:
        """The number of all templates."""
        return count_documents(self._templates, seconds=COMMAND_DEADLINE_SECONDS)

    def run(self, *, dry_run: bool = False) -> Iterator[int | None]:
        """Yields for each template, by its id, the number of students that it was found with; None
        for a template without students in it. A dry run writes nothing.

        The number counts students that another request moved in the meantime.
        """
        for page in read_pages(
            self._templates.select([STUDENT_IDS]), size=PAGE, seconds=COMMAND_DEADLINE_SECONDS
        ):
            for template in page:
                if STUDENT_IDS not in (template.fields or {}):
                    yield None
                elif dry_run:
                    yield len((template.fields or {})[STUDENT_IDS])
                else:
                    yield retry_until_settled(
                        self._step(template), seconds=COMMAND_DEADLINE_SECONDS
                    )

    def _step(self, found: Document) -> Callable[[Deadline], int]:
        """The step that moves the students of one template and returns their number."""
        assigned = assigned_path(found.id)

        def step(deadline: Deadline) -> int:
            read = self._database.read([found.path, assigned], deadline, only=NEEDED)
            if writes := _writes(read[found.path], read[assigned]):
                self._database.commit(writes, deadline)
            return len((found.fields or {})[STUDENT_IDS])

        return step


def _writes(template: Document, assigned: Document) -> Sequence[Write]:
    """No writes where the template was moved, or deleted, since it was found."""
    if STUDENT_IDS not in (template.fields or {}):
        return []
    fields = {**(template.fields or {}), STUDENT_IDS: student_ids_of(template, assigned)}
    return [
        Update(template, {}, removed=(STUDENT_IDS,)),
        *assignment_writes(template.id, fields, fields, assigned),
    ]
