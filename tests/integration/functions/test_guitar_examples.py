"""The guitar examples are stored unchanged and read back unaltered by student and teacher."""

from itertools import accumulate
from typing import Any

from local.api import User, found
from local.examples import GUITAR_SESSION, GUITAR_TEMPLATE
from shared.domain.common.json_object import is_same_json
from shared.domain.students.scoring import XP_EXERCISE_TICKED, XP_PER_STREAK_DAY
from tests.integration.functions.conftest import created
from tests.support.answers import ok
from tests.support.time_zones import ZONE_OF_NOON

PARENT_IDS = ["short-term-goal-1", "short-term-goal-2"]
SENT_AT_THE_END = ("notes", "focus_score", "energy_level", "actual_duration_minutes")


def test_the_guitar_template_is_returned_as_written(teacher: User, student: User) -> None:
    body = {**GUITAR_TEMPLATE, "student_ids": [student.uid]}

    reply = ok(teacher.call("create_template", body), 201)["template"]

    for reader in (teacher, student):
        stored = reader.read(f"session_templates/{reply['template_id']}")
        assert all(is_same_json(stored[name], value) for name, value in GUITAR_TEMPLATE.items())
    source = teacher.get(f"session_templates/{reply['template_id']}/private/source")
    assert source.status_code == 404


def test_the_guitar_session_is_returned_as_practised(teacher: User, student: User) -> None:
    template = created(teacher, **GUITAR_TEMPLATE, student_ids=[student.uid])
    start = {
        "template_id": template["template_id"],
        "parent_ids": PARENT_IDS,
        "timezone": ZONE_OF_NOON,
    }
    begun = ok(student.call("start_session", start), 201)["session"]
    session_id = begun["session_id"]
    names = [section["name"] for section in begun["session_data"]["sections"]]
    assert names == ["Warm-up", "Technique", "Song Practice"]
    assert (begun["items_count"], begun["parent_ids"]) == (5, PARENT_IDS)

    # One more section with every call, then all fields except those sent at the end.
    changes: list[dict[str, Any]] = [
        {"sections": sections}
        for sections in accumulate([section] for section in GUITAR_SESSION["sections"])
    ]
    changes.append({k: v for k, v in GUITAR_SESSION.items() if k not in SENT_AT_THE_END})
    for revision, change in enumerate(changes, start=1):
        body = {"session_id": session_id, "revision": revision, "session_data": change}
        updated = ok(student.call("update_progress", body))
    assert updated["next_item"]["node_id"] == "Legato runs"

    closing = {name: GUITAR_SESSION[name] for name in SENT_AT_THE_END}
    assert (closing["actual_duration_minutes"], closing["focus_score"]) == (55, 8)
    assert closing["energy_level"] == 7
    summary = ok(student.call("complete_session", {"session_id": session_id, **closing}))["summary"]

    assert (summary["items_completed"], summary["items_count"]) == (3, 4)
    assert summary["time_spent_seconds"] == 55 * 60
    assert summary["xp"] == {
        "items": 3 * XP_EXERCISE_TICKED,
        "session_bonus": 0,
        "streak_bonus": XP_PER_STREAK_DAY,
        "total": 3 * XP_EXERCISE_TICKED + XP_PER_STREAK_DAY,
        "verified": 0,
    }
    for reader in (student, teacher):
        stored = reader.read(f"practice_sessions/{session_id}")
        assert is_same_json(stored["session_data"], GUITAR_SESSION)
        assert (stored["parent_ids"], stored["origin"]) == (PARENT_IDS, "assigned")
        assert stored["template_id"] == template["template_id"]
        assert (stored["status"], stored["revision"]) == ("completed", 5)


def test_the_session_is_found_by_each_of_its_goals(teacher: User, student: User) -> None:
    template = created(teacher, **GUITAR_TEMPLATE, student_ids=[student.uid])
    start = {"template_id": template["template_id"], "parent_ids": PARENT_IDS}
    ok(student.call("start_session", start), 201)

    def filtered(field: str, operator: str, value: str) -> dict[str, Any]:
        return {
            "fieldFilter": {
                "field": {"fieldPath": field},
                "op": operator,
                "value": {"stringValue": value},
            }
        }

    for goal, expected in ((PARENT_IDS[0], 1), (PARENT_IDS[1], 1), ("another", 0)):
        filters = [
            filtered("student_id", "EQUAL", student.uid),
            filtered("parent_ids", "ARRAY_CONTAINS", goal),
        ]
        query = {
            "from": [{"collectionId": "practice_sessions"}],
            "where": {"compositeFilter": {"op": "AND", "filters": filters}},
        }
        assert len(found(student.query(query))) == expected
