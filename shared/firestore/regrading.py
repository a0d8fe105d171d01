"""Grading the sessions of an assignment without its voided questions, each in its own commit."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from google.cloud.firestore import Query
from google.cloud.firestore_v1.base_query import FieldFilter

from shared.domain.classes.assignment import Assignment, Regrading, require_assignment
from shared.domain.classes.school_class import SchoolClass
from shared.domain.gradebook.voiding import (
    LoggedAnswer,
    regrade,
    replay_of,
    replay_skill,
    skills_to_replay,
)
from shared.domain.sessions.items import LoggedItem
from shared.domain.sessions.session import Session, Status
from shared.domain.students.skills import Skill, SkillReplay
from shared.domain.templates.template import Template
from shared.firestore.database import Database
from shared.firestore.documents import (
    SESSIONS,
    Document,
    class_assignment_of,
    class_assignment_path,
    class_of,
    class_path,
    fields_of,
    frozen_template_of,
    frozen_template_path,
    question_audit_path,
    session_of,
    session_path,
    skill_of,
    skill_path,
)
from shared.firestore.paging import count_step, query_step
from shared.firestore.retry import CONFLICTS, Deadline, retry_until_settled
from shared.firestore.rows import submitted_work_write
from shared.firestore.session_logs import read_log
from shared.firestore.unconfirmed_commit import Decision, Documents
from shared.firestore.writes import Create, Update, Write
from shared.ports.calls import IdempotencyContext, Reply, StoredReply
from shared.ports.regrading import VoidChange, VoidReader

# The sessions after which the progress is noted.
PAGE = 10

logger = logging.getLogger("practice.store")


class FirestoreRegradingRepository:
    """Implements shared.ports.regrading.RegradingRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def void(
        self,
        class_id: str,
        assignment_id: str,
        decide: Callable[[VoidReader], VoidChange],
        *,
        idempotency: IdempotencyContext,
    ) -> Assignment:
        path = class_assignment_path(class_id, assignment_id)
        template = frozen_template_path(class_id, assignment_id)

        def decision(documents: Documents, deadline: Deadline) -> Decision[Assignment]:
            change = decide(
                _VoidReader(
                    documents[class_path(class_id)],
                    documents[path],
                    documents[template],
                    lambda: count_step(self._sessions(class_id, assignment_id))(deadline),
                )
            )
            writes: list[Write] = []
            if change.entry is not None:
                entry = question_audit_path(change.entry)
                writes = [
                    Update(documents[path], fields_of(change.assignment)),
                    Create(entry, fields_of(change.entry)),
                ]
            return Decision(Reply(change.assignment), writes)

        # A question is out or not: there is no reply to be stored for a repeated request.
        reply = self._database.change(
            [class_path(class_id), path, template],
            decision,
            idempotency=replace(idempotency, key=None),
        )
        assert not isinstance(reply, StoredReply)
        return reply.body

    def regrade(
        self, class_id: str, assignment_id: str, *, at: datetime, seconds: float
    ) -> Assignment:
        ends = time.monotonic() + seconds
        path = class_assignment_path(class_id, assignment_id)
        while True:
            document = self._read(path)
            assignment = require_assignment(class_assignment_of(document))
            progress = assignment.regrading
            is_over = progress is None or progress.finished_at is not None
            if progress is None or is_over or time.monotonic() > ends:
                return assignment
            session_ids = self._next_sessions(assignment, progress)
            left = 0
            done: list[str] = []
            for session_id in session_ids:
                left += self._regrade_session(session_id, assignment)
                done.append(session_id)
                if time.monotonic() > ends:
                    break
            is_last = len(done) == len(session_ids) < PAGE
            self._note(document, _advanced(progress, done, left, at if is_last else None))

    def _read(self, path: str) -> Document:
        return retry_until_settled(lambda deadline: self._database.read([path], deadline))[path]

    def _sessions(self, class_id: str, assignment_id: str) -> Query:
        return (
            self._database.client.collection(SESSIONS)
            .where(filter=FieldFilter("class_id", "==", class_id))
            .where(filter=FieldFilter("assignment_id", "==", assignment_id))
        )

    def _next_sessions(self, assignment: Assignment, progress: Regrading) -> list[str]:
        query = self._sessions(assignment.class_id, assignment.assignment_id)
        query = query.select([]).order_by("__name__").limit(PAGE)
        if progress.after is not None:
            last = self._database.client.collection(SESSIONS).document(progress.after)
            query = query.start_after({"__name__": last})
        return [snapshot.id for snapshot in retry_until_settled(query_step(query))]

    def _note(self, document: Document, progress: Regrading) -> None:
        """Stores the progress, unless the assignment has changed: then it is read again, and what
        is done already is found done.
        """
        write = Update(document, {"regrading": progress.model_dump()})

        def step(deadline: Deadline) -> None:
            with suppress(*CONFLICTS):
                self._database.commit([write], deadline)

        retry_until_settled(step)

    def _regrade_session(self, session_id: str, assignment: Assignment) -> int:
        """The number of its skills that could not be recomputed."""
        return retry_until_settled(
            lambda deadline: _Regraded(self._database, session_id, assignment, deadline).commit()
        )


