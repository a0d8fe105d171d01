"""stored_session over HTTP: SDK encodings, forgeries, old states, branches, simultaneous calls."""

import copy
import json
from functools import partial
from secrets import token_hex
from typing import Any

import pytest
import requests

from local.api import User
from local.examples import theory_template
from local.stack import Stack
from shared.domain.students.scoring import (
    XP_PER_STREAK_DAY,
    XP_RIGHT_AT_FIRST_TRY,
    XP_SESSION_BONUS,
)
from shared.firestore.client import Client
from shared.firestore.documents import state_path
from tests.support.at_once import at_once
from tests.support.practice_client import Class, Json, Practising
from tests.support.rest_format import in_rest

STORING = ["start_session", "update_progress", "complete_session"]


def body_for(function: str, stored: Any, session_id: str) -> Json:
    match function:
        case "practice_turn":
            return {"session_context": {"stored_session": stored}}
        case "start_session":
            return {"stored_session": stored}
        case _:
            return {"session_id": session_id, "stored_session": stored}


def check_tampered(reply: requests.Response) -> None:
    assert reply.status_code == 422, reply.text[:500]
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.json()["reason"] == "SESSION_CONTEXT_TAMPERED"


def device(practising: Practising) -> Practising:
    """Another device with the same memory."""
    return Practising(practising.user, copy.deepcopy(practising.context), list(practising.seen))


@pytest.fixture
def practising(room: Class) -> Practising:
    """A stored session, and a client some turns ahead of it."""
    practising = room.practising()
    practising.start()
    for correctly in (True, False, True, True, True):
        practising.answer(correctly=correctly)
    return practising


FORGERIES: dict[str, Any] = {
    "mastery": lambda s: s["skills"][0].update(mastery=0.99, mastered=True),
    "score": lambda s: s["progress"].update(questions_correct=5, score_percent=100.0),
    "seq": lambda s: s.update(seq=s["seq"] + 1),
    "pending question": lambda s: s["current"].update(
        question_id=s["blocks"][-1]["questions"][-1]["question_id"]
    ),
    "status": lambda s: s.update(status="completed"),
    "student": lambda s: s.update(student_id="someone"),
    "template": lambda s: s.update(template_id=None),
    "no seal": lambda s: s.pop("seal"),
    "another key": lambda s: s.update(answers={}),
    "blocks swapped": lambda s: s["blocks"].reverse(),
    "seal cut": lambda s: s.update(seal=s["seal"][:-8]),
    "seal in other spelling": lambda s: s.update(seal=f" {s['seal']}"),
}


def test_a_forged_session_is_refused_by_every_function_and_the_genuine_one_continues(
    practising: Practising,
) -> None:
    session_id = practising.stored["session_id"]
    for forge in FORGERIES.values():
        forged = copy.deepcopy(practising.stored)
        forge(forged)
        for function in ("practice_turn", *STORING):
            reply = practising.user.call(function, body_for(function, forged, session_id))
            check_tampered(reply)

    practising.answer()
    assert practising.store()["total_questions"] == 6


def test_a_session_read_from_firestore_is_unchanged_by_any_client_library(
    practising: Practising, client: Client
) -> None:
    path = state_path(practising.stored["session_id"])
    practising.store()
    by_rest = practising.user.read(path)["stored_session"]
    by_python = client.document(path).get().get("stored_session")
    # Written again by a client to a different document.
    copied = client.document(f"copies/{token_hex(6)}")
    copied.set({"kept": practising.stored})
    ways = {
        "REST": by_rest,
        "Python SDK": by_python,
        "written and read again": copied.get().get("kept"),
        "as JavaScript writes numbers": json.loads(
            json.dumps(by_rest).replace(".0,", ",").replace(".0}", "}")
        ),
        "REST, not decoded": in_rest(by_rest),
        "keys sorted": json.loads(json.dumps(by_rest, sort_keys=True)),
        "escaped": json.loads(json.dumps(by_rest, ensure_ascii=True, indent=1)),
    }
    for way, stored in ways.items():
        resumed = Practising(practising.user, {"stored_session": stored})
        (shown,) = resumed.turn()
        assert shown["args"]["question"] == practising.pending, way


