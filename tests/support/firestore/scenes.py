"""One scene for each way in which a function writes: the state before, and the call itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shared.contract.operation import main_operation
from shared.domain.classes.join_code import SHARDS, shard_of
from shared.domain.sessions.session import Mode
from shared.domain.students.scoring import (
    XP_EXERCISE_TICKED,
    XP_PER_STREAK_DAY,
    XP_RIGHT_AT_FIRST_TRY,
)
from shared.firestore.locks import LockScope
from shared.ports.calls import StoredReply
from testkit.faults.plans import COMMIT, COUNT, QUERY, READ
from tests.support.firestore.faulty_channel import Rpc
from tests.support.firestore.practice import (
    practice_to_complete,
    practice_to_start,
    practice_to_update,
)
from tests.support.firestore.world import SCHEDULER, STUDENT, TEACHER, World, answer

TEMPLATE: dict[str, Any] = {
    "name": "Guitar",
    "subject": "Music",
    "student_ids": [STUDENT],
    "template_data": {
        "sections": [
            {
                "name": "Warm-up",
                "duration_minutes": 10,
                "exercises": [
                    {"id": "scales", "name": "Scales"},
                    {"id": "trills", "name": "Trills"},
                ],
            }
        ]
    },
}
BANK: dict[str, Any] = {
    "sections": [
        {
            "name": "Sums",
            "exercises": [
                {
                    "name": "Addition",
                    "questions": [
                        {"question_id": "q1", "kind": "numeric", "prompt": "2 + 2", "answer": 4}
                    ],
                }
            ],
        }
    ]
}
ITEMS: list[dict[str, Any]] = [
    {"node_id": "scales", "grade": "good"},
    {"node_id": "question-1", "correct": True, "extra": True},
]
XP_OF_ITEMS = XP_RIGHT_AT_FIRST_TRY + XP_EXERCISE_TICKED
# A session with these items, completed on the first day of a streak.
XP_OF_FIRST_SESSION = XP_OF_ITEMS + XP_PER_STREAK_DAY
CLOSING: dict[str, Any] = {"notes": "went well", "focus_score": 8, "actual_duration_minutes": 30}


def template(world: World, **changes: Any) -> str:
    reply = world.call("create_template", {**TEMPLATE, **changes}, by=TEACHER)
    template_id: str = answer(reply)["template"]["template_id"]
    return template_id


def session(world: World, template_id: str | None = None, *, by: str = STUDENT) -> str:
    """An active session, of a new template unless one is given."""
    template_id = template_id or template(world)
    reply = world.call("start_session", {"template_id": template_id, "timezone": "UTC"}, by=by)
    session_id: str = answer(reply)["session"]["session_id"]
    return session_id


def lock_without_mode(world: World, session_id: str) -> None:
    """Gives the session its lock as versions stored it whose locks had no mode."""
    fields = world.session(session_id)
    place = LockScope(fields["student_id"], fields["template_id"], Mode(fields["mode"]))
    lock = world.read(place.lock)
    del lock["mode"]
    world.client.document(place.lock_without_mode).set(lock)
    world.client.document(place.lock).delete()


def blank_session(world: World, *, by: str = STUDENT) -> str:
    reply = world.call("start_session", {"timezone": "UTC"}, by=by)
    session_id: str = answer(reply)["session"]["session_id"]
    return session_id


def practised(world: World, template_id: str | None = None) -> str:
    """A session with an exercise ticked and a question answered."""
    session_id = session(world, template_id)
    world.call("update_progress", {"session_id": session_id, "items": ITEMS})
    return session_id


@dataclass(frozen=True)
class Scene:
    """`rpcs` are the calls to the database when nothing goes wrong, and `with_key` those when the
    request brings an Idempotency-Key."""

    function: str
    before: Callable[[World], dict[str, Any]]
    rpcs: list[Rpc]
    with_key: list[Rpc]
    by: str = STUDENT
    after: timedelta = timedelta(minutes=1)

    def play(self, world: World, body: dict[str, Any], *, key: str | None = None) -> StoredReply:
        return world.call(self.function, body, by=self.by, key=key, after=self.after)


def get(documents: int) -> Rpc:
    return Rpc(READ, documents)


def commit(writes: int) -> Rpc:
    return Rpc(COMMIT, writes)


def _with_stale_lock(world: World) -> dict[str, Any]:
    template_id = template(world)
    path = LockScope(STUDENT, template_id, Mode.CHECKLIST).lock
    world.client.document(path).set({"schema_version": 1, "session_id": "gone"})
    return {"template_id": template_id, "timezone": "UTC"}


def _with_lock_without_mode(world: World) -> dict[str, Any]:
    template_id = template(world)
    lock_without_mode(world, session(world, template_id))
    return {"template_id": template_id, "mode": "daily", "timezone": "UTC"}


def _stale_sessions(world: World) -> dict[str, Any]:
    blank_session(world)
    session(world)
    return {}


def _stale_work(world: World) -> dict[str, Any]:
    practised(world)
    practised(world)
    return {}


def _completed(world: World) -> dict[str, Any]:
    body = {"session_id": practised(world), **CLOSING}
    world.call("complete_session", body)
    return body


def _discarded(world: World) -> dict[str, Any]:
    body = {"session_id": practised(world), "discard": True}
    world.call("complete_session", body)
    return body


def _to_pack(world: World) -> dict[str, Any]:
    template(world, template_data=BANK)
    return {"limits": {"new": 1}}


def _packed(world: World) -> dict[str, Any]:
    template(world, template_data=BANK)
    world.call("daily_pack", {})
    return {}


def school_class(world: World, **fields: Any) -> dict[str, Any]:
    """The reply about a new class of the teacher."""
    reply = world.call("create_class", {"name": "Guitar", **fields}, by=TEACHER)
    created: dict[str, Any] = answer(reply)
    return created


def member(world: World, of: dict[str, Any], *, by: str = STUDENT) -> dict[str, Any]:
    """Makes the student a member of the class. Returns the request to remove them."""
    world.call("join_class", {"code": of["join"]["code"], "display_name": "Sam"}, by=by)
    return {"class_id": of["class"]["class_id"], "student_id": by}


def _of_class(world: World, **fields: Any) -> dict[str, Any]:
    return {"class_id": school_class(world)["class"]["class_id"], "version": 1, **fields}


def _to_join(world: World) -> dict[str, Any]:
    return {"code": school_class(world)["join"]["code"], "display_name": "Sam"}


def _joined(world: World) -> dict[str, Any]:
    body = _to_join(world)
    world.call("join_class", body)
    return body


def _to_join_elsewhere(world: World) -> dict[str, Any]:
    """Of a class whose places are not in the document of the student."""
    of = school_class(world, max_students=1)
    place = f"join_codes/{of['join']['code']}/places"
    for shard, left in ((0, 0), ((shard_of(STUDENT) + 3) % SHARDS, 1)):
        world.client.document(f"{place}/{shard}").update({"left": left})
    return {"code": of["join"]["code"], "display_name": "Sam"}


def _to_join_again(world: World) -> dict[str, Any]:
    of = school_class(world)
    world.call("remove_member", member(world, of), by=TEACHER)
    change = {"class_id": of["class"]["class_id"], "join": {"rotate": True}}
    of = answer(world.call("update_class", change, by=TEACHER))
    return {"code": of["join"]["code"], "display_name": "Sam"}


def assignment(world: World, *, named: bool = False, **fields: Any) -> dict[str, Any]:
    """An assignment of a class that the student is in, for them alone or for everybody.

    Returns its ids.
    """
    of = school_class(world)
    member(world, of)
    body = {
        "class_id": of["class"]["class_id"],
        "template_id": template(world, template_data=BANK),
        **({"student_ids": [STUDENT]} if named else {}),
        **fields,
    }
    created = answer(world.call("create_assignment", body, by=TEACHER))["assignment"]
    return {name: created[name] for name in ("class_id", "assignment_id")}


def work(world: World, **fields: Any) -> dict[str, Any]:
    """The student's session of a new assignment. Returns its ids with the `session_id`."""
    ids = assignment(world, **fields)
    session_id = answer(world.call("start_session", ids))["session"]["session_id"]
    return {**ids, "session_id": session_id}


