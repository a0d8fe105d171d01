"""start_session: from a template or blank, assigned or not, one active session at a time."""

from typing import Any

import pytest

from local.api import User
from tests.conftest import NewUser
from tests.integration.functions.conftest import ROUTINE, Abandon, StoredDocuments, created, started
from tests.support.answers import invalid, ok, refused
from tests.support.stored import matches_document, of_collection

TEMPLATE_FIELDS = {
    "description": "Every day",
    "root_id": "learn-guitar",
    "subject": "Music",
    "topic": "Blues",
    "grade_level": "7",
}
OWN_FIELDS = {
    "name": "Mine",
    "description": "My words",
    "root_id": "my-goal",
    "subject": "My subject",
    "topic": "My topic",
    "grade_level": "8",
}


def test_the_reply_is_what_is_stored(teacher: User, student: User) -> None:
    template = created(teacher, student_ids=[student.uid], **TEMPLATE_FIELDS)
    body = {
        "template_id": template["template_id"],
        "mode": "daily",
        "practice_mode": "flash cards",
        "parent_ids": ["short-term-goal-1", "short-term-goal-2"],
        "timezone": "Asia/Kathmandu",
    }

    reply = ok(student.call("start_session", body), 201)

    session = reply["session"]
    for reader in (student, teacher):
        document = reader.read(f"practice_sessions/{session['session_id']}")
        assert matches_document(session, document, own_id="session_id")
    assert {name: document[name] for name in TEMPLATE_FIELDS} == TEMPLATE_FIELDS
    assert {name: document[name] for name in body} == body
    assert (document["student_id"], document["teacher_id"]) == (student.uid, teacher.uid)
    assert (document["template_name"], document["template_version"]) == ("Routine", 1)
    assert (document["name"], document["origin"]) == ("Routine", "assigned")
    assert (document["status"], document["revision"]) == ("active", 1)
    assert document["started_at"] == document["last_activity_at"]
    assert (document["ended_at"], document["duration_seconds"]) == (None, None)
    assert (document["items_count"], document["items_completed"]) == (3, 0)
    assert document["xp"] == dict.fromkeys(
        ["items", "session_bonus", "streak_bonus", "total", "verified"], 0
    )
    assert (document["streak_before"], document["streak_after"]) == (None, None)
    assert reply["resumed"] is False
    assert reply["next_item"] == {
        "node_id": "Scales",
        "section_index": 0,
        "section_name": "Warm-up",
        "exercise_index": 0,
        "exercise": {"name": "Scales", "completed": False, "notes": ""},
    }


def test_session_data_is_prepopulated_from_the_template(teacher: User) -> None:
    template = created(teacher, template_data={**ROUTINE, "tags": ["guitar"], "capo": 2})

    session = started(teacher, template_id=template["template_id"])

    assert session["session_data"] == {
        "template_id": template["template_id"],
        "template_name": "Routine",
        "sections": [
            {
                "name": "Warm-up",
                "duration_minutes": 10,
                "exercises": [
                    {"name": "Scales", "completed": False, "notes": ""},
                    {"id": "arpeggios", "name": "Arpeggios", "completed": False, "notes": ""},
                ],
            },
            {
                "name": "Songs",
                "exercises": [
                    {
                        "name": "Blues",
                        "description": "twelve bars",
                        "completed": False,
                        "notes": "",
                    }
                ],
            },
        ],
        "notes": "",
        "total_duration_minutes": 30,
        "actual_duration_minutes": None,
        "focus_score": None,
        "energy_level": None,
        "capo": 2,
    }


def test_the_callers_fields_override_the_template(teacher: User) -> None:
    template = created(teacher, **TEMPLATE_FIELDS)
    sections = [{"name": "Short", "exercises": [{"name": "One", "completed": True}]}]
    own = {"sections": sections, "notes": "Focused on speed today", "mood": {"before": [3]}}

    session = started(teacher, template_id=template["template_id"], session_data=own, **OWN_FIELDS)

    assert {name: session["session_data"][name] for name in own} == own
    assert session["session_data"]["total_duration_minutes"] == 30
    assert {name: session[name] for name in OWN_FIELDS} == OWN_FIELDS
    assert session["template_name"] == "Routine"
    assert (session["items_count"], session["items_completed"]) == (1, 1)


@pytest.mark.parametrize("given", [{}, {"session_data": None}, {"session_data": {}}])
def test_a_session_may_start_blank(
    student: User, stored_documents: StoredDocuments, given: dict[str, Any]
) -> None:
    session = started(student, **given)

    assert session["session_data"] == {}
    assert (session["name"], session["description"]) == ("Practice", "")
    assert (session["origin"], session["teacher_id"]) == ("self_practice", None)
    assert (session["template_id"], session["template_name"]) == (None, None)
    assert session["timezone"] == "UTC"
    path = f"practice_sessions/{session['session_id']}"
    assert list(stored_documents(student)) == [path]
    assert matches_document(session, student.read(path), own_id="session_id")


