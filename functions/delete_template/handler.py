"""Archives a template: running sessions go on with their snapshot, new ones are refused."""

from datetime import datetime

from functions.delete_template.contract import DeleteTemplate
from shared.domain.common.errors import TemplateNotFound
from shared.domain.templates.template import Template, archive
from shared.firestore.templates import TemplateChange, TemplateStore
from shared.ports.calls import Caller, IdempotencyContext, Reply, reply


def handle(
    command: DeleteTemplate,
    *,
    caller: Caller,
    once: IdempotencyContext,
    templates: TemplateStore,
    now: datetime,
) -> Reply:
    gone = reply(None, status=204)

    def decide(template: Template | None) -> TemplateChange:
        if template is None or template.owner_id != caller.uid:
            raise TemplateNotFound
        if template.archived_at is not None:
            return TemplateChange(reply=gone)
        return TemplateChange(reply=gone, template=archive(template, at=now))

    return templates.change(command.template_id, decide, once=once)
