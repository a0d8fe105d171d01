"""What is known of a student across sessions: streak, XP and the gradebook's totals."""

from typing import Annotated, Literal

from pydantic import Field

from shared.domain.fields import Instant, TimeZone, UserId, Value
from shared.domain.scoring import Streak
from shared.domain.session import Origin, Session

# A subject is free text, so a client could invent one per session and outgrow the document.
MAX_SUBJECTS = 200
NO_SUBJECT = "(none)"
OTHER_SUBJECTS = "(other)"


class SubjectTotals(Value):
    sessions: int = 0
    items_completed: int = 0
    questions_correct: int = 0
    total_questions: int = 0
    time_spent_seconds: int = 0
    xp: int = 0

    def plus(self, session: Session) -> dict[str, int]:
        return {
            "sessions": self.sessions + 1,
            "items_completed": self.items_completed + session.items_completed,
            "questions_correct": self.questions_correct + session.questions_correct,
            "total_questions": self.total_questions + session.total_questions,
            "time_spent_seconds": self.time_spent_seconds + (session.time_spent_seconds or 0),
            "xp": self.xp + session.xp.total,
        }


class Totals(SubjectTotals):
    by_subject: dict[str, SubjectTotals] = {}


class TotalsByOrigin(Value):
    assigned: Totals = Totals()
    self_practice: Totals = Totals()


class Student(Value):
    schema_version: Literal[1] = 1
    student_id: UserId
    timezone: TimeZone = "UTC"
    streak: Streak = Streak()
    xp_total: Annotated[int, Field(ge=0)] = 0
    totals: TotalsByOrigin = TotalsByOrigin()
    updated_at: Instant | None = None


def credited(student: Student, session: Session, *, streak: Streak) -> Student:
    """The student with a just completed session's XP, streak and totals added.

    Adds each time it is called: whoever calls it makes sure that a session is credited once.
    """
    origin = "assigned" if session.origin is Origin.ASSIGNED else "self_practice"
    totals: Totals = getattr(student.totals, origin)
    subject = session.subject or NO_SUBJECT
    if subject not in totals.by_subject and len(totals.by_subject) >= MAX_SUBJECTS:
        subject = OTHER_SUBJECTS
    of_subject = totals.by_subject.get(subject, SubjectTotals())
    grown = Totals(
        **totals.plus(session),
        by_subject={**totals.by_subject, subject: SubjectTotals(**of_subject.plus(session))},
    )
    return student.model_copy(
        update={
            "timezone": session.timezone,
            "streak": streak,
            "xp_total": student.xp_total + session.xp.total,
            "totals": student.totals.model_copy(update={origin: grown}),
            "updated_at": session.ended_at,
        }
    )
