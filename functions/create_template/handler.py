"""Stores a new template: the text for students, and apart from it the owner's with the keys."""

from datetime import datetime

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
from shared.firestore.templates import TemplateStore
from shared.ports.calls import Caller, IdempotencyContext, Reply, reply
from shared.ports.sealing import TemplateSealer


def handle(
    command: CreateTemplate,
    *,
    caller: Caller,
    once: IdempotencyContext,
    templates: TemplateStore,
    template_sealer: TemplateSealer,
    now: datetime,
    template_id: str,
) -> Reply:
    visibility = command.visibility or (
        Visibility.ASSIGNED if command.student_ids else Visibility.PRIVATE
    )
    require_valid_audience(visibility, command.student_ids, by_teacher=caller.is_teacher)
    public, keys_taken = remove_answer_keys(command.template_data)
    require_room_for_notes(public)
    fields = {**command.model_dump(), "visibility": visibility, "template_data": public}
    template = Template.model_validate(
        {
            **fields,
            "template_id": template_id,
            "owner_id": caller.uid,
            "version": 1,
            "content_hash": content_hash(fields),
            "created_at": now,
            "updated_at": now,
            "archived_at": None,
        }
    )
    template = template_sealer.seal(template, answer_keys(command.template_data))
    return templates.add(
        template,
        source=command.template_data.model_dump() if keys_taken else None,
        reply=reply(CreateTemplateReply(template=template), status=201),
        once=once,
    )
