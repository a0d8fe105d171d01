"""A practice session and its changes of state: started, updated, completed or abandoned."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

from pydantic import Field

from shared.domain.classes.assignment import AssignmentMode, Feedback, Policy
from shared.domain.common.errors import (
    FieldError,
    InvalidArgument,
    SessionNotActive,
    SessionNotFound,
)
from shared.domain.common.fields import (
    Id,
    Ids,
    Instant,
    Label,
    Name,
    PracticeMode,
    Text,
    TimeZone,
    UserId,
    ValueObject,
)
from shared.domain.common.json_object import is_same_json
from shared.domain.common.revisions import require_same_revision
from shared.domain.practice.client_view import StoredSession
from shared.domain.sessions.items import (
    MAX_ITEMS,
    Item,
    LoggedItem,
    Tally,
    count_items,
    require_listed,
)
from shared.domain.sessions.session_data import (
    SessionContent,
    Tick,
    apply_ticks,
    require_storable_size,
)
from shared.domain.students.local_days import DAY_BEGINS, DayBegins, LocalDays
from shared.domain.students.scoring import Xp, score_percent
from shared.domain.students.student import Origin
from shared.domain.students.timing import Flag


class Mode(StrEnum):
    """The way of practising; that of work on a class's assignment is in its `assignment`."""

    CHECKLIST = "checklist"
    INFINITE = "infinite"
    DAILY = "daily"
    ASSIGNMENT = "assignment"


class Status(StrEnum):
    ACTIVE = "active"
    COMPLETED = "completed"
    ABANDONED = "abandoned"


class EndReason(StrEnum):
    """The reason why a session ended. Its status is `abandoned` in the last two cases."""

    COMPLETED = "completed"
    DISCARDED = "discarded"  # by its student
    STALE = "stale"  # left for too long, and swept


# The words of a refusal for an ended session.
ENDED = {
    EndReason.COMPLETED: "completed",
    EndReason.DISCARDED: "abandoned: its student discarded it",
    EndReason.STALE: "abandoned: it was left for too long, and credited with what was stored",
}


class SkillProgress(ValueObject):
    """A skill's mastery, 0-1, at the start of the session and now."""

    skill_id: str
    name: str
    before: float
    after: float


class StoredState(ValueObject):
    """The stored state of infinite practice, the number of attempts that have been logged, and that
    of answers that could not be graded.

    `sent_hash` is the hash of the state as the client sent it, where the stored one has the
    student's history besides. Both may be continued.
    """

    seq: int
    state_hash: str
    attempts: int
    ungraded: int = Field(default=0, exclude_if=lambda count: not count)
    sent_hash: str | None = Field(default=None, exclude_if=lambda hash_: hash_ is None)

    @property
    def hashes(self) -> list[str]:
        return [hash_ for hash_ in (self.state_hash, self.sent_hash) if hash_ is not None]


class SessionPack(ValueObject):
    """The daily pack that a session practises, and the number of its questions."""

    pack_id: Id
    local_date: str
    questions: int


class AssignedWork(ValueObject):
    """What an assignment of a class asks for: see Assignment, whose values these were.

    `voided` is the number of the assignment's `voided` questions, in their order, that are left out
    of the session's counts and its score, and `voided_in_skills` of those that are left out of the
    student's skills.
    """

    mode: AssignmentMode
    questions: int
    skills: int
    policy: Policy
    feedback: Feedback
    voided: int = Field(default=0, exclude_if=lambda count: not count)
    voided_in_skills: int = Field(default=0, exclude_if=lambda count: not count)


class Session(ValueObject):
    """`class_id`, `assignment_id` and `assignment` are those of work on a class's assignment."""

    schema_version: Literal[1] = 1
    session_id: Id
    student_id: UserId
    teacher_id: UserId | None
    template_id: Id | None
    template_name: Name | None
    template_version: int | None
    origin: Origin
    mode: Mode
    # The app's own name for the way of practising.
    practice_mode: PracticeMode | None = None
    name: Name
    description: Text
    root_id: Id | None
    parent_ids: Ids
    subject: Label | None
    topic: Label | None
    grade_level: Label | None
    timezone: TimeZone
    day_begins: DayBegins = Field(
        default=DAY_BEGINS, exclude_if=lambda begins: begins == DAY_BEGINS
    )
    status: Status
    started_at: Instant
    last_activity_at: Instant
    ended_at: Instant | None = None
    end_reason: EndReason | None = None
    duration_seconds: int | None = None
    time_spent_seconds: int | None = None
    session_data: SessionContent
    items_count: int = 0
    items_completed: int = 0
    total_questions: int = 0
    questions_correct: int = 0
    score_percent: float | None = None
    xp: Xp = Xp()
    flags: list[Flag] = []
    streak_before: int | None = None
    streak_after: int | None = None
    revision: int = 1
    tally: Tally = Tally()
    # Infinite practice, sealed, for its client to resume; None once the session has ended.
    stored_session: StoredSession | None = None
    stored: StoredState | None = None
    pack: SessionPack | None = Field(default=None, exclude_if=lambda pack: pack is None)
    class_id: Id | None = Field(default=None, exclude_if=lambda id_: id_ is None)
    assignment_id: Id | None = Field(default=None, exclude_if=lambda id_: id_ is None)
    assignment: AssignedWork | None = Field(default=None, exclude_if=lambda work: work is None)
    mastery: list[SkillProgress] = []

    @property
    def is_run_by_tutor(self) -> bool:
        """Whether its questions are asked and graded by turns, and it has a sealed state."""
        return self.mode is Mode.INFINITE or self.pack is not None or self._is_assigned_to_tutor

    @property
    def _is_assigned_to_tutor(self) -> bool:
        return self.assignment is not None and self.assignment.mode is not AssignmentMode.CHECKLIST

    @property
    def is_strict(self) -> bool:
        """Whether its answers are taken by assignment_turn, which keeps its state."""
        return self.assignment is not None and self.assignment.policy is Policy.STRICT

    @property
    def planned_questions(self) -> int | None:
        """The number of questions that its turns ask; None where they are not fixed."""
        if self.pack is not None:
            return self.pack.questions
        return (self.assignment.questions if self.assignment else 0) or None

    @property
    def local_days(self) -> LocalDays:
        return LocalDays(self.timezone, self.day_begins)


