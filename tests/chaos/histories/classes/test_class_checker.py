"""Each check of classes can fail: a valid history is falsified, and the check must report it."""

import copy
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from shared.firestore.documents import turn_path
from tests.chaos.histories.classes.checker import CHECKS, violations
from tests.chaos.histories.classes.plan import CO_TEACHER, OWNER
from tests.chaos.histories.classes.record import (
    ClassHistory,
    Read,
    given_of,
    turns_of,
    voided_of,
    work_of,
)
from tests.chaos.histories.record import Exchange, Json, Sample, SeenSession, Stored, now

(
    REPLIES,
    KEYS,
    RECORDS,
    RISING,
    ENDED,
    ONE_ANSWER,
    SENT,
    STORED,
    UNTOLD,
    CELLS,
    ITEMS,
    AUDIT,
    OVERRIDES,
    VERSIONS,
    VOIDED,
    LIVE,
    XP,
    PLACES,
    MEMBERS,
    OTHERS,
    STRAYS,
) = CHECKS


def copied(history: ClassHistory) -> ClassHistory:
    return replace(
        history,
        exchanges=[replace(each, reply=copy.deepcopy(each.reply)) for each in history.exchanges],
        samples=list(history.samples),
        reads=list(history.reads),
        documents={
            path: replace(stored, fields=copy.deepcopy(stored.fields))
            for path, stored in history.documents.items()
        },
        lock=threading.Lock(),
    )


def below(history: ClassHistory, part: str) -> Iterator[tuple[str, Stored]]:
    """The documents with this part in their path."""
    return ((path, s) for path, s in sorted(history.documents.items()) if part in path)


def repeat(history: ClassHistory, exchange: Exchange, **changes: Any) -> None:
    """Adds the same request once more, with another reply."""
    later = {"sent_at": now(), "answered_at": now()}
    history.exchanges.append(replace(exchange, **{**later, **changes}))


def answered(history: ClassHistory, function: str, **wanted: Any) -> Exchange:
    return next(
        each
        for each in history.exchanges
        if each.is_success
        and each.function == function
        and all(getattr(each, name) == value for name, value in wanted.items())
    )


def answer_turn(history: ClassHistory) -> Exchange:
    return next(
        each
        for each in history.exchanges
        if each.is_success and each.body.get("input", {}).get("type") == "answer"
        if each.function == "assignment_turn"
    )


def turn_of(history: ClassHistory, exchange: Exchange) -> str:
    return turn_path(exchange.body["session_id"], exchange.body["seq"])


def worked(history: ClassHistory, status: str, policy: str = "strict") -> tuple[str, Stored]:
    """A session with answers."""
    return next(
        (session_id, stored)
        for session_id, stored in sorted(work_of(history).items())
        if stored.fields["status"] == status and stored.fields["assignment"]["policy"] == policy
        if stored.fields["items_completed"]
    )


def cell_of(history: ClassHistory, session: Json) -> Json:
    row = history.documents[f"classes/{session['class_id']}/rows/{session['student_id']}"]
    found: Json = row.fields["cells"][session["assignment_id"]]
    return found


def graded(history: ClassHistory) -> Json:
    """A cell with an override."""
    return next(
        cell
        for _, row in below(history, "/rows/")
        for cell in row.fields.get("cells", {}).values()
        if cell.get("override")
    )


def two_answers_to_a_seq(history: ClassHistory) -> None:
    exchange = answer_turn(history)
    other = {**exchange.body, "input": {**exchange.body["input"], "answer": 1234}}
    repeat(history, exchange, body=other)


def two_replies_to_a_seq(history: ClassHistory) -> None:
    exchange = answer_turn(history)
    repeat(history, exchange, reply={**exchange.reply, "done": not exchange.reply["done"]})


def answered_and_not_stored(history: ClassHistory) -> None:
    del history.documents[turn_of(history, answer_turn(history))]


def refused_with_another_reply(history: ClassHistory) -> None:
    exchange = next(e for e in history.exchanges if e.reply.get("committed"))
    exchange.reply["committed"]["seq"] += 1


def gap_between_turns(history: ClassHistory) -> None:
    session_id, _ = worked(history, "completed")
    last = max(turns_of(history, session_id))
    after = turn_path(session_id, last + 2)
    history.documents[after] = history.documents[turn_path(session_id, last)]


def turn_that_nobody_sent(history: ClassHistory) -> None:
    fields = history.documents[turn_of(history, answer_turn(history))].fields
    fields["given"] = json.dumps({**given_of(fields), "answer": 4321})


