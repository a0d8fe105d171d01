"""Documents and replies of an older version are read, continued and credited by this version.

`stored_before.json` was written by the version before the store, the seal and the domain were put
in new places: every document it stored, the state that its clients held, and its own replies.
Documents are put into a project of their own by REST, so only data that clients see is used here.
"""

import copy
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests

from local.api import User, found
from local.emulator import RULES, Emulator
from local.practice_client import right_answer_by, wrong_answer_by
from local.stack import Stack, free_port, start_functions
from local.tokens import scheduler_token
from shared.domain.students.scoring import XP_EXERCISE_TICKED
from shared.firestore.rest_format import decode_rest_fields

Json = dict[str, Any]

PROJECT_ID = "demo-before"
BEFORE: Json = json.loads(Path(__file__).with_name("stored_before.json").read_text("utf-8"))
TEMPLATES: dict[str, str] = BEFORE["templates"]
SESSIONS: dict[str, str] = BEFORE["sessions"]
CLIENTS: dict[str, Json] = BEFORE["clients"]
EXPECTED: Json = BEFORE["expected"]
# This token bypasses the emulator's rules, as the functions do.
OWNER = {"Authorization": "Bearer owner"}
TIMEOUT_SECONDS = 30

# Fields that depend on the time of a reply, and seals, which differ each time.
TIME_FIELDS = {"seal", "last_activity_at", "ended_at", "updated_at", "duration_seconds"}
# Fields that the older version did not have.
ADDED = {
    *("end_reason", "extra", "lapsed", "practice_mode", "sources", "unlisted", "fast_answers"),
    *("verified_repeated", "self_rated", "self_rated_repeated"),
    *("flags", "xp_verified", "seen", "latest", "earlier", "content_changes"),
    *("p_half", "p_known", "firsts", "read_as"),
}
# What the second answer of the day changes since: mastery by evidence, and no second review.
BY_EVIDENCE: Json = {
    "p_mastery": 0.451889,
    "due_at": "2026-11-21T16:43:34.431471Z",
    "card": {
        "stability": 0.24668918777567272,
        "step": 1,
        "due": "2026-11-21T16:43:34.431471+00:00",
        "state": 1,
        "last_review": "2026-11-21T16:33:34.431471+00:00",
        "difficulty": 6.402115069296838,
        "card_id": 2916663000,
    },
}
OF_ITS_DAY = {"streak_before", "streak_after", "streak_bonus", "total"}
# The question of an exercise without questions in the bank.
SELF_RATED: Json = {"kind": "self_rated"}
LONG_AGO, FAR_AHEAD = "2001-01-01T00:00:00Z", "2101-01-01T00:00:00Z"


def put(stack: Stack, documents: Mapping[str, Json]) -> None:
    """Stores the documents unchanged in one commit."""
    root = f"projects/{stack.project_id}/databases/(default)/documents"
    writes = [
        {"update": {"name": f"{root}/{path}", "fields": fields}}
        for path, fields in documents.items()
    ]
    requests.post(
        f"{stack.documents_url}:commit",
        json={"writes": writes},
        headers=OWNER,
        timeout=TIMEOUT_SECONDS,
    ).raise_for_status()


def stored(stack: Stack, path: str) -> Json | None:
    """A whole document with the time of its last write; None if it is missing."""
    read = requests.get(f"{stack.documents_url}/{path}", headers=OWNER, timeout=TIMEOUT_SECONDS)
    if read.status_code == 404:
        return None
    read.raise_for_status()
    document: Json = read.json()
    return document


def without(value: Any, names: set[str]) -> Any:
    """The value without these fields at any depth."""
    match value:
        case dict():
            return {n: without(inner, names) for n, inner in value.items() if n not in names}
        case list():
            return [without(inner, names) for inner in value]
        case _:
            return value


def as_before(value: Any) -> Any:
    """The part of a reply or document that the older version had.

    It marked verified items, but had no verified XP.
    """
    match without(value, ADDED):
        case dict(fields):
            if "session_bonus" in fields:
                fields.pop("verified")
            return {name: as_before(inner) for name, inner in fields.items()}
        case list(entries):
            return [as_before(entry) for entry in entries]
        case other:
            return other


