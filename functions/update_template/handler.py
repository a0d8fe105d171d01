"""Stores the next version of a template, if it is still at the version the owner saw."""

from datetime import datetime
from typing import Any

from functions.update_template.contract import UpdateTemplate, UpdateTemplateReply
from shared.domain.call import Caller, Once, Reply, reply
from shared.domain.errors import TemplateNotFound
from shared.domain.session_data import check_leaves_room
from shared.domain.template import (
    Template,
    changed,
    check_audience,
    check_changeable,
    has_bank,
    without_answer_keys,
)
from shared.store.templates import Source, TemplateChange, TemplateStore


def handle(
    command: UpdateTemplate,
    *,
    caller: Caller,
    once: Once,
    templates: TemplateStore,
    now: datetime,
) -> Reply:
    changes: dict[str, Any] = {
        name: value
        for name, value in command.model_dump(exclude={"template_id", "version"}).items()
        if name in command.model_fields_set
    }
    source: Source = None
    if command.template_data is not None:
        public, keys_taken = without_answer_keys(command.template_data)
        check_leaves_room(public)
        changes["template_data"] = public
        source = command.template_data.model_dump() if keys_taken else None

    def _took_effect(template: Template) -> bool:
        """Whether the next version is this very change: its reply got lost on the way."""
        if template.version != command.version + 1:
            return False
        stored = template.model_dump()
        repeated = source is None and all(stored[k] == v for k, v in changes.items())
        return repeated or template.updated_at == now

    def decide(template: Template | None) -> TemplateChange:
        if template is None or template.owner_id != caller.uid:
            raise TemplateNotFound
        if _took_effect(template):
            return TemplateChange(reply=reply(UpdateTemplateReply(template=template)))
        check_changeable(template, command.version)
        after = changed(template, changes, at=now)
        if changes.keys() & {"visibility", "student_ids"}:
            check_audience(after.visibility, after.student_ids, by_teacher=caller.is_teacher)
        return TemplateChange(
            reply=reply(UpdateTemplateReply(template=after)),
            template=after,
            source=source,
            source_changed=command.template_data is not None
            and (source is not None or has_bank(template)),
        )

    return templates.change(command.template_id, decide, once=once)
