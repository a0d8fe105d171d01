"""Check of refusals: what is stored, or was sent, is the reason for each."""

import json
from collections.abc import Callable, Iterator, Mapping

from tests.chaos.histories.classes.plan import FIRST
from tests.chaos.histories.classes.record import (
    ClassHistory,
    classes_of,
    given_of,
    name,
    turns_of,
)
from tests.chaos.histories.record import Exchange, History, Json

Justified = Callable[[History, Exchange], bool]


def statuses(history: History) -> Iterator[str]:
    """Every reply is a success, a refusal with its reason, or a 503 under faults."""
    for exchange in history.exchanges:
        if exchange.is_success:
            continue
        reason: str = exchange.reply.get("reason", "")
        if (exchange.status, reason) == (503, "UNAVAILABLE"):
            if history.calm:
                yield f"{name(exchange)} got a 503 although no fault was injected"
        elif reason not in REASONS or exchange.status not in (404, 409, 412, 422):
            yield f"{name(exchange)} got {exchange.status}: {exchange.reply}"
        elif not REASONS[reason](history, exchange):
            yield f"{name(exchange)} was refused without reason: {reason}"


def _is_committed(history: History, exchange: Exchange) -> bool:
    turn = turns_of(history, exchange.body["session_id"]).get(exchange.body["seq"])
    return turn is not None and given_of(turn.fields) != exchange.body["input"]


def _has_ended(history: History, exchange: Exchange) -> bool:
    session_id = exchange.body.get("session_id")
    for id_, stored in history.documents_in("practice_sessions").items():
        place = stored.fields["assignment_id"], stored.fields["student_id"]
        if id_ == session_id or place == (exchange.body.get("assignment_id"), exchange.uid):
            ended_at = stored.fields["ended_at"]
            return ended_at is not None and ended_at.timestamp() < exchange.answered_at
    return False


def _has_another_revision(history: History, exchange: Exchange) -> bool:
    body = exchange.body
    if exchange.function == "assignment_turn":
        return body["seq"] not in turns_of(history, body["session_id"])
    row = history.documents.get(f"classes/{body['class_id']}/rows/{body['student_id']}")
    cells: Json = row.fields.get("cells", {}) if row else {}
    revision: int = cells.get(body["assignment_id"], {}).get("revision", 0)
    sent: int = body["revision"]
    return revision != sent


def _has_no_place(history: History, exchange: Exchange) -> bool:
    """The code was rotated, the student was removed, or there may have been no place."""
    if exchange.key and _has_another_body(history, exchange):
        return True
    joined = history.documents.get(f"join_codes/{exchange.body['code']}")
    if joined is None or _may_be_removed(history, exchange.uid, joined.fields["class_id"]):
        return True
    class_id = joined.fields["class_id"]
    most = [
        each.reply["join"]["max_students"]
        for each in history.exchanges
        if each.function in ("create_class", "update_class") and each.is_success
        if each.reply["class"]["class_id"] == class_id
    ]
    most.append(history.documents[f"classes/{class_id}/private/join"].fields["max_students"])
    if classes_of(history)[class_id]["name"] == FIRST:
        assert isinstance(history, ClassHistory)
        most.append(history.max_students)
    members = history.documents_in(f"classes/{class_id}/members")
    return any(len(members) >= maximum for maximum in most)


def _is_no_teacher(history: History, exchange: Exchange) -> bool:
    of = classes_of(history).get(exchange.body["class_id"])
    return of is None or exchange.uid not in of["teacher_ids"] or _is_shared_later(exchange, of)


def _is_shared_later(exchange: Exchange, of: Json) -> bool:
    return bool(exchange.uid != of["owner_id"] and of["created_at"].timestamp() > exchange.sent_at)


def _is_no_member(history: History, exchange: Exchange) -> bool:
    """The caller of start_session, or the student whom a teacher names."""
    class_id = exchange.body["class_id"]
    uid = exchange.body.get("student_id", exchange.uid)
    member = history.documents.get(f"classes/{class_id}/members/{uid}")
    is_new = member is None or member.created_at > exchange.sent_at
    return is_new or (
        exchange.function == "start_session" and _may_be_removed(history, uid, class_id)
    )


def _may_be_removed(history: History, uid: str, class_id: str) -> bool:
    return any(
        each.function == "remove_member"
        and (each.body["student_id"], each.body["class_id"]) == (uid, class_id)
        for each in history.exchanges
    )


def _has_another_body(history: History, exchange: Exchange) -> bool:
    """Whether its key was sent with several bodies."""
    same = (exchange.uid, exchange.function, exchange.key)
    bodies = {
        json.dumps(each.body, sort_keys=True)
        for each in history.exchanges
        if (each.uid, each.function, each.key) == same
    }
    return exchange.key is not None and len(bodies) > 1


def _has_a_state(_history: History, exchange: Exchange) -> bool:
    return "stored_session" in exchange.body


REASONS: Mapping[str, Justified] = {
    "ANSWER_COMMITTED": _is_committed,
    "ASSIGNMENT_NOT_FOUND": _is_no_member,
    "CLASS_NOT_FOUND": _is_no_teacher,
    "CONTEXT_FORKED": _has_a_state,
    "IDEMPOTENCY_KEY_REUSED": _has_another_body,
    "JOIN_CODE_NOT_VALID": _has_no_place,
    "MEMBER_NOT_FOUND": _is_no_member,
    "REVISION_MISMATCH": _has_another_revision,
    "SESSION_NOT_ACTIVE": _has_ended,
}
