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


def path_of(of: Json) -> str:
    return f"classes/{of['class']['class_id']}"
