"""Checks of who is in a class, and of what a person gets to know."""

import json
from collections.abc import Iterator

from tests.chaos.histories.classes.plan import CO_TEACHER, OWNER
from tests.chaos.histories.classes.record import ClassHistory, classes_of, name
from tests.chaos.histories.record import History

SHARDS = 10


def places(history: History) -> Iterator[str]:
    """Free places and active members add up to the maximum. No other code opens the class."""
    codes = set()
    for class_id in classes_of(history):
        join = history.documents[f"classes/{class_id}/private/join"].fields
        codes.add(join["code"])
        shards = history.documents_in(f"join_codes/{join['code']}/places").values()
        left = [shard.fields["left"] for shard in shards]
        members = history.documents_in(f"classes/{class_id}/members").values()
        active = sum(member.fields["status"] == "active" for member in members)
        if len(left) != SHARDS or min(left) < 0:
            yield f"class {class_id} has the places {left}"
        if sum(left) + active != join["max_students"]:
            yield (
                f"class {class_id} has {sum(left)} places and {active} students, "
                f"not {join['max_students']}"
            )
    for path in history.documents:
        if path.startswith("join_codes/") and path.split("/")[1] not in codes:
            yield f"{path} is of no class"


def members(history: History) -> Iterator[str]:
    """A row says of its student what the membership says, and the student's own document names the
    classes that they are in. An answered join is stored.
    """
    for class_id in classes_of(history):
        rows = history.documents_in(f"classes/{class_id}/rows")
        found = history.documents_in(f"classes/{class_id}/members")
        if rows.keys() != found.keys():
            yield f"class {class_id} has rows of {sorted(rows)} and members {sorted(found)}"
        for uid, member in found.items():
            row = rows[uid].fields if uid in rows else {}
            for field in ("status", "display_name"):
                if row.get(field) != member.fields[field]:
                    yield f"{class_id}: {uid}'s {field} is {row.get(field)} in the row"
            named = history.documents[f"students/{uid}"].fields["class_ids"]
            if (class_id in named) != (member.fields["status"] == "active"):
                yield f"{class_id}: {uid} names the classes {named}"
    for exchange in history.exchanges:
        if exchange.function == "join_class" and exchange.is_success:
            class_id = exchange.reply["class"]["class_id"]
            if f"classes/{class_id}/members/{exchange.uid}" not in history.documents:
                yield f"{name(exchange)} was answered, but {exchange.uid} is no member"


def nothing_of_others(history: History) -> Iterator[str]:
    """No student reads another one's work, or what would tell the keys, and no reply names one."""
    assert isinstance(history, ClassHistory)
    for read in history.reads:
        if read.status != 403:
            yield f"{read.uid} read {read.path}: {read.status}"
    students = set(history.documents_in("students"))
    for exchange in history.exchanges:
        if exchange.uid in (OWNER, CO_TEACHER):
            continue
        text = json.dumps(exchange.reply)
        for uid in students - {exchange.uid, exchange.body.get("student_id")}:
            if f'"{uid}"' in text:
                yield f"{name(exchange)} by {exchange.uid} tells of {uid}"


def stray_documents(history: History) -> Iterator[str]:
    """Every document belongs to a class, a session of its assignments, or a person."""
    sessions = history.documents_in("practice_sessions")
    for path in history.documents:
        match path.split("/"):
            case ["practice_sessions", session_id, "state", "current"]:
                known = session_id in sessions
                known = known and sessions[session_id].fields["status"] == "active"
            case ["practice_sessions", session_id, "items" | "turns", _]:
                known = session_id in sessions
            case ["classes", class_id, *rest]:
                known = f"classes/{class_id}" in history.documents and _is_of_class(rest)
            case ["students", uid] | ["students", uid, "skills", _]:
                known = uid not in (OWNER, CO_TEACHER)
            case ["practice_sessions", session_id]:
                known = sessions[session_id].fields["class_id"] is not None
            case [collection, *_]:
                known = collection in ("session_templates", "join_codes", "idempotency")
            case _:
                known = False
        if not known:
            yield f"{path} belongs to no known document"


def _is_of_class(steps: list[str]) -> bool:
    match steps:
        case [] | ["private", "join"] | ["assignments", _, "content", "template"]:
            return True
        case ["members" | "rows" | "live" | "audit" | "assignments", _]:
            return True
        case _:
            return False