def with_pending_question(reply: Json) -> Json:
    """The reply with the pending question of its infinite practice as the next item."""
    state = reply["session"]["stored_session"]
    node_id = state["current"]["question_id"]
    shown = [q for block in state["blocks"] for q in block.get("questions", [])]
    (question,) = [question for question in shown if question["question_id"] == node_id]
    return {**reply, "next_item": {"node_id": node_id, "question": question}}


def recounted(reply: Json) -> Json:
    """The reply, where each of the two questions answered again counts once, by its last answer.

    They had been answered three times before, twice right; the second is now wrong.
    """
    counts = {"total_questions": 3, "questions_correct": 1, "score_percent": 33.3}
    changed = {
        name: {**part, **{key: value for key, value in counts.items() if key in part}}
        for name, part in reply.items()
        if name in ("session", "summary")
    }
    return {**reply, **changed}


def without_time(value: Any) -> Any:
    """The part that the older version had and that does not depend on its time."""
    return as_before(without(value, TIME_FIELDS))


def ok(response: requests.Response, status: int = 200) -> Json:
    assert response.status_code == status, response.text
    reply: Json = response.json()
    return reply


def check_refused(response: requests.Response, reason: str) -> None:
    assert response.json().get("reason") == reason, response.text


def calls(reply: Json) -> list[Json]:
    return [call for m in reply["messages"] if m["type"] == "ai" for call in m["tool_calls"]]


def pending(reply: Json) -> Json:
    question: Json = calls(reply)[-1]["args"]["question"]
    return question


def log(user: User, session_id: str) -> list[Json]:
    """The session's items in order, each with its id."""
    query = {"from": [{"collectionId": "items"}], "orderBy": [{"field": {"fieldPath": "index"}}]}
    listed = user.query(query, parent=f"/practice_sessions/{session_id}")
    listed.raise_for_status()
    documents = [row["document"] for row in listed.json() if "document" in row]
    return [
        {"id": d["name"].rpartition("/")[2], **decode_rest_fields(d.get("fields", {}))}
        for d in documents
    ]


def skills(user: User) -> list[Json]:
    query = {"from": [{"collectionId": "skills"}]}
    listed = found(user.query(query, parent=f"/students/{user.uid}"))
    return sorted(listed, key=lambda skill: str(skill["name"]))


class School:
    """The users who own these documents, and their calls."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        people = BEFORE["people"]
        self.teacher = User(stack, people["teacher"], teacher=True)
        self.student = User(stack, people["student"])
        self.graduate = User(stack, people["graduate"])
        self.left = User(stack, people["left"])

    def keys(self) -> dict[str, Json]:
        """The bank's questions with their answers, as the teacher reads them."""
        source = self.teacher.read(f"session_templates/{TEMPLATES['bank']}/private/source")
        return {
            question["question_id"]: question
            for section in source["template_data"]["sections"]
            for exercise in section["exercises"]
            for question in exercise.get("questions", [])
        }

    def answer(self, user: User, session: Json, *, correctly: bool = True) -> Json:
        """Answers the pending question of the session. Returns the reply."""
        question_id = session["current"]["question_id"]
        question = self.keys().get(question_id, SELF_RATED)
        value = right_answer_by(question) if correctly else wrong_answer_by(question)
        return turn(user, session, {"type": "answer", "question_id": question_id, "answer": value})

    def store(self, user: User, session: Json) -> requests.Response:
        body = {"session_id": session["session_id"], "stored_session": session}
        return user.call("update_progress", body)

    def sweep(self, **fields: Any) -> Json:
        token = scheduler_token(project_id=self.stack.project_id)
        response = requests.post(
            f"{self.stack.url}/cleanup_stale_sessions",
            json=fields,
            headers={"Authorization": f"Bearer {token}"},
            timeout=60,
        )
        return ok(response)

    def repeat(self, name: str) -> requests.Response:
        """Repeats a request that the older version received with an Idempotency-Key."""
        sent = BEFORE["idempotent"][name]
        user = User(self.stack, sent["uid"], teacher=sent["uid"] == self.teacher.uid)
        return user.call(sent["function"], sent["body"], headers={"Idempotency-Key": sent["key"]})


