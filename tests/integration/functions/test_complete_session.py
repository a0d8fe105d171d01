"""complete_session: the summary is credited once, and a refused call credits nothing."""

from typing import Any

import pytest

from local.api import User
from shared.domain.students.scoring import XP_EXERCISE_TICKED, XP_PER_STREAK_DAY
from tests.integration.functions.conftest import ROUTINE, Abandon, StoredDocuments, created, started
from tests.support.answers import invalid, ok, refused
from tests.support.stored import matches_document, of_collection, with_instants
from tests.support.time_zones import ZONE_OF_NOON

CLOSING: dict[str, Any] = {
    "notes": "Good session overall",
    "focus_score": 8,
    "energy_level": 7,
    "actual_duration_minutes": 55,
    "topic": "Blues",
}


def practised(student: User, *done: str, **fields: Any) -> str:
    """The id of a new session of the student, with these exercises done."""
    fields = {"session_data": ROUTINE, "timezone": ZONE_OF_NOON, **fields}
    session_id: str = started(student, **fields)["session_id"]
    if done:
        items = [{"node_id": node_id} for node_id in done]
        ok(student.call("update_progress", {"session_id": session_id, "items": items}))
    return session_id


def test_the_reply_is_what_is_stored(student: User) -> None:
    session_id = practised(student, "Scales", "Blues", subject="Music")

    reply = ok(student.call("complete_session", {"session_id": session_id, **CLOSING}))

    session, summary = reply["session"], reply["summary"]
    document = student.read(f"practice_sessions/{session_id}")
    assert matches_document(session, document, own_id="session_id")
    assert (document["status"], document["topic"]) == ("completed", "Blues")
    instants = with_instants(document)
    assert instants["ended_at"] == instants["last_activity_at"] >= instants["started_at"]
    fields = ("notes", "focus_score", "energy_level", "actual_duration_minutes")
    assert {name: document["session_data"][name] for name in fields} == {
        name: CLOSING[name] for name in fields
    }
    assert summary == {
        "session_id": session_id,
        "questions_correct": 0,
        "total_questions": 0,
        "score_percent": None,
        "items_count": 3,
        "items_completed": 2,
        "duration_seconds": document["duration_seconds"],
        "time_spent_seconds": 3_300,
        "xp": {
            "items": 2 * XP_EXERCISE_TICKED,
            "session_bonus": 0,
            "streak_bonus": XP_PER_STREAK_DAY,
            "total": 2 * XP_EXERCISE_TICKED + XP_PER_STREAK_DAY,
            "verified": 0,
        },
        "streak_before": 0,
        "streak_after": 1,
        "mastery": [],
    }
    for name in set(summary) & set(document):
        assert document[name] == summary[name]


def test_the_student_is_credited_as_the_summary_says(student: User) -> None:
    session_id = practised(student, "Scales", subject="Maths. / `algebra` ~*[]")

    reply = ok(student.call("complete_session", {"session_id": session_id, **CLOSING}))

    record = student.read(f"students/{student.uid}")
    figures = {
        "sessions": 1,
        "items_completed": 1,
        "questions_correct": 0,
        "total_questions": 0,
        "time_spent_seconds": 3_300,
        "xp": XP_EXERCISE_TICKED + XP_PER_STREAK_DAY,
        "xp_verified": 0,
    }
    nothing = dict.fromkeys(figures, 0)
    assert record["totals"] == {
        "assigned": {**nothing, "by_subject": {}},
        "self_practice": {**figures, "by_subject": {"Maths. / `algebra` ~*[]": figures}},
    }
    assert record["xp_total"] == reply["summary"]["xp"]["total"] == figures["xp"]
    assert (record["streak"]["current"], record["streak"]["longest"]) == (1, 1)
    assert record["timezone"] == reply["session"]["timezone"]
    assert record["schema_version"] == 1


