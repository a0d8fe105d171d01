"""Sessions with their item log, their lock, and the student they are credited to."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from shared.domain.classes.assignment import Assignment
from shared.domain.sessions.session import Mode, Session, Status
from shared.domain.students.skills import Skill
from shared.firestore.assignments import assignment_path, template_for
from shared.firestore.database import Database
from shared.firestore.documents import (
    Document,
    class_assignment_of,
    class_assignment_path,
    fields_of,
    item_path,
    moved_fields,
    session_of,
    session_path,
    skill_of,
    skill_path,
    state_fields,
    state_path,
    student_of,
    student_path,
    template_path,
)
from shared.firestore.locks import (
    LockScope,
    lock_scope,
    lock_writes,
    locked_session_ids,
    unlock_writes,
)
from shared.firestore.packs import pack_end_writes
from shared.firestore.retry import Deadline, retry_until_settled
from shared.firestore.rows import (
    credited_work_writes,
    ended_live_path,
    ended_live_writes,
    live_writes,
)
from shared.firestore.session_logs import read_log
from shared.firestore.unconfirmed_commit import Decision, Documents
from shared.firestore.writes import Create, Delete, Put, Update, Write, create_or_update
from shared.ports.calls import IdempotencyContext, R, Reply, StoredReply
from shared.ports.sessions import DecideSession, SessionChange, SessionRecords


class FirestoreSessionRepository:
    """Implements shared.ports.sessions.SessionRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(
        self,
        decide: DecideSession[R],
        *,
        student_id: str,
        template_id: str | None,
        mode: Mode,
        session_id: str,
        idempotency: IdempotencyContext,
        id_may_exist: bool = False,
        skill_ids: Sequence[str] = (),
    ) -> Reply[R] | StoredReply:
        """The lock is created with the session, so of many simultaneous starts one takes effect and
        the others decide again and find its session.
        """
        path = session_path(session_id)
        template = None if template_id is None else template_path(template_id)
        assignment = None if template_id is None else assignment_path(student_id, template_id)
        locked = lock_scope(student_id, template_id, mode)
        student = student_path(student_id)
        existing = path if id_may_exist else None
        state = state_path(session_id) if id_may_exist else None
        skills = _skill_paths(student_id, skill_ids)

        def decision(documents: Documents, deadline: Deadline) -> Decision[R]:
            active = self._active_sessions(locked, documents, deadline) if locked else []
            change = decide(
                SessionRecords(
                    session=_session_of(documents, session_id) if existing else None,
                    active=next((s for s in active if s.mode is mode), None),
                    template=template_for(student_id, documents[template], documents[assignment])
                    if template and assignment
                    else None,
                    student=student_of(documents[student]),
                    skills=_stored_skills(documents, skills),
                )
            )
            if change.session is None:
                return Decision(change.reply)
            writes: list[Write] = [
                Create(path, fields_of(change.session)),
                *_state_writes(change.session),
            ]
            if locked:
                writes += lock_writes(locked, change.session, documents, active)
            writes += _log_and_skills(session_id, change, documents, skills)
            return Decision(change.reply, writes)

        return self._database.change(
            [
                p
                for p in (
                    template,
                    assignment,
                    *(locked.locks if locked else ()),
                    student,
                    existing,
                    state,
                    *skills.values(),
                )
                if p
            ],
            decision,
            idempotency=idempotency,
            receipt=None if id_may_exist else path,
        )

    def read(self, session_id: str) -> Session | None:
        paths = [session_path(session_id), state_path(session_id)]
        documents = retry_until_settled(lambda deadline: self._database.read(paths, deadline))
        return _session_of(documents, session_id)

    def update(
        self,
        session_id: str,
        decide: DecideSession[R],
        *,
        student_id: str,
        idempotency: IdempotencyContext,
        read_student: bool = False,
        read_state: bool = False,
        first_item_id: str | None = None,
        skill_ids: Sequence[str] = (),
    ) -> Reply[R] | StoredReply:
        path = session_path(session_id)
        student = student_path(student_id) if read_student else None
        state = state_path(session_id) if read_state else None
        skill_paths = _skill_paths(student_id, skill_ids)

        def decision(found: Documents, deadline: Deadline) -> Decision[R]:
            documents, skills = dict(found), dict(skill_paths)
            stored = _session_of(documents, session_id)
            work = self._read_work(stored, deadline)

            def read_skills(ids: Sequence[str]) -> Mapping[str, Skill | None]:
                skills.update(_skill_paths(student_id, ids))
                documents.update(self._database.read(list(skills.values()), deadline))
                return _stored_skills(documents, skills)

            change = decide(
                SessionRecords(
                    session=stored,
                    student=student_of(documents[student]) if student else None,
                    assignment=work.assignment,
                    kept_state=work.state,
                    read_skills=read_skills,
                    read_items=lambda: read_log(self._database, session_id, deadline),
                    skills=_stored_skills(documents, skills),
                )
            )
            session = change.session
            if session is None:
                return Decision(change.reply)
            writes: list[Write] = [
                Update(documents[path], fields_of(session), removed=moved_fields(session.mode)),
                *_state_writes(session),
            ]
            if student and change.student:
                writes.append(create_or_update(documents[student], fields_of(change.student)))
                writes += credited_work_writes(session, change.student)
            writes += _log_and_skills(session_id, change, documents, skills)
            if session.status is Status.ACTIVE:
                # Strict work is shown by its turns.
                writes += [] if session.is_strict else live_writes(session, change.practice)
            else:
                writes += ended_live_writes(session, self._shown_work(session, deadline))
                writes += unlock_writes(lock_scope(student_id, session.template_id, session.mode))
                writes += pack_end_writes(session)
            return Decision(change.reply, writes)

        return self._database.change(
            [p for p in (path, student, state, *skill_paths.values()) if p],
            decision,
            idempotency=idempotency,
            receipt=None if first_item_id is None else item_path(session_id, first_item_id),
        )

    def _read_work(self, session: Session | None, deadline: Deadline) -> "_Work":
        if session is None or session.class_id is None or session.assignment_id is None:
            return _Work()
        path = class_assignment_path(session.class_id, session.assignment_id)
        state = state_path(session.session_id) if session.is_strict else None
        read = self._database.read([path, *([state] if state else [])], deadline)
        kept = read[state].fields if state else None
        return _Work(class_assignment_of(read[path]), kept and kept["stored_session"])

    def _shown_work(self, session: Session, deadline: Deadline) -> Document | None:
        """What the class shows of the student at the moment."""
        path = ended_live_path(session)
        return self._database.read([path], deadline)[path] if path else None

    def _active_sessions(
        self, locked: LockScope, documents: Documents, deadline: Deadline
    ) -> list[Session]:
        """The active sessions that the scope's locks name."""
        ids = locked_session_ids(locked, documents)
        states = map(state_path, ids) if locked.mode is Mode.INFINITE else ()
        read = self._database.read([*map(session_path, ids), *states], deadline)
        found = [_session_of(read, session_id) for session_id in ids]
        return [s for s in found if s and s.status is Status.ACTIVE]


