"""Archives a template: running sessions continue with their snapshot, new ones are refused."""

from dataclasses import dataclass

from functions.delete_template.contract import DeleteTemplate
from shared.domain.templates.template import Template, archive, require_template_owned
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.templates import TemplateChange, TemplateRepository


@dataclass(frozen=True)
class Dependencies:
    templates: TemplateRepository


def handle(
    command: DeleteTemplate, call: Call, dependencies: Dependencies
) -> Reply[None] | StoredReply:
    reply: Reply[None] = Reply(None, status=204)

    def decide(stored: Template | None) -> TemplateChange[None]:
        template = require_template_owned(stored, by=call.caller.uid)
        if template.archived_at is not None:
            return TemplateChange(reply)
        return TemplateChange(reply, template=archive(template, at=call.received_at))

    return dependencies.templates.update(command.template_id, decide, idempotency=call.idempotency)