def told_before_it_is_stored(history: ClassHistory) -> None:
    exchange = answer_turn(history)
    path = turn_of(history, exchange)
    stored = history.documents[path]
    history.documents[path] = replace(stored, created_at=exchange.answered_at + 0.001)


def told_too_early(history: ClassHistory) -> None:
    for exchange in history.exchanges:
        for message in exchange.reply.get("messages", []):
            for call in message.get("tool_calls", []):
                if call["args"].get("withheld"):
                    call["args"]["correct"] = True
                    return


def another_score(history: ClassHistory) -> None:
    _, stored = worked(history, "completed")
    cell_of(history, stored.fields)["score_percent"] = 99.9


def score_of_an_override(history: ClassHistory) -> None:
    """The override is written over the computed score."""
    _, stored = worked(history, "completed")
    cell_of(history, stored.fields).update(score_percent=None)


def not_submitted(history: ClassHistory) -> None:
    _, stored = worked(history, "completed")
    cell_of(history, stored.fields)["status"] = "in_progress"


def submitted_too_early(history: ClassHistory) -> None:
    _, stored = worked(history, "active")
    cell_of(history, stored.fields)["status"] = "submitted"


def lost_cell(history: ClassHistory) -> None:
    _, stored = worked(history, "active")
    cell_of(history, stored.fields).clear()


def cell_without_work(history: ClassHistory) -> None:
    _, row = next(below(history, "/rows/"))
    row.fields.setdefault("cells", {})["nothing"] = {"status": "submitted", "revision": 0}


def lost_item(history: ClassHistory) -> None:
    session_id, _ = worked(history, "completed")
    path, _ = max(below(history, f"{session_id}/items/"), key=lambda item: item[1].fields["index"])
    del history.documents[path]


def item_of_another_answer(history: ClassHistory) -> None:
    session_id, _ = worked(history, "completed")
    _, item = next(below(history, f"{session_id}/items/"))
    item.fields["correct"] = not item.fields["correct"]


def items_before_handing_in(history: ClassHistory) -> None:
    done, _ = worked(history, "completed")
    active, _ = worked(history, "active")
    _, item = next(below(history, f"{done}/items/"))
    history.documents[f"practice_sessions/{active}/items/a"] = replace(
        item, fields={**item.fields, "index": 0}
    )


def item_of_open_work_that_nobody_sent(history: ClassHistory) -> None:
    session_id, _ = worked(history, "completed", "open")
    _, item = next(below(history, f"{session_id}/items/"))
    item.fields["node_id"] = "another"


def entry_of_a_grade(history: ClassHistory) -> tuple[str, Stored]:
    return next((p, s) for p, s in below(history, "/audit/") if "student_id" in s.fields)


def lost_entry(history: ClassHistory) -> None:
    del history.documents[entry_of_a_grade(history)[0]]


def entry_twice(history: ClassHistory) -> None:
    path, entry = entry_of_a_grade(history)
    history.documents[f"{path}-again"] = entry


def entry_of_nobody(history: ClassHistory) -> None:
    entry_of_a_grade(history)[1].fields["note"] = "nobody wrote this"


def override_without_an_entry(history: ClassHistory) -> None:
    graded(history)["override"]["grade"] = 12.5


def revision_without_an_entry(history: ClassHistory) -> None:
    graded(history)["revision"] += 1


def lost_override(history: ClassHistory) -> None:
    exchange = answered(history, "override_grade", replayed=False)
    later = {"cell": {**exchange.reply["cell"], "revision": 1_000}}
    repeat(history, exchange, key=None, reply=later)


def version_of_two_changes(history: ClassHistory) -> None:
    exchange = answered(history, "update_assignment", replayed=False)
    other = {"assignment": {**exchange.reply["assignment"], "title": "another"}}
    repeat(history, exchange, key=None, reply=other)


def lost_version(history: ClassHistory) -> None:
    exchange = answered(history, "update_assignment", replayed=False)
    later = {"assignment": {**exchange.reply["assignment"], "version": 1_000}}
    repeat(history, exchange, key=None, reply=later)


def voided(history: ClassHistory) -> Json:
    """An assignment without one of its questions."""
    return next(s.fields for _, s in below(history, "/assignments/") if s.fields.get("voided"))


def voided_and_not_logged(history: ClassHistory) -> None:
    voided(history)["voided"].append("product-3")


def voided_and_asked_again(history: ClassHistory) -> None:
    voided(history)["voided"].clear()


def never_graded_again(history: ClassHistory) -> None:
    voided(history)["regrading"]["finished_at"] = None


