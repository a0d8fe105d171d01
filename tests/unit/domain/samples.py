"""Sample templates, sessions and students for tests of the domain."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from shared.domain.common.json_object import MAX_SAFE_INTEGER, JsonObject
from shared.domain.questions.question import Question
from shared.domain.sessions.session import Mode, Session, Status, recount_items
from shared.domain.sessions.session_data import SessionContent, SessionExercise, SessionSection
from shared.domain.students.student import Origin, Student
from shared.domain.templates.template import (
    Exercise,
    Section,
    Template,
    TemplateContent,
    content_hash,
    remove_answer_keys,
)

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)

# Two sections, three exercises: the first by its name, the second by its id, the third by its name.
ROUTINE: dict[str, Any] = {
    "sections": [
        {
            "name": "Warm-up",
            "duration_minutes": 10,
            "exercises": [{"name": "Scales"}, {"id": "arpeggios", "name": "Arpeggios"}],
        },
        {"name": "Rest"},
        {"name": "Songs", "exercises": [{"name": "Blues", "description": "twelve bars"}]},
    ],
    "total_duration_minutes": 30,
}

QUESTION: dict[str, Any] = {
    "question_id": "q1",
    "kind": "numeric",
    "prompt": "How many strings has a guitar?",
    "answer": 6,
    "explanation": "Count them.",
}


def a_template(template_data: Mapping[str, Any] = ROUTINE, **fields: Any) -> Template:
    public, _ = remove_answer_keys(TemplateContent.model_validate(template_data))
    content: dict[str, Any] = {
        "name": "Routine",
        "description": "",
        "root_id": None,
        "subject": None,
        "topic": None,
        "grade_level": None,
        "template_data": public,
        "mastery_criterion": None,
        **{name: value for name, value in fields.items() if name in Template.model_fields},
    }
    return Template.model_validate(
        {
            "template_id": "routine",
            "owner_id": "teacher",
            "visibility": "private",
            "student_ids": [],
            "version": 1,
            "content_hash": content_hash(content),
            "created_at": NOON,
            "updated_at": NOON,
            "archived_at": None,
            **content,
        }
    )


def a_session(session_data: Mapping[str, Any] = ROUTINE, **fields: Any) -> Session:
    defaults: dict[str, Any] = {
        "session_id": "session",
        "student_id": "student",
        "teacher_id": None,
        "template_id": None,
        "template_name": None,
        "template_version": None,
        "origin": Origin.SELF_PRACTICE,
        "mode": Mode.CHECKLIST,
        "name": "Practice",
        "description": "",
        "root_id": None,
        "parent_ids": [],
        "subject": None,
        "topic": None,
        "grade_level": None,
        "timezone": "UTC",
        "status": Status.ACTIVE,
        "started_at": NOON,
        "last_activity_at": NOON,
        "session_data": SessionContent.model_validate(session_data),
    }
    return recount_items(Session(**{**defaults, **fields}))


def a_student(**fields: Any) -> Student:
    return Student(**{"student_id": "student", **fields})


def exercises(count: int, *, done: int = 0) -> dict[str, Any]:
    """A session's data with `count` exercises, the first `done` of them completed."""
    return {
        "sections": [
            {
                "name": "All",
                "exercises": [{"name": f"e{i}", "completed": i < done} for i in range(count)],
            }
        ]
    }


FREE_FORMS: tuple[type[JsonObject], ...] = (
    *(TemplateContent, Section, Exercise, Question),
    *(SessionContent, SessionSection, SessionExercise),
)
OUR_KEYS = {"template_id", "template_name"}.union(*(form.model_fields for form in FREE_FORMS))

# JSON that Firestore can hold: no reserved or empty keys, no list directly inside a list.
keys = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).filter(
    lambda key: key not in OUR_KEYS and not (key.startswith("__") and key.endswith("__"))
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
)


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(keys, inner, max_size=4) | st.lists(
        inner.filter(lambda entry: not isinstance(entry, list)), max_size=4
    )


free_json = st.recursive(scalars, _containers, max_leaves=12)
free_objects = st.dictionaries(keys, free_json, max_size=5)