def test_a_blank_session_holds_the_given_data(student: User) -> None:
    data = {
        "sections": [{"name": "Any", "exercises": [{"name": "Done", "completed": True}]}],
        "a.b": {"`c`": ["😀", -0.5, None, {}]},
    }
    body = {"session_data": data, "parent_ids": ["short-term-goal-1"], **OWN_FIELDS}

    reply = ok(student.call("start_session", body), 201)

    document = student.read(f"practice_sessions/{reply['session']['session_id']}")
    assert matches_document(reply["session"], document, own_id="session_id")
    assert {name: document[name] for name in body} == body
    assert reply["next_item"] is None


def test_blank_sessions_may_run_side_by_side(student: User) -> None:
    assert started(student)["session_id"] != started(student)["session_id"]


def test_starting_again_resumes_the_active_session(
    teacher: User, student: User, stored_documents: StoredDocuments
) -> None:
    body = {"template_id": created(teacher, visibility="public")["template_id"]}
    session = started(student, **body)
    before = stored_documents(student)

    again = ok(student.call("start_session", {**body, "name": "Other", "parent_ids": ["x"]}))

    assert again["session"] == session
    assert again["resumed"] is True
    assert again["next_item"]["node_id"] == "Scales"
    assert stored_documents(student) == before


def test_the_active_session_is_returned_in_its_current_state(teacher: User) -> None:
    body = {"template_id": created(teacher)["template_id"]}
    session = started(teacher, **body)
    ticked = {"session_id": session["session_id"], "items": [{"node_id": "Scales"}]}
    progress = ok(teacher.call("update_progress", ticked))

    again = ok(teacher.call("start_session", body))

    assert again["session"] == progress["session"]
    assert again["next_item"] == progress["next_item"]


def test_everyone_has_an_active_session_of_their_own(teacher: User, user: NewUser) -> None:
    body = {"template_id": created(teacher, visibility="public")["template_id"]}
    other = created(teacher, visibility="public")["template_id"]
    ann, bob = user("ann"), user("bob")

    sessions = [started(ann, **body), started(bob, **body), started(ann, template_id=other)]

    assert len({session["session_id"] for session in sessions}) == 3


def test_a_new_session_starts_from_the_template_after_the_end_of_the_last(
    teacher: User, stored_documents: StoredDocuments, abandon: Abandon
) -> None:
    body = {"template_id": created(teacher)["template_id"]}
    first = started(teacher, **body)["session_id"]
    ok(teacher.call("complete_session", {"session_id": first}))
    second = started(teacher, **body)["session_id"]
    abandon(second)
    third = started(teacher, **body)["session_id"]

    sessions = of_collection(stored_documents(teacher), "practice_sessions")
    assert {session_id: fields["status"] for session_id, fields in sessions.items()} == {
        first: "completed",
        second: "abandoned",
        third: "active",
    }
    (lock,) = of_collection(stored_documents(teacher), "active_sessions").values()
    assert lock["session_id"] == third


def test_the_default_time_zone_is_that_of_the_last_completed_session(student: User) -> None:
    first = started(student, timezone="America/New_York")
    assert started(student)["timezone"] == "UTC"
    ok(student.call("complete_session", {"session_id": first["session_id"]}))

    assert started(student)["timezone"] == "America/New_York"
    assert started(student, timezone="Europe/Berlin")["timezone"] == "Europe/Berlin"


@pytest.mark.parametrize(
    ("visibility", "listed", "origin"),
    [
        ("assigned", True, "assigned"),
        ("public", True, "assigned"),
        ("public", False, "self_practice"),
    ],
)
def test_the_server_distinguishes_assigned_work_from_self_practice(
    teacher: User, student: User, visibility: str, listed: bool, origin: str
) -> None:
    students = [student.uid, "another"] if listed else ["another"]
    template = created(teacher, visibility=visibility, student_ids=students)

    session = started(student, template_id=template["template_id"])

    assert session["origin"] == origin
    assert session["teacher_id"] == (teacher.uid if listed else None)
    path = f"practice_sessions/{session['session_id']}"
    assert teacher.get(path).status_code == (200 if listed else 403)
    assert student.get(path).status_code == 200


@pytest.mark.parametrize("audience", [{}, {"visibility": "assigned"}, {"student_ids": ["another"]}])
def test_a_student_who_may_not_read_a_template_may_not_start_from_it(
    teacher: User, student: User, stored_documents: StoredDocuments, audience: dict[str, Any]
) -> None:
    template = created(teacher, **audience)

    response = student.call("start_session", {"template_id": template["template_id"]})

    refused(response, "TEMPLATE_NOT_FOUND")
    assert stored_documents(student) == {}


@pytest.mark.parametrize("visibility", ["assigned", "public"])
def test_practice_on_an_own_assignment_is_self_practice(user: NewUser, visibility: str) -> None:
    teacher = user("teacher", teacher=True)
    template = created(teacher, visibility=visibility, student_ids=[teacher.uid, "ann"])

    session = started(teacher, template_id=template["template_id"])

    assert (session["origin"], session["teacher_id"]) == ("self_practice", None)


@pytest.mark.parametrize(
    "field", ["origin", "teacher_id", "student_id", "status", "xp", "revision"]
)
def test_server_side_fields_cannot_be_sent(
    student: User, stored_documents: StoredDocuments, field: str
) -> None:
    assert invalid(student.call("start_session", {field: "assigned"})) == [field]
    assert stored_documents(student) == {}


