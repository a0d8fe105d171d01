"""The locks that allow one active session of a student, a template and a mode.

Locks stored before the mode was part of them have another id, and are valid until their session
ends. A start in another mode replaces such a lock with one of its session's own mode. So while it
is stored no session of its template is active in another mode, and the end of a session may delete
it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.common.digest import digest
from shared.domain.sessions.session import Mode, Session
from shared.firestore.documents import LOCKS
from shared.firestore.unconfirmed_commit import Documents
from shared.firestore.writes import Delete, Put, Remove, Write, create_or_update


@dataclass(frozen=True)
class LockScope:
    """Where a student has one active session at most."""

    student_id: str
    template_id: str
    mode: Mode

    @property
    def lock(self) -> str:
        return f"{LOCKS}/{digest(self.student_id, self.template_id, self.mode.value)}"

    @property
    def lock_without_mode(self) -> str:
        return f"{LOCKS}/{digest(self.student_id, self.template_id)}"

    @property
    def locks(self) -> tuple[str, str]:
        return self.lock, self.lock_without_mode


def lock_scope(student_id: str, template_id: str | None, mode: Mode) -> LockScope | None:
    """None without a template: any number of blank sessions may be active. Work on an assignment
    is one session by its id.
    """
    if mode is Mode.ASSIGNMENT:
        return None
    return None if template_id is None else LockScope(student_id, template_id, mode)


def locked_session_ids(scope: LockScope, documents: Documents) -> list[str]:
    """The ids in the scope's locks. A leftover lock names a session that has ended."""
    return [fields["session_id"] for lock in scope.locks if (fields := documents[lock].fields)]


def lock_writes(
    scope: LockScope, session: Session, documents: Documents, active: Sequence[Session]
) -> Iterator[Write]:
    """The writes that lock the scope for a new session.

    `documents` has the scope's locks as they were read, `active` the active sessions they name.
    """
    yield create_or_update(documents[scope.lock], _fields(scope, session))
    if (without_mode := documents[scope.lock_without_mode]).fields is not None:
        yield Remove(without_mode)
        for other in active:
            elsewhere = replace(scope, mode=other.mode)
            yield Put(elsewhere.lock, _fields(elsewhere, other))


def unlock_writes(scope: LockScope | None) -> list[Write]:
    """The writes that release a scope when its session ends."""
    return [Delete(lock) for lock in scope.locks] if scope else []


def _fields(scope: LockScope, session: Session) -> dict[str, str | int | datetime]:
    return {
        "schema_version": 1,
        "student_id": scope.student_id,
        "template_id": scope.template_id,
        "mode": scope.mode.value,
        "session_id": session.session_id,
        "created_at": session.started_at,
    }
