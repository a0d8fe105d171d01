"""remove_member: a teacher removes a student, or a student leaves."""

from local.api import User
from shared.firestore.client import Client
from tests.conftest import NewUser
from tests.integration.functions.classes.people import changed, joined, path_of, removed, taught
from tests.integration.functions.classes.test_create_class import places
from tests.support.answers import invalid, refused
from tests.support.stored import with_instants


def test_a_teacher_removes_a_student_whose_place_is_free_again(
    teacher: User, student: User, user: NewUser, client: Client
) -> None:
    of = taught(teacher, max_students=1)
    joined(student, of)
    assert sum(places(client, of["join"]["code"])) == 0

    member = removed(teacher, of, student)

    assert member["status"] == "removed"
    assert member["removed_at"] is not None
    stored = teacher.read(f"{path_of(of)}/members/{student.uid}")
    assert with_instants(stored) == with_instants(member)
    assert sum(places(client, of["join"]["code"])) == 1
    joined(user("next"), of)


def test_removing_twice_is_the_same_as_once(teacher: User, student: User, client: Client) -> None:
    of = taught(teacher, max_students=3)
    joined(student, of)
    assert removed(teacher, of, student) == removed(teacher, of, student)
    assert sum(places(client, of["join"]["code"])) == 3


def test_a_student_leaves(teacher: User, student: User) -> None:
    of = taught(teacher)
    joined(student, of)
    assert removed(student, of, student)["status"] == "removed"
    assert student.get(path_of(of)).status_code == 403


def test_a_student_leaves_a_class_without_a_code(teacher: User, student: User) -> None:
    of = taught(teacher)
    joined(student, of)
    changed(teacher, of, archived=True)
    assert removed(student, of, student)["status"] == "removed"


def test_nobody_else_removes_a_student(teacher: User, student: User, user: NewUser) -> None:
    of = taught(teacher)
    other = user("other")
    for member in (student, other):
        joined(member, of)
    stranger = user("stranger", teacher=True)
    body = {"class_id": of["class"]["class_id"], "student_id": student.uid}
    for by in (other, stranger):
        refused(by.call("remove_member", body), "CLASS_NOT_FOUND")
    nobody = {**body, "student_id": "nobody"}
    refused(teacher.call("remove_member", nobody), "MEMBER_NOT_FOUND")
    refused(student.call("remove_member", nobody), "CLASS_NOT_FOUND")
    own = {**body, "student_id": stranger.uid}
    refused(stranger.call("remove_member", own), "CLASS_NOT_FOUND")
    missing = {**body, "class_id": "none"}
    refused(teacher.call("remove_member", missing), "CLASS_NOT_FOUND")
    assert student.read(path_of(of))


def test_a_wrong_id_is_refused_by_its_name(teacher: User) -> None:
    body = {"class_id": "a/b", "student_id": ".."}
    assert invalid(teacher.call("remove_member", body)) == ["class_id", "student_id"]
