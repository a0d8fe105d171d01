"""Stores a new class with a join code."""

from collections.abc import Callable
from dataclasses import dataclass

from functions.create_class.contract import CreateClass, CreateClassReply
from shared.domain.classes.join_code import JoinSettings, open_join
from shared.domain.classes.school_class import SchoolClass
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.classes import ClassRepository, NewClass


@dataclass(frozen=True)
class Dependencies:
    classes: ClassRepository
    new_id: Callable[[], str]
    new_code: Callable[[], str]


def handle(
    command: CreateClass, call: Call, dependencies: Dependencies
) -> Reply[CreateClassReply] | StoredReply:
    now = call.received_at
    school_class = SchoolClass(
        class_id=dependencies.new_id(),
        name=command.name,
        subject=command.subject,
        owner_id=call.caller.uid,
        teacher_ids=[call.caller.uid],
        timezone=command.timezone,
        version=1,
        created_at=now,
        updated_at=now,
    )

    def decide(code: str) -> NewClass[CreateClassReply]:
        join = open_join(code, max_students=command.max_students, expires_at=None, at=now)
        return NewClass(Reply(_reply(school_class, join), status=201), school_class, join)

    return dependencies.classes.add(
        school_class.class_id,
        decide,
        new_code=dependencies.new_code,
        idempotency=call.idempotency,
    )


def _reply(school_class: SchoolClass, join: JoinSettings) -> CreateClassReply:
    return CreateClassReply.model_validate({"class": school_class, "join": join})