def test_every_function_takes_a_session_as_rest_reads_it(room: Class) -> None:
    practising = room.practising()
    session_id = practising.stored["session_id"]
    for function, status in (
        ("start_session", 201),
        ("practice_turn", 200),
        ("update_progress", 200),
        ("complete_session", 200),
    ):
        sent = body_for(function, in_rest(practising.stored), session_id)
        reply = practising.user.call(function, sent)
        assert reply.status_code == status, reply.text
        if function == "start_session":
            assert reply.json()["session"]["session_id"] == session_id
            practising.answer()
    assert reply.json()["summary"]["total_questions"] == 1


@pytest.mark.parametrize(
    "malformed", [{"mapValue": 1}, {"mapValue": {"fields": {"seal": {}}}}, {"mapValue": {}}]
)
def test_a_malformed_session_in_the_rest_format_is_refused(room: Class, malformed: Json) -> None:
    practising = room.practising()
    for function in ("practice_turn", *STORING):
        check_tampered(practising.user.call(function, body_for(function, malformed, "session")))


def test_a_seal_of_another_own_session_is_refused(room: Class) -> None:
    one, other = room.practising(), room.practising()
    session_id = one.start()["session"]["session_id"]
    mixed = {**one.stored, "seal": other.stored["seal"]}
    for function in ("practice_turn", *STORING):
        check_tampered(one.user.call(function, body_for(function, mixed, session_id)))
    for function in ("update_progress", "complete_session"):
        check_tampered(one.user.call(function, body_for(function, other.stored, session_id)))
        missing = body_for(function, other.stored, other.stored["session_id"])
        assert one.user.call(function, missing).json()["reason"] == "SESSION_NOT_FOUND"


def test_an_intact_state_of_another_student_is_refused(
    practising: Practising, stack: Stack
) -> None:
    thief = User(stack, f"thief-{token_hex(6)}")
    session_id = practising.stored["session_id"]
    for function in ("practice_turn", *STORING):
        check_tampered(thief.call(function, body_for(function, practising.stored, session_id)))


def test_a_template_seal_is_not_accepted_as_a_session_seal(
    room: Class, practising: Practising
) -> None:
    template = room.student.read(f"session_templates/{room.template_id}")
    swapped = {**practising.stored, "seal": template["seal"]}
    check_tampered(practising.user.call("practice_turn", body_for("practice_turn", swapped, "")))


def test_an_old_context_may_be_practised_from_but_does_not_replace_a_later_one(
    practising: Practising,
) -> None:
    session_id = practising.stored["session_id"]
    old = device(practising)
    practising.answer()
    before = practising.store()
    again = old.user.call("update_progress", body_for("update_progress", old.stored, session_id))
    assert again.status_code == 200
    assert again.json()["session"] == before

    old.answer(correctly=False)

    refused = old.user.call("update_progress", body_for("update_progress", old.stored, session_id))
    assert (refused.status_code, refused.json()["reason"]) == (409, "CONTEXT_FORKED")
    refused = old.user.call(
        "complete_session", body_for("complete_session", old.stored, session_id)
    )
    assert (refused.status_code, refused.json()["reason"]) == (409, "CONTEXT_FORKED")
    assert practising.user.read(f"practice_sessions/{session_id}")["revision"] == before["revision"]


def test_the_same_turn_taken_on_two_devices_is_one_state_and_no_fork(
    practising: Practising,
) -> None:
    """Ids and choices derive from the session, so the same answer gives the same state."""
    other = device(practising)
    practising.answer()
    other.answer()
    before = practising.store()

    same = other.store()

    assert same == before
    for one in (practising, other):
        one.answer()
    assert practising.store()["total_questions"] == other.store()["total_questions"] == 7


