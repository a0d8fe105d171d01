"""export-statements: the work of a class as statements of the Experience API."""

import json
from pathlib import Path
from typing import Any

import pytest
from ralph.models.xapi.base.statements import BaseXapiStatement

from tests.integration.admin.conftest import Admin
from tests.integration.firestore.test_strict_turns import called, turn
from tests.support.firestore.world import TEACHER, World

Json = dict[str, Any]
HOME = "https://practice.example"
QUESTIONS: list[Json] = [
    {"question_id": "q0", "kind": "numeric", "prompt": "Zero?", "answer": 0},
    {
        "question_id": "q1",
        "kind": "multi_select",
        "prompt": "Which are notes?",
        "choices": [{"id": "a", "text": "C"}, {"id": "b", "text": "D"}, {"id": "c", "text": "X"}],
        "answer": ["a", "b"],
    },
    {"question_id": "q2/ü", "kind": "numeric", "prompt": "Two?", "answer": 2},
]


@pytest.fixture
def of(world: World) -> Json:
    """The ids of an assignment: Sam has handed it in, =Kim has begun, and Alex has not."""
    exercise = {"id": "sums", "name": "Sums", "questions": QUESTIONS}
    body: Json = {
        "name": "Sums",
        "template_data": {"sections": [{"name": "A", "exercises": [exercise]}]},
    }
    template = called(world, "create_template", body, by=TEACHER)["template"]
    created = called(world, "create_class", {"name": "Guitar"}, by=TEACHER)
    ids = {"class_id": created["class"]["class_id"]}
    body = {**ids, "template_id": template["template_id"], "points": 10}
    ids["assignment_id"] = called(world, "create_assignment", body, by=TEACHER)["assignment"][
        "assignment_id"
    ]
    for uid, name in (("sam", "Sam"), ("kim", "=Kim"), ("alex", "Alex")):
        join = {"code": created["join"]["code"], "display_name": name}
        called(world, "join_class", join, by=uid)
    session_id = called(world, "start_session", ids, by="sam")["session"]["session_id"]
    answers: list[tuple[str, Any]] = [("q0", 0), ("q1", ["a", "c"]), ("q2/ü", 2)]
    for seq, (question_id, given) in enumerate(answers, start=1):
        called(world, "assignment_turn", turn(session_id, seq, given, question_id), by="sam")
    called(world, "complete_session", {"session_id": session_id}, by="sam")
    called(world, "start_session", ids, by="kim")
    return ids


def exported(admin: Admin, of: Json, file: Path, *options: str) -> list[Json]:
    result = admin(
        "export-statements", of["class_id"], "--home", HOME, "-o", str(file), *options
    ).result
    found = [json.loads(line) for line in file.read_text().splitlines()]
    assert result["statements"] == len(found)
    return found


def test_the_statements_are_those_of_the_specification(
    admin: Admin, of: Json, tmp_path: Path
) -> None:
    found = exported(admin, of, tmp_path / "class.jsonl")

    for statement in found:
        BaseXapiStatement.model_validate(statement)
    verbs = [statement["verb"]["id"].rpartition("/")[2] for statement in found]
    assert sorted(verbs) == ["answered"] * 3 + ["completed"] + ["initialized"] * 2
    assert len({statement["id"] for statement in found}) == len(found)
    names = {statement["actor"]["account"]["name"]: statement["actor"] for statement in found}
    assert {uid: actor["name"] for uid, actor in names.items()} == {"sam": "Sam", "kim": "=Kim"}
    assert names["sam"]["account"]["homePage"] == HOME


def test_an_answer_says_what_was_given_and_what_was_right(
    admin: Admin, of: Json, tmp_path: Path
) -> None:
    found = exported(admin, of, tmp_path / "class.jsonl")
    answered = [s for s in found if s["verb"]["id"].endswith("/answered")]

    assert [s["result"]["success"] for s in answered] == [True, False, True]
    one = answered[1]
    assert one["object"]["definition"]["interactionType"] == "choice"
    assert one["object"]["definition"]["description"] == {"und": "Which are notes?"}
    assert one["object"]["definition"]["correctResponsesPattern"] == ["a[,]b"]
    assert one["result"]["response"] == "a[,]c"
    work = f"{HOME}/classes/{of['class_id']}/assignments/{of['assignment_id']}"
    assert one["object"]["id"] == f"{work}/questions/q1"
    assert answered[2]["object"]["id"] == f"{work}/questions/q2%2F%C3%BC"
    activities = one["context"]["contextActivities"]
    assert [activity["id"] for activity in activities["parent"]] == [work]
    assert [a["id"] for a in activities["grouping"]] == [f"{HOME}/classes/{of['class_id']}"]
    (completed,) = (s for s in found if s["verb"]["id"].endswith("/completed"))
    assert completed["result"]["score"] == {"scaled": 0.667, "raw": 66.7, "min": 0, "max": 100}


def test_the_same_work_has_the_same_statements(admin: Admin, of: Json, tmp_path: Path) -> None:
    file = tmp_path / "class.jsonl"
    first = exported(admin, of, file)
    again = admin("export-statements", of["class_id"], "--home", HOME, "-o", str(file))
    assert again.code == 1
    assert "--force" in again.err
    assert exported(admin, of, file, "--force") == first


def test_a_wrong_class_or_address_is_named(admin: Admin, of: Json, tmp_path: Path) -> None:
    file = str(tmp_path / "class.jsonl")
    nobody = admin("export-statements", "nobody", "--home", HOME, "-o", file)
    assert (nobody.code, "no class nobody" in nobody.err) == (1, True)
    wrong = admin("export-statements", of["class_id"], "--home", "practice", "-o", file)
    assert (wrong.code, "--home" in wrong.err) == (2, True)
    assert not Path(file).exists()
