"""Stores a new template: the text for students, and apart from it the owner's with the keys."""

from datetime import datetime

from functions.create_template.contract import CreateTemplate, CreateTemplateReply
from shared.domain.call import Caller, Once, Reply, reply
from shared.domain.session_data import check_leaves_room
from shared.domain.template import (
    Template,
    Visibility,
    answer_keys,
    check_audience,
    content_hash,
    without_answer_keys,
)
from shared.seal import Seals, sealed
from shared.store.templates import TemplateStore


def handle(
    command: CreateTemplate,
    *,
    caller: Caller,
    once: Once,
    templates: TemplateStore,
    seals: Seals,
    now: datetime,
    template_id: str,
) -> Reply:
    visibility = command.visibility or (
        Visibility.ASSIGNED if command.student_ids else Visibility.PRIVATE
    )
    check_audience(visibility, command.student_ids, by_teacher=caller.is_teacher)
    public, keys_taken = without_answer_keys(command.template_data)
    check_leaves_room(public)
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
    template = sealed(seals, template, answer_keys(command.template_data))
    return templates.add(
        template,
        source=command.template_data.model_dump() if keys_taken else None,
        reply=reply(CreateTemplateReply(template=template), status=201),
        once=once,
    )
