"""update_progress: reported progress is stored, ticked, logged and counted, or nothing changes."""

from typing import Any

import pytest

from local.api import User, found
from shared.domain.common.json_object import is_same_json
from shared.domain.students.scoring import XP_RIGHT_AT_FIRST_TRY, XP_RIGHT_LATER
from tests.integration.functions.conftest import ROUTINE, Abandon, StoredDocuments, started
from tests.support.answers import invalid, ok, refused
from tests.support.stored import matches_document, with_instants

ITEM: dict[str, Any] = {
    "node_id": "Scales",
    "exercise_type": "technique",
    "grade": "hard",
    "correct": True,
    "score": 0.75,
    "duration_ms": 61_000,
    "completed": True,
    "notes": "slow",
    "answer": "Two octaves, evenly",
}


def routine(student: User) -> str:
    """The id of a new session with three exercises."""
    session_id: str = started(student, session_data=ROUTINE)["session_id"]
    return session_id


def log(reader: User, session_id: str) -> list[dict[str, Any]]:
    """The session's log as the reader sees it, oldest first."""
    query = {"from": [{"collectionId": "items"}], "orderBy": [{"field": {"fieldPath": "index"}}]}
    return found(reader.query(query, parent=f"/practice_sessions/{session_id}"))


def test_the_reply_is_what_is_stored(student: User) -> None:
    session_id = routine(student)
    change = {"notes": "so far so good", "mood": {"a.b": [1, None, {"deep": True}]}}

    body = {"session_id": session_id, "revision": 1, "session_data": change, "items": [ITEM]}
    reply = ok(student.call("update_progress", body))

    session, document = reply["session"], student.read(f"practice_sessions/{session_id}")
    assert matches_document(session, document, own_id="session_id")
    assert document["revision"] == 2
    assert {name: document["session_data"][name] for name in change} == change
    assert document["session_data"]["total_duration_minutes"] == 30
    assert document["session_data"]["sections"][0]["exercises"][0] == {
        "name": "Scales",
        "completed": True,
        "notes": "slow",
    }
    assert (document["items_count"], document["items_completed"]) == (3, 1)
    assert (document["total_questions"], document["questions_correct"]) == (1, 1)
    assert document["score_percent"] == 100
    instants = with_instants(document)
    assert instants["last_activity_at"] > instants["started_at"]
    assert reply["next_item"]["node_id"] == "arpeggios"


def test_items_are_logged_with_all_reported_fields(student: User) -> None:
    session_id = routine(student)
    items = [ITEM, {"node_id": "nowhere", "completed": False, "extra": True}, {"node_id": "Scales"}]

    for sent in (items[:2], items[2:]):
        session = ok(student.call("update_progress", {"session_id": session_id, "items": sent}))[
            "session"
        ]

    entries = log(student, session_id)
    assert [entry["index"] for entry in entries] == [0, 1, 2]
    for item, entry in zip(items, entries, strict=True):
        assert {name: entry[name] for name in item} == item
        assert (entry["verified"], entry["hinted"], entry["schema_version"]) == (False, False, 1)
    completed_at = with_instants(entries[2])["completed_at"]
    assert completed_at == with_instants(session)["last_activity_at"]
    assert set(entries[1]) == set(entries[0])
    assert (entries[1]["grade"], entries[1]["notes"]) == (None, None)


def test_given_top_level_keys_are_replaced_and_the_others_stay(student: User) -> None:
    session_id = started(student, session_data={"a": {"x": 1}, "b": [1, 2], "c": 3})["session_id"]

    changes: list[dict[str, Any]] = [{"a": {"y": 2}}, {"b": []}, {"d": None}]
    for change in changes:
        ok(student.call("update_progress", {"session_id": session_id, "session_data": change}))

    stored = student.read(f"practice_sessions/{session_id}")["session_data"]
    assert stored == {"a": {"y": 2}, "b": [], "c": 3, "d": None}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (1, True),
        (True, 1),
        (0, False),
        ([1], [True]),
        ({"a": 0}, {"a": False}),
        (None, False),
        (10, 10.5),
        ("1", 1),
        ({}, []),
        ("", None),
        ({"a": 1, "b": 2}, {"a": 1}),
    ],
)
def test_a_value_similar_to_the_previous_one_replaces_it(
    student: User, before: Any, after: Any
) -> None:
    session_id = started(student, session_data={"x": before})["session_id"]

    body = {"session_id": session_id, "session_data": {"x": after}}
    reply = ok(student.call("update_progress", body))

    assert is_same_json(reply["session"]["session_data"], {"x": after})
    assert is_same_json(
        student.read(f"practice_sessions/{session_id}")["session_data"], {"x": after}
    )