def test_a_device_with_a_refused_branch_continues_from_the_stored_state(
    practising: Practising,
) -> None:
    session_id = practising.stored["session_id"]
    tablet = device(practising)
    practising.answer(correctly=True)
    practising.store()
    tablet.answer(correctly=False)
    body = body_for("update_progress", tablet.stored, session_id)
    assert tablet.user.call("update_progress", body).status_code == 409

    state = tablet.user.read(state_path(session_id))
    tablet.context = {"stored_session": state["stored_session"]}
    tablet.turn()
    tablet.answer()

    assert tablet.store()["total_questions"] == 7


def test_a_completed_session_is_not_reopened_by_a_seal_and_stores_no_turns(
    practising: Practising,
) -> None:
    session_id = practising.stored["session_id"]
    before = device(practising)
    done = practising.user.call(
        "complete_session", body_for("complete_session", practising.stored, session_id)
    )
    assert done.status_code == 200
    student = practising.user.read(f"students/{practising.user.uid}")
    practising.answer()  # a turn does not use the database

    for function in STORING:
        body = body_for(function, practising.stored, session_id)
        refused = practising.user.call(function, body)
        assert (refused.status_code, refused.json()["reason"]) == (409, "SESSION_NOT_ACTIVE")
    refused = before.user.call("start_session", {"stored_session": before.stored})
    assert refused.json()["reason"] == "SESSION_NOT_ACTIVE"
    assert practising.user.read(f"students/{practising.user.uid}") == student


@pytest.mark.parametrize("function", STORING)
def test_ten_simultaneous_identical_calls_have_one_effect(
    room: Class, client: Client, function: str
) -> None:
    practising = room.practising()
    if function != "start_session":
        practising.start()
    for correctly in (True, True, False, True, True):
        practising.answer(correctly=correctly)
    session_id = practising.stored["session_id"]
    body = body_for(function, practising.stored, session_id)

    replies = at_once([partial(practising.user.call, function, body)] * 10)

    expected = [200] * 9 + [201 if function == "start_session" else 200]
    assert sorted(reply.status_code for reply in replies) == expected
    assert len({reply.json()["session"]["revision"] for reply in replies}) == 1
    assert len({str(reply.json()["session"]["stored_session"]) for reply in replies}) == 1
    stored: Json = client.document(f"practice_sessions/{session_id}").get().to_dict()
    assert stored["total_questions"] == stored["tally"]["items_logged"] == 5
    log = client.collection(f"practice_sessions/{session_id}/items").stream()
    assert sorted(entry.id for entry in log) == [f"attempt-00000{n}" for n in range(5)]
    skills = client.collection(f"students/{practising.user.uid}/skills").stream()
    assert sum(skill.get("attempts") for skill in skills) == 5
    if function == "complete_session":
        student = practising.user.read(f"students/{practising.user.uid}")
        total = 4 * XP_RIGHT_AT_FIRST_TRY + XP_SESSION_BONUS + XP_PER_STREAK_DAY
        assert student["xp_total"] == stored["xp"]["total"] == total


def test_two_sessions_that_store_at_the_same_moment_both_count_for_their_skills(
    stack: Stack, client: Client
) -> None:
    """Two sessions on templates of one's own, practising the same skills."""
    student = User(stack, f"student-{token_hex(6)}")
    both = []
    for _ in range(4):
        practising = Practising(student, {"source_data": theory_template()})
        practising.turn()
        practising.start()
        for _ in range(3):
            practising.answer()
        both.append(practising)

    replies = at_once(
        [
            partial(
                student.call,
                "update_progress",
                body_for("update_progress", p.stored, p.stored["session_id"]),
            )
            for p in both
        ]
    )

    assert [reply.status_code for reply in replies] == [200] * 4
    skills = client.collection(f"students/{student.uid}/skills").stream()
    assert sum(skill.get("attempts") for skill in skills) == 4 * 3