def turn(user: User, session: Json, given: Json | None = None) -> Json:
    body: Json = {"session_context": {"stored_session": session}}
    return ok(user.call("practice_turn", {**body, **({"input": given} if given else {})}))


@pytest.fixture(scope="module")
def before(emulator: Emulator) -> Iterator[Stack]:
    """The current functions, with the seal key of the older version."""
    emulator.load_rules(PROJECT_ID, RULES.read_text())
    with start_functions(
        emulator,
        port=free_port(),
        project_id=PROJECT_ID,
        quiet=True,
        environment={"PRACTICE_SEAL_KEYS": BEFORE["seal_key"]},
    ) as running:
        yield running


@pytest.fixture
def school(before: Stack) -> School:
    """All data as the older version left it."""
    before.emulator.clear(PROJECT_ID)
    put(before, BEFORE["documents"])
    return School(before)


def test_starting_again_resumes_the_checklist_as_it_was(school: School) -> None:
    reply = ok(school.student.call("start_session", {"template_id": TEMPLATES["routine"]}))

    assert as_before(reply) == EXPECTED["resumed"]
    assert reply["resumed"]
    assert reply["session"]["session_id"] == SESSIONS["checklist"]


def test_the_checklist_continues_and_is_credited(school: School) -> None:
    session_id = SESSIONS["checklist"]
    known = log(school.student, session_id)
    sent = EXPECTED["ticked"]
    body = {**sent["body"], "items": [{**item, "extra": True} for item in sent["body"]["items"]]}

    ticked = ok(school.student.call("update_progress", body))

    assert without_time(ticked) == recounted(sent["reply"])
    entries = log(school.student, session_id)
    assert entries[: len(known)] == known
    assert [entry["index"] for entry in entries] == list(
        range(len(known) + len(sent["body"]["items"]))
    )
    stale = {**body, "revision": body["revision"] - 1}
    check_refused(school.student.call("update_progress", stale), "REVISION_MISMATCH")
    sent = EXPECTED["checklist_completed"]
    completed = ok(school.student.call("complete_session", sent["body"]))
    assert without_time(completed) == recounted(sent["reply"])


def test_infinite_practice_continues_from_the_stored_document(school: School) -> None:
    student = school.student
    document = student.read(f"practice_sessions/{SESSIONS['infinite']}")
    known = log(student, SESSIONS["infinite"])

    presented = turn(student, document["stored_session"])
    assert without_time(presented) == EXPECTED["presented"]
    answered = school.answer(student, presented["session_context"]["stored_session"])
    assert without_time(answered) == EXPECTED["answered"]

    newer = answered["session_context"]["stored_session"]
    session = ok(school.store(student, newer))["session"]
    assert session["stored"]["seq"] == document["stored"]["seq"] + 1
    entries = log(student, SESSIONS["infinite"])
    assert entries[: len(known)] == known
    assert len(entries) == len(known) + 1 == session["total_questions"]
    body = {**EXPECTED["completed"]["body"], "stored_session": session["stored_session"]}
    summary = ok(student.call("complete_session", body))["summary"]
    assert without_time(summary) == EXPECTED["completed_after_a_turn"]["summary"]


@pytest.mark.parametrize("change", ["a newer state", "a note"])
def test_the_state_of_a_session_is_moved_at_its_next_write(school: School, change: str) -> None:
    student, session_id = school.student, SESSIONS["infinite"]
    path = f"practice_sessions/{session_id}"
    in_session = student.read(path)["stored_session"]

    if change == "a note":
        body = {"session_id": session_id, "session_data": {"notes": "slowly"}}
        session = ok(student.call("update_progress", body))["session"]
        assert session["stored_session"] == in_session
    else:
        session = ok(school.store(student, CLIENTS["newest"]))["session"]

    assert "stored_session" not in student.read(path)
    state = student.read(f"{path}/state/current")["stored_session"]
    assert state == session["stored_session"]
    answered = school.answer(student, state)["session_context"]["stored_session"]
    assert ok(school.store(student, answered))["session"]["stored"]["seq"] == state["seq"] + 1