class _Regraded:
    """One attempt to grade a session again."""

    def __init__(
        self, database: Database, session_id: str, assignment: Assignment, deadline: Deadline
    ) -> None:
        self._database = database
        self._path = session_path(session_id)
        self._voided = assignment.voided
        self._deadline = deadline

    def commit(self) -> int:
        document = self._database.read([self._path], self._deadline)[self._path]
        session = session_of(document)
        if session is None or session.assignment is None or self._is_done(session):
            return 0
        items = read_log(self._database, session.session_id, self._deadline)
        writes, left = self._skill_writes(session, items)
        after = session
        if session.status is Status.COMPLETED:
            after = regrade(session, items, self._voided)
            writes.append(submitted_work_write(after))
        assert after.assignment is not None
        work = after.assignment.model_copy(update={"voided_in_skills": len(self._voided)})
        after = after.model_copy(update={"assignment": work, "revision": session.revision + 1})
        self._database.commit([Update(document, fields_of(after)), *writes], self._deadline)
        return left

    def _is_done(self, session: Session) -> bool:
        """Whether it is graded so. Open work is noted too: who hands it in meanwhile has read the
        assignment as it was before, and loses this race.
        """
        work, count = session.assignment, len(self._voided)
        if work is None:
            return True
        is_scored = work.voided == count or session.status is not Status.COMPLETED
        return is_scored and work.voided_in_skills == count

    def _skill_writes(self, session: Session, items: list[LoggedItem]) -> tuple[list[Write], int]:
        """The writes of the skills without the voided questions, and the number of those skills
        that have to stay as they are.
        """
        assert session.assignment is not None
        newly = self._voided[session.assignment.voided_in_skills :]
        paths = [skill_path(session.student_id, id_) for id_ in skills_to_replay(items, newly)]
        documents = self._database.read(paths, self._deadline)
        writes: list[Write] = []
        for path in paths:
            skill = skill_of(documents[path])
            after = skill and self._replayed(skill, session, items)
            if after is not None:
                writes.append(Update(documents[path], fields_of(after)))
            else:
                logger.warning("a skill can't be recomputed: a part of its log is missing")
        return writes, len(paths) - len(writes)

    def _replayed(self, skill: Skill, session: Session, items: list[LoggedItem]) -> Skill | None:
        replay = replay_of(skill, session, items)
        if replay is None:
            return None
        answers = [
            LoggedAnswer(item, session.local_days, item.node_id in self._voided)
            for item in items
            if item.skill_id == skill.skill_id
        ]
        for other in self._sessions_since(session.student_id, replay):
            if other.session_id != session.session_id:
                voided = self._voided_in(other)
                log = read_log(
                    self._database, other.session_id, self._deadline, skill_id=skill.skill_id
                )
                answers += [
                    LoggedAnswer(item, other.local_days, item.node_id in voided) for item in log
                ]
        return replay_skill(skill, replay, answers, student_id=session.student_id)

    def _sessions_since(self, student_id: str, replay: SkillReplay) -> list[Session]:
        query = (
            self._database.client.collection(SESSIONS)
            .where(filter=FieldFilter("student_id", "==", student_id))
            .where(filter=FieldFilter("last_activity_at", ">=", replay.since))
        )
        found = query_step(query)(self._deadline)
        sessions = (session_of(Document(s.reference.path, s.to_dict())) for s in found)
        return [session for session in sessions if session is not None and session.mastery]

    def _voided_in(self, session: Session) -> list[str]:
        """The questions of a session that its assignment leaves out."""
        if session.class_id is None or session.assignment_id is None:
            return []
        path = class_assignment_path(session.class_id, session.assignment_id)
        assignment = class_assignment_of(self._database.read([path], self._deadline)[path])
        return assignment.voided if assignment else []


class _VoidReader:
    """Implements shared.ports.regrading.VoidReader."""

    def __init__(
        self,
        school_class: Document,
        assignment: Document,
        template: Document,
        count_sessions: Callable[[], int],
    ) -> None:
        self.school_class: SchoolClass | None = class_of(school_class)
        self.assignment: Assignment | None = class_assignment_of(assignment)
        self.template: Template | None = frozen_template_of(template)
        self.count_sessions = count_sessions


def _advanced(
    progress: Regrading, done: list[str], left: int, finished_at: datetime | None
) -> Regrading:
    """The progress after these sessions. Some may have begun since they were counted."""
    count = progress.done + len(done)
    return progress.model_copy(
        update={
            "done": count,
            "sessions": max(progress.sessions, count),
            "skills_left": progress.skills_left + left,
            "after": done[-1] if done else progress.after,
            "finished_at": finished_at,
        }
    )
