"""Stores the next version of a class, with its teachers and its join code."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from functions.update_class.contract import JoinChange, UpdateClass, UpdateClassReply
from shared.domain.classes.join_code import (
    JoinSettings,
    close_join,
    open_join,
    places_left,
    require_valid_expiry,
)
from shared.domain.classes.school_class import (
    SchoolClass,
    change_class,
    has_changes,
    require_taught,
)
from shared.domain.common.errors import FieldError, InvalidArgument
from shared.domain.common.fields import Instant
from shared.domain.common.revisions import require_same_revision
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.classes import ClassChange, ClassReader, ClassRepository


@dataclass(frozen=True)
class Dependencies:
    classes: ClassRepository
    new_code: Callable[[], str]


def handle(
    command: UpdateClass, call: Call, dependencies: Dependencies
) -> Reply[UpdateClassReply] | StoredReply:
    now, uid = call.received_at, call.caller.uid
    changes: dict[str, Any] = {
        name: value
        for name, value in command.model_dump(exclude={"class_id", "version", "join"}).items()
        if name in command.model_fields_set
    }

    def decide(found: ClassReader) -> ClassChange[UpdateClassReply]:
        before = require_taught(found.school_class, by=uid)
        settings = found.join
        after_join = _next_join(command.join, found, at=now)
        if after_join == settings and not has_changes(before, changes):
            return ClassChange(_reply(before, settings))
        require_same_revision(command.version, before.version, found="The class is at version")
        after = change_class(before, changes, by=uid, at=now)
        _require_no_students(after, before, found)
        if after.archived_at is not None:
            after_join = close_join(settings)
        if after_join != settings and command.join is not None:
            require_valid_expiry(command.join.expires_at, at=now)
        places = _places(settings, after_join, found)
        return ClassChange(_reply(after, after_join), after, after_join, places)

    return dependencies.classes.change(
        command.class_id,
        decide,
        new_code=dependencies.new_code,
        idempotency=call.idempotency,
    )


def _next_join(change: JoinChange | None, found: ClassReader, *, at: Instant) -> JoinSettings:
    settings = found.join
    if change is None:
        return settings
    most = change.max_students or settings.max_students
    if change.rotate:
        return open_join(
            found.unused_code(), max_students=most, expires_at=change.expires_at, at=at
        )
    if change.enabled is False:
        return close_join(settings)
    if change.expires_at is not None and settings.code is None:
        message = "needs a code, and the class has none: send rotate: true as well"
        raise InvalidArgument(errors=[FieldError("join.expires_at", message)])
    update = {"max_students": most, "expires_at": change.expires_at or settings.expires_at}
    return settings.model_copy(update=update)


def _places(before: JoinSettings, after: JoinSettings, found: ClassReader) -> int | None:
    """The places to share out anew; None where they stay."""
    if (after.code, after.max_students) == (before.code, before.max_students):
        return None
    if after.code is None and after.max_students == before.max_students:
        return None
    return places_left(after.max_students, found.count_students())


def _require_no_students(after: SchoolClass, before: SchoolClass, found: ClassReader) -> None:
    added = [uid for uid in after.teacher_ids if uid not in before.teacher_ids]
    if students := found.students_among(added):
        message = f"{', '.join(students)}: a student of the class; remove them from it first"
        raise InvalidArgument(errors=[FieldError("teacher_ids", message)])


def _reply(school_class: SchoolClass, join: JoinSettings) -> Reply[UpdateClassReply]:
    return Reply(UpdateClassReply.model_validate({"class": school_class, "join": join}))