def test_a_state_that_an_older_version_stored_since_is_the_current_one(school: School) -> None:
    """While a deployment is under way, either version may serve a request."""
    student, path = school.student, f"practice_sessions/{SESSIONS['infinite']}"
    before = stored(school.stack, path)
    assert before
    ok(school.store(student, CLIENTS["newest"]))
    put(school.stack, {path: before["fields"]})

    note = {"session_id": SESSIONS["infinite"], "session_data": {"notes": "slowly"}}
    ok(student.call("update_progress", note))

    state = student.read(f"{path}/state/current")["stored_session"]
    in_session = decode_rest_fields(before["fields"])["stored_session"]
    assert state["seq"] == in_session["seq"] < CLIENTS["newest"]["seq"]


def test_a_newer_state_of_a_client_is_applied_once(school: School) -> None:
    student = school.student
    newest = CLIENTS["newest"]
    path = f"practice_sessions/{SESSIONS['infinite']}"

    presented = turn(student, newest)
    assert without_time(presented) == EXPECTED["newest_presented"]
    taken = ok(school.store(student, newest))

    assert without_time(taken) == with_pending_question(EXPECTED["taken"]["reply"])
    # The seal has the time of each attempt, so all values derived from them are unchanged.
    entries, known = log(student, SESSIONS["infinite"]), skills(student)
    before = EXPECTED["taken"]["log"]
    assert [{n: e[n] for n in b} for e, b in zip(entries, before, strict=True)] == before
    pitch, rhythm = EXPECTED["taken"]["skills"]
    assert as_before(known) == [pitch, {**rhythm, **BY_EVIDENCE}]
    written = stored(school.stack, path)
    again = ok(school.store(student, newest))
    assert again == taken
    assert stored(school.stack, path) == written
    assert log(student, SESSIONS["infinite"]) == entries
    assert skills(student) == known


def test_practice_is_completed_with_the_newer_state(school: School) -> None:
    sent = EXPECTED["completed"]
    body = {**sent["body"], "stored_session": CLIENTS["newest"]}

    completed = ok(school.student.call("complete_session", body))

    ended = {**sent["reply"]["session"], "stored_session": None}
    assert without_time(completed) == {**sent["reply"], "session": ended}
    again = ok(school.student.call("complete_session", body))
    assert again == completed
    document = school.student.read(f"students/{school.student.uid}")
    assert document["xp_total"] == completed["summary"]["xp"]["total"]


def test_a_fork_of_a_newer_state_is_refused(school: School) -> None:
    student = school.student
    forked = student.read(f"practice_sessions/{SESSIONS['infinite']}")["stored_session"]
    for _ in range(2):
        reply = school.answer(student, forked, correctly=False)
        forked = reply["session_context"]["stored_session"]
    ok(school.store(student, CLIENTS["newest"]))
    written = stored(school.stack, f"practice_sessions/{SESSIONS['infinite']}")

    # One state as old as the stored one, made now; one newer, made by the older version.
    assert forked["seq"] == CLIENTS["newest"]["seq"] < CLIENTS["forked"]["seq"]
    for other in (forked, CLIENTS["forked"]):
        check_refused(school.store(student, other), "CONTEXT_FORKED")
    assert stored(school.stack, f"practice_sessions/{SESSIONS['infinite']}") == written


def test_the_branch_stored_first_stays_whichever_version_made_it(school: School) -> None:
    ok(school.store(school.student, CLIENTS["forked"]))

    # Older than the stored state: it changes nothing.
    session = ok(school.store(school.student, CLIENTS["newest"]))["session"]
    assert session["stored"]["seq"] == CLIENTS["forked"]["seq"]
    ahead = school.answer(school.student, CLIENTS["newest"])["session_context"]["stored_session"]
    check_refused(school.store(school.student, ahead), "CONTEXT_FORKED")


def test_a_forged_state_is_refused(school: School) -> None:
    forged = copy.deepcopy(CLIENTS["newest"])
    forged["progress"]["questions_correct"] += 1

    check_refused(school.store(school.student, forged), "SESSION_CONTEXT_TAMPERED")
    check_refused(school.store(school.graduate, CLIENTS["newest"]), "SESSION_CONTEXT_TAMPERED")


