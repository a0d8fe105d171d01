"""Infinite practice over HTTP: turns taken, stored by the client, resumed, completed."""

import copy
from typing import Any

import pytest

from local.api import User, found
from local.practice_client import wrong_answer
from shared.domain.students.scoring import (
    XP_PER_STREAK_DAY,
    XP_RIGHT_AT_FIRST_TRY,
    XP_SESSION_BONUS,
)
from shared.firestore.documents import state_path
from tests.support.practice_client import Class, Json, Practising


def items(practising: Practising, session_id: str) -> list[Json]:
    query = {"from": [{"collectionId": "items"}], "orderBy": [{"field": {"fieldPath": "index"}}]}
    return found(practising.user.query(query, parent=f"/practice_sessions/{session_id}"))


def test_only_the_first_call_returns_the_whole_session(room: Class) -> None:
    practising = room.practising()
    for _ in range(12):
        practising.answer()

    carrying = [
        i for i, call in enumerate(practising.seen) if "full_session_payload" in call["args"]
    ]
    assert carrying == [0]
    assert practising.seen[0]["name"] == "concept_presentation"


def test_a_session_is_stored_under_its_own_id_and_is_assigned_by_its_seal(room: Class) -> None:
    practising = room.practising()
    chosen = {"parent_ids": ["goal-1"], "practice_mode": "x" * 60}
    reply = practising.start(timezone="Europe/Berlin", **chosen)

    session = reply["session"]
    assert not reply["resumed"]
    assert session["session_id"] == practising.stored["session_id"]
    assert (session["mode"], session["origin"]) == ("infinite", "assigned")
    assert session["teacher_id"] == room.teacher.uid
    assert {name: session[name] for name in chosen} == chosen
    seen_by_teacher = room.teacher.read(state_path(session["session_id"]))
    assert seen_by_teacher["stored_session"] == session["stored_session"]


def test_progress_is_read_from_the_seal_and_logged_as_verified(room: Class) -> None:
    practising = room.practising()
    session_id = practising.start()["session"]["session_id"]
    practising.answer(correctly=True)
    practising.answer(correctly=False)
    practising.turn({"type": "hint"})
    practising.answer(correctly=True)

    session = practising.store()

    assert (session["questions_correct"], session["total_questions"]) == (2, 3)
    assert session["score_percent"] == 66.7
    log = items(practising, session_id)
    assert [entry["correct"] for entry in log] == [True, False, True]
    assert [entry["hinted"] for entry in log] == [False, False, True]
    assert [entry["grade"] for entry in log][1:] == ["again", "hard"]
    assert all(entry["verified"] for entry in log)
    skill_id = practising.stored["blocks"][-1]["skill_id"]
    skill = practising.user.read(f"students/{practising.user.uid}/skills/{skill_id}")
    assert skill["attempts"] == 3
    assert 0 < skill["p_mastery"] < 1
    assert skill["due_at"] > log[0]["completed_at"]


def test_the_log_shows_what_was_asked_and_answered_once_it_is_graded(room: Class) -> None:
    practising = room.practising()
    session_id = practising.start()["session"]["session_id"]
    assert practising.store()["total_questions"] == 0
    asked, feedback = [], []
    for duration_ms in (4_200, None):
        question = practising.pending
        given = {"question_id": question["question_id"], "answer": wrong_answer(question)}
        timed = {} if duration_ms is None else {"duration_ms": duration_ms}
        shown = practising.turn({"type": "answer", **given, **timed})
        asked.append({**question, "answer": given["answer"], "duration_ms": duration_ms})
        feedback.append(shown[0]["args"])
    assert items(practising, session_id) == []

    practising.store()

    log = items(practising, session_id)
    for entry, question, shown_after in zip(log, asked, feedback, strict=True):
        for name in ("prompt", "answer", "duration_ms"):
            assert entry[name] == question[name]
        assert entry["choices"] == question.get("choices", [])
        for name in ("correct_answer", "feedback", "correct"):
            assert entry[name] == shown_after[name]
    assert [entry["duration_source"] for entry in log] == ["client", None]