def _to_assign(world: World, *, named: bool = False) -> dict[str, Any]:
    of = school_class(world)
    member(world, of)
    body = {"class_id": of["class"]["class_id"], "template_id": template(world, template_data=BANK)}
    return {**body, **({"student_ids": [STUDENT]} if named else {})}


def _begun(world: World) -> dict[str, Any]:
    ids = assignment(world)
    world.call("start_session", ids)
    return ids


def _to_hand_in(world: World, **fields: Any) -> dict[str, Any]:
    return {"session_id": work(world, **fields)["session_id"]}


def _to_grade(world: World) -> dict[str, Any]:
    return {**assignment(world), "student_id": STUDENT, "revision": 0, "score_percent": 90}


def _graded(world: World) -> dict[str, Any]:
    body = _to_grade(world)
    world.call("override_grade", body, by=TEACHER)
    return body


def _to_void(world: World) -> dict[str, Any]:
    """A question that the student has answered, in work that is handed in."""
    made = work(world, points=10)
    of = {"session_id": made.pop("session_id")}
    asked = answer(world.call("assignment_turn", of))
    question_id = asked["state"]["current"]["question_id"]
    given = {"type": "answer", "question_id": question_id, "answer": 0}
    world.call("assignment_turn", {**of, "seq": asked["seq"], "input": given})
    world.call("complete_session", of)
    return {**made, "question_id": question_id}


