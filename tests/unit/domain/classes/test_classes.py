"""Classes and memberships: who may do what, and what a change leaves."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.domain.classes.join_code import JoinCode
from shared.domain.classes.membership import (
    Entry,
    Member,
    MemberStatus,
    entry_of,
    join,
    remove,
    require_removable,
)
from shared.domain.classes.school_class import (
    SchoolClass,
    change_class,
    has_changes,
    require_taught,
    without_teacher,
)
from shared.domain.common.errors import (
    ClassArchived,
    ClassNotFound,
    InvalidArgument,
    JoinCodeNotValid,
    MemberNotFound,
    PermissionDenied,
    TeacherCannotJoin,
)

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def a_class(**fields: Any) -> SchoolClass:
    given = {
        "class_id": "c",
        "name": "Guitar",
        "subject": None,
        "owner_id": "lee",
        "teacher_ids": ["lee", "kim"],
        "timezone": "UTC",
        "version": 3,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return SchoolClass.model_validate({**given, **fields})


def a_code(**fields: Any) -> JoinCode:
    given = {"class_id": "c", "expires_at": NOW + timedelta(days=1), "created_at": NOW}
    return JoinCode.model_validate({**given, **fields})


def test_a_class_is_its_teachers_alone() -> None:
    assert require_taught(a_class(), by="kim") == a_class()
    for missing in (None, a_class()):
        with pytest.raises(ClassNotFound):
            require_taught(missing, by="sam")


def test_a_change_raises_the_version_and_keeps_the_rest() -> None:
    after = change_class(a_class(), {"name": "Lute"}, by="kim", at=LATER)
    expected = {"name": "Lute", "version": 4, "updated_at": LATER}
    assert after == a_class().model_copy(update=expected)


@pytest.mark.parametrize(
    ("by", "teachers", "refusal"),
    [
        ("lee", ["lee"], None),
        ("lee", ["lee", "ann", "kim"], None),
        ("lee", ["kim"], InvalidArgument),
        ("kim", ["lee"], None),
        ("kim", ["lee", "kim"], None),
        ("kim", ["lee", "kim", "ann"], PermissionDenied),
        ("kim", ["lee", "ann"], PermissionDenied),
        ("kim", ["kim"], InvalidArgument),
    ],
)
def test_the_owner_chooses_the_teachers_and_a_co_teacher_may_leave(
    by: str, teachers: list[str], refusal: type[Exception] | None
) -> None:
    if refusal is None:
        after = change_class(a_class(), {"teacher_ids": teachers}, by=by, at=LATER)
        assert after.teacher_ids == teachers
        return
    with pytest.raises(refusal):
        change_class(a_class(), {"teacher_ids": teachers}, by=by, at=LATER)


def test_an_archived_class_changes_only_when_it_is_taken_back() -> None:
    archived = change_class(a_class(), {"archived": True}, by="lee", at=LATER)
    assert archived.archived_at == LATER
    with pytest.raises(ClassArchived):
        change_class(archived, {"name": "Lute"}, by="lee", at=LATER)
    back = change_class(archived, {"archived": False, "name": "Lute"}, by="lee", at=LATER)
    assert (back.archived_at, back.name) == (None, "Lute")


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({"name": "Guitar"}, False),
        ({"name": "Lute"}, True),
        ({"archived": False}, False),
        ({"archived": True}, True),
        ({"name": "Guitar", "archived": False, "subject": None}, False),
        ({}, False),
    ],
)
def test_a_change_is_in_place_where_every_field_has_its_value(
    changes: dict[str, Any], changed: bool
) -> None:
    assert has_changes(a_class(), changes) is changed


def test_an_erased_owner_is_followed_by_the_next_co_teacher_and_then_by_nobody() -> None:
    second = without_teacher(a_class(), "lee", at=LATER)
    assert (second.owner_id, second.teacher_ids, second.archived_at) == ("kim", ["kim"], None)
    last = without_teacher(second, "kim", at=LATER)
    assert (last.owner_id, last.teacher_ids, last.archived_at) == (None, [], LATER)
    other = without_teacher(a_class(), "kim", at=LATER)
    assert (other.owner_id, other.teacher_ids, other.version) == ("lee", ["lee"], 4)


def member(**fields: Any) -> Member:
    return join("c", "sam", "Sam", at=NOW).model_copy(update=fields)


REMOVED = {"status": MemberStatus.REMOVED, "removed_at": NOW}


@pytest.mark.parametrize(
    ("code", "school_class", "found", "entry"),
    [
        (a_code(), a_class(), None, Entry.NEW),
        (a_code(), a_class(), member(), Entry.MEMBER),
        (a_code(expires_at=NOW), a_class(), member(), Entry.MEMBER),
        (a_code(created_at=LATER), a_class(), member(**REMOVED), Entry.AGAIN),
        (a_code(created_at=NOW), a_class(), member(**REMOVED), None),
        (a_code(expires_at=NOW), a_class(), None, None),
        (a_code(), a_class(archived_at=NOW), None, None),
        (a_code(), None, None, None),
        (None, None, None, None),
    ],
)
def test_who_enters_by_a_code(
    code: JoinCode | None,
    school_class: SchoolClass | None,
    found: Member | None,
    entry: Entry | None,
) -> None:
    if entry is None:
        with pytest.raises(JoinCodeNotValid):
            entry_of("sam", code, school_class, found, at=NOW)
    else:
        assert entry_of("sam", code, school_class, found, at=NOW) is entry


def test_a_teacher_is_told_so_whatever_the_code() -> None:
    for code in (a_code(), a_code(expires_at=NOW)):
        with pytest.raises(TeacherCannotJoin):
            entry_of("kim", code, a_class(), None, at=NOW)


def test_a_removal_is_noted_once() -> None:
    gone = remove(member(), at=LATER)
    assert (gone.status, gone.removed_at) == (MemberStatus.REMOVED, LATER)
    assert remove(gone, at=LATER + timedelta(days=1)) == gone


@pytest.mark.parametrize(
    ("school_class", "found", "by", "refusal"),
    [
        (a_class(), member(), "kim", None),
        (a_class(), member(), "sam", None),
        (a_class(), member(), "ann", ClassNotFound),
        (a_class(), None, "kim", MemberNotFound),
        (a_class(), None, "sam", ClassNotFound),
        (None, None, "lee", ClassNotFound),
    ],
)
def test_a_teacher_removes_anybody_and_a_student_themself(
    school_class: SchoolClass | None,
    found: Member | None,
    by: str,
    refusal: type[Exception] | None,
) -> None:
    if refusal is None:
        assert require_removable(school_class, found, "sam", by=by) == found
    else:
        with pytest.raises(refusal):
            require_removable(school_class, found, "sam", by=by)