def test_a_block_written_by_a_model_continues(school: School) -> None:
    """Its questions are only in the state, not in a bank."""
    document = school.graduate.read(f"practice_sessions/{SESSIONS['written']}")
    sent = EXPECTED["written"]

    presented = turn(school.graduate, document["stored_session"])
    assert without_time(presented) == sent["presented"]
    session = document["stored_session"]
    for given, messages in zip(sent["inputs"], sent["replies"], strict=True):
        answered = turn(school.graduate, session, given)
        assert without(answered["messages"], ADDED) == messages
        session = answered["session_context"]["stored_session"]
    assert without_time(session) == sent["session"]
    stored_session = ok(school.store(school.graduate, session))["session"]
    assert stored_session["total_questions"] == session["progress"]["questions_answered"]


def test_a_completed_session_answers_with_its_summary(school: School) -> None:
    for name in ("completed", "completed_infinite"):
        path = f"practice_sessions/{SESSIONS[name]}"
        written = stored(school.stack, path)

        again = ok(school.graduate.call("complete_session", {"session_id": SESSIONS[name]}))

        assert as_before(without(again, {"seal"})) == EXPECTED[f"{name}_again"]
        assert stored(school.stack, path) == written
    other = {"session_id": SESSIONS["completed"], "notes": "something else"}
    check_refused(school.graduate.call("complete_session", other), "SESSION_NOT_ACTIVE")
    abandoned = {"session_id": SESSIONS["abandoned"]}
    check_refused(school.left.call("complete_session", abandoned), "SESSION_NOT_ACTIVE")


def test_an_existing_student_is_credited_with_new_practice(school: School) -> None:
    path = f"students/{school.graduate.uid}"
    known = school.graduate.read(path)
    sent = EXPECTED["daily_completed"]

    completed = ok(school.graduate.call("complete_session", sent["body"]))

    assert without(without_time(completed), OF_ITS_DAY) == sent["reply"]
    student = school.graduate.read(path)
    paid = completed["summary"]["xp"]
    assert student["xp_total"] == known["xp_total"] + paid["total"]
    assert as_before(without(student["totals"], {"xp"})) == sent["totals"]
    # On the day the documents were made, on the next one, or later.
    days = completed["summary"]["streak_before"], completed["summary"]["streak_after"]
    assert (*days, paid["streak_bonus"]) in [(1, 1, 0), (1, 2, 10), (0, 1, 5)]
    assert student["streak"]["current"] == days[1]


def test_practice_on_a_client_made_template_continues(school: School) -> None:
    made_up = CLIENTS["made_up"]
    sent = EXPECTED["made_up"]

    assert without_time(turn(school.student, made_up)) == sent["presented"]
    body = {**sent["with"], "stored_session": made_up}
    reply = ok(school.student.call("start_session", body), 201)
    stored_before = with_pending_question(sent["stored"])
    assert without(without_time(reply), {"started_at"}) == stored_before
    assert (reply["session"]["origin"], reply["session"]["template_id"]) == ("self_practice", None)
    assert len(log(school.student, made_up["session_id"])) == sent["answered"]


@pytest.mark.parametrize("name", BEFORE["idempotent"])
def test_an_idempotency_key_used_before_gets_the_first_reply(school: School, name: str) -> None:
    """Records expire after two days, so the expiry of these is moved by some years."""
    sent = BEFORE["idempotent"][name]
    record = BEFORE["documents"][sent["path"]]
    put(school.stack, {sent["path"]: {**record, "expire_at": {"timestampValue": FAR_AHEAD}}})

    again = school.repeat(name)

    assert again.headers["Idempotent-Replayed"] == "true"
    assert (again.status_code, again.text) == (
        sent["status"],
        record["reply"]["stringValue"],
    )
    user = User(school.stack, sent["uid"], teacher=sent["uid"] == school.teacher.uid)
    other = user.call(
        sent["function"],
        {**sent["body"], **sent["changed"]},
        headers={"Idempotency-Key": sent["key"]},
    )
    check_refused(other, "IDEMPOTENCY_KEY_REUSED")


def test_an_idempotency_key_with_an_expired_record_is_new(school: School) -> None:
    sent = BEFORE["idempotent"]["complete"]
    record = BEFORE["documents"][sent["path"]]
    put(school.stack, {sent["path"]: {**record, "expire_at": {"timestampValue": LONG_AGO}}})

    again = school.repeat("complete")

    assert "Idempotent-Replayed" not in again.headers
    assert as_before(ok(again)) == json.loads(record["reply"]["stringValue"])


