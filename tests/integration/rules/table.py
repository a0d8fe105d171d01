"""The rules as a table: every document, and the actors who may get it or list its collection.

Every operation not granted here must be refused, and every write is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from itertools import product
from typing import Any, NamedTuple

from google.cloud.firestore import WriteBatch

from shared.firestore.client import Client
from tests.integration.rules.rest_client import Caller, RulesProject

READS = ("get", "list")
WRITES = ("create", "update", "delete")
OPERATIONS = (*READS, *WRITES)

# Owning a template, being assigned it, practising in a session and teaching it are four actors
# here, so that none of them gains access by the right of another.
SIGNED_IN = ("owner", "assigned", "student", "teacher", "other student", "stranger")
ACTORS = (*SIGNED_IN, "without token", "without uid")


@dataclass(frozen=True)
class Row:
    """A document, the actors who may get it, and those who may list its collection unfiltered.

    `fields` is None for a missing document, which can be requested too.
    """

    path: str
    get: tuple[str, ...] = ()
    list: tuple[str, ...] = ()
    fields: Mapping[str, Any] | None = None


class Cell(NamedTuple):
    actor: str
    path: str
    operation: str


def _template(visibility: str, *, archived: bool = False) -> dict[str, Any]:
    return {
        "owner_id": "owner",
        "visibility": visibility,
        "archived_at": "2025-06-01" if archived else None,
    }


def _session(student: str, teacher: str | None) -> dict[str, Any]:
    return {"student_id": student, "teacher_id": teacher}


SOURCE: dict[str, Any] = {"template_data": {"sections": []}}
STUDENTS: dict[str, Any] = {"student_ids": ["assigned"]}
ASSIGNMENT: dict[str, Any] = {"owner_id": "owner", "name": "Scales"}
ITEM = {"index": 0, "notes": "private"}
REPORT: dict[str, Any] = {"question_id": "q1", "template_id": "assigned", "correct_answer": "a"}
STATE: dict[str, Any] = {"stored_session": {"seq": 1}}


def _class(*, shows_roster: bool) -> dict[str, Any]:
    return {"teacher_ids": ["owner", "teacher"], "shows_roster": shows_roster}


def _member(uid: str | None, status: str = "active") -> dict[str, Any]:
    return {"student_id": uid, "status": status}


def _work(student: str | None, class_id: str | None, policy: str) -> dict[str, Any]:
    """A session of an assignment."""
    return {**_session(student or "", None), "class_id": class_id, "assignment": {"policy": policy}}


def _answers_shown_from(assignment_id: str) -> Mapping[str, Any]:
    """Strict work whose answers are shown once its assignment is due."""
    work = _work("student", "open", "strict")
    feedback = {**work["assignment"], "feedback": "after_due"}
    return {**work, "assignment_id": assignment_id, "assignment": feedback}


JOIN: dict[str, Any] = {"code": "7KQ2M4D"}
CLASS_TEACHERS = ("owner", "teacher")
MEMBERS = ("student", "other student")

TABLE = (
    Row("session_templates/private", get=("owner",), fields=_template("private")),
    Row("session_templates/assigned", get=("owner", "assigned"), fields=_template("assigned")),
    Row(
        "session_templates/stored before",
        get=("owner", "assigned"),
        fields={**_template("assigned"), **STUDENTS},
    ),
    Row("session_templates/public", get=SIGNED_IN, fields=_template("public")),
    Row(
        "session_templates/archived",
        get=("owner", "assigned"),
        fields=_template("assigned", archived=True),
    ),
    Row("session_templates/empty", fields={}),
    Row("session_templates/nulls", fields={"owner_id": None, "visibility": None}),
    Row("session_templates/missing"),
    Row("session_templates/private/private/source", get=("owner",), fields=SOURCE),
    Row("session_templates/assigned/private/source", get=("owner",), fields=SOURCE),
    Row("session_templates/public/private/source", get=("owner",), fields=SOURCE),
    Row("session_templates/archived/private/source", get=("owner",), fields=SOURCE),
    Row("session_templates/assigned/private/assigned", get=("owner",), fields=STUDENTS),
    Row("session_templates/public/private/assigned", get=("owner",), fields=STUDENTS),
    Row("session_templates/private/private/assigned", get=("owner",)),
    Row("session_templates/assigned/private/other", fields=SOURCE),
    Row("session_templates/assigned/private/assigned/more/deeper", fields=SOURCE),
    Row("session_templates/nulls/private/assigned", fields=STUDENTS),
    Row("session_templates/missing/private/assigned", fields=STUDENTS),
    Row("session_templates/assigned/private/source/more/deeper", fields=SOURCE),
    Row("session_templates/nulls/private/source", fields=SOURCE),
    Row("session_templates/missing/private/source", fields=SOURCE),
    Row("session_templates/public/drafts/first", fields=_template("public")),
    Row(
        "practice_sessions/assigned",
        get=("student", "teacher"),
        fields=_session("student", "teacher"),
    ),
    Row("practice_sessions/self_practice", get=("student",), fields=_session("student", None)),
    Row(
        "practice_sessions/others",
        get=("other student", "teacher"),
        fields=_session("other student", "teacher"),
    ),
    Row("practice_sessions/empty", fields={}),
    Row("practice_sessions/missing"),
    Row(
        "practice_sessions/assigned/items/first",
        get=("student", "teacher"),
        list=("student", "teacher"),
        fields=ITEM,
    ),
    Row(
        "practice_sessions/self_practice/items/first",
        get=("student",),
        list=("student",),
        fields=ITEM,
    ),
    Row(
        "practice_sessions/others/items/first",
        get=("other student", "teacher"),
        list=("other student", "teacher"),
        fields=ITEM,
    ),
    Row(
        "practice_sessions/assigned/items/missing",
        get=("student", "teacher"),
        list=("student", "teacher"),
    ),
    Row(
        "practice_sessions/assigned/state/current",
        get=("student", "teacher"),
        fields=STATE,
    ),
    Row("practice_sessions/self_practice/state/current", get=("student",), fields=STATE),
    Row("practice_sessions/others/state/current", get=("other student", "teacher")),
    Row("practice_sessions/assigned/state/other", fields=STATE),
    Row(
        "question_reports/assigned",
        get=("student", "teacher"),
        fields={**REPORT, **_session("student", "teacher")},
    ),
    Row(
        "question_reports/self_practice",
        get=("student",),
        fields={**REPORT, **_session("student", None)},
    ),
    Row(
        "question_reports/others",
        get=("other student", "teacher"),
        fields={**REPORT, **_session("other student", "teacher")},
    ),
    Row("question_reports/nulls", fields={**REPORT, "student_id": None, "teacher_id": None}),
    Row("question_reports/missing"),
    Row(
        "question_reports/assigned/more/deeper",
        fields={**REPORT, **_session("student", "teacher")},
    ),
    Row("practice_sessions/assigned/state/current/more/deeper", fields=STATE),
    Row("practice_sessions/empty/state/current", fields=STATE),
    Row("practice_sessions/missing/state/current", fields=STATE),
    Row("practice_sessions/empty/items/first", fields=ITEM),
    Row("practice_sessions/missing/items/first", fields=ITEM),
    Row("practice_sessions/assigned/drafts/first", fields=_session("student", "teacher")),
    Row("practice_sessions/assigned/items/first/replies/first", fields=ITEM),
    # Work on assignments, which the teachers of the class read too.
    Row(
        "practice_sessions/of class",
        get=("student", "owner", "teacher"),
        fields=_work("student", "open", "open"),
    ),
    Row(
        "practice_sessions/of class/items/first",
        get=("student", "owner", "teacher"),
        list=("student", "owner", "teacher"),
        fields=ITEM,
    ),
    Row("practice_sessions/of class/state/current", get=("student",), fields=STATE),
    Row(
        "practice_sessions/strict",
        get=("student", "owner", "teacher"),
        fields=_work("student", "open", "strict"),
    ),
    Row(
        "practice_sessions/strict/items/first",
        get=("student", "owner", "teacher"),
        list=("student", "owner", "teacher"),
        fields=ITEM,
    ),
    Row("practice_sessions/strict/state/current", fields=STATE),
    Row(
        "practice_sessions/due/items/first",
        get=("student", "owner", "teacher"),
        list=("student", "owner", "teacher"),
        fields=ITEM,
    ),
    Row(
        "practice_sessions/due",
        get=("student", "owner", "teacher"),
        fields=_answers_shown_from("due"),
    ),
    Row(
        "practice_sessions/due later/items/first",
        get=("owner", "teacher"),
        list=("owner", "teacher"),
        fields=ITEM,
    ),
    Row(
        "practice_sessions/due later",
        get=("student", "owner", "teacher"),
        fields=_answers_shown_from("due later"),
    ),
    Row("practice_sessions/strict/turns/000001", fields={"reply": "{}"}),
    Row(
        "practice_sessions/of class missing",
        get=("student",),
        fields=_work("student", "missing", "open"),
    ),
    Row("practice_sessions/of class nulls", fields=_work(None, "nulls", "open")),
    Row("practice_sessions/of class nulls/items/first", fields=ITEM),
    Row("practice_sessions/of class null", fields=_work(None, None, "open")),
    # Each has two members, and one who was removed.
    Row(
        "classes/open",
        get=(*CLASS_TEACHERS, *MEMBERS),
        fields=_class(shows_roster=True),
    ),
    Row(
        "classes/quiet",
        get=(*CLASS_TEACHERS, *MEMBERS),
        fields=_class(shows_roster=False),
    ),
    Row("classes/nulls", fields={"teacher_ids": [None], "shows_roster": None}),
    Row("classes/empty", fields={}),
    Row("classes/none"),
    # Its one member is left.
    Row("classes/missing", get=("student",)),
    Row("classes/open/private/join", get=CLASS_TEACHERS, fields=JOIN),
    Row("classes/quiet/private/join", get=CLASS_TEACHERS),
    Row("classes/nulls/private/join", fields=JOIN),
    Row("classes/missing/private/join", fields=JOIN),
    Row("classes/open/private/other", fields=JOIN),
    Row("classes/open/private/join/more/deeper", fields=JOIN),
    Row(
        "classes/open/members/student",
        get=(*CLASS_TEACHERS, *MEMBERS),
        list=CLASS_TEACHERS,
        fields=_member("student"),
    ),
    Row(
        "classes/open/members/other student",
        get=(*CLASS_TEACHERS, *MEMBERS),
        list=CLASS_TEACHERS,
        fields=_member("other student"),
    ),
    Row(
        "classes/open/members/assigned",
        get=(*CLASS_TEACHERS, "assigned"),
        list=CLASS_TEACHERS,
        fields=_member("assigned", "removed"),
    ),
    Row("classes/open/members/stranger", get=CLASS_TEACHERS, list=CLASS_TEACHERS),
    Row(
        "classes/quiet/members/student",
        get=(*CLASS_TEACHERS, "student"),
        list=CLASS_TEACHERS,
        fields=_member("student"),
    ),
    Row(
        "classes/quiet/members/other student",
        get=(*CLASS_TEACHERS, "other student"),
        list=CLASS_TEACHERS,
        fields=_member("other student"),
    ),
    # Not that of a caller whose uid is null.
    Row("classes/nulls/members/null", fields=_member(None)),
    Row("classes/missing/members/student", get=("student",), fields=_member("student")),
    Row("classes/open/members/student/more/deeper", fields=_member("student")),
    Row("classes/open/drafts/first", fields=_class(shows_roster=True)),
    Row(
        "classes/open/assignments/for all",
        get=(*CLASS_TEACHERS, *MEMBERS),
        list=CLASS_TEACHERS,
        fields={"student_ids": None},
    ),
    # The second was removed, the third never joined.
    Row(
        "classes/open/assignments/for some",
        get=(*CLASS_TEACHERS, "student"),
        list=CLASS_TEACHERS,
        fields={"student_ids": ["student", "assigned", "stranger"]},
    ),
    Row(
        "classes/open/assignments/for nobody",
        get=CLASS_TEACHERS,
        list=CLASS_TEACHERS,
        fields={"student_ids": []},
    ),
    Row("classes/open/assignments/empty", get=CLASS_TEACHERS, list=CLASS_TEACHERS, fields={}),
    Row("classes/open/assignments/missing", get=CLASS_TEACHERS, list=CLASS_TEACHERS),
    Row(
        "classes/open/assignments/due",
        get=(*CLASS_TEACHERS, *MEMBERS),
        list=CLASS_TEACHERS,
        fields={"student_ids": None, "due_at": datetime(2026, 1, 1, tzinfo=UTC)},
    ),
    Row(
        "classes/open/assignments/due later",
        get=(*CLASS_TEACHERS, *MEMBERS),
        list=CLASS_TEACHERS,
        fields={"student_ids": None, "due_at": datetime(2100, 1, 1, tzinfo=UTC)},
    ),
    Row("classes/nulls/assignments/null", fields={"student_ids": [None]}),
    Row("classes/nulls/assignments/for all", fields={"student_ids": None}),
    Row("classes/missing/assignments/for all", get=("student",), fields={"student_ids": None}),
    Row(
        "classes/open/assignments/for all/content/template",
        get=CLASS_TEACHERS,
        fields=_template("public"),
    ),
    Row("classes/open/assignments/for all/content/other", fields=SOURCE),
    Row("classes/nulls/assignments/null/content/template", fields=_template("public")),
    Row("classes/open/assignments/for all/content/template/more/deeper", fields=SOURCE),
    *(
        Row(
            f"classes/open/rows/{student}",
            get=(*CLASS_TEACHERS, student),
            list=CLASS_TEACHERS,
            fields={"student_id": student, "cells": {}},
        )
        for student in ("student", "other student", "assigned")
    ),
    Row("classes/open/rows/stranger", get=CLASS_TEACHERS, list=CLASS_TEACHERS),
    Row("classes/missing/rows/student", get=("student",), fields={"student_id": "student"}),
    Row("classes/nulls/rows/null", fields={"student_id": None}),
    Row("classes/open/rows/student/more/deeper", fields={"student_id": "student"}),
    Row("rows/first", get=("student",), fields={"student_id": "student"}),
    *(
        Row(f"classes/{path}", get=by, list=by, fields={"student_id": "student"})
        for path, by in (
            ("open/audit/first", CLASS_TEACHERS),
            ("open/live/student", CLASS_TEACHERS),
            ("nulls/audit/first", ()),
            ("nulls/live/student", ()),
        )
    ),
    Row("classes/open/audit/first/more/deeper", fields={"student_id": "student"}),
    Row("classes/open/live/student/more/deeper", fields={"student_id": "student"}),
    Row("assignments/first", fields={"student_ids": None}),
    Row("audit/first", fields={"student_id": "student"}),
    Row("live/student", fields={"student_id": "student"}),
    Row("members/first", get=("student",), fields=_member("student")),
    Row("join_codes/7KQ2M4D", fields={"class_id": "open"}),
    Row("join_codes/7KQ2M4D/places/0", fields={"left": 4}),
    Row("students/student", get=("student",), fields={"xp_total": 7}),
    Row("students/other student", get=("other student",), fields={"xp_total": 7}),
    Row("students/stranger", get=("stranger",)),
    Row(
        "students/student/skills/scales",
        get=("student",),
        list=("student",),
        fields={"p_mastery": 0.5},
    ),
    Row("students/other student/skills/scales", get=("other student",), list=("other student",)),
    Row(
        "students/student/packs/daily_2026-03-02",
        get=("student",),
        list=("student",),
        fields={"status": "active"},
    ),
    Row(
        "students/other student/packs/daily_2026-03-02",
        get=("other student",),
        list=("other student",),
    ),
    Row("students/student/packs/daily_2026-03-02/more/deeper", fields=ITEM),
    Row("packs/daily_2026-03-02", fields={"student_id": "student"}),
    Row(
        "students/assigned/assigned_templates/assigned",
        get=("assigned",),
        list=("assigned",),
        fields=ASSIGNMENT,
    ),
    Row(
        "students/assigned/assigned_templates/archived",
        get=("assigned",),
        list=("assigned",),
        fields=ASSIGNMENT,
    ),
    Row(
        "students/student/assigned_templates/missing",
        get=("student",),
        list=("student",),
    ),
    # Not the document of a caller whose uid is null.
    Row("students/null/assigned_templates/assigned", fields=ASSIGNMENT),
    Row("students/assigned/assigned_templates/assigned/more/deeper", fields=ASSIGNMENT),
    Row("students/student/secrets/first", fields=ITEM),
    Row("students/student/skills/scales/history/first", fields=ITEM),
    Row("active_sessions/lock", fields={"student_id": "student", "template_id": "assigned"}),
    Row("idempotency/record", fields={"uid": "student", "reply": "{}"}),
    Row("limits/count", fields={"kind": "turns", "total": 7}),
    Row("unknown/document", fields={"owner_id": "owner", "visibility": "public"}),
    Row("items/first", fields={"student_id": "student"}),
    Row("skills/scales", fields={"student_id": "student"}),
    Row("private/source", fields={"owner_id": "owner"}),
    Row("state/current", fields={"student_id": "student"}),
    Row("assigned_templates/assigned", fields=ASSIGNMENT),
)


def store_rows(client: Client, rows: Iterable[Row] = TABLE) -> None:
    batch: WriteBatch = client.batch()
    for row in rows:
        if row.fields is not None:
            batch.set(client.document(row.path), dict(row.fields))
    batch.commit()


def callers(project: RulesProject) -> dict[str, Caller]:
    """Each actor by name, which is the uid. The stranger is a teacher: a role grants nothing."""
    teachers = ("owner", "teacher", "stranger")
    return {
        **{name: project.signed_in(name, teacher=name in teachers) for name in SIGNED_IN},
        "without token": project.without_token(),
        "without uid": project.without_uid(),
    }


def asked(
    actors: Mapping[str, Caller], operations: Iterable[str], rows: Iterable[Row] = TABLE
) -> dict[Cell, int]:
    """The HTTP status for each actor, operation and document.

    A list or a create concerns the collection, so it is sent once for all documents in it.
    """
    of_collection = cache(_of_collection)
    statuses: dict[Cell, int] = {}
    for row, operation, (actor, caller) in product(rows, operations, actors.items()):
        if operation in ("list", "create"):
            status = of_collection(caller, actor, row.path.rpartition("/")[0], operation)
        else:
            status = _of_document(caller, actor, row.path, operation)
        statuses[Cell(actor, row.path, operation)] = status
    return statuses


def expected(row: Row, actor: str) -> dict[str, int]:
    """The statuses by the table, per operation. The absence of an own document may be known."""
    found = HTTPStatus.OK if row.fields is not None else HTTPStatus.NOT_FOUND
    return {
        "get": found if actor in row.get else HTTPStatus.FORBIDDEN,
        "list": HTTPStatus.OK if actor in row.list else HTTPStatus.FORBIDDEN,
        **dict.fromkeys(WRITES, HTTPStatus.FORBIDDEN),
    }


def _of_collection(caller: Caller, actor: str, collection: str, operation: str) -> int:
    if operation == "list":
        return caller.list(collection).status_code
    return caller.create(f"{collection}/of {actor}", _intruders_fields(actor)).status_code


def _of_document(caller: Caller, actor: str, path: str, operation: str) -> int:
    match operation:
        case "get":
            return caller.get(path).status_code
        case "update":
            return caller.update(path, _intruders_fields(actor)).status_code
        case "delete":
            return caller.delete(path).status_code
        case _:
            raise ValueError(operation)


def _intruders_fields(actor: str) -> dict[str, Any]:
    """An intruder's write: every owner field names them, and the document is public."""
    return {
        "owner_id": actor,
        "student_id": actor,
        "teacher_id": actor,
        "student_ids": [actor],
        "teacher_ids": [actor],
        "visibility": "public",
    }
