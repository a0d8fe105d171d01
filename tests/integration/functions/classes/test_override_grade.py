"""override_grade: a teacher's grade over the computed one, and the log of every change."""

from typing import Any

from local.api import User
from shared.firestore.client import Client
from tests.conftest import NewUser
from tests.integration.functions.classes.people import (
    Json,
    assigned,
    begun,
    ids_of,
    joined,
    path_of,
    taught,
)
from tests.integration.functions.classes.test_assignments import cell, handed_in, of, template
from tests.support.answers import invalid, ok, refused

__all__ = ["of"]


def overridden(teacher: User, assignment: Json, student: User, **fields: Any) -> Json:
    body = {**ids_of(assignment), "student_id": student.uid, **fields}
    found: Json = ok(teacher.call("override_grade", body))["cell"]
    return found


def test_the_computed_score_stays_beneath_and_is_restored(
    teacher: User, student: User, of: Json, client: Client
) -> None:
    assignment = assigned(teacher, of, template(teacher), points=10)
    handed_in(student, begun(student, assignment)["session"])

    first = overridden(teacher, assignment, student, revision=0, score_percent=90, note="Ill")
    assert (first["score_percent"], first["override"]["grade"]) == (0, 90)
    assert first["override"]["by"] == teacher.uid
    exempt = overridden(teacher, assignment, student, revision=1, score_percent="exempt")
    restored = overridden(teacher, assignment, student, revision=2, score_percent=None)

    assert exempt["override"]["grade"] == "exempt"
    assert (restored["override"], restored["revision"]) == (None, 3)
    assert cell(teacher, assignment, student)["score_percent"] == 0
    log = sorted(
        (entry.to_dict() for entry in client.collection(f"{path_of(of)}/audit").stream()),
        key=lambda entry: entry["at"],
    )
    changes = [(entry["by"], entry["before"], entry["after"], entry["note"]) for entry in log]
    assert changes == [
        (teacher.uid, None, 90, "Ill"),
        (teacher.uid, 90, "exempt", ""),
        (teacher.uid, "exempt", None, ""),
    ]


def test_the_same_change_twice_is_one(
    teacher: User, student: User, of: Json, client: Client
) -> None:
    assignment = assigned(teacher, of, template(teacher))
    first = overridden(teacher, assignment, student, revision=0, score_percent=90)
    assert overridden(teacher, assignment, student, revision=0, score_percent=90) == first
    body = {**ids_of(assignment), "student_id": student.uid, "revision": 0, "score_percent": 80}
    refused(teacher.call("override_grade", body), "REVISION_MISMATCH")
    assert len(list(client.collection(f"{path_of(of)}/audit").stream())) == 1


def test_work_that_is_handed_in_later_keeps_the_grade(
    teacher: User, student: User, of: Json
) -> None:
    assignment = assigned(teacher, of, template(teacher))
    overridden(teacher, assignment, student, revision=0, score_percent="exempt")
    handed_in(student, begun(student, assignment)["session"])
    found = cell(teacher, assignment, student)
    assert (found["status"], found["override"]["grade"]) == ("submitted", "exempt")


def test_only_teachers_grade_students_of_the_class(
    teacher: User, student: User, of: Json, user: NewUser
) -> None:
    assignment = assigned(teacher, of, template(teacher))
    body = {**ids_of(assignment), "student_id": student.uid, "revision": 0, "score_percent": 100}
    for by in (student, user("stranger", teacher=True)):
        refused(by.call("override_grade", body), "CLASS_NOT_FOUND")
    nobody = {**body, "student_id": "nobody"}
    refused(teacher.call("override_grade", nobody), "MEMBER_NOT_FOUND")
    other = {**body, "assignment_id": "other"}
    refused(teacher.call("override_grade", other), "ASSIGNMENT_NOT_FOUND")
    for wrong in (101, -1, "excused", True):
        assert invalid(teacher.call("override_grade", {**body, "score_percent": wrong})) == [
            "score_percent"
        ]


def test_a_former_student_keeps_a_row_that_can_be_graded(
    teacher: User, student: User, of: Json
) -> None:
    assignment = assigned(teacher, of, template(teacher))
    joined(student, taught(teacher))
    assert overridden(teacher, assignment, student, revision=0, score_percent=50)["revision"] == 1
