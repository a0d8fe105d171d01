"""Stores the next version of a template, if it is still at the version the owner saw."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from functions.update_template.contract import UpdateTemplate, UpdateTemplateReply
from shared.domain.common.errors import (
    FieldError,
    InvalidArgument,
    SessionContextTampered,
    TemplateNotFound,
)
from shared.domain.common.json_object import is_same_json
from shared.domain.sessions.session_data import require_room_for_notes
from shared.domain.templates.template import (
    Template,
    answer_keys,
    apply_changes,
    has_question_bank,
    remove_answer_keys,
    require_changeable,
    require_valid_audience,
)
from shared.firestore.templates import Source, TemplateChange, TemplateStore
from shared.ports.calls import Caller, IdempotencyContext, Reply, reply
from shared.ports.sealing import TemplateSealer


def handle(
    command: UpdateTemplate,
    *,
    caller: Caller,
    once: IdempotencyContext,
    templates: TemplateStore,
    template_sealer: TemplateSealer,
    now: datetime,
) -> Reply:
    changes: dict[str, Any] = {
        name: value
        for name, value in command.model_dump(exclude={"template_id", "version"}).items()
        if name in command.model_fields_set
    }
    source: Source = None
    if command.template_data is not None:
        public, keys_taken = remove_answer_keys(command.template_data)
        require_room_for_notes(public)
        changes["template_data"] = public
        source = command.template_data.model_dump() if keys_taken else None

    def repeated(template: Template) -> bool:
        """Whether the next version has this very change: the owner sent it again."""
        if template.version != command.version + 1:
            return False
        stored = template.model_dump()
        if not all(is_same_json(stored[name], value) for name, value in changes.items()):
            return False
        return command.template_data is None or _has_keys(
            template_sealer, template, answer_keys(command.template_data)
        )

    def decide(template: Template | None) -> TemplateChange:
        if template is None or template.owner_id != caller.uid:
            raise TemplateNotFound
        if repeated(template):
            return TemplateChange(reply=reply(UpdateTemplateReply(template=template)))
        require_changeable(template, command.version)
        keys = (
            _sealed_keys(template_sealer, template)
            if command.template_data is None
            else answer_keys(command.template_data)
        )
        after = template_sealer.seal(apply_changes(template, changes, at=now), keys)
        if changes.keys() & {"visibility", "student_ids"}:
            require_valid_audience(
                after.visibility, after.student_ids, by_teacher=caller.is_teacher
            )
        return TemplateChange(
            reply=reply(UpdateTemplateReply(template=after)),
            template=after,
            source=source,
            source_changed=command.template_data is not None
            and (source is not None or has_question_bank(template)),
        )

    return templates.change(command.template_id, decide, once=once)


def _has_keys(template_sealer: TemplateSealer, template: Template, keys: Mapping[str, Any]) -> bool:
    """Whether these are the answer keys in the seal; false where it can't be opened any more."""
    try:
        return is_same_json(template_sealer.open(template.seal or "").answer_keys, keys)
    except SessionContextTampered:
        return False


def _sealed_keys(
    template_sealer: TemplateSealer, template: Template
) -> Mapping[str, Mapping[str, Any]]:
    """The answer keys of a template whose text stays as it is."""
    if not has_question_bank(template):
        return {}
    try:
        return template_sealer.open(template.seal or "").answer_keys
    except SessionContextTampered as error:
        message = "must be sent as well, in full: the answer keys were sealed with a retired key"
        raise InvalidArgument(errors=[FieldError("template_data", message)]) from error
