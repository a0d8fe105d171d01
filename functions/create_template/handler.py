"""Stores a new template: the text for students, and apart from it the owner's with the keys."""

from collections.abc import Callable
from dataclasses import dataclass

from functions.create_template.contract import CreateTemplate, CreateTemplateReply
from shared.domain.sessions.session_data import require_room_for_notes
from shared.domain.templates.template import (
    Template,
    Visibility,
    answer_keys,
    content_hash,
    remove_answer_keys,
    require_valid_audience,
)
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.sealing import TemplateSealer
from shared.ports.templates import TemplateRepository


@dataclass(frozen=True)
class Dependencies:
    templates: TemplateRepository
    template_sealer: TemplateSealer
    new_id: Callable[[], str]


def handle(
    command: CreateTemplate, call: Call, dependencies: Dependencies
) -> Reply[CreateTemplateReply] | StoredReply:
    visibility = command.visibility or (
        Visibility.ASSIGNED if command.student_ids else Visibility.PRIVATE
    )
    require_valid_audience(visibility, command.student_ids, by_teacher=call.caller.is_teacher)
    public, keys_taken = remove_answer_keys(command.template_data)
    require_room_for_notes(public)
    fields = {**command.model_dump(), "visibility": visibility, "template_data": public}
    template = Template.model_validate(
        {
            **fields,
            "template_id": dependencies.new_id(),
            "owner_id": call.caller.uid,
            "version": 1,
            "content_hash": content_hash(fields),
            "created_at": call.received_at,
            "updated_at": call.received_at,
            "archived_at": None,
        }
    )
    template = dependencies.template_sealer.seal(template, answer_keys(command.template_data))
    return dependencies.templates.add(
        template,
        source=command.template_data.model_dump() if keys_taken else None,
        reply=Reply(CreateTemplateReply(template=template), status=201),
        idempotency=call.idempotency,
    )