def test_session_data_decides_nothing(teacher: User, student: User) -> None:
    template = created(teacher, visibility="public")
    claims = {"origin": "assigned", "teacher_id": teacher.uid, "template_id": "x", "status": "done"}

    session = started(student, template_id=template["template_id"], session_data=claims)

    assert {name: session["session_data"][name] for name in claims} == claims
    assert (session["origin"], session["teacher_id"]) == ("self_practice", None)
    assert (session["template_id"], session["status"]) == (template["template_id"], "active")


def test_work_stays_assigned_when_the_student_is_taken_off_the_list(
    teacher: User, student: User
) -> None:
    body = {"template_id": created(teacher, student_ids=[student.uid])["template_id"]}
    session = started(student, **body)
    change = {"version": 1, "student_ids": [], "visibility": "private"}
    ok(teacher.call("update_template", {**body, **change}))

    assert ok(student.call("start_session", body))["session"] == session
    ticked = {"session_id": session["session_id"], "items": [{"node_id": "Scales"}]}
    ok(student.call("update_progress", ticked))
    done = ok(student.call("complete_session", {"session_id": session["session_id"]}))["session"]

    assert (done["origin"], done["teacher_id"]) == ("assigned", teacher.uid)
    totals = student.read(f"students/{student.uid}")["totals"]
    assert [totals[origin]["sessions"] for origin in ("assigned", "self_practice")] == [1, 0]
    refused(student.call("start_session", body), "TEMPLATE_NOT_FOUND")


def test_self_practice_stays_self_practice_when_it_is_assigned_later(
    teacher: User, student: User
) -> None:
    body = {"template_id": created(teacher, visibility="public")["template_id"]}
    session = started(student, **body)
    ok(teacher.call("update_template", {**body, "version": 1, "student_ids": [student.uid]}))

    assert ok(student.call("start_session", body))["session"]["origin"] == "self_practice"
    ok(student.call("complete_session", {"session_id": session["session_id"]}))
    assert started(student, **body)["origin"] == "assigned"


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "x" * 10_000}, ["name"]),
        ({"description": "x" * 2_001}, ["description"]),
        ({"mode": "infinite"}, ["mode"]),
        ({"mode": None}, ["mode"]),
        ({"practice_mode": "x" * 61}, ["practice_mode"]),
        ({"practice_mode": " "}, ["practice_mode"]),
        ({"practice_mode": 1}, ["practice_mode"]),
        ({"timezone": "Europe/Atlantis"}, ["timezone"]),
        ({"timezone": "../../etc/passwd"}, ["timezone"]),
        ({"timezone": "+02:00"}, ["timezone"]),
        ({"subject": " "}, ["subject"]),
        ({"parent_ids": "goal"}, ["parent_ids"]),
        ({"parent_ids": None}, ["parent_ids"]),
        ({"parent_ids": ["goal", "goal"]}, ["parent_ids"]),
        ({"parent_ids": [f"goal-{i}" for i in range(51)]}, ["parent_ids"]),
        ({"session_data": []}, ["session_data"]),
        ({"session_data": "notes"}, ["session_data"]),
        ({"session_data": {"sections": "S"}}, ["session_data.sections"]),
        (
            {"session_data": {"sections": [{"name": "S", "exercises": 1}]}},
            ["session_data.sections.0.exercises"],
        ),
        (
            {"session_data": {"sections": [{"name": "S", "actual_duration_minutes": -1}]}},
            ["session_data.sections.0.actual_duration_minutes"],
        ),
        (
            {"session_data": {"focus_score": 11, "energy_level": 0}},
            ["session_data.focus_score", "session_data.energy_level"],
        ),
        ({"session_data": {"total_duration_minutes": -1}}, ["session_data.total_duration_minutes"]),
        ({"session_data": {"notes": "x" * 10_001}}, ["session_data.notes"]),
        ({"session_data": {"x": "x" * 205_000}}, ["session_data"]),
        ({"session_data": {"x": [{}] * 20_000}}, ["session_data"]),
        ({"session_data": {"x": [[]]}}, ["session_data.x.0"]),
        ({"mode": "exam", "timezone": 1, "colour": "red"}, ["mode", "timezone", "colour"]),
    ],
)
def test_bad_values_are_refused_by_path_and_nothing_is_stored(
    student: User, stored_documents: StoredDocuments, body: dict[str, Any], paths: list[str]
) -> None:
    response = student.call("start_session", body, headers={"Idempotency-Key": "k"})

    assert invalid(response) == paths
    assert stored_documents(student) == {}


def test_overriding_fields_must_fit_beside_the_template(
    teacher: User, student: User, stored_documents: StoredDocuments
) -> None:
    template = created(
        teacher, visibility="public", template_data={**ROUTINE, "text": "x" * 150_000}
    )

    body = {"template_id": template["template_id"], "session_data": {"more": "x" * 60_000}}

    assert invalid(student.call("start_session", body)) == ["session_data"]
    assert stored_documents(student) == {}
