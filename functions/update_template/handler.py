"""Stores the next version of a template, if it is still at the version the owner saw."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.update_template.contract import UpdateTemplate, UpdateTemplateReply
from shared.domain.call import Caller, Once, Reply, reply
from shared.domain.errors import (
    FieldError,
    InvalidArgument,
    SessionContextTampered,
    TemplateNotFound,
)
from shared.domain.freeform import same
from shared.domain.session_data import check_leaves_room
from shared.domain.template import (
    Template,
    answer_keys,
    changed,
    check_audience,
    check_changeable,
    has_bank,
    without_answer_keys,
)
from shared.seal import Seals, opened_template, sealed
from shared.store.templates import Source, TemplateChange, TemplateStore


def handle(
    command: UpdateTemplate,
    *,
    caller: Caller,
    once: Once,
    templates: TemplateStore,
    seals: Seals,
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

    def repeated(template: Template) -> bool:
        """Whether the next version has this very change: the owner sent it again."""
        if template.version != command.version + 1:
            return False
        stored = template.model_dump()
        if not all(same(stored[name], value) for name, value in changes.items()):
            return False
        return command.template_data is None or _has_keys(
            seals, template, answer_keys(command.template_data)
        )

    def decide(template: Template | None) -> TemplateChange:
        if template is None or template.owner_id != caller.uid:
            raise TemplateNotFound
        if repeated(template):
            return TemplateChange(reply=reply(UpdateTemplateReply(template=template)))
        check_changeable(template, command.version)
        keys = (
            _sealed_keys(seals, template)
            if command.template_data is None
            else answer_keys(command.template_data)
        )
        after = sealed(seals, changed(template, changes, at=now), keys)
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


def _has_keys(seals: Seals, template: Template, keys: Mapping[str, Any]) -> bool:
    """Whether these are the answer keys in the seal; false where it can't be opened any more."""
    try:
        return same(opened_template(seals, template.seal or "")["keys"], keys)
    except SessionContextTampered:
        return False


def _sealed_keys(seals: Seals, template: Template) -> Mapping[str, Mapping[str, Any]]:
    """The answer keys of a template whose text stays as it is."""
    if not has_bank(template):
        return {}
    try:
        keys: Mapping[str, Mapping[str, Any]] = opened_template(seals, template.seal or "")["keys"]
    except SessionContextTampered as error:
        message = "must be sent as well, in full: the answer keys were sealed with a retired key"
        raise InvalidArgument(errors=[FieldError("template_data", message)]) from error
    return keys
