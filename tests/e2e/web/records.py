"""Records of past practice as the store writes them, for pages that show many of them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.domain.sessions.session import Session
from shared.domain.students.skills import Skill
from shared.domain.students.student import Student
from shared.firestore.client import Client
from shared.firestore.documents import fields_of, session_path, skill_path, student_path

Fields = Mapping[str, Any]
BATCH = 400
# Names that break a table or a file if they are taken for more than text.
NAMES = ("Scales", "=1+1", 'Chords, "open"', "Größe & 学习 <b>", "Arpeggios", "-2 semitones")
SUBJECTS = ("Music", "Mathematics", None)


def write(client: Client, documents: Iterable[tuple[str, Fields]]) -> None:
    batch, size = client.batch(), 0
    for path, fields in documents:
        batch.set(client.document(path), dict(fields))
        size += 1
        if size == BATCH:
            batch.commit()
            batch, size = client.batch(), 0
    if size:
        batch.commit()


def session(student: str, number: int, *, until: datetime, **fields: Any) -> tuple[str, Fields]:
    """The session `number` half-days before `until`; two of three are assigned."""
    session_id = f"{student}-{number}"
    assigned = number % 3 != 0
    began = until - timedelta(hours=12 * number)
    questions = 0 if number % 5 == 4 else 4 + number % 7
    correct = questions * (50 + number * 37 % 50) // 100
    minutes = 5 + number * 13 % 40
    ended = began + timedelta(minutes=minutes)
    document = Session.model_validate(
        {
            "session_id": session_id,
            "student_id": student,
            "teacher_id": "some-teacher" if assigned else None,
            "template_id": "scales",
            "template_name": "Scales",
            "template_version": 1,
            "origin": "assigned" if assigned else "self_practice",
            "mode": "checklist",
            "name": NAMES[number % len(NAMES)],
            "description": "",
            "subject": SUBJECTS[number % 3],
            "topic": None,
            "grade_level": None,
            "root_id": None,
            "parent_ids": [],
            "practice_mode": None,
            "timezone": "Europe/Berlin",
            "status": "completed",
            "started_at": began,
            "last_activity_at": ended,
            "ended_at": ended,
            "end_reason": "completed",
            "duration_seconds": minutes * 60,
            "time_spent_seconds": minutes * 60 + number % 4 * 15,
            "session_data": {"sections": []},
            "items_count": 5,
            "items_completed": 4,
            "total_questions": questions,
            "questions_correct": correct,
            "score_percent": round(100 * correct / questions, 1) if questions else None,
            "xp": {"items": 10 * correct, "session_bonus": 20, "total": 10 * correct + 20},
            **fields,
        }
    )
    return session_path(session_id), fields_of(document)


def sessions(student: str, count: int, *, until: datetime) -> Iterator[tuple[str, Fields]]:
    return (session(student, number, until=until) for number in range(count))


def skills(
    student: str, names: Iterable[str], template_id: str | None = None
) -> Iterator[tuple[str, Fields]]:
    """Skills of these names, practised in the template; the first two are due."""
    source = [{"template_id": template_id, "node_ids": []}] if template_id else []
    for number, name in enumerate(names):
        due = datetime.now(UTC) + timedelta(days=number * 3 - 4)
        mastery = (number * 29 % 90 + 8) / 100
        skill = Skill.model_validate(
            {
                "skill_id": f"skill-{number}",
                "name": name,
                "due_at": due,
                "p_mastery": mastery,
                "attempts": 3 + number * 5,
                "sources": source,
            }
        )
        yield skill_path(student, skill.skill_id), fields_of(skill)


def statistics(student: str) -> tuple[str, Fields]:
    of_subject = {
        "sessions": 12,
        "items_completed": 40,
        "questions_correct": 61,
        "total_questions": 80,
        "time_spent_seconds": 15_300,
        "xp": 850,
        "xp_verified": 400,
    }
    own = {**of_subject, "sessions": 5, "time_spent_seconds": 2_400, "xp_verified": 0, "xp": 160}
    document = Student.model_validate(
        {
            "student_id": student,
            "timezone": "Europe/Berlin",
            "streak": {"current": 4, "longest": 11, "last_local_date": "2026-03-02"},
            "xp_total": 1_010,
            "xp_verified": 400,
            "totals": {
                "assigned": {
                    **of_subject,
                    "by_subject": {"Music": {**of_subject, "sessions": 9}, "Physics": of_subject},
                },
                "self_practice": {**own, "by_subject": {"(none)": own}},
            },
        }
    )
    return student_path(student), fields_of(document)