def test_claims_are_paid_up_to_a_hundred_a_session_and_three_hundred_a_day(student: User) -> None:
    ticked = [{"name": f"e{n}", "completed": True} for n in range(3_000)]
    data = {"sections": [{"name": "All", "exercises": ticked}]}
    answers = [{"node_id": f"q{n}", "correct": True} for n in range(200)]
    paid = []
    for _ in range(2):
        session_id = practised(student, session_data=data)
        reply = ok(student.call("complete_session", {"session_id": session_id}))
        paid.append(reply["summary"]["xp"])
        session_id = practised(student, session_data={})
        ok(student.call("update_progress", {"session_id": session_id, "items": answers}))
        reply = ok(student.call("complete_session", {"session_id": session_id}))
        paid.append(reply["summary"]["xp"])

    assert [(xp["total"], xp["verified"]) for xp in paid] == [(100, 0)] * 3 + [(0, 0)]
    record = student.read(f"students/{student.uid}")
    assert (record["xp_total"], record["xp_verified"]) == (300, 0)
    assert record["totals"]["self_practice"]["xp"] == 300


def test_a_teacher_sees_the_flags_of_a_session(teacher: User, student: User) -> None:
    template = created(teacher, student_ids=[student.uid])
    session_id = practised(student, template_id=template["template_id"], session_data={})
    items = [{"node_id": f"q{n}", "correct": True, "extra": True} for n in range(50)]
    ok(student.call("update_progress", {"session_id": session_id, "items": items}))

    closing = {"session_id": session_id, "actual_duration_minutes": 90}
    reply = ok(student.call("complete_session", closing))

    flags = ["answered_too_fast", "claimed_time_exceeds_clock"]
    assert reply["session"]["flags"] == flags
    assert teacher.read(f"practice_sessions/{session_id}")["flags"] == flags


def test_one_sitting_in_several_time_zones_is_one_day(student: User) -> None:
    zones = ("Pacific/Honolulu", "Etc/UTC", "Pacific/Kiritimati")
    for zone in zones:
        session_id = practised(student, "Scales", timezone=zone)
        summary = ok(student.call("complete_session", {"session_id": session_id}))["summary"]
        assert (summary["streak_after"], summary["xp"]["streak_bonus"]) in [(1, 5), (1, 0)]

    record = student.read(f"students/{student.uid}")
    assert record["timezone"] == zones[0]
    assert (record["streak"]["current"], record["streak"]["longest"]) == (1, 1)


def test_totals_are_separate_by_origin_and_subject(teacher: User, student: User) -> None:
    def complete(**fields: Any) -> None:
        session_id = practised(student, "Scales", **fields)
        ok(student.call("complete_session", {"session_id": session_id, "time_spent_seconds": 60}))

    template = created(teacher, student_ids=[student.uid], subject="Music")
    complete(template_id=template["template_id"])
    complete(template_id=template["template_id"], subject="Maths")
    complete(subject="Music")
    complete()

    record = student.read(f"students/{student.uid}")
    for origin, subjects in (
        ("assigned", {"Music": 1, "Maths": 1}),
        ("self_practice", {"Music": 1, "(none)": 1}),
    ):
        totals = record["totals"][origin]
        assert {name: of["sessions"] for name, of in totals["by_subject"].items()} == subjects
        assert (totals["sessions"], totals["time_spent_seconds"]) == (2, 120)
    assert record["xp_total"] == 4 * XP_EXERCISE_TICKED + XP_PER_STREAK_DAY


def test_the_second_session_of_a_day_earns_no_streak_bonus_and_an_empty_one_nothing(
    student: User,
) -> None:
    paid = []
    for done in (["Scales"], ["Scales"], []):
        session_id = practised(student, *done)
        summary = ok(student.call("complete_session", {"session_id": session_id}))["summary"]
        paid.append((summary["xp"]["total"], summary["streak_before"], summary["streak_after"]))

    assert paid == [
        (XP_EXERCISE_TICKED + XP_PER_STREAK_DAY, 0, 1),
        (XP_EXERCISE_TICKED, 1, 1),
        (0, 1, 1),
    ]