def test_a_client_without_room_for_all_texts_still_stores_every_result(student: User) -> None:
    question = {"question_id": "q", "kind": "short_answer", "prompt": "Any?", "answer": ["yes"]}
    exercises = [{"name": "Only this", "questions": [question]}]
    source = {"name": "One", "template_data": {"sections": [{"name": "S", "exercises": exercises}]}}
    practising = Practising(student, {"source_data": source})
    practising.turn()
    sizes = []
    for _ in range(25):
        practising.turn({"type": "answer", "question_id": "q", "answer": "\u0001x" * 4_000})
        sizes.append(len(practising.stored["seal"]))
    reply = student.call("start_session", {"stored_session": practising.stored})
    assert reply.status_code == 201, reply.text

    log = items(practising, practising.stored["session_id"])
    kept = [entry["answer"] is not None for entry in log]
    assert len(kept) == 25
    assert kept == sorted(kept)
    assert 1 < sum(kept) < 25
    assert max(sizes) < 70_000


def test_a_skill_leads_back_to_the_questions_it_was_practised_with(room: Class) -> None:
    practising = room.practising()
    practising.start()
    skill_id = practising.stored["blocks"][-1]["skill_id"]
    answered = []
    for _ in range(2):
        answered.append(practising.pending["question_id"])
        practising.answer()
        practising.store()

    skill = practising.user.read(f"students/{practising.user.uid}/skills/{skill_id}")

    assert skill["sources"] == [{"template_id": room.template_id, "node_ids": answered[::-1]}]


def test_a_skill_without_a_bank_leads_back_to_its_exercises(teacher: User, student: User) -> None:
    exercises = [{"id": "c-major", "name": "C major", "skill": "Scales"}]
    data = {"sections": [{"name": "S", "exercises": exercises}]}
    template = {"name": "No bank", "template_data": data, "student_ids": [student.uid]}
    made = teacher.call("create_template", template).json()["template"]
    room = Class(teacher, student, made["template_id"])
    practising = room.practising()
    practising.start()
    question_id = practising.pending["question_id"]
    practising.turn({"type": "answer", "question_id": question_id, "answer": "good"})
    practising.store()

    skill_id = practising.stored["blocks"][-1]["skill_id"]
    skill = student.read(f"students/{student.uid}/skills/{skill_id}")
    assert skill["sources"] == [{"template_id": room.template_id, "node_ids": ["c-major"]}]


def test_the_same_state_stored_twice_and_an_old_one_change_nothing(room: Class) -> None:
    practising = room.practising()
    session_id = practising.start()["session"]["session_id"]
    practising.answer()
    old = copy.deepcopy(practising.stored)
    practising.answer()
    newer = copy.deepcopy(practising.stored)
    first = practising.store()

    for state in (newer, old):
        again = practising.user.call(
            "update_progress", {"session_id": session_id, "stored_session": state}
        )
        assert again.status_code == 200
        assert again.json()["session"] == first
    assert len(items(practising, session_id)) == 2


def test_a_client_that_continues_with_the_untrimmed_state_is_credited_once(room: Class) -> None:
    practising = room.practising()
    session_id = practising.start()["session"]["session_id"]
    practising.answer()
    untrimmed = copy.deepcopy(practising.context)
    practising.store()
    practising.context = untrimmed
    practising.answer()

    session = practising.store()

    assert session["total_questions"] == 2
    assert [entry["index"] for entry in items(practising, session_id)] == [0, 1]


def test_two_devices_that_continue_from_one_state_fork_and_the_stored_branch_stays(
    room: Class,
) -> None:
    phone = room.practising()
    session_id = phone.start()["session"]["session_id"]
    tablet = Practising(phone.user, copy.deepcopy(phone.context), list(phone.seen))
    phone.answer(correctly=True)
    tablet.answer(correctly=False)
    stored = phone.store()

    for _ in range(2):
        refused = tablet.user.call(
            "update_progress", {"session_id": session_id, "stored_session": tablet.stored}
        )
        assert refused.status_code == 409
        assert refused.json()["reason"] == "CONTEXT_FORKED"
        tablet.answer()
    assert phone.user.read(f"practice_sessions/{session_id}")["revision"] == stored["revision"]


