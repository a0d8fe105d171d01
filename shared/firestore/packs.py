"""Daily packs, with what they are made from."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from google.cloud.firestore import Query
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.domain.packs.pack import Pack
from shared.domain.sessions.session import Session, Status
from shared.domain.students.skills import Skill
from shared.domain.templates.template import Template, Visibility
from shared.firestore.assignments import STUDENT_IDS, assignment_path, template_for
from shared.firestore.database import Database
from shared.firestore.documents import (
    TEMPLATES,
    Document,
    fields_of,
    pack_of,
    pack_path,
    session_of,
    session_path,
    skill_of,
    skill_path,
    state_fields,
    state_path,
    student_of,
    student_path,
    template_path,
)
from shared.firestore.paging import query_step
from shared.firestore.retry import Deadline
from shared.firestore.unconfirmed_commit import Decision, Documents
from shared.firestore.writes import Create, Merge, Write, create_or_update
from shared.ports.calls import IdempotencyContext, R, Reply, StoredReply
from shared.ports.packs import MAX_READS, DecidePack


class FirestorePackRepository:
    """Implements shared.ports.packs.PackRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def change(
        self,
        decide: DecidePack[R],
        *,
        student_id: str,
        session_id: str,
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        student = student_path(student_id)

        def decision(documents: Documents, deadline: Deadline) -> Decision[R]:
            reader = _Reader(self._database, student_id, deadline)
            change = decide(student_of(documents[student]), reader)
            writes: list[Write] = []
            if change.pack and change.session:
                pack = reader.documents[pack_path(student_id, change.pack.pack_id)]
                writes = [
                    create_or_update(pack, fields_of(change.pack)),
                    Create(session_path(session_id), fields_of(change.session)),
                ]
                if change.session.stored_session:
                    fields = state_fields(change.session.stored_session)
                    writes.append(Create(state_path(session_id), fields))
            if change.student:
                writes.append(create_or_update(documents[student], fields_of(change.student)))
            return Decision(change.reply, writes)

        return self._database.change(
            [student], decision, idempotency=idempotency, receipt=session_path(session_id)
        )


class _Reader:
    """Implements shared.ports.packs.PackReader. `documents` are the packs that it read."""

    def __init__(self, database: Database, student_id: str, deadline: Deadline) -> None:
        self._database = database
        self._student_id = student_id
        self._deadline = deadline
        # Beside the student and the record of an Idempotency-Key.
        self.reads_left = MAX_READS - 2
        self.documents: dict[str, Document] = {}

    def pack(self, pack_id: str) -> tuple[Pack, Session | None] | None:
        path = pack_path(self._student_id, pack_id)
        self.documents.update(self._read([path]))
        pack = pack_of(self.documents[path])
        if pack is None or pack.session_id is None:
            return None
        session, state = session_path(pack.session_id), state_path(pack.session_id)
        read = self._read([session, state])
        return pack, session_of(read[session], read[state])

    def due_skills(self, before: datetime, limit: int) -> list[Skill]:
        query = self._skills.where(filter=FieldFilter("due_at", "<", before)).order_by("due_at")
        return self._found(query, limit, skill_of)

    def recent_skills(self, limit: int) -> list[Skill]:
        return self._found(
            self._skills.order_by("updated_at", direction=Query.DESCENDING), limit, skill_of
        )

    def assigned_template_ids(self, limit: int) -> list[str]:
        assigned = self._collection(f"{student_path(self._student_id)}/assigned_templates")
        newest = _not_archived(assigned).order_by("assigned_at", direction=Query.DESCENDING)
        return self._found(newest.select(["archived_at"]), limit, lambda document: document.id)

    def own_template_ids(self, limit: int) -> list[str]:
        owned = self._collection(TEMPLATES).where(
            filter=FieldFilter("owner_id", "==", self._student_id)
        )
        newest = _not_archived(owned).order_by("updated_at", direction=Query.DESCENDING)
        return self._found(newest.select(["archived_at"]), limit, lambda document: document.id)

    def skills(self, skill_ids: Sequence[str]) -> dict[str, Skill | None]:
        paths = {id_: skill_path(self._student_id, id_) for id_ in skill_ids[: self.reads_left]}
        read = self._read(list(paths.values()))
        return {skill_id: skill_of(read[path]) for skill_id, path in paths.items()}

    def templates(self, template_ids: Sequence[str]) -> list[Template]:
        # Some need the student's own document about them too.
        paths = {id_: template_path(id_) for id_ in template_ids[: self.reads_left // 2]}
        read = dict(self._read(list(paths.values())))
        assignments = {id_: assignment_path(self._student_id, id_) for id_ in paths}
        asked = [assignments[i] for i, path in paths.items() if self._needs_assignment(read[path])]
        read.update(self._read(asked))
        found = (
            template_for(
                self._student_id,
                read[path],
                read.get(assignments[id_]) or Document(assignments[id_], None),
            )
            for id_, path in paths.items()
        )
        return [
            template
            for template in found
            if template and template.archived_at is None
            if template.is_readable_by(self._student_id)
        ]

    def _needs_assignment(self, template: Document) -> bool:
        fields = template.fields
        return not (
            fields is None
            or fields["owner_id"] == self._student_id
            or fields["visibility"] == Visibility.PUBLIC
            or self._student_id in fields.get(STUDENT_IDS, ())
        )

    def _read(self, paths: Sequence[str]) -> Documents:
        self.reads_left -= len(paths)
        return self._database.read(paths, self._deadline)

    def _found(self, query: Any, limit: int, convert: Callable[[Document], Any]) -> list[Any]:
        limit = min(limit, self.reads_left)
        if limit <= 0:
            return []
        snapshots = query_step(query.limit(limit))(self._deadline)
        self.reads_left -= max(1, len(snapshots))  # a query without a result costs a read too
        return [convert(Document(s.reference.path, s.to_dict(), s.update_time)) for s in snapshots]

    @property
    def _skills(self) -> Any:
        return self._collection(f"{student_path(self._student_id)}/skills")

    def _collection(self, path: str) -> Any:
        return self._database.client.collection(path)


def pack_end_writes(session: Session) -> list[Write]:
    """The writes that note the end of a pack's session in the pack.

    Another portion begins after this one only, so the session's own precondition holds for both.
    """
    if session.pack is None or session.status is Status.ACTIVE:
        return []
    path = pack_path(session.student_id, session.pack.pack_id)
    return [Merge(path, {"status": session.status.value})]


def _not_archived(query: Any) -> Any:
    return query.where(filter=FieldFilter("archived_at", "==", None))