class _Work(NamedTuple):
    """The assignment of a session, and its state where that is strict work's."""

    assignment: Assignment | None = None
    state: Mapping[str, Any] | None = None


def _session_of(documents: Documents, session_id: str) -> Session | None:
    """The session, with its state where that was read too."""
    return session_of(documents[session_path(session_id)], documents.get(state_path(session_id)))


def _state_writes(session: Session) -> list[Write]:
    """The write of the state, whose condition is the one that the session's write carries."""
    if not session.is_run_by_tutor:
        return []
    path = state_path(session.session_id)
    if session.status is not Status.ACTIVE:
        return [Delete(path)]
    if session.stored_session is None:  # not read, so not changed
        return []
    return [Put(path, state_fields(session.stored_session))]


def _skill_paths(student_id: str, skill_ids: Sequence[str]) -> Mapping[str, str]:
    return {skill_id: skill_path(student_id, skill_id) for skill_id in skill_ids}


def _stored_skills(documents: Documents, paths: Mapping[str, str]) -> dict[str, Skill | None]:
    return {skill_id: skill_of(documents[path]) for skill_id, path in paths.items()}


def _log_and_skills(
    session_id: str, change: SessionChange[R], documents: Documents, paths: Mapping[str, str]
) -> list[Write]:
    log = [Create(item_path(session_id, item.item_id), fields_of(item)) for item in change.items]
    skills = [create_or_update(documents[paths[s.skill_id]], fields_of(s)) for s in change.skills]
    return [*log, *skills]
