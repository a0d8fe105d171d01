"""Stores the next version of a template, if it is still at the version the owner saw."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.update_template.contract import UpdateTemplate, UpdateTemplateReply
from shared.domain.common.errors import FieldError, InvalidArgument, SessionContextTampered
from shared.domain.common.json_object import is_same_json
from shared.domain.sessions.session_data import require_room_for_notes
from shared.domain.templates.template import (
    AUDIENCE,
    Template,
    answer_keys,
    apply_changes,
    has_question_bank,
    remove_answer_keys,
    require_changeable,
    require_template_owned,
    require_valid_audience,
)
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.sealing import TemplateSealer
from shared.ports.templates import FullTemplateData, TemplateChange, TemplateRepository


@dataclass(frozen=True)
class Dependencies:
    templates: TemplateRepository
    template_sealer: TemplateSealer


def handle(
    command: UpdateTemplate, call: Call, dependencies: Dependencies
) -> Reply[UpdateTemplateReply] | StoredReply:
    sealer = dependencies.template_sealer
    changes, source = _changes(command)

    def next_version(template: Template) -> TemplateChange[UpdateTemplateReply]:
        if _is_repeated(command, changes, template, sealer):
            return TemplateChange(Reply(UpdateTemplateReply(template=template)))
        require_changeable(template, command.version)
        after = apply_changes(template, changes, at=call.received_at)
        if changes.keys() & AUDIENCE:
            require_valid_audience(
                after.visibility, after.student_ids, by_teacher=call.caller.is_teacher
            )
        keys = (
            _sealed_keys(sealer, template)
            if command.template_data is None
            else answer_keys(command.template_data)
        )
        after = sealer.seal(after, keys)
        return TemplateChange(
            Reply(UpdateTemplateReply(template=after)),
            template=after,
            source=source,
            source_changed=command.template_data is not None
            and (source is not None or has_question_bank(template)),
        )

    decided: tuple[Template, TemplateChange[UpdateTemplateReply]] | None = None

    def decide(stored: Template | None) -> TemplateChange[UpdateTemplateReply]:
        nonlocal decided
        template = require_template_owned(stored, by=call.caller.uid)
        # Sealing is a part of the decision, because the seal depends on the stored template: it
        # binds the hash of the merged content and, where the text stays, holds the keys of the last
        # seal. An attempt that finds the same template again hashes and seals nothing again.
        if decided is None or decided[0] != template:
            decided = template, next_version(template)
        return decided[1]

    return dependencies.templates.update(command.template_id, decide, idempotency=call.idempotency)


def _changes(command: UpdateTemplate) -> tuple[dict[str, Any], FullTemplateData]:
    """The fields to change, without answer keys, and the owner's full text if it has any."""
    changes: dict[str, Any] = {
        name: value
        for name, value in command.model_dump(exclude={"template_id", "version"}).items()
        if name in command.model_fields_set
    }
    if command.template_data is None:
        return changes, None
    public, keys_taken = remove_answer_keys(command.template_data)
    require_room_for_notes(public)
    source = command.template_data.model_dump() if keys_taken else None
    return {**changes, "template_data": public}, source


def _is_repeated(
    command: UpdateTemplate, changes: Mapping[str, Any], template: Template, sealer: TemplateSealer
) -> bool:
    """Whether the next version has this very change: the owner sent it again."""
    if template.version != command.version + 1:
        return False
    stored = template.model_dump()
    if not all(is_same_json(stored[name], value) for name, value in changes.items()):
        return False
    return command.template_data is None or _has_keys(
        sealer, template, answer_keys(command.template_data)
    )


def _has_keys(sealer: TemplateSealer, template: Template, keys: Mapping[str, Any]) -> bool:
    """Whether these are the answer keys in the seal; False where it can't be opened any more."""
    try:
        return is_same_json(sealer.open(template.seal or "").answer_keys, keys)
    except SessionContextTampered:
        return False


def _sealed_keys(sealer: TemplateSealer, template: Template) -> Mapping[str, Mapping[str, Any]]:
    """The answer keys of a template whose text stays as it is."""
    if not has_question_bank(template):
        return {}
    try:
        return sealer.open(template.seal or "").answer_keys
    except SessionContextTampered as error:
        message = "must be sent as well, in full: the answer keys were sealed with a retired key"
        raise InvalidArgument(errors=[FieldError("template_data", message)]) from error