@pytest.mark.parametrize(
    "value",
    [
        {"a.b": {"`c`": 1, "*~[]/": {"e.f": 2}}},
        {" ": 0, "\n": 1, "é😀": 2, "\u0000": 3},
        {"k" * 1_484: 1},
        {"model_dump": 1, "self": 2, "exercises": 3, "__x": 4, "class": 5},
        {"text": 'nul \u0000, quote ", line\r\n, \u2028, 😀, ' + "long " * 1_000},
        {"most": 2**53 - 1, "least": -(2**53) + 1, "tiny": 5e-324, "huge": 1.7e308},
        [0, -0.5, 1e100, "", None, True, {}, {"a": []}],
        [{"in": [{"in": [{"in": [1]}]}]}],
    ],
)
def test_free_json_is_returned_unaltered(student: User, value: Any) -> None:
    session_id = started(student)["session_id"]

    body = {"session_id": session_id, "session_data": {"x": value}}
    reply = ok(student.call("update_progress", body))

    assert is_same_json(reply["session"]["session_data"], {"x": value})
    assert is_same_json(
        student.read(f"practice_sessions/{session_id}")["session_data"], {"x": value}
    )


def test_items_are_ticked_by_id_and_by_name_and_extra_ones_only_logged(student: User) -> None:
    session_id = routine(student)
    items = [
        {"node_id": "arpeggios"},
        {"node_id": "Arpeggios", "extra": True},
        {"node_id": "Blues"},
    ]

    reply = ok(student.call("update_progress", {"session_id": session_id, "items": items}))

    done = [
        exercise.get("completed")
        for section in reply["session"]["session_data"]["sections"]
        for exercise in section["exercises"]
    ]
    assert done == [None, True, True]
    counts = (reply["session"]["items_count"], reply["session"]["items_completed"])
    assert counts == (4, 3)
    assert reply["next_item"]["node_id"] == "Scales"


def test_no_item_is_next_once_all_are_ticked(student: User) -> None:
    session_id = routine(student)
    items = [{"node_id": name} for name in ("Scales", "arpeggios", "Blues")]

    reply = ok(student.call("update_progress", {"session_id": session_id, "items": items}))

    assert reply["next_item"] is None
    assert reply["session"]["status"] == "active"


def test_a_call_without_changes_still_counts_as_activity(student: User) -> None:
    session = started(student)

    body = {"session_id": session["session_id"], "session_data": {}}
    after = ok(student.call("update_progress", body))["session"]

    assert with_instants(after)["last_activity_at"] > with_instants(session)["last_activity_at"]
    assert after["revision"] == 2


@pytest.mark.parametrize("revision", [1, 3, 10**18])
def test_another_revision_is_refused_and_nothing_changes(
    student: User, stored_documents: StoredDocuments, revision: int
) -> None:
    session_id = routine(student)
    ok(student.call("update_progress", {"session_id": session_id, "items": [ITEM]}))
    before = stored_documents(student)

    for change in ({"session_data": {"notes": "from another phone"}}, {"items": [ITEM]}):
        body = {"session_id": session_id, "revision": revision, **change}
        response = student.call("update_progress", body, headers={"Idempotency-Key": "k"})
        assert "at revision 2" in refused(response, "REVISION_MISMATCH")["detail"]

    assert stored_documents(student) == before


def test_a_change_that_is_already_stored_is_not_a_conflict(
    student: User, stored_documents: StoredDocuments
) -> None:
    body = {"session_id": routine(student), "revision": 1, "session_data": {"notes": "once"}}
    first = ok(student.call("update_progress", body))
    before = stored_documents(student)

    assert ok(student.call("update_progress", body)) == first
    assert stored_documents(student) == before