@pytest.mark.parametrize(
    ("closing", "noted", "spent"),
    [
        ({"time_spent_seconds": 90, "actual_duration_minutes": 55}, 20, 90),
        ({"actual_duration_minutes": 0.5}, 20, 30),
        ({}, 20, 1_200),
    ],
)
def test_time_spent_is_the_reported_value_or_else_the_noted_one(
    student: User, closing: dict[str, Any], noted: int, spent: int
) -> None:
    session_id = practised(student, session_data={"actual_duration_minutes": noted})

    summary = ok(student.call("complete_session", {"session_id": session_id, **closing}))["summary"]

    assert summary["time_spent_seconds"] == spent


@pytest.mark.parametrize("repeat", [CLOSING, {}, {"focus_score": 8}, {"topic": "Blues"}])
def test_a_repeat_returns_the_stored_summary_and_credits_nothing(
    student: User, stored_documents: StoredDocuments, repeat: dict[str, Any]
) -> None:
    session_id = practised(student, "Scales")
    first = ok(student.call("complete_session", {"session_id": session_id, **CLOSING}))
    before = stored_documents(student)

    again = ok(student.call("complete_session", {"session_id": session_id, **repeat}))

    assert again == first
    assert stored_documents(student) == before


@pytest.mark.parametrize(
    "closing",
    [
        {**CLOSING, "notes": "Better"},
        {"focus_score": 9},
        {"energy_level": 1},
        {"actual_duration_minutes": 54},
        {"time_spent_seconds": 1},
        {"topic": "Jazz"},
    ],
)
def test_a_different_completion_of_a_completed_session_is_refused(
    student: User, stored_documents: StoredDocuments, closing: dict[str, Any]
) -> None:
    session_id = practised(student, "Scales")
    ok(student.call("complete_session", {"session_id": session_id, **CLOSING}))
    before = stored_documents(student)

    body = {"session_id": session_id, **closing}
    response = student.call("complete_session", body, headers={"Idempotency-Key": "k"})

    refused(response, "SESSION_NOT_ACTIVE")
    assert stored_documents(student) == before


def test_an_abandoned_session_is_not_completed(
    student: User, stored_documents: StoredDocuments, abandon: Abandon
) -> None:
    session_id = practised(student, "Scales")
    abandon(session_id)
    before = stored_documents(student)

    response = student.call("complete_session", {"session_id": session_id})

    assert "left for too long" in refused(response, "SESSION_NOT_ACTIVE")["detail"]
    assert stored_documents(student) == before
    assert student.read(f"students/{student.uid}")["xp_total"] == XP_EXERCISE_TICKED


def test_the_lock_is_removed_with_the_session(
    teacher: User, stored_documents: StoredDocuments
) -> None:
    template_id = created(teacher)["template_id"]
    session_id = started(teacher, template_id=template_id)["session_id"]
    assert len(of_collection(stored_documents(teacher), "active_sessions")) == 1

    ok(teacher.call("complete_session", {"session_id": session_id}))

    assert of_collection(stored_documents(teacher), "active_sessions") == {}


