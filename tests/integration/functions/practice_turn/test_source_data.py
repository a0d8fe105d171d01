"""source_data: templates as every client reads them, edited templates, and invalid values."""

import copy
import json
from collections.abc import Callable
from datetime import datetime
from secrets import token_hex
from typing import Any

import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st

from local.api import User
from local.examples import theory_template
from local.practice_client import right_answer
from local.stack import Stack
from shared.domain.templates.template import HASHED_FIELDS
from shared.firestore.client import Client
from tests.support.practice_client import Class, Json, Practising
from tests.support.rest_format import in_rest


def made_up(*exercises: Any, **fields: Any) -> Json:
    sections = [{"name": "S", "exercises": list(exercises)}]
    return {"name": "Mine", "template_data": {"sections": sections}, **fields}


def turn(user: User, source: Any) -> requests.Response:
    return user.call("practice_turn", {"session_context": {"source_data": source}})


def check_refused(reply: requests.Response, reason: str, *paths: str) -> None:
    assert reply.status_code == 422, reply.text[:500]
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.json()["reason"] == reason
    assert set(paths) <= {error["path"] for error in reply.json().get("errors", [])}


def check_practised(user: User, source: Any) -> Practising:
    practising = Practising(user, {"source_data": source})
    practising.turn()
    assert practising.pending["prompt"]
    return practising


@pytest.fixture
def read(room: Class) -> Json:
    """The template, as its student reads it by REST, in plain values."""
    return room.student.read(f"session_templates/{room.template_id}")


def test_a_template_is_accepted_from_every_client_library(
    room: Class, read: Json, client: Client
) -> None:
    path = f"session_templates/{room.template_id}"
    rest = room.student.get(path).json()
    by_python: Json = client.document(path).get().to_dict()

    def web(value: Any) -> Any:
        """A Timestamp object of the JavaScript SDK, as JSON.stringify writes it."""
        if isinstance(value, datetime):
            return {"seconds": int(value.timestamp()), "nanoseconds": value.microsecond * 1_000}
        return value

    ways = {
        "plain values": read,
        "REST's own notation": rest,
        "REST's own notation, the fields alone": {"fields": rest["fields"]},
        "Python SDK": json.loads(json.dumps(by_python, default=str)),
        "JavaScript SDK": {name: web(value) for name, value in by_python.items()},
        "ISO text": json.loads(json.dumps(by_python, default=datetime.isoformat)),
        "with its id and the caller's own": {**read, "id": room.template_id, "isFavourite": True},
        "what is needed of it": {name: read[name] for name in (*HASHED_FIELDS, "seal")},
        "backwards": {name: read[name] for name in reversed(read)},
        "floats": json.loads(json.dumps(read).replace('"version": 1', '"version": 1.0')),
    }

    for way, source in ways.items():
        practising = check_practised(room.student, json.loads(json.dumps(source)))
        assert practising.stored["template_id"] == room.template_id, way
        assert practising.answer()["correct"] is True, way


def test_every_hashed_field_is_verified_against_the_seal(room: Class, read: Json) -> None:
    for name in HASHED_FIELDS:
        others: list[Any] = ["other", None if read[name] is not None else "", {}, 7]
        for other in others:
            check_refused(turn(room.student, {**read, name: other}), "SESSION_CONTEXT_TAMPERED")
        if read[name] is not None:
            missing = {field: value for field, value in read.items() if field != name}
            check_refused(turn(room.student, missing), "SESSION_CONTEXT_TAMPERED")


EDITS: dict[str, Callable[[Any], object]] = {
    "an easier prompt": lambda d: question(d).update(prompt="1 + 1"),
    "a key of one's own": lambda d: question(d).update(answer="a"),
    "another difficulty": lambda d: question(d).update(difficulty=5),
    "an id": lambda d: question(d).update(question_id="other"),
    "a hint": lambda d: question(d).update(hints=["a"]),
    "one question less": lambda d: d["sections"][0]["exercises"][0]["questions"].pop(),
    "an exercise less": lambda d: d["sections"][0]["exercises"].pop(),
    "sections swapped": lambda d: d["sections"].reverse(),
    "another skill": lambda d: d["sections"][0]["exercises"][0].update(skill="Sleeping"),
    "an unknown key": lambda d: d.update(extra=None),
    "no sections": lambda d: d.update(sections=[]),
}