def test_a_completed_session_accepts_no_progress(
    student: User, stored_documents: StoredDocuments
) -> None:
    session_id = routine(student)
    ok(student.call("complete_session", {"session_id": session_id}))
    before = stored_documents(student)

    changes: list[dict[str, Any]] = [{"session_data": {"notes": "late"}}, {"items": [ITEM]}]
    for change in changes:
        body = {"session_id": session_id, **change}
        response = student.call("update_progress", body, headers={"Idempotency-Key": "k"})
        assert "completed" in refused(response, "SESSION_NOT_ACTIVE")["detail"]

    assert stored_documents(student) == before


def test_an_abandoned_session_accepts_no_progress(
    student: User, stored_documents: StoredDocuments, abandon: Abandon
) -> None:
    session_id = routine(student)
    abandon(session_id)
    before = stored_documents(student)

    response = student.call("update_progress", {"session_id": session_id, "items": [ITEM]})

    assert "abandoned" in refused(response, "SESSION_NOT_ACTIVE")["detail"]
    assert stored_documents(student) == before


@pytest.mark.parametrize(
    ("change", "paths"),
    [
        ({}, [""]),
        ({"session_data": None}, [""]),
        ({"items": []}, [""]),
        ({"items": None}, ["items"]),
        ({"items": ITEM}, ["items"]),
        ({"items": ["Scales"]}, ["items.0"]),
        ({"items": [ITEM] * 201}, ["items"]),
        ({"items": [ITEM, {}]}, ["items.1.node_id"]),
        ({"items": [{"node_id": ""}]}, ["items.0.node_id"]),
        ({"items": [{"node_id": "x" * 2_000}]}, ["items.0.node_id"]),
        ({"items": [{**ITEM, "grade": "great"}]}, ["items.0.grade"]),
        ({"items": [{**ITEM, "grade": 0}]}, ["items.0.grade"]),
        ({"items": [{**ITEM, "grade": 5}]}, ["items.0.grade"]),
        ({"items": [{**ITEM, "grade": 1.5}]}, ["items.0.grade"]),
        ({"items": [{**ITEM, "grade": "1"}]}, ["items.0.grade"]),
        ({"items": [{**ITEM, "grade": True}]}, ["items.0.grade"]),
        ({"items": [{**ITEM, "correct": "yes"}]}, ["items.0.correct"]),
        ({"items": [{**ITEM, "correct": 1}]}, ["items.0.correct"]),
        ({"items": [{**ITEM, "score": 1.01}]}, ["items.0.score"]),
        ({"items": [{**ITEM, "score": -0.1}]}, ["items.0.score"]),
        ({"items": [{**ITEM, "duration_ms": -1}]}, ["items.0.duration_ms"]),
        ({"items": [{**ITEM, "duration_ms": 86_400_001}]}, ["items.0.duration_ms"]),
        ({"items": [{**ITEM, "completed": None}]}, ["items.0.completed"]),
        ({"items": [{**ITEM, "notes": "x" * 10_001}]}, ["items.0.notes"]),
        ({"items": [{**ITEM, "answer": "x" * 2_001}]}, ["items.0.answer"]),
        ({"items": [{**ITEM, "answer": 4}]}, ["items.0.answer"]),
        ({"items": [{**ITEM, "prompt": "Well?"}]}, ["items.0.prompt"]),
        ({"items": [{**ITEM, "correct_answer": "a"}]}, ["items.0.correct_answer"]),
        ({"items": [{**ITEM, "verified": True}]}, ["items.0.verified"]),
        ({"items": [{**ITEM, "completed_at": "2026-01-01T00:00:00Z"}]}, ["items.0.completed_at"]),
        (
            {"items": [{**ITEM, "grade": 7, "score": 2}, {"x": 1}]},
            ["items.0.grade", "items.0.score", "items.1.node_id", "items.1.x"],
        ),
        ({"session_data": "notes"}, ["session_data"]),
        ({"session_data": {"sections": {"name": "S"}}}, ["session_data.sections"]),
        (
            {"session_data": {"sections": [{"name": "", "duration_minutes": -1}]}},
            ["session_data.sections.0.name", "session_data.sections.0.duration_minutes"],
        ),
        ({"session_data": {"focus_score": 11}}, ["session_data.focus_score"]),
        (
            {"session_data": {"actual_duration_minutes": -1}},
            ["session_data.actual_duration_minutes"],
        ),
        ({"session_data": {"x": "x" * 205_000}}, ["session_data"]),
        ({"session_data": {}, "revision": 0}, ["revision"]),
        ({"session_data": {}, "revision": "1"}, ["revision"]),
        ({"session_data": {}, "status": "completed"}, ["status"]),
        ({"session_data": {}, "xp": {"total": 1_000}}, ["xp"]),
    ],
)
def test_bad_values_are_refused_by_path_and_nothing_changes(
    student: User, stored_documents: StoredDocuments, change: dict[str, Any], paths: list[str]
) -> None:
    session_id = routine(student)
    before = stored_documents(student)

    body = {"session_id": session_id, **change}
    response = student.call("update_progress", body, headers={"Idempotency-Key": "k"})

    assert invalid(response) == paths
    assert stored_documents(student) == before


