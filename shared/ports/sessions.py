"""Sessions as use cases read and store them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol

from shared.domain.classes.assignment import Assignment
from shared.domain.practice.state import Practice
from shared.domain.sessions.items import LoggedItem
from shared.domain.sessions.session import Mode, Session
from shared.domain.students.skills import Skill
from shared.domain.students.student import Student
from shared.domain.templates.template import Template
from shared.ports.calls import IdempotencyContext, R, R_co, Reply, StoredReply

ReadSkills = Callable[[Sequence[str]], Mapping[str, Skill | None]]


def _no_skills(_skill_ids: Sequence[str]) -> Mapping[str, Skill | None]:
    return {}


@dataclass(frozen=True)
class SessionRecords:
    """The stored state that a decision on a session is made from.

    `session` is the one stored under the session's id. `active` is the one that is active for the
    same student, template and mode, `template` the template to start from, of whose `student_ids`
    only the student's own is known; both are read for a start only. `student` is None where it was
    not asked for or nothing is stored. `skills` are by skill_id, None for a skill that was never
    practised before. `assignment` is that of the session's work. `kept_state` is the state of
    strict work, which no client has, and `read_skills` reads the stored skills that it names.
    `read_items` reads the session's log as it is stored.
    """

    session: Session | None = None
    active: Session | None = None
    template: Template | None = None
    student: Student | None = None
    assignment: Assignment | None = None
    kept_state: Mapping[str, Any] | None = None
    read_skills: ReadSkills = _no_skills
    read_items: Callable[[], Sequence[LoggedItem]] = list
    skills: Mapping[str, Skill | None] = field(default_factory=dict)


@dataclass(frozen=True)
class SessionChange(Generic[R_co]):
    """The reply, and the changes to store before it is given.

    `session` is None where nothing changes. `items` are appended to the session's log; `student`
    is None where their totals stay. `practice` is what the session advances to, where that is
    known.
    """

    reply: Reply[R_co]
    session: Session | None = None
    items: Sequence[LoggedItem] = ()
    skills: Sequence[Skill] = ()
    student: Student | None = None
    practice: Practice | None = None


DecideSession = Callable[[SessionRecords], SessionChange[R]]


class SessionRepository(Protocol):
    """Stores each decision atomically, with the reply where the request has an Idempotency-Key.

    A decision is a pure function: it is made again from fresh records when another request changed
    them first, or when the outcome of a commit is unknown. Every method raises the refusals of the
    decision, IdempotencyKeyReused, or Unavailable.
    """

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
        """Decides between a new session, which will have `session_id`, and the active one.

        Of many simultaneous starts from one template in one mode one takes effect; the others find
        its session active. With `id_may_exist` the id is the client's, and a session may be stored
        under it already; it is read too.
        """

    def read(self, session_id: str) -> Session | None:
        """The session with the state of its infinite practice, if it has one. Writes nothing."""

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
        """Decides on a session and stores the change. One that has ended releases its template, and
        its state is deleted. `read_state` asks for the state of infinite practice, which the
        session of the records lacks without it.

        `first_item_id` is the id of the first item to be logged: finding it stored shows that an
        earlier attempt of this request took effect although its response was lost.
        """


@dataclass(frozen=True)
class SweepResult:
    """`remaining` stale sessions are left; `next_at` is the last activity of the oldest one."""

    scanned: int
    abandoned: int
    remaining: int
    next_at: datetime | None


class StaleSessionSweeper(Protocol):
    def sweep(
        self,
        reply_to: Callable[[SweepResult], Reply[R]],
        *,
        stale_before: datetime,
        limit: int,
        dry_run: bool,
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        """Abandons up to `limit` sessions without activity since `stale_before`, oldest first.

        It ends early when its time is used up, and may be repeated: a session is abandoned or left
        as it was. A student who returns in the meantime keeps the session. `dry_run` only counts.
        """