def require_owned(session: Session | None, *, by: str) -> Session:
    """The student's own session. Raises SessionNotFound for a missing one or another's."""
    if session is None or session.student_id != by:
        raise SessionNotFound
    return session


def require_active(session: Session) -> Session:
    if session.status is not Status.ACTIVE:
        ended = ENDED[session.end_reason] if session.end_reason else session.status
        raise SessionNotActive(f"The session is {ended}.")
    return session


def is_empty(session: Session) -> bool:
    """Whether nothing was done in it and no question answered."""
    return not session.items_completed and not session.total_questions


def recount_items(session: Session) -> Session:
    """The session with its item counts computed from its content and tally."""
    if session.is_run_by_tutor and session.planned_questions is None:
        return session
    done = [bool(exercise.completed) for _, _, exercise in session.session_data.exercises()]
    if session.planned_questions is not None:
        return session.model_copy(
            update={
                "items_count": len(done) + session.planned_questions,
                "items_completed": sum(done) + session.total_questions,
            }
        )
    return session.model_copy(
        update={
            "items_count": len(done) + session.tally.unlisted_items,
            "items_completed": sum(done) + session.tally.unlisted_completed,
            "score_percent": score_percent(session.questions_correct, session.total_questions),
        }
    )


def apply_update(
    session: Session,
    *,
    change: SessionContent | None,
    items: Sequence[Item],
    item_ids: Sequence[str],
    revision: int | None,
    at: Instant,
) -> tuple[Session, list[LoggedItem]]:
    """The next revision of the session, and the log entries to append.

    Without `revision` the change applies to any stored revision. With it, a change that is already
    in place gives the session as it is, so that repeating a call whose response got lost is not a
    conflict. Raises SessionNotActive, RevisionMismatch, or InvalidArgument when an item names no
    exercise and no question, or the session outgrows its bounds.
    """
    require_active(session)
    _require_room_for(items, session)
    if revision is not None and revision != session.revision:
        if change is not None and not items and contains_change(session.session_data, change):
            return session, []
        require_same_revision(revision, session.revision, found="The session is at revision")
    content = session.session_data.overlaid(change) if change else session.session_data
    ticks = [Tick(item.node_id, item.is_done, item.notes) for item in items]
    content, unlisted = apply_ticks(content, ticks)
    exercises = [exercise.node_id for _, _, exercise in content.exercises()]
    questions = {question_id for question_id, _ in content.questions()}
    unknown = {position for position in unlisted if items[position].node_id not in questions}
    require_listed(items, exercises, unlisted=unknown)
    if content is not session.session_data:
        require_storable_size(content, field="session_data" if change else "items")
    counted = count_items(session.tally, items, unlisted=unlisted)
    changed = session.model_copy(
        update={
            "session_data": content,
            "tally": counted.tally,
            "total_questions": session.total_questions + counted.total_questions,
            "questions_correct": session.questions_correct + counted.questions_correct,
            "revision": session.revision + 1,
            "last_activity_at": max(at, session.last_activity_at),
        }
    )
    return recount_items(changed), _log_entries(session, items, item_ids, at=at)


def _require_room_for(items: Sequence[Item], session: Session) -> None:
    if items and session.is_run_by_tutor and session.pack is None:
        message = "infinite practice is graded by its turns: send stored_session"
        raise InvalidArgument(errors=[FieldError("items", message)])
    if session.pack is not None:
        message = "the questions of a daily pack are graded by its turns: send stored_session"
        graded = [i for i, item in enumerate(items) if item.is_right is not None]
        if graded:
            raise InvalidArgument(errors=[FieldError(f"items.{i}", message) for i in graded])
    if session.tally.items_logged + len(items) > MAX_ITEMS:
        message = f"a session holds at most {MAX_ITEMS} items"
        raise InvalidArgument(errors=[FieldError("items", message)])


def _log_entries(
    session: Session, items: Sequence[Item], item_ids: Sequence[str], *, at: Instant
) -> list[LoggedItem]:
    return [
        LoggedItem(
            **{**dict(item), "completed": item.is_done, "correct": item.is_right},
            item_id=item_id,
            index=session.tally.items_logged + position,
            verified=False,
            completed_at=at,
        )
        for position, (item, item_id) in enumerate(zip(items, item_ids, strict=True))
    ]


def contains_change(content: SessionContent, change: SessionContent) -> bool:
    """Whether the change, laid over the content, would alter nothing."""
    stored = content.model_dump()
    return all(
        key in stored and is_same_json(stored[key], value)
        for key, value in change.model_dump().items()
    )


def end_session(session: Session, reason: EndReason, *, at: Instant) -> Session:
    """The ended session, with no state to resume. Its duration is in whole seconds, at least 0."""
    ended_at = max(at, session.started_at)
    return session.model_copy(
        update={
            "status": Status.COMPLETED if reason is EndReason.COMPLETED else Status.ABANDONED,
            "end_reason": reason,
            "ended_at": ended_at,
            "duration_seconds": int((ended_at - session.started_at).total_seconds()),
            "stored_session": None,
            "revision": session.revision + 1,
        }
    )