def test_a_template_is_updated_without_its_text(school: School) -> None:
    """Its answer keys are read from the old seal and sealed again."""
    teacher, student = school.teacher, school.student
    path = f"session_templates/{TEMPLATES['bank']}"
    old = student.read(path)
    sent = EXPECTED["updated"]

    updated = ok(teacher.call("update_template", sent["body"]))["template"]

    assert without_time(updated) == sent["template"]
    new = student.read(path)
    assert new["seal"] != old["seal"]
    assert (new["version"], new["content_hash"]) == (updated["version"], updated["content_hash"])
    for template in (new, old):
        reply = ok(student.call("practice_turn", {"session_context": {"source_data": template}}))
        session = reply["session_context"]["stored_session"]
        feedback = calls(school.answer(student, session))[0]["args"]
        assert feedback["correct"]


def test_new_practice_begins_from_the_template_as_rest_returns_it(school: School) -> None:
    ok(school.student.call("complete_session", {"session_id": SESSIONS["infinite"]}))
    template = school.student.get(f"session_templates/{TEMPLATES['bank']}").json()

    begun = ok(school.student.call("practice_turn", {"session_context": {"source_data": template}}))
    payload = calls(begun)[0]["args"]["full_session_payload"]
    started = ok(school.student.call("start_session", {"stored_session": payload}), 201)

    session = started["session"]
    assert (session["origin"], session["teacher_id"]) == ("assigned", school.teacher.uid)
    assert session["template_version"] == decode_rest_fields(template["fields"])["version"]
    known = {skill["name"]: skill["attempts"] for skill in skills(school.student)}
    reply = school.answer(school.student, payload)
    ok(school.store(school.student, reply["session_context"]["stored_session"]))
    after = {skill["name"]: skill["attempts"] for skill in skills(school.student)}
    assert sum(after.values()) == sum(known.values()) + 1


def test_templates_are_unchanged_for_everyone_who_may_use_them(school: School) -> None:
    archived = {"template_id": TEMPLATES["archived"]}
    check_refused(school.student.call("start_session", archived), "TEMPLATE_ARCHIVED")
    assert school.teacher.call("delete_template", archived).status_code == 204
    assigned = {"template_id": TEMPLATES["bank"]}
    check_refused(school.left.call("start_session", assigned), "TEMPLATE_NOT_FOUND")
    denied = school.student.get(f"session_templates/{TEMPLATES['bank']}/private/source")
    assert denied.status_code == 403


def test_the_sweep_ends_stale_sessions_and_leaves_resumed_ones(school: School) -> None:
    left = f"practice_sessions/{SESSIONS['left']}"
    known = school.left.read(left)
    ended = school.left.read(f"practice_sessions/{SESSIONS['abandoned']}")
    locks = [path for path in BEFORE["documents"] if path.startswith("active_sessions/")]
    back = {"session_id": SESSIONS["checklist"], "session_data": {"notes": "back again"}}
    ok(school.student.call("update_progress", back))

    swept = school.sweep(stale_after_minutes=1)

    # All active sessions except the checklist: infinite, written, daily and left.
    assert swept == {"scanned": 4, "abandoned": 4, "remaining": 0, "next": None}
    paid = {**known["xp"], "items": XP_EXERCISE_TICKED, "total": XP_EXERCISE_TICKED}
    credit = {"xp": paid, "streak_before": 0, "streak_after": 1}
    after = school.left.read(left)
    assert as_before(after) == {**known, **EXPECTED["swept"], **credit}
    assert after["end_reason"] == "stale"
    assert school.left.read(f"students/{school.left.uid}")["xp_total"] == XP_EXERCISE_TICKED
    assert school.left.read(f"practice_sessions/{SESSIONS['abandoned']}") == ended
    assert school.student.read(f"practice_sessions/{SESSIONS['checklist']}")["status"] == "active"
    # The lock of the session that continues; the daily session had none.
    assert len([path for path in locks if stored(school.stack, path)]) == 1
    started = school.left.call("start_session", {"template_id": TEMPLATES["public"]})
    assert ok(started, 201)["session"]["session_id"] != SESSIONS["left"]
