"""Templates of thousands of exercises: stored within the bounds, refused by path beyond them."""

import json
from typing import Any

import pytest

from local.api import User
from shared.domain.common.json_object import MAX_BYTES
from shared.domain.sessions.session_data import ROOM_FOR_NOTES_BYTES
from shared.domain.students.scoring import MAX_CLAIMED_XP_PER_SESSION
from tests.integration.functions.conftest import ROUTINE, StoredDocuments, created, started
from tests.support.answers import invalid, ok
from tests.support.time_zones import ZONE_OF_NOON

EXERCISES = 3_000


def of_exercises(count: int, *, description: str = "") -> dict[str, Any]:
    """Template data with so many exercises, in ten sections."""
    described = {"description": description} if description else {}
    exercises = [{"name": f"e{i}", **described} for i in range(count)]
    share = count // 10
    return {
        "sections": [
            {"name": f"s{i}", "exercises": exercises[i * share : (i + 1) * share]}
            for i in range(10)
        ]
    }


def test_three_thousand_small_exercises_are_stored_whole_and_practised(
    teacher: User, student: User
) -> None:
    data = of_exercises(EXERCISES)
    template = created(teacher, template_data=data, student_ids=[student.uid])
    stored = student.read(f"session_templates/{template['template_id']}")
    assert stored["template_data"] == data

    session = started(student, template_id=template["template_id"], timezone=ZONE_OF_NOON)
    session_id = session["session_id"]
    assert (session["items_count"], session["items_completed"]) == (EXERCISES, 0)

    items = [{"node_id": f"e{i}", "notes": "done", "grade": "good"} for i in range(200)]
    ticked = ok(student.call("update_progress", {"session_id": session_id, "items": items}))
    assert ticked["session"]["items_completed"] == 200
    assert ticked["next_item"]["node_id"] == "e200"

    sections = ticked["session"]["session_data"]["sections"]
    for section in sections:
        for exercise in section["exercises"]:
            exercise["completed"] = True
    body = {"session_id": session_id, "session_data": {"sections": sections}}
    assert ok(student.call("update_progress", body))["next_item"] is None

    closing = {"session_id": session_id, "notes": "x" * 10_000}
    summary = ok(student.call("complete_session", closing))["summary"]
    assert (summary["items_count"], summary["items_completed"]) == (EXERCISES, EXERCISES)
    assert summary["xp"] == {
        "items": MAX_CLAIMED_XP_PER_SESSION,
        "session_bonus": 0,
        "streak_bonus": 0,
        "total": MAX_CLAIMED_XP_PER_SESSION,
        "verified": 0,
    }
    read = teacher.read(f"practice_sessions/{session_id}")
    assert read["session_data"]["sections"] == sections
    assert read["session_data"]["notes"] == closing["notes"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(of_exercises(EXERCISES, description="d" * 40), id="over 200 KB itself"),
        pytest.param(of_exercises(EXERCISES, description="d" * 10), id="as a session"),
    ],
)
def test_three_thousand_exercises_with_more_text_are_refused_by_name(
    teacher: User, stored_documents: StoredDocuments, data: dict[str, Any]
) -> None:
    template = created(teacher)
    before = stored_documents(teacher)
    key = {"Idempotency-Key": "k"}
    update = {"template_id": template["template_id"], "version": 1, "template_data": data}

    for function, body in (
        ("create_template", {"name": "Big", "template_data": data}),
        ("update_template", update),
    ):
        assert invalid(teacher.call(function, body, headers=key)) == ["template_data"]

    assert stored_documents(teacher) == before


def test_a_template_of_exactly_the_maximum_size_leaves_room_for_notes(
    teacher: User, student: User, stored_documents: StoredDocuments
) -> None:
    def of_bytes(size: int) -> dict[str, Any]:
        """Template data whose session takes so many bytes, without its id and name."""
        session: dict[str, Any] = {
            "sections": [],
            "text": "",
            "template_id": "",
            "template_name": "",
            "notes": "",
            "total_duration_minutes": None,
            "actual_duration_minutes": None,
            "focus_score": None,
            "energy_level": None,
        }
        bare = len(json.dumps(session, separators=(",", ":")))
        return {"sections": [], "text": "x" * (size - bare)}

    most = MAX_BYTES - ROOM_FOR_NOTES_BYTES
    one_more = {"name": "Big", "template_data": of_bytes(most + 1)}
    assert invalid(teacher.call("create_template", one_more)) == ["template_data"]
    assert stored_documents(teacher) == {}

    template = created(teacher, template_data=of_bytes(most), visibility="public")
    session = started(student, template_id=template["template_id"])
    closing = {"session_id": session["session_id"], "notes": "x" * 10_000}
    done = ok(student.call("complete_session", closing))["session"]
    assert done["session_data"]["notes"] == closing["notes"]


def test_a_session_of_maximum_size_is_replayed_whole_under_its_key(student: User) -> None:
    data = {**ROUTINE, "text": "é" * 102_000}
    key = {"Idempotency-Key": "k"}

    first = student.call("start_session", {"session_data": data}, headers=key)
    again = student.call("start_session", {"session_data": data}, headers=key)

    assert ok(first, 201)["session"]["session_data"] == data
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.content == first.content