def shown_after_the_end(history: ClassHistory) -> None:
    _, done = worked(history, "completed")
    fields = done.fields
    path = f"classes/{fields['class_id']}/live/{fields['student_id']}"
    shown = {"assignment_id": fields["assignment_id"], "answered": 0}
    history.documents[path] = Stored(shown, 0, 0)


def shown_with_other_answers(history: ClassHistory) -> None:
    next(below(history, "/live/"))[1].fields["answered"] += 1


def not_shown(history: ClassHistory) -> None:
    for path, _ in list(below(history, "/live/")):
        del history.documents[path]


def doubled_xp(history: ClassHistory) -> None:
    for _, student in below(history, "students/"):
        if student.fields.get("xp_total"):
            student.fields["xp_total"] *= 2


def extra_place(history: ClassHistory) -> None:
    next(below(history, "/places/"))[1].fields["left"] += 1


def lost_place(history: ClassHistory) -> None:
    del history.documents[next(below(history, "/places/"))[0]]


def old_code(history: ClassHistory) -> None:
    history.documents["join_codes/AAAAAAA"] = Stored({}, 0, 0)


def removed_and_in_the_gradebook(history: ClassHistory) -> None:
    row = next(s for _, s in below(history, "/rows/") if s.fields["status"] == "removed")
    row.fields["status"] = "active"


def class_not_named(history: ClassHistory) -> None:
    student = next(s for _, s in below(history, "students/") if s.fields.get("class_ids"))
    student.fields["class_ids"] = []


def lost_member(history: ClassHistory) -> None:
    exchange = answered(history, "join_class")
    class_id = exchange.reply["class"]["class_id"]
    del history.documents[f"classes/{class_id}/members/{exchange.uid}"]


def read_of_another_student(history: ClassHistory) -> None:
    history.reads.append(Read("student-0", "practice_sessions/of-another", 200))


def told_of_another_student(history: ClassHistory) -> None:
    exchange = next(e for e in history.exchanges if e.uid not in (OWNER, CO_TEACHER))
    others = [path.split("/")[1] for path, _ in below(history, "students/")]
    other = next(uid for uid in others if uid != exchange.uid)
    repeat(history, exchange, key=None, reply={**exchange.reply, "by": other})


def stray_document(history: ClassHistory) -> None:
    history.documents["classes/gone/rows/student-0"] = Stored({}, 0, 0)


def state_after_the_end(history: ClassHistory) -> None:
    session_id, _ = worked(history, "completed")
    history.documents[f"practice_sessions/{session_id}/state/current"] = Stored({}, 0, 0)


def internal_error(history: ClassHistory) -> None:
    repeat(history, answer_turn(history), status=500, reply={"reason": "INTERNAL"})


def unavailable_without_faults(history: ClassHistory) -> None:
    repeat(history, answer_turn(history), status=503, reply={"reason": "UNAVAILABLE"})


def refused_as_committed_with_the_same_answer(history: ClassHistory) -> None:
    refusal = {"reason": "ANSWER_COMMITTED"}
    repeat(history, answer_turn(history), status=409, reply=refusal)


def refused_as_ended_in_progress(history: ClassHistory) -> None:
    session_id, _ = worked(history, "active")
    body = {"session_id": session_id}
    refusal = {"reason": "SESSION_NOT_ACTIVE"}
    repeat(history, answer_turn(history), body=body, status=409, reply=refusal)


def refused_with_the_right_revision(history: ClassHistory) -> None:
    exchange = answered(history, "override_grade", replayed=False)
    body = exchange.body
    row = history.documents[f"classes/{body['class_id']}/rows/{body['student_id']}"].fields
    revision = row["cells"][body["assignment_id"]].get("revision", 0)
    refusal = {"reason": "REVISION_MISMATCH"}
    body = {**body, "revision": revision}
    repeat(history, exchange, key=None, body=body, status=412, reply=refusal)


def refused_to_a_teacher(history: ClassHistory) -> None:
    exchange = answered(history, "update_assignment", uid=OWNER)
    repeat(history, exchange, key=None, status=404, reply={"reason": "CLASS_NOT_FOUND"})


def refused_to_a_member(history: ClassHistory) -> None:
    exchange = answered(history, "override_grade")
    repeat(history, exchange, key=None, status=404, reply={"reason": "MEMBER_NOT_FOUND"})


def keyed(history: ClassHistory) -> Exchange:
    return next(e for e in history.exchanges if e.key and e.is_success)


def done_twice_for_a_key(history: ClassHistory) -> None:
    repeat(history, keyed(history), replayed=False)