def question(data: Any) -> Any:
    return data["sections"][0]["exercises"][0]["questions"][0]


def test_a_template_edited_anywhere_fails_verification_against_its_seal(
    room: Class, read: Json
) -> None:
    for edit in EDITS.values():
        source = copy.deepcopy(read)
        edit(source["template_data"])
        check_refused(turn(room.student, source), "SESSION_CONTEXT_TAMPERED")
    check_practised(room.student, read)


def test_a_seal_of_another_template_is_refused(room: Class, read: Json) -> None:
    other = room.teacher.call("create_template", theory_template() | {"name": "Other"})
    practising = check_practised(room.student, read)
    seals: list[Any] = [
        other.json()["template"]["seal"],
        practising.stored["seal"],
        read["seal"][:-4],
        f"{read['seal']}\n",
        "garbage",
        "é",
        "A" * 600_000,
        7,
        True,
        [],
        [read["seal"]],
        {"seal": read["seal"]},
    ]
    for seal in seals:
        check_refused(turn(room.student, {**read, "seal": seal}), "SESSION_CONTEXT_TAMPERED")


def test_an_older_versions_seal_opens_only_that_version(room: Class, read: Json) -> None:
    changes = {"template_id": room.template_id, "version": 1, "topic": "Waves"}
    newer = room.teacher.call("update_template", changes).json()["template"]
    check_practised(room.student, read)
    check_practised(room.student, newer)
    for mixed in ({**read, "seal": newer["seal"]}, {**newer, "seal": read["seal"]}):
        check_refused(turn(room.student, mixed), "SESSION_CONTEXT_TAMPERED")


@pytest.mark.parametrize("seal", [{}, {"seal": None}, {"seal": ""}], ids=["none", "null", "empty"])
def test_a_bank_without_its_seal_is_refused_and_every_missing_key_named(
    room: Class, read: Json, seal: Json
) -> None:
    unsealed = {name: value for name, value in read.items() if name != "seal"} | seal
    at = "session_context.source_data.template_data.sections.0.exercises.0.questions.0.answer"
    check_refused(turn(room.student, unsealed), "INVALID_ARGUMENT", at)


def test_a_template_without_seal_and_questions_is_self_practice(
    user: Callable[..., User],
) -> None:
    teacher = user("teacher", teacher=True)
    template = teacher.call("create_template", made_up({"name": "Scales"})).json()["template"]
    practising = check_practised(teacher, {**template, "seal": None})
    assert practising.stored["template_id"] is None


@pytest.fixture(scope="module")
def student(stack: Stack) -> User:
    return User(stack, f"student-{token_hex(6)}")


QUESTION: Json = {"question_id": "q1", "kind": "numeric", "prompt": "2 + 2", "answer": 4}


@pytest.mark.parametrize(
    "source",
    [
        made_up({"name": "E"}, description=None, seal=None, created_at={"seconds": 1}),
        made_up({"name": "E", "questions": []}),
        made_up({"name": "E", "questions": None}),
        made_up(*({"name": f"exercise {n}"} for n in range(5_000))),
        made_up(*({"name": f"e{n}", "skill": f"s{n % 7}"} for n in range(4_000))),
        made_up({"name": "E", "questions": [{**QUESTION, "video": "x" * 190_000}]}),
        made_up({"name": "E", "questions": [{**QUESTION, "hints": ["é" * 1_990] * 10}]}),
        made_up({"name": "n" * 200, "description": "𝄞" * 10_000, "skill": "s" * 120}),
        made_up(
            {"name": "E", "questions": [{**QUESTION, "question_id": f"q{n}"} for n in range(1_500)]}
        ),
        made_up({"name": "\u200b", "description": "\u0007"}),
    ],
    ids=[
        *("odd times", "no questions", "null questions"),
        *("5,000 exercises", "4,000 of few skills", "a video", "long hints", "long texts"),
        *("1,500 questions", "invisible"),
    ],
)
def test_small_and_large_sources_are_practised_within_bounds(student: User, source: Json) -> None:
    practising = check_practised(student, source)
    for _ in range(6):
        given = {"numeric": 4, "self_rated": "good"}[practising.pending["kind"]]
        question_id = practising.pending["question_id"]
        practising.turn({"type": "answer", "question_id": question_id, "answer": given})
    assert practising.stored["progress"]["questions_correct"] == 6
    assert len(json.dumps(practising.stored)) < 150 * 1024
    practising.user.call("start_session", {"stored_session": practising.stored}).raise_for_status()