def _voided(world: World) -> dict[str, Any]:
    body = _to_void(world)
    world.call("void_item", body, by=TEACHER)
    return body


def _stale_work_of_a_member(world: World) -> dict[str, Any]:
    """Self-practice, which a class's row shows."""
    member(world, school_class(world))
    world.call("update_progress", {"session_id": blank_session(world), "items": ITEMS})
    return {}


# The pack, due skills, assigned templates; the template, the student's document about it, a skill.
PACKED = [get(1), Rpc(QUERY, 0), Rpc(QUERY, 0), get(1), get(1), get(1)]
# The list of a template's students, and the document of its one student.
ASSIGNED = 2
# A code's documents of places; with the code itself.
PLACES = SHARDS
CODE = 1 + PLACES
# The work on assignments that is stale, and the rest of both kinds.
AFTER_SWEEP = [Rpc(QUERY, 0), Rpc(QUERY, 0), Rpc(QUERY, 0)]
# A page of two sessions, abandoned one with a place to release, and the queries for the rest.
SWEPT = [Rpc(QUERY, 0), commit(4), *AFTER_SWEEP]
VOIDED = [
    *(get(3), Rpc(COUNT, 0), commit(2), get(1), Rpc(QUERY, 0)),
    *(get(1), Rpc(QUERY, 0), get(1), Rpc(QUERY, 0), commit(3), commit(1), get(1)),
]