def test_data_that_fits_alone_is_refused_when_the_whole_is_too_large(
    student: User, stored_documents: StoredDocuments
) -> None:
    session_id = started(student, session_data={"a": "x" * 150_000})["session_id"]
    before = stored_documents(student)

    body = {"session_id": session_id, "session_data": {"b": "x" * 60_000}}
    assert invalid(student.call("update_progress", body)) == ["session_data"]

    assert stored_documents(student) == before


def test_two_hundred_items_are_logged_in_one_call(student: User) -> None:
    session_id = routine(student)
    items = [{"node_id": f"q{i}", "correct": i % 2 == 0, "extra": True} for i in range(200)]

    session = ok(student.call("update_progress", {"session_id": session_id, "items": items}))[
        "session"
    ]

    assert (session["total_questions"], session["questions_correct"]) == (200, 100)
    assert [entry["node_id"] for entry in log(student, session_id)] == [
        item["node_id"] for item in items
    ]


def test_a_mistyped_exercise_is_refused_with_the_nearest_names_and_nothing_changes(
    student: User, stored_documents: StoredDocuments
) -> None:
    session_id = routine(student)
    before = stored_documents(student)

    items = [{"node_id": "Scales"}, {"node_id": "Arpegios"}]
    response = student.call("update_progress", {"session_id": session_id, "items": items})

    (error,) = refused(response, "INVALID_ARGUMENT")["errors"]
    assert error["path"] == "items.1.node_id"
    assert "the nearest: arpeggios." in error["message"]
    assert "extra: true" in error["message"]
    assert stored_documents(student) == before


def test_grades_may_be_numbers(student: User) -> None:
    session_id = started(student)["session_id"]
    items = [{"node_id": f"n{grade}", "grade": grade} for grade in (1, 2, 3, 4, 4.0)]

    body = {"session_id": session_id, "items": items}
    session = ok(student.call("update_progress", body))["session"]

    grades = [entry["grade"] for entry in log(student, session_id)]
    assert grades == ["again", "hard", "good", "easy", "easy"]
    assert (session["items_count"], session["items_completed"]) == (5, 4)


def test_repeated_and_unfinished_items_do_not_complete_a_session(student: User) -> None:
    session_id = routine(student)
    items = [
        {"node_id": "Scales", "score": 0.5},
        {"node_id": "Scales", "score": 0.7},
        {"node_id": "Blues", "grade": "again"},
    ]

    body = {"session_id": session_id, "items": items}
    session = ok(student.call("update_progress", body))["session"]

    assert (session["items_count"], session["items_completed"]) == (3, 1)
    assert (session["total_questions"], session["questions_correct"]) == (1, 1)
    entries = log(student, session_id)
    assert [entry["correct"] for entry in entries] == [False, True, None]
    assert [entry["completed"] for entry in entries] == [True, True, False]


def test_a_question_answered_repeatedly_is_credited_once(student: User) -> None:
    session_id = started(student)["session_id"]
    answers = [("a", True), ("a", True), ("b", False), ("b", True), ("c", False)]

    for node_id, correct in answers:
        item = {"node_id": node_id, "correct": correct}
        ok(student.call("update_progress", {"session_id": session_id, "items": [item]}))
    summary = ok(student.call("complete_session", {"session_id": session_id}))["summary"]

    assert (summary["total_questions"], summary["questions_correct"]) == (3, 2)
    assert summary["score_percent"] == 66.7
    assert summary["xp"]["items"] == XP_RIGHT_AT_FIRST_TRY + XP_RIGHT_LATER
