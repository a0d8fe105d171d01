"""Values that the examples of several operations share."""

from collections.abc import Mapping
from typing import Any

# They exist in the local stack (local/seed.py), so that the examples can be tried there.
TEMPLATE_ID = "daily-scales"
SESSION_ID = "daily-scales-session"
CLASS_ID = "guitar-class"
ASSIGNMENT_ID = "guitar-intervals"
INSTANT = "2026-03-02T17:00:00.000000Z"

TEMPLATE_DATA: Mapping[str, Any] = {
    "sections": [
        {
            "name": "Warm-up",
            "duration_minutes": 10,
            "exercises": [
                {"id": "c-major", "name": "C major", "description": "Two octaves"},
                {
                    "id": "intervals",
                    "name": "Intervals",
                    "skill": "Intervals",
                    "questions": [
                        {
                            "question_id": "fifth",
                            "kind": "numeric",
                            "prompt": "How many semitones are in a perfect fifth?",
                            "hints": ["C to G, counted on the piano's keys"],
                            "answer": 7,
                            "explanation": "C to G: seven keys up.",
                        },
                        {
                            "question_id": "tritone",
                            "kind": "multiple_choice",
                            "prompt": "Which two notes are a tritone apart?",
                            "choices": [
                                {"id": "a", "text": "C and F"},
                                {"id": "b", "text": "C and F sharp"},
                            ],
                            "answer": "b",
                        },
                    ],
                },
            ],
        }
    ],
    "total_duration_minutes": 10,
    "tags": ["scales"],
}

CLASS_REPLY: Mapping[str, Any] = {
    "class": {
        "schema_version": 1,
        "class_id": CLASS_ID,
        "name": "Guitar, Tuesdays",
        "subject": "Music",
        "owner_id": "ms-lee",
        "teacher_ids": ["ms-lee"],
        "timezone": "Europe/Berlin",
        "shows_roster": False,
        "archived_at": None,
        "version": 1,
        "created_at": INSTANT,
        "updated_at": INSTANT,
    },
    "join": {
        "schema_version": 1,
        "code": "7KQ2M4D",
        "expires_at": "2026-04-01T17:00:00.000000Z",
        "max_students": 40,
        "created_at": INSTANT,
    },
}

ASSIGNMENT_REPLY: Mapping[str, Any] = {
    "assignment": {
        "schema_version": 1,
        "class_id": CLASS_ID,
        "assignment_id": ASSIGNMENT_ID,
        "title": "Intervals",
        "template_id": TEMPLATE_ID,
        "template_version": 1,
        "mode": "questions",
        "questions": 2,
        "skills": 1,
        "opens_at": None,
        "due_at": "2026-03-09T17:00:00.000000Z",
        "closes_at": None,
        "points": 10,
        "policy": "strict",
        "feedback": "immediate",
        "student_ids": None,
        "archived_at": None,
        "voided": [],
        "regrading": None,
        "version": 1,
        "created_at": INSTANT,
        "updated_at": INSTANT,
    }
}
CELL_REPLY: Mapping[str, Any] = {
    "cell": {
        "status": "submitted",
        "session_id": "sam-intervals",
        "started_at": INSTANT,
        "submitted_at": INSTANT,
        "score_percent": 50.0,
        "questions_correct": 1,
        "total_questions": 2,
        "override": {"grade": 90, "by": "ms-lee", "at": INSTANT},
        "revision": 1,
    }
}
