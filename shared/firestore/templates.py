"""Templates: the text students may read, and apart from it the owner's full text and students."""

from pydantic import JsonValue

from shared.domain.templates.template import Template
from shared.firestore.assignments import (
    STUDENT_IDS,
    assigned_path,
    assignment_writes,
    template_of,
    update_writes,
)
from shared.firestore.database import Database
from shared.firestore.documents import Document, fields_of, source_path, template_path
from shared.firestore.retry import Deadline
from shared.firestore.unconfirmed_commit import Decision, Documents
from shared.firestore.writes import Create, Delete, Put, Write
from shared.ports.calls import IdempotencyContext, R, Reply, StoredReply
from shared.ports.templates import DecideTemplate, FullTemplateData


class FirestoreTemplateRepository:
    """Implements shared.ports.templates.TemplateRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        template: Template,
        *,
        source: FullTemplateData,
        reply: Reply[R],
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        path = template_path(template.template_id)
        assigned = Document(assigned_path(template.template_id), None)
        writes: list[Write] = [
            Create(path, fields_of(template)),
            *assignment_writes(template.template_id, {STUDENT_IDS: []}, vars(template), assigned),
        ]
        if source is not None:
            writes.append(Create(source_path(template.template_id), _source_fields(source)))

        def decision(_documents: Documents, _budget: Deadline) -> Decision[R]:
            return Decision(reply, writes)

        return self._database.change([], decision, idempotency=idempotency, receipt=path)

    def update(
        self, template_id: str, decide: DecideTemplate[R], *, idempotency: IdempotencyContext
    ) -> Reply[R] | StoredReply:
        path, assigned = template_path(template_id), assigned_path(template_id)

        def decision(documents: Documents, _budget: Deadline) -> Decision[R]:
            change = decide(template_of(documents[path], documents[assigned]))
            if change.template is None:
                return Decision(change.reply)
            writes = update_writes(documents[path], documents[assigned], change.template)
            if change.source_changed:
                source = source_path(template_id)
                writes.append(
                    Put(source, _source_fields(change.source)) if change.source else Delete(source)
                )
            return Decision(change.reply, writes)

        return self._database.change([path, assigned], decision, idempotency=idempotency)


def _source_fields(source: FullTemplateData) -> dict[str, JsonValue]:
    return {"schema_version": 1, "template_data": source}