def test_a_client_that_lost_its_memory_continues_from_the_stored_document(room: Class) -> None:
    practising = room.practising()
    session_id = practising.start()["session"]["session_id"]
    practising.answer()
    practising.store()

    state = practising.user.read(state_path(session_id))
    resumed = Practising(practising.user, {"stored_session": state["stored_session"]})
    (shown,) = resumed.turn()

    assert shown["name"] == "question_presentation"
    assert shown["args"]["question"] == practising.pending
    resumed.answer()
    assert resumed.store()["total_questions"] == 2


def test_starting_again_resumes_the_active_session_for_any_new_state(room: Class) -> None:
    first = room.practising()
    session = first.start()["session"]
    other = room.practising()
    payload = other.seen[0]["args"]["full_session_payload"]

    resumed = other.user.call("start_session", {"stored_session": payload})

    assert resumed.status_code == 200
    assert resumed.json()["resumed"]
    assert resumed.json()["session"]["session_id"] == session["session_id"]


def test_completing_scores_from_the_last_state_and_shows_mastery(room: Class) -> None:
    practising = room.practising()
    session_id = practising.start()["session"]["session_id"]
    for correctly in (True, True, False, True, True):
        practising.answer(correctly=correctly)
    closing = {"session_id": session_id, "stored_session": practising.stored, "notes": "Good"}

    completed = practising.user.call("complete_session", closing)

    assert completed.status_code == 200, completed.text
    summary = completed.json()["summary"]
    assert (summary["questions_correct"], summary["total_questions"]) == (4, 5)
    items_xp = 4 * XP_RIGHT_AT_FIRST_TRY
    assert summary["xp"] == {
        "items": items_xp,
        "session_bonus": XP_SESSION_BONUS,
        "streak_bonus": XP_PER_STREAK_DAY,
        "total": items_xp + XP_SESSION_BONUS + XP_PER_STREAK_DAY,
        "verified": items_xp,
    }
    assert summary["mastery"]
    assert all(skill["before"] == 0.6 for skill in summary["mastery"])
    assert practising.user.call("complete_session", closing).json() == completed.json()
    student = practising.user.read(f"students/{practising.user.uid}")
    assert (student["xp_total"], student["xp_verified"]) == (summary["xp"]["total"], items_xp)
    assert student["totals"]["assigned"]["questions_correct"] == 4
    assert len(items(practising, session_id)) == 5


def test_a_seal_replayed_after_completion_reopens_nothing(room: Class) -> None:
    practising = room.practising()
    session_id = practising.start()["session"]["session_id"]
    practising.answer()
    practising.user.call("complete_session", {"session_id": session_id})

    late = {"session_id": session_id, "stored_session": practising.stored}
    replays = [
        practising.user.call("update_progress", late),
        practising.user.call("complete_session", late),
        practising.user.call("start_session", {"stored_session": practising.stored}),
    ]

    assert [r.json()["reason"] for r in replays] == ["SESSION_NOT_ACTIVE"] * 3


@pytest.mark.parametrize("function", ["practice_turn", "start_session", "update_progress"])
def test_another_students_practice_is_refused(room: Class, function: str, user: Any) -> None:
    practising = room.practising()
    session_id = practising.start()["session"]["session_id"]
    thief = user("thief")
    body = {
        "practice_turn": {"session_context": practising.context},
        "start_session": {"stored_session": practising.stored},
        "update_progress": {"session_id": session_id, "stored_session": practising.stored},
    }[function]

    refused = thief.call(function, body)

    assert refused.json()["reason"] == "SESSION_CONTEXT_TAMPERED"


def test_practice_on_a_client_made_template_is_self_practice(room: Class) -> None:
    made_up = {
        "name": "Mine",
        "template_data": {"sections": [{"name": "S", "exercises": [{"name": "Long tones"}]}]},
    }
    practising = Practising(room.student, {"source_data": made_up})
    practising.turn()

    session = practising.start()["session"]

    assert (session["origin"], session["teacher_id"]) == ("self_practice", None)
    assert session["template_id"] is None
