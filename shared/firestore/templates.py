"""Templates: the text students may read, and beside it the owner's full text."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import JsonValue

from shared.domain.templates.template import Template
from shared.firestore.database import (
    Create,
    Database,
    Decision,
    Delete,
    Documents,
    Put,
    Update,
    Write,
)
from shared.firestore.documents import fields_of, source_path, template_of, template_path
from shared.firestore.retry import Deadline
from shared.ports.calls import IdempotencyContext, Reply

# The owner's full template_data; None when students may read all of it, so that none is kept.
Source = dict[str, JsonValue] | None


@dataclass(frozen=True)
class TemplateChange:
    """The template to store, if any, and the source to go with it when that changed too."""

    reply: Reply
    template: Template | None = None
    source_changed: bool = False
    source: Source = None


class TemplateStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, template: Template, *, source: Source, reply: Reply, once: IdempotencyContext
    ) -> Reply:
        path = template_path(template.template_id)
        writes: list[Write] = [Create(path, fields_of(template))]
        if source is not None:
            writes.append(Create(source_path(template.template_id), _source_fields(source)))
        return self._database.change(
            [], lambda _documents, _budget: Decision(reply, writes), once=once, receipt=path
        )

    def change(
        self,
        template_id: str,
        decide: Callable[[Template | None], TemplateChange],
        *,
        once: IdempotencyContext,
    ) -> Reply:
        """Decides on the template, None if there is none, and stores what was decided."""
        path = template_path(template_id)

        def decision(documents: Documents, _budget: Deadline) -> Decision:
            read = documents[path]
            change = decide(template_of(read))
            if change.template is None:
                return Decision(change.reply)
            writes: list[Write] = [Update(read, fields_of(change.template))]
            if change.source_changed:
                source = source_path(template_id)
                writes.append(
                    Put(source, _source_fields(change.source)) if change.source else Delete(source)
                )
            return Decision(change.reply, writes)

        return self._database.change([path], decision, once=once)


def _source_fields(source: Source) -> dict[str, JsonValue]:
    return {"schema_version": 1, "template_data": source}
