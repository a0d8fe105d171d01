"""A student across sessions: streak, XP and the gradebook's totals."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from shared.domain.common.fields import Instant, TimeZone, UserId, ValueObject
from shared.domain.students.local_days import DAY_BEGINS, DayBegins, LocalDays
from shared.domain.students.scoring import ClaimedXp, Xp, add_claimed_xp
from shared.domain.students.streak import Streak, may_change_time_zone

# Of a student's classes, the latest ones joined, whose gradebooks show what they practise.
MAX_CLASSES = 50
# A subject is free text: a new one in every session would outgrow the document.
MAX_SUBJECTS = 200
NO_SUBJECT = "(none)"
OTHER_SUBJECTS = "(other)"


class Origin(StrEnum):
    """Whether a teacher assigned the work or the student chose it."""

    ASSIGNED = "assigned"
    SELF_PRACTICE = "self_practice"


@dataclass(frozen=True)
class SessionCredit:
    """The figures of an ended session that are added to its student's totals."""

    origin: Origin
    subject: str | None
    ended_at: datetime | None
    items_completed: int
    questions_correct: int
    total_questions: int
    time_spent_seconds: int
    xp: Xp


class SubjectTotals(ValueObject):
    sessions: int = 0
    items_completed: int = 0
    questions_correct: int = 0
    total_questions: int = 0
    time_spent_seconds: int = 0
    xp: int = 0
    xp_verified: int = 0

    def plus(self, credit: SessionCredit) -> dict[str, int]:
        return {
            "sessions": self.sessions + 1,
            "items_completed": self.items_completed + credit.items_completed,
            "questions_correct": self.questions_correct + credit.questions_correct,
            "total_questions": self.total_questions + credit.total_questions,
            "time_spent_seconds": self.time_spent_seconds + credit.time_spent_seconds,
            "xp": self.xp + credit.xp.total,
            "xp_verified": self.xp_verified + credit.xp.verified,
        }


class Totals(SubjectTotals):
    by_subject: dict[str, SubjectTotals] = {}


class TotalsByOrigin(ValueObject):
    assigned: Totals = Totals()
    self_practice: Totals = Totals()


class Student(ValueObject):
    """`timezone` and `day_begins` are those that the local days of streak and caps are counted by.

    `class_ids` are the classes whose gradebooks show the totals of their self-practice.
    `xp_verified` is the part of `xp_total` for answers that the server graded by a key that the
    student did not write. `pack_bonus_on` is the ISO date of the latest daily pack that paid the
    session bonus.
    """

    schema_version: Literal[1] = 1
    student_id: UserId
    timezone: TimeZone = "UTC"
    timezone_changed_at: Instant | None = None
    day_begins: DayBegins = DAY_BEGINS
    day_begins_changed_at: Instant | None = None
    streak: Streak = Streak()
    xp_total: Annotated[int, Field(ge=0)] = 0
    xp_verified: Annotated[int, Field(ge=0)] = 0
    claimed: ClaimedXp = ClaimedXp()
    pack_bonus_on: str | None = None
    totals: TotalsByOrigin = TotalsByOrigin()
    class_ids: list[str] = []
    updated_at: Instant | None = None

    @property
    def local_days(self) -> LocalDays:
        return LocalDays(self.timezone, self.day_begins)


def days_of(student: Student | None, timezone: str | None = None) -> LocalDays:
    """The local days of a session that the student, None if unknown, begins in a time zone; by
    default in the one that counts.
    """
    days = student.local_days if student else LocalDays()
    return days._replace(timezone=timezone) if timezone else days


def change_time_zone(student: Student, timezone: str, *, at: Instant) -> Student:
    """The student with the time zone of their practice, unless it changed too recently."""
    if timezone == student.timezone:
        return student
    if not may_change_time_zone(student.timezone_changed_at, at=at):
        return student
    return student.model_copy(update={"timezone": timezone, "timezone_changed_at": at})


def change_day_begins(student: Student, begins: str, *, at: Instant) -> Student:
    """The student with another beginning of their days, unless it changed too recently."""
    if begins == student.day_begins or not may_change_time_zone(
        student.day_begins_changed_at, at=at
    ):
        return student
    return student.model_copy(update={"day_begins": begins, "day_begins_changed_at": at})


def with_class(student: Student, class_id: str) -> Student:
    if class_id in student.class_ids:
        return student
    return student.model_copy(update={"class_ids": [*student.class_ids, class_id][-MAX_CLASSES:]})


def without_class(student: Student, class_id: str) -> Student:
    left = [id_ for id_ in student.class_ids if id_ != class_id]
    return student.model_copy(update={"class_ids": left})


def apply_credit(
    student: Student, credit: SessionCredit, *, streak: Streak, today: date
) -> Student:
    """The student with the XP, streak and totals of a session of the local day `today` added.

    Every call adds: the caller must credit a session once. `updated_at` does not go back: a session
    may have ended before others that are credited already, and the clocks of instances differ.
    """
    origin = credit.origin.value
    totals: Totals = getattr(student.totals, origin)
    subject = credit.subject or NO_SUBJECT
    if subject not in totals.by_subject and len(totals.by_subject) >= MAX_SUBJECTS:
        subject = OTHER_SUBJECTS
    of_subject = totals.by_subject.get(subject, SubjectTotals())
    grown = Totals(
        **totals.plus(credit),
        by_subject={**totals.by_subject, subject: SubjectTotals(**of_subject.plus(credit))},
    )
    return student.model_copy(
        update={
            "streak": streak,
            "xp_total": student.xp_total + credit.xp.total,
            "xp_verified": student.xp_verified + credit.xp.verified,
            "claimed": add_claimed_xp(student.claimed, credit.xp.claimed, today),
            "totals": student.totals.model_copy(update={origin: grown}),
            "updated_at": _later(student.updated_at, credit.ended_at),
        }
    )


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)