SCENES: dict[str, Scene] = {
    "create_template": Scene(
        "create_template",
        lambda _world: TEMPLATE,
        [commit(1 + ASSIGNED)],
        [get(1), commit(2 + ASSIGNED)],
        by=TEACHER,
    ),
    "create_template with answer keys": Scene(
        "create_template",
        lambda _world: {**TEMPLATE, "template_data": BANK},
        [commit(2 + ASSIGNED)],
        [get(1), commit(3 + ASSIGNED)],
        by=TEACHER,
    ),
    "update_template": Scene(
        "update_template",
        lambda world: {"template_id": template(world), "version": 1, "name": "Lute"},
        [get(2), commit(1 + ASSIGNED)],
        [get(3), commit(2 + ASSIGNED)],
        by=TEACHER,
    ),
    "update_template with answer keys": Scene(
        "update_template",
        lambda world: {"template_id": template(world), "version": 1, "template_data": BANK},
        [get(2), commit(2)],
        [get(3), commit(3)],
        by=TEACHER,
    ),
    "update_template without them any more": Scene(
        "update_template",
        lambda world: {
            "template_id": template(world, template_data=BANK),
            "version": 1,
            "template_data": TEMPLATE["template_data"],
        },
        [get(2), commit(2)],
        [get(3), commit(3)],
        by=TEACHER,
    ),
    "delete_template": Scene(
        "delete_template",
        lambda world: {"template_id": template(world)},
        [get(2), commit(1 + ASSIGNED)],
        [get(3), commit(2 + ASSIGNED)],
        by=TEACHER,
    ),
    "start_session": Scene(
        "start_session",
        lambda world: {"template_id": template(world), "timezone": "UTC"},
        [get(5), commit(2)],
        [get(6), commit(3)],
    ),
    "start_session without a template": Scene(
        "start_session",
        lambda _world: {"timezone": "UTC"},
        [get(1), commit(1)],
        [get(2), commit(2)],
    ),
    "start_session resumed": Scene(
        "start_session",
        lambda world: {
            "template_id": world.session(session(world))["template_id"],
            "timezone": "UTC",
        },
        [get(5), get(1)],
        [get(6), get(1), commit(1)],
    ),
    "start_session over a leftover lock": Scene(
        "start_session",
        _with_stale_lock,
        [get(5), get(1), commit(2)],
        [get(6), get(1), commit(3)],
    ),
    "start_session beside a session with a lock of before": Scene(
        "start_session",
        _with_lock_without_mode,
        [get(5), get(1), commit(4)],
        [get(6), get(1), commit(5)],
    ),
    "update_progress with items": Scene(
        "update_progress",
        lambda world: {"session_id": session(world), "items": ITEMS},
        [get(1), commit(3)],
        [get(2), commit(4)],
    ),
    "update_progress with data": Scene(
        "update_progress",
        lambda world: {"session_id": session(world), "session_data": {"notes": "slowly"}},
        [get(2), commit(1)],
        [get(3), commit(2)],
    ),
    "update_progress of a revision": Scene(
        "update_progress",
        lambda world: {
            "session_id": session(world),
            "revision": 1,
            "session_data": {"notes": "slowly"},
            "items": ITEMS,
        },
        [get(1), commit(3)],
        [get(2), commit(4)],
    ),
    "complete_session": Scene(
        "complete_session",
        lambda world: {"session_id": practised(world), **CLOSING},
        [get(2), commit(4)],
        [get(3), commit(5)],
    ),
    "complete_session without a template": Scene(
        "complete_session",
        lambda world: {"session_id": blank_session(world)},
        [get(2), commit(2)],
        [get(3), commit(3)],
    ),
    "complete_session again": Scene(
        "complete_session",
        _completed,
        [get(2)],
        [get(3), commit(1)],
    ),
    # Template, assignment, locks, student, session, state and a skill; five attempts are logged.
    "start_session with practice": Scene(
        "start_session",
        practice_to_start,
        [get(8), commit(3 + 1 + 5)],
        [get(9), commit(4 + 1 + 5)],
    ),
    "update_progress with practice": Scene(
        "update_progress",
        practice_to_update,
        [get(3), commit(2 + 1 + 5)],
        [get(4), commit(3 + 1 + 5)],
    ),
    "complete_session with practice": Scene(
        "complete_session",
        practice_to_complete,
        [get(3), commit(5 + 1 + 5)],
        [get(4), commit(6 + 1 + 5)],
    ),
    # The pack, its session and the state.
    "daily_pack": Scene(
        "daily_pack",
        _to_pack,
        [get(1), *PACKED, commit(3)],
        [get(2), *PACKED, commit(4)],
    ),
    "daily_pack resumed": Scene(
        "daily_pack",
        _packed,
        [get(1), get(1), get(2)],
        [get(2), get(1), get(2), commit(1)],
    ),
    # A look at the code; the class, how to join it, the code and its ten places.
    "create_class": Scene(
        "create_class",
        lambda _world: {"name": "Guitar"},
        [get(1), commit(2 + CODE)],
        [get(1), get(1), commit(3 + CODE)],
        by=TEACHER,
    ),
    "update_class": Scene(
        "update_class",
        lambda world: _of_class(world, name="Lute"),
        [get(2), commit(1)],
        [get(3), commit(2)],
        by=TEACHER,
    ),
    "update_class with another code": Scene(
        "update_class",
        lambda world: _of_class(world, join={"rotate": True}),
        [get(2), get(1), get(CODE), Rpc(COUNT, 0), commit(2 + 2 * CODE)],
        [get(3), get(1), get(CODE), Rpc(COUNT, 0), commit(3 + 2 * CODE)],
        by=TEACHER,
    ),
    "update_class with another maximum": Scene(
        "update_class",
        lambda world: _of_class(world, join={"max_students": 30}),
        [get(2), get(CODE), Rpc(COUNT, 0), commit(2 + PLACES)],
        [get(3), get(CODE), Rpc(COUNT, 0), commit(3 + PLACES)],
        by=TEACHER,
    ),
    "update_class archived": Scene(
        "update_class",
        lambda world: _of_class(world, archived=True),
        [get(2), commit(2 + CODE)],
        [get(3), commit(3 + CODE)],
        by=TEACHER,
    ),
    "update_class with a co-teacher": Scene(
        "update_class",
        lambda world: _of_class(world, teacher_ids=[TEACHER, "teacher-2"]),
        [get(2), get(1), commit(1)],
        [get(3), get(1), commit(2)],
        by=TEACHER,
    ),
    # The code, a document of places and the student; the class and the member. Written are the
    # places, the member, the student and their row of the gradebook.
    "join_class": Scene(
        "join_class",
        _to_join,
        [get(3), get(2), commit(4)],
        [get(4), get(2), commit(5)],
    ),
    "join_class by a member": Scene(
        "join_class",
        _joined,
        [get(3), get(2)],
        [get(4), get(2), commit(1)],
    ),
    "join_class with a place elsewhere": Scene(
        "join_class",
        _to_join_elsewhere,
        [get(3), get(2), get(PLACES - 1), commit(4)],
        [get(4), get(2), get(PLACES - 1), commit(5)],
    ),
    "join_class again after a removal": Scene(
        "join_class",
        _to_join_again,
        [get(3), get(2), commit(4)],
        [get(4), get(2), commit(5)],
    ),
    "remove_member": Scene(
        "remove_member",
        lambda world: member(world, school_class(world)),
        [get(4), get(1), commit(4)],
        [get(5), get(1), commit(5)],
        by=TEACHER,
    ),
    # The class, the template and the caller's right to it; the assignment and its copy.
    "create_assignment": Scene(
        "create_assignment",
        _to_assign,
        [get(3), Rpc(COUNT, 0), commit(2)],
        [get(4), Rpc(COUNT, 0), commit(3)],
        by=TEACHER,
    ),
    "create_assignment for a student": Scene(
        "create_assignment",
        lambda world: _to_assign(world, named=True),
        [get(3), Rpc(COUNT, 0), get(1), commit(2)],
        [get(4), Rpc(COUNT, 0), get(1), commit(3)],
        by=TEACHER,
    ),
    "update_assignment": Scene(
        "update_assignment",
        lambda world: {**assignment(world), "version": 1, "points": 20},
        [get(2), commit(1)],
        [get(3), commit(2)],
        by=TEACHER,
    ),
    # Class, member, assignment, copy, student, session and state, then a skill. Written are the
    # session, its state, the row and the work of the moment.
    "start_session of an assignment": Scene(
        "start_session",
        assignment,
        [get(7), get(1), commit(4)],
        [get(8), get(1), commit(5)],
    ),
    "start_session of an assignment, resumed": Scene(
        "start_session",
        _begun,
        [get(7)],
        [get(8), commit(1)],
    ),
    # Read is the work of the moment besides, which may be another. Written are the session, the
    # student and the row; the state and that work go.
    "complete_session of an assignment": Scene(
        "complete_session",
        _to_hand_in,
        [get(2), get(1), get(1), commit(5)],
        [get(3), get(1), get(1), commit(6)],
    ),
    "complete_session of an assignment, a checklist": Scene(
        "complete_session",
        lambda world: _to_hand_in(world, mode="checklist"),
        [get(2), get(1), get(1), commit(4)],
        [get(3), get(1), get(1), commit(5)],
    ),
    # Class, assignment, member and row; the row and an entry of the audit log.
    "override_grade": Scene(
        "override_grade",
        _to_grade,
        [get(4), commit(2)],
        [get(5), commit(3)],
        by=TEACHER,
    ),
    "override_grade again": Scene(
        "override_grade",
        _graded,
        [get(4)],
        [get(5), commit(1)],
        by=TEACHER,
    ),
    # Class, assignment and copy, and the sessions, counted; then the assignment and a page of its
    # sessions: one with its log and a skill, and the student's sessions since. Written are the
    # assignment and the entry of the audit log; the session, its row and the skill; the progress.
    "void_item": Scene("void_item", _to_void, VOIDED, VOIDED, by=TEACHER),
    "void_item again": Scene("void_item", _voided, [get(3), get(1)], [get(3), get(1)], by=TEACHER),
    # A session, the student and their row.
    "cleanup_stale_sessions of a member of a class": Scene(
        "cleanup_stale_sessions",
        _stale_work_of_a_member,
        [Rpc(QUERY, 0), get(1), commit(3), *AFTER_SWEEP],
        [get(1), Rpc(QUERY, 0), get(1), commit(3), *AFTER_SWEEP, commit(1)],
        by=SCHEDULER,
        after=timedelta(days=4),
    ),
    "cleanup_stale_sessions": Scene(
        "cleanup_stale_sessions",
        _stale_sessions,
        SWEPT,
        [get(1), *SWEPT, commit(1)],
        by=SCHEDULER,
        after=timedelta(days=4),
    ),
    # Two sessions with their places, and the student of both.
    "cleanup_stale_sessions with work to credit": Scene(
        "cleanup_stale_sessions",
        _stale_work,
        [Rpc(QUERY, 0), get(1), commit(7), *AFTER_SWEEP],
        [get(1), Rpc(QUERY, 0), get(1), commit(7), *AFTER_SWEEP, commit(1)],
        by=SCHEDULER,
        after=timedelta(days=4),
    ),
    "complete_session discarded": Scene(
        "complete_session",
        lambda world: {"session_id": practised(world), "discard": True},
        [get(2), commit(3)],
        [get(3), commit(4)],
    ),
    "complete_session discarded again": Scene(
        "complete_session",
        _discarded,
        [get(2)],
        [get(3), commit(1)],
    ),
}
# Those that store their reply under an Idempotency-Key.
HONOURING: dict[str, Scene] = {
    name: scene
    for name, scene in SCENES.items()
    if main_operation(scene.function).honours_idempotency_key
}