def record_differs_from_reply(history: ClassHistory) -> None:
    for _, stored in below(history, "idempotency/"):
        stored.fields["status"] = 299


def seen(stored: Stored, session_id: str, **changes: Any) -> Sample:
    fields = stored.fields
    one = SeenSession(
        session_id,
        fields["student_id"],
        fields["template_id"],
        fields["mode"],
        fields["status"],
        fields["revision"],
        stored.updated_at,
    )
    return Sample(now(), now(), [replace(one, **changes)])


def decreased_revision(history: ClassHistory) -> None:
    session_id, stored = worked(history, "completed")
    history.samples.append(seen(stored, session_id, revision=1))


def written_after_the_end(history: ClassHistory) -> None:
    session_id, stored = next(
        (session_id, stored)
        for session_id, stored in sorted(work_of(history).items())
        if stored.fields["status"] == "completed" and not voided_of(history, stored.fields)
    )
    history.samples.append(seen(stored, session_id, updated_at=stored.updated_at - 1))


Falsification = Callable[[ClassHistory], None]

FALSIFICATIONS: dict[Falsification, str] = {
    two_answers_to_a_seq: ONE_ANSWER,
    two_replies_to_a_seq: ONE_ANSWER,
    answered_and_not_stored: ONE_ANSWER,
    refused_with_another_reply: ONE_ANSWER,
    gap_between_turns: SENT,
    turn_that_nobody_sent: SENT,
    told_before_it_is_stored: STORED,
    told_too_early: UNTOLD,
    another_score: CELLS,
    score_of_an_override: CELLS,
    not_submitted: CELLS,
    submitted_too_early: CELLS,
    lost_cell: CELLS,
    cell_without_work: CELLS,
    lost_item: ITEMS,
    item_of_another_answer: ITEMS,
    items_before_handing_in: ITEMS,
    item_of_open_work_that_nobody_sent: ITEMS,
    lost_entry: AUDIT,
    entry_twice: AUDIT,
    entry_of_nobody: AUDIT,
    override_without_an_entry: AUDIT,
    revision_without_an_entry: AUDIT,
    lost_override: OVERRIDES,
    version_of_two_changes: VERSIONS,
    lost_version: VERSIONS,
    shown_after_the_end: LIVE,
    shown_with_other_answers: LIVE,
    not_shown: LIVE,
    doubled_xp: XP,
    extra_place: PLACES,
    lost_place: PLACES,
    old_code: PLACES,
    removed_and_in_the_gradebook: MEMBERS,
    class_not_named: MEMBERS,
    lost_member: MEMBERS,
    read_of_another_student: OTHERS,
    told_of_another_student: OTHERS,
    stray_document: STRAYS,
    state_after_the_end: STRAYS,
    internal_error: REPLIES,
    unavailable_without_faults: REPLIES,
    refused_as_committed_with_the_same_answer: REPLIES,
    refused_as_ended_in_progress: REPLIES,
    refused_with_the_right_revision: REPLIES,
    refused_to_a_teacher: REPLIES,
    refused_to_a_member: REPLIES,
    done_twice_for_a_key: KEYS,
    record_differs_from_reply: RECORDS,
    decreased_revision: RISING,
    written_after_the_end: ENDED,
}


WITH_VOIDING: dict[Falsification, str] = {
    voided_and_not_logged: VOIDED,
    voided_and_asked_again: VOIDED,
    never_graded_again: VOIDED,
    another_score: CELLS,
    lost_item: ITEMS,
    lost_entry: AUDIT,
}


def test_every_check_of_classes_is_shown_to_fail() -> None:
    assert {*FALSIFICATIONS.values(), *WITH_VOIDING.values()} == set(CHECKS)


@pytest.mark.parametrize("falsify", FALSIFICATIONS, ids=lambda falsify: falsify.__name__)
def test_a_falsified_history_is_reported(
    valid_history: ClassHistory, falsify: Falsification
) -> None:
    require_reported(valid_history, falsify, FALSIFICATIONS[falsify])


@pytest.mark.parametrize("falsify", WITH_VOIDING, ids=lambda falsify: falsify.__name__)
def test_a_falsified_history_with_voiding_is_reported(
    history_with_voiding: ClassHistory, falsify: Falsification
) -> None:
    require_reported(history_with_voiding, falsify, WITH_VOIDING[falsify])


def require_reported(valid: ClassHistory, falsify: Falsification, check: str) -> None:
    assert violations(valid) == []
    history = copied(valid)

    falsify(history)

    assert {line.partition(":")[0] for line in violations(history)} >= {check}
