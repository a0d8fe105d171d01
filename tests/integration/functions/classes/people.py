"""Classes, and the calls of their teachers and students, for tests."""

from typing import Any

from local.api import User
from tests.support.answers import ok

Json = dict[str, Any]


def taught(teacher: User, **fields: Any) -> Json:
    """The reply about a new class."""
    return ok(teacher.call("create_class", {"name": "Guitar, Tuesdays", **fields}), 201)


def changed(teacher: User, of: Json, **fields: Any) -> Json:
    """The reply about a class after a change."""
    return ok(teacher.call("update_class", {"class_id": of["class"]["class_id"], **fields}))


def joined(student: User, of: Json, *, name: str = "Sam", status: int = 201) -> Json:
    """The reply about a class that a student has joined by its code."""
    body = {"code": of["join"]["code"], "display_name": name}
    return ok(student.call("join_class", body), status)


def removed(by: User, of: Json, student: User) -> Json:
    body = {"class_id": of["class"]["class_id"], "student_id": student.uid}
    member: Json = ok(by.call("remove_member", body))["member"]
    return member


def assigned(teacher: User, of: Json, template_id: str, **fields: Any) -> Json:
    """The new assignment of a class."""
    body = {"class_id": of["class"]["class_id"], "template_id": template_id, **fields}
    assignment: Json = ok(teacher.call("create_assignment", body), 201)["assignment"]
    return assignment


def ids_of(assignment: Json) -> Json:
    return {name: assignment[name] for name in ("class_id", "assignment_id")}


def begun(student: User, assignment: Json, status: int = 201, **fields: Any) -> Json:
    """The reply about a student's session of an assignment."""
    return ok(student.call("start_session", {**ids_of(assignment), **fields}), status)


def row_path(assignment: Json, student: User) -> str:
    return f"classes/{assignment['class_id']}/rows/{student.uid}"


def path_of(of: Json) -> str:
    return f"classes/{of['class']['class_id']}"
