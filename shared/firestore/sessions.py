"""Sessions with their item log, their lock, and the student they are credited to."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.sessions.items import LoggedItem
from shared.domain.sessions.session import Session, Status
from shared.domain.students.skills import Skill
from shared.domain.students.student import Student
from shared.domain.templates.template import Template
from shared.firestore.database import Create, Database, Decision, Delete, Documents, Update, Write
from shared.firestore.documents import (
    Document,
    Fields,
    fields_of,
    item_path,
    lock_path,
    session_of,
    session_path,
    skill_of,
    skill_path,
    student_of,
    student_path,
    template_of,
    template_path,
)
from shared.firestore.retry import Deadline
from shared.ports.calls import IdempotencyContext, Reply

# What is stored of a student's skills, by skill_id; None for one never practised before.
Skills = Mapping[str, Skill | None]


@dataclass(frozen=True)
class Found:
    """What a start is decided on. `student` is None unless it was asked for.

    `same` is a session stored under the new one's id, which practice that was begun elsewhere
    brings along.
    """

    template: Template | None
    active: Session | None
    student: Student | None
    same: Session | None = None
    skills: Skills = field(default_factory=dict)


@dataclass(frozen=True)
class Start:
    """The session to store, or None to go on with the active one."""

    reply: Reply
    session: Session | None = None
    items: Sequence[LoggedItem] = ()
    skills: Sequence[Skill] = ()


@dataclass(frozen=True)
class SessionChange:
    """The session to store, if it changed, what to append to its log, and the skills it changed."""

    reply: Reply
    session: Session | None = None
    items: Sequence[LoggedItem] = ()
    skills: Sequence[Skill] = ()


@dataclass(frozen=True)
class SessionCompletion:
    """The completed session and the student credited with it; neither for a repeat."""

    reply: Reply
    session: Session | None = None
    student: Student | None = None
    items: Sequence[LoggedItem] = ()
    skills: Sequence[Skill] = ()


class SessionStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def start(
        self,
        decide: Callable[[Found], Start],
        *,
        student_id: str,
        template_id: str | None,
        session_id: str,
        with_student: bool,
        begun_elsewhere: bool = False,
        skill_ids: Sequence[str] = (),
        once: IdempotencyContext,
    ) -> Reply:
        """Decides between a new session, which will have `session_id`, and the active one.

        With `begun_elsewhere` the id is the caller's, so a session may be stored under it already.

        The lock is created with the session, so of many simultaneous starts one takes effect and
        the others come back here to find it.
        """
        template = None if template_id is None else template_path(template_id)
        lock = None if template_id is None else lock_path(student_id, template_id)
        student = student_path(student_id) if with_student else None
        same = session_path(session_id) if begun_elsewhere else None
        skills = _skill_paths(student_id, skill_ids)

        def decision(documents: Documents, budget: Deadline) -> Decision:
            found = Found(
                template=template_of(documents[template]) if template else None,
                active=self._locked(documents[lock], budget) if lock else None,
                student=student_of(documents[student]) if student else None,
                same=session_of(documents[same]) if same else None,
                skills=_known(documents, skills),
            )
            start = decide(found)
            if start.session is None:
                return Decision(start.reply)
            writes: list[Write] = [Create(session_path(session_id), fields_of(start.session))]
            if lock and template_id:
                fields = _lock_fields(start.session, template_id)
                read = documents[lock]
                writes.append(Create(lock, fields) if read.fields is None else Update(read, fields))
            writes += _logged(session_id, start.items)
            writes += _skills_written(documents, skills, start.skills)
            return Decision(start.reply, writes)

        return self._database.change(
            [path for path in (template, lock, student, same, *skills.values()) if path],
            decision,
            once=once,
            receipt=None if begun_elsewhere else session_path(session_id),
        )

    def change(
        self,
        session_id: str,
        decide: Callable[[Session | None, Skills], SessionChange],
        *,
        student_id: str,
        first_item_id: str | None,
        skill_ids: Sequence[str] = (),
        once: IdempotencyContext,
    ) -> Reply:
        """Decides on the session, None if there is none, and stores what was decided.

        `first_item_id` is that of the first entry to be logged: finding it tells that an earlier
        attempt took effect though its reply got lost.
        """
        path = session_path(session_id)
        skills = _skill_paths(student_id, skill_ids)

        def decision(documents: Documents, _budget: Deadline) -> Decision:
            read = documents[path]
            change = decide(session_of(read), _known(documents, skills))
            if change.session is None:
                return Decision(change.reply)
            writes: list[Write] = [Update(read, fields_of(change.session))]
            writes += _logged(session_id, change.items)
            writes += _skills_written(documents, skills, change.skills)
            return Decision(change.reply, writes)

        receipt = None if first_item_id is None else item_path(session_id, first_item_id)
        return self._database.change([path, *skills.values()], decision, once=once, receipt=receipt)

    def complete(
        self,
        session_id: str,
        decide: Callable[[Session | None, Student, Skills], SessionCompletion],
        *,
        student_id: str,
        skill_ids: Sequence[str] = (),
        once: IdempotencyContext,
    ) -> Reply:
        """Stores the completed session, the student's totals and the lock's release as one."""
        path, student = session_path(session_id), student_path(student_id)
        skills = _skill_paths(student_id, skill_ids)

        def decision(documents: Documents, _budget: Deadline) -> Decision:
            completion = decide(
                session_of(documents[path]),
                student_of(documents[student]),
                _known(documents, skills),
            )
            if completion.session is None or completion.student is None:
                return Decision(completion.reply)
            writes: list[Write] = [
                Update(documents[path], fields_of(completion.session)),
                _put(documents[student], fields_of(completion.student)),
                *_logged(session_id, completion.items),
                *_skills_written(documents, skills, completion.skills),
            ]
            if completion.session.template_id is not None:
                writes.append(Delete(lock_path(student_id, completion.session.template_id)))
            return Decision(completion.reply, writes)

        return self._database.change([path, student, *skills.values()], decision, once=once)

    def _locked(self, lock: Document, budget: Deadline) -> Session | None:
        """The active session the lock names; None when there is no lock or it is a leftover."""
        if lock.fields is None:
            return None
        path = session_path(lock.fields["session_id"])
        session = session_of(self._database.read([path], budget)[path])
        return session if session and session.status is Status.ACTIVE else None


def _skill_paths(student_id: str, skill_ids: Sequence[str]) -> Mapping[str, str]:
    return {skill_id: skill_path(student_id, skill_id) for skill_id in skill_ids}


def _known(documents: Documents, paths: Mapping[str, str]) -> Skills:
    return {skill_id: skill_of(documents[path]) for skill_id, path in paths.items()}


def _skills_written(
    documents: Documents, paths: Mapping[str, str], skills: Sequence[Skill]
) -> list[Write]:
    return [_put(documents[paths[skill.skill_id]], fields_of(skill)) for skill in skills]


def _logged(session_id: str, items: Sequence[LoggedItem]) -> list[Write]:
    return [Create(item_path(session_id, item.item_id), fields_of(item)) for item in items]


def _put(read: Document, fields: Fields) -> Write:
    return Create(read.path, fields) if read.fields is None else Update(read, fields)


def _lock_fields(session: Session, template_id: str) -> dict[str, str | int | datetime]:
    return {
        "schema_version": 1,
        "student_id": session.student_id,
        "template_id": template_id,
        "session_id": session.session_id,
        "created_at": session.started_at,
    }