DEEP: Any = json.loads("[" * 150 + "]" * 150)
AT = "session_context.source_data"


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ({}, f"{AT}.name"),
        ({"name": "N"}, f"{AT}.template_data"),
        ({"name": "N", "template_data": None}, f"{AT}.template_data"),
        ({"name": "N", "template_data": []}, f"{AT}.template_data"),
        ({"name": "N", "template_data": "x"}, f"{AT}.template_data"),
        ({"name": "N", "template_data": {}}, f"{AT}.template_data.sections"),
        ({"name": "N", "template_data": {"sections": []}}, f"{AT}.template_data.sections"),
        (made_up(), f"{AT}.template_data.sections"),
        ({"name": "N", "template_data": {"sections": {}}}, f"{AT}.template_data.sections"),
        ({"name": "N", "template_data": {"sections": [1]}}, f"{AT}.template_data.sections.0"),
        (made_up(None), f"{AT}.template_data.sections.0.exercises.0"),
        (made_up("scales"), f"{AT}.template_data.sections.0.exercises.0"),
        (made_up({"name": ""}), f"{AT}.template_data.sections.0.exercises.0.name"),
        (made_up({"name": "E"}, name=""), f"{AT}.name"),
        (made_up({"name": "E"}, name=7), f"{AT}.name"),
        (made_up({"name": "E"}, name="n" * 121), f"{AT}.name"),
        (made_up({"name": "E"}, subject=["x"]), f"{AT}.subject"),
        (
            made_up({"name": "E"}, mastery_criterion={"kind": "luck"}),
            f"{AT}.mastery_criterion.kind",
        ),
        (
            made_up({"name": "E", "questions": [{**QUESTION, "answer": None}]}),
            f"{AT}.template_data.sections.0.exercises.0.questions.0.answer",
        ),
        (
            made_up({"name": "E", "questions": [QUESTION, QUESTION]}),
            f"{AT}.template_data.sections.0.exercises.0.questions.1.question_id",
        ),
        (made_up({"name": "E", "more": "x" * 300_000}), f"{AT}.template_data"),
        (made_up({"name": "E", "n": 2**60}), f"{AT}.template_data.sections.0.exercises.0.n"),
        ({"fields": {"name": {"stringValue": "N"}}}, f"{AT}.fields.template_data"),
        (
            in_rest(made_up({"name": "E"}, mastery_criterion={"kind": "luck"}))["mapValue"],
            f"{AT}.fields.mastery_criterion.mapValue.fields.kind.stringValue",
        ),
        ({"fields": {"name": "N"}}, f"{AT}.fields"),
        ({"fields": {"name": {}}}, f"{AT}.fields"),
        ({"fields": {"name": {"integerValue": "x"}}}, f"{AT}.fields"),
        ({"fields": {"name": {"integerValue": None}}}, f"{AT}.fields"),
        ({"fields": {"name": {"mapValue": 1}}}, f"{AT}.fields"),
        ({"fields": {"name": {"mapValue": {"fields": []}}}}, f"{AT}.fields"),
        ({"fields": {"name": {"arrayValue": {"values": [1]}}}}, f"{AT}.fields"),
        ({"fields": []}, f"{AT}.name"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_an_invalid_template_is_refused_by_path(student: User, source: Any, path: str) -> None:
    check_refused(turn(student, source), "INVALID_ARGUMENT", path)


def test_a_number_out_of_range_is_refused(student: User) -> None:
    body = '{"session_context":{"source_data":{"fields":{"version":{"integerValue":1e999}}}}}'
    reply = requests.post(
        f"{student.stack.url}/practice_turn",
        data=body,
        headers={
            "Authorization": f"Bearer {student.token}",
            "Content-Type": "application/json",
        },
        timeout=30,
    )
    assert reply.status_code in (400, 422)
    assert reply.json()["reason"] in ("INVALID_JSON", "INVALID_ARGUMENT")


def test_a_deeply_nested_value_is_refused(student: User) -> None:
    for source in (
        made_up({"name": "E", "deep": DEEP}),
        {"name": "N", "template_data": {"sections": DEEP}},
        {"fields": {"x": {"arrayValue": {"values": DEEP}}}},
    ):
        check_refused(turn(student, source), "INVALID_ARGUMENT")


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
keys = texts | st.sampled_from(
    [
        *("fields", "mapValue", "arrayValue", "values", "integerValue", "nullValue", "stringValue"),
        *("name", "template_data", "sections", "exercises", "questions", "seal", "skill"),
        *("question_id", "kind", "prompt", "answer", "choices", "hints", "rubric", "id"),
        *("mastery_criterion", "subject", "description"),
    ]
)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
    | st.sampled_from(["numeric", "multiple_choice", "self_rated", "free_response", "m_of_n"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=15,
)
objects = st.dictionaries(keys, anything, max_size=6)
question_like = st.fixed_dictionaries(
    {"question_id": anything, "kind": anything, "prompt": anything},
    optional={"answer": anything, "choices": anything, "hints": anything, "unit": anything},
)
template_like = st.builds(
    lambda name, questions, exercise, rest: {
        **rest,
        "name": name,
        "template_data": {
            "sections": [{"name": "S", "exercises": [{**exercise, "questions": questions}]}]
        },
    },
    st.just("N") | anything,
    st.lists(question_like, max_size=3) | anything,
    st.dictionaries(keys, anything, max_size=3) | st.just({"name": "E"}),
    objects,
)


def check_answered(reply: requests.Response) -> None:
    """Requires a turn or a refusal, never a server error."""
    if reply.status_code != 200:
        assert reply.status_code in (400, 422), reply.text[:500]
        assert reply.headers["Content-Type"] == "application/problem+json"
        assert reply.json()["reason"] in (
            "INVALID_JSON",
            "INVALID_ARGUMENT",
            "SESSION_CONTEXT_TAMPERED",
        )


@settings(max_examples=120, deadline=None, derandomize=True)
@given(source=objects | template_like | st.builds(lambda o: {"fields": o}, objects))
def test_any_source_is_answered(student: User, source: Any) -> None:
    check_answered(turn(student, source))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(stored=objects, given_input=st.none() | anything)
def test_any_invalid_session_is_refused(student: User, stored: Any, given_input: Any) -> None:
    body = {"session_context": {"stored_session": stored}, "input": given_input}
    reply = student.call("practice_turn", body)
    assert reply.status_code != 200
    check_answered(reply)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(stored=objects)
@pytest.mark.parametrize("function", ["start_session", "update_progress", "complete_session"])
def test_any_invalid_stored_session_is_refused(student: User, function: str, stored: Any) -> None:
    fields = {} if function == "start_session" else {"session_id": "x"}
    reply = student.call(function, {**fields, "stored_session": stored})
    assert reply.status_code != 200
    check_answered(reply)


def test_a_valid_key_without_seal_is_self_practice(student: User) -> None:
    """Plain answer keys are allowed in self-practice, because it is never assigned work."""
    source = theory_template()
    practising = check_practised(student, source)
    assert practising.answer()["correct"] is True
    assert right_answer(practising.pending) is not None
    assert practising.stored["template_id"] is None
