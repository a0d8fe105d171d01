"""Ids that could name another document, or none, are refused in every field for an id."""

from typing import Any

import pytest

from local.api import User
from shared.contract.operation import main_operation
from tests.integration.functions.conftest import TEMPLATE, StoredDocuments, created, started
from tests.support.answers import invalid

BAD_IDS = [
    "",
    " ",
    "/",
    "a/b",
    "../students/x",
    ".",
    "..",
    "a.b",
    "__x__",
    "😀",
    "é",
    "a b",
    "a\n",
    "a\u0000",
    "%2F",
    "x" * 129,
    "x" * 2_000,
]
# function: the fields that take an id, and what else the call needs
TAKES_IDS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "create_template": (["root_id"], TEMPLATE),
    "update_template": (["template_id", "root_id"], {"version": 1, "name": "New"}),
    "delete_template": (["template_id"], {}),
    "start_session": (["template_id", "root_id"], {}),
    "update_progress": (["session_id"], {"session_data": {}}),
    "complete_session": (["session_id"], {}),
    "get_next_item": (["session_id"], {}),
    "report_question": (["session_id"], {"question_id": "q1"}),
}


@pytest.mark.parametrize("bad", BAD_IDS, ids=ascii)
@pytest.mark.parametrize("function", TAKES_IDS)
def test_a_bad_id_is_refused_by_the_name_of_its_field(
    teacher: User, stored_documents: StoredDocuments, function: str, bad: str
) -> None:
    fields, rest = TAKES_IDS[function]

    response = teacher.call(
        function, {**rest, **dict.fromkeys(fields, bad)}, headers={"Idempotency-Key": "k"}
    )

    assert sorted(invalid(response)) == sorted(fields)
    assert stored_documents(teacher) == {}


@pytest.mark.parametrize("bad", [7, True, ["a"], {"a": 1}])
@pytest.mark.parametrize("function", [name for name in TAKES_IDS if main_operation(name).has_body])
def test_an_id_that_is_not_a_string_is_refused(
    teacher: User, stored_documents: StoredDocuments, function: str, bad: object
) -> None:
    fields, rest = TAKES_IDS[function]

    response = teacher.call(function, {**rest, **dict.fromkeys(fields, bad)})

    assert sorted(invalid(response)) == sorted(fields)
    assert stored_documents(teacher) == {}


def test_every_bad_parent_id_is_named(student: User, stored_documents: StoredDocuments) -> None:
    response = student.call("start_session", {"parent_ids": ["short-term-goal-1", *BAD_IDS]})

    assert invalid(response) == [f"parent_ids.{i + 1}" for i in range(len(BAD_IDS))]
    assert stored_documents(student) == {}


def test_the_longest_id_is_accepted(student: User) -> None:
    longest = "x" * 128

    assert created(student, root_id=longest)["root_id"] == longest
    session = started(student, root_id=longest, parent_ids=[longest, "_", "-"])
    assert (session["root_id"], session["parent_ids"]) == (longest, [longest, "_", "-"])