@pytest.mark.parametrize(
    ("closing", "paths"),
    [
        ({"focus_score": 11}, ["focus_score"]),
        ({"focus_score": 0}, ["focus_score"]),
        ({"focus_score": 5.5}, ["focus_score"]),
        ({"focus_score": "8"}, ["focus_score"]),
        ({"focus_score": True}, ["focus_score"]),
        ({"energy_level": -1}, ["energy_level"]),
        ({"actual_duration_minutes": -1}, ["actual_duration_minutes"]),
        ({"actual_duration_minutes": 100_001}, ["actual_duration_minutes"]),
        ({"actual_duration_minutes": "55"}, ["actual_duration_minutes"]),
        ({"time_spent_seconds": -1}, ["time_spent_seconds"]),
        ({"time_spent_seconds": 1.5}, ["time_spent_seconds"]),
        ({"notes": "x" * 10_001}, ["notes"]),
        ({"notes": 5}, ["notes"]),
        ({"topic": ""}, ["topic"]),
        ({"topic": "x" * 10_000}, ["topic"]),
        ({"xp": {"total": 1_000}}, ["xp"]),
        ({"session_data": {}}, ["session_data"]),
        (
            {"focus_score": 11, "energy_level": 0, "actual_duration_minutes": -1, "mood": 3},
            ["focus_score", "energy_level", "actual_duration_minutes", "mood"],
        ),
    ],
)
def test_bad_values_are_refused_by_path_and_nothing_changes(
    student: User, stored_documents: StoredDocuments, closing: dict[str, Any], paths: list[str]
) -> None:
    session_id = practised(student, "Scales")
    before = stored_documents(student)

    body = {"session_id": session_id, **closing}
    response = student.call("complete_session", body, headers={"Idempotency-Key": "k"})

    assert invalid(response) == paths
    assert stored_documents(student) == before


def test_notes_that_outgrow_the_session_are_refused_and_it_stays_open(
    student: User, stored_documents: StoredDocuments
) -> None:
    session_id = practised(student, session_data={"text": "x" * 200_000})
    before = stored_documents(student)

    body = {"session_id": session_id, "notes": "x" * 9_000}
    assert invalid(student.call("complete_session", body)) == ["notes"]

    assert stored_documents(student) == before
    ok(student.call("complete_session", {"session_id": session_id}))


def test_a_discarded_session_pays_nothing_frees_its_place_and_says_so(
    teacher: User, student: User, stored_documents: StoredDocuments
) -> None:
    template = created(teacher, student_ids=[student.uid])
    session_id = practised(student, "Scales", template_id=template["template_id"])

    reply = ok(student.call("complete_session", {"session_id": session_id, "discard": True}))

    path = f"practice_sessions/{session_id}"
    document = student.read(path)
    assert matches_document(reply["session"], document, own_id="session_id")
    assert (document["status"], document["end_reason"]) == ("abandoned", "discarded")
    assert document["items_completed"] == 1
    assert document["xp"]["total"] == reply["summary"]["xp"]["total"] == 0
    assert teacher.read(path)["end_reason"] == "discarded"
    assert f"students/{student.uid}" not in stored_documents(student)
    assert of_collection(stored_documents(student), "active_sessions") == {}
    assert started(student, template_id=template["template_id"])["session_id"] != session_id


def test_a_session_is_discarded_once_and_no_more_completed(
    student: User, stored_documents: StoredDocuments
) -> None:
    session_id = practised(student, "Scales")
    discard = {"session_id": session_id, "discard": True}
    first = ok(student.call("complete_session", discard))
    before = stored_documents(student)

    assert ok(student.call("complete_session", discard)) == first
    late = student.call("complete_session", {"session_id": session_id})
    assert "discarded" in refused(late, "SESSION_NOT_ACTIVE")["detail"]
    assert stored_documents(student) == before


def test_a_completed_session_is_not_discarded(
    student: User, stored_documents: StoredDocuments
) -> None:
    session_id = practised(student, "Scales")
    ok(student.call("complete_session", {"session_id": session_id}))
    before = stored_documents(student)

    late = student.call("complete_session", {"session_id": session_id, "discard": True})

    refused(late, "SESSION_NOT_ACTIVE")
    assert stored_documents(student) == before


def test_a_discarded_session_takes_no_closing(student: User) -> None:
    session_id = practised(student)
    body = {"session_id": session_id, "discard": True, "notes": "x", "focus_score": 8}

    assert invalid(student.call("complete_session", body)) == ["focus_score", "notes"]
    body = {"session_id": session_id, "discard": False, "notes": "x"}
    assert ok(student.call("complete_session", body))["session"]["status"] == "completed"
