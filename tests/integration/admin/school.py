"""A school with a teacher and two students who do the same: Sue's documents show Sam's losses."""

from typing import Any

from tests.support.firestore import practice
from tests.support.firestore.scenes import BANK, CLOSING, ITEMS
from tests.support.firestore.scenes import TEMPLATE as ROUTINE
from tests.support.firestore.world import TEACHER, Documents, World, answer

SAM, SUE = "sam-5f2c", "sue-81d0"

# The documents of one student, by kind.
COUNTS = {
    "sessions": 6,
    "items": 9,
    "turns": 1,
    "locks": 2,
    "skills": 1,
    "reports": 1,
    "packs": 1,
    "student": 1,
    "idempotency": 3,
    "limits": 0,
    "templates": 1,
    "assigned": 2,
    "named_in_templates": 0,
    "taught": 0,
    "reported_to": 0,
    "memberships": 1,
    "classes": 0,
    "teacher_of": 0,
    "rows": 1,
    "grade_changes": 1,
    "changed_grades": 0,
    "named_in_assignments": 1,
}

# Path, and the document to the last byte, with the time of its last write.
Bytes = dict[str, bytes]


def create_school(world: World) -> dict[str, str]:
    """Creates a school in which both students made every write. Returns its ids and its code."""
    both = {"student_ids": [SAM, SUE]}
    made = {
        "routine": _id(world.call("create_template", {**ROUTINE, **both}, by=TEACHER)),
        "sums": practice.template(world, **both)["template_id"],
    }
    taught = answer(world.call("create_class", {"name": "Guitar"}, by=TEACHER))
    made["class"] = taught["class"]["class_id"]
    made["code"] = taught["join"]["code"]
    for uid in (SAM, SUE):
        _attend(world, uid, made)
    strict = {"class_id": made["class"], "template_id": made["sums"], "points": 10, **both}
    assigned = answer(world.call("create_assignment", strict, by=TEACHER))["assignment"]
    made["assignment"] = assigned["assignment_id"]
    for uid in (SAM, SUE):
        _work(world, uid, made)
    return made


def _work(world: World, uid: str, made: dict[str, str]) -> None:
    """Answers a question of the assignment, whose grade the teacher sets."""
    ids = {"class_id": made["class"], "assignment_id": made["assignment"]}
    of = {"session_id": _start(world, uid, ids)}
    asked = answer(world.call("assignment_turn", of, by=uid))
    question = asked["messages"][-1]["tool_calls"][0]["args"]["question"]["question_id"]
    given = {"type": "answer", "question_id": question, "answer": 0}
    world.call("assignment_turn", {**of, "seq": asked["seq"], "input": given}, by=uid)
    grade = {**ids, "student_id": uid, "revision": 0, "score_percent": 90, "note": f"To {uid}"}
    world.call("override_grade", grade, by=TEACHER)


def _attend(world: World, uid: str, made: dict[str, str]) -> None:
    own = {"name": f"Of {uid}", "template_data": BANK}
    made[uid] = _id(world.call("create_template", own, by=uid, key="own"))
    finished = _start(world, uid, {"template_id": made["routine"]})
    world.call("update_progress", {"session_id": finished, "items": ITEMS}, by=uid)
    world.call("complete_session", {"session_id": finished, **CLOSING}, by=uid, key="done")
    active = _start(world, uid, {"template_id": made["routine"]})
    world.call("update_progress", {"session_id": active, "items": ITEMS}, by=uid, key="some")
    report = {
        "session_id": active,
        "question_id": ITEMS[0]["node_id"],
        "note": f"Wrong, says {uid}.",
    }
    world.call("report_question", report, by=uid)
    _start(world, uid, {"name": "Improvising"})
    world.call("join_class", {"code": made["code"], "display_name": f"Name of {uid}"}, by=uid)
    read = world.read(f"session_templates/{made['sums']}")
    player = practice.begin(
        world, {**read, "template_id": made["sums"]}, session_id=f"endless-{made[uid]}", by=uid
    )
    practised = practice.form(world, practice.practised(player).practice)
    world.call("start_session", {"stored_session": practised, "timezone": "UTC"}, by=uid)
    world.call("daily_pack", {"timezone": "UTC"}, by=uid)


def _start(world: World, uid: str, body: dict[str, Any]) -> str:
    reply = world.call("start_session", {**body, "timezone": "UTC"}, by=uid)
    session_id: str = answer(reply)["session"]["session_id"]
    return session_id


def _id(reply: Any) -> str:
    template_id: str = answer(reply)["template"]["template_id"]
    return template_id


def all_documents(world: World) -> Bytes:
    return {
        snapshot.reference.path: f"{snapshot.update_time} {snapshot.to_dict()}".encode()
        for snapshot in world.client.collection_group("").stream()
    }


def paths_that_name(world: World, uid: str) -> set[str]:
    """The paths of all documents in which the user id occurs, in any place.

    A session's items and a template's source have no owner field: they count where the document
    they belong to is the person's.
    """
    documents = world.documents()
    found = {path for path, fields in documents.items() if uid in path or uid in str(fields)}
    below = {path: path.rsplit("/", 2)[0] for path in documents if path.count("/") == 3}
    return found | {path for path, parent in below.items() if _owner_of(documents, parent) == uid}


def _owner_of(documents: Documents, path: str) -> str:
    """Raises KeyError for a missing parent, except a student's: skills may be written first."""
    collection, _, name = path.partition("/")
    match collection:
        case "students":
            return name
        case "session_templates" | "classes":
            return str(documents[path]["owner_id"])
        case "join_codes":
            return str(documents[f"classes/{documents[path]['class_id']}"]["owner_id"])
        case _:
            return str(documents[path]["student_id"])
