"""Archives a template: running sessions go on with their snapshot, new ones are refused."""

from datetime import datetime

from functions.delete_template.contract import DeleteTemplate
from shared.domain.call import Caller, Once, Reply, reply
from shared.domain.errors import TemplateNotFound
from shared.domain.template import Template, archived
from shared.store.templates import TemplateChange, TemplateStore


def handle(
    command: DeleteTemplate,
    *,
    caller: Caller,
    once: Once,
    templates: TemplateStore,
    now: datetime,
) -> Reply:
    gone = reply(None, status=204)

    def decide(template: Template | None) -> TemplateChange:
        if template is None or template.owner_id != caller.uid:
            raise TemplateNotFound
        if template.archived_at is not None:
            return TemplateChange(reply=gone)
        return TemplateChange(reply=gone, template=archived(template, at=now))

    return templates.change(command.template_id, decide, once=once)
