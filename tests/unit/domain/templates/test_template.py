"""Templates: validation, answer keys, content hash, audience, versions, archive."""

import copy
import json
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.domain.common.errors import (
    InvalidArgument,
    PermissionDenied,
    RevisionMismatch,
    TemplateArchived,
)
from shared.domain.common.json_object import is_same_json
from shared.domain.practice.source import source_from_template
from shared.domain.questions.any_question import restore_question
from shared.domain.students.mastery import MasteryCriterion
from shared.domain.templates.template import (
    ANSWER_KEY,
    HASHED_FIELDS,
    MAX_CONTENT_CHANGES,
    Template,
    TemplateContent,
    TemplateData,
    Visibility,
    answer_keys,
    apply_changes,
    archive,
    content_hash,
    has_question_bank,
    remove_answer_keys,
    require_changeable,
    require_valid_audience,
    restore_answer_key,
)
from tests.unit.domain.questions.samples import ANY_QUESTION, KIND_NAMES, kind_module
from tests.unit.domain.samples import NOON, QUESTION, ROUTINE, a_template, free_json

TEMPLATE_DATA: TypeAdapter[TemplateContent] = TypeAdapter(TemplateData)
LATER = NOON + timedelta(days=1)


def with_questions(*questions: dict[str, Any]) -> dict[str, Any]:
    exercise = {"id": "bank", "name": "Bank", "questions": list(questions)}
    return {"sections": [{"name": "Section", "exercises": [exercise]}]}


def refused_at(value: object) -> set[str]:
    """The dotted paths at which template data is refused."""
    with pytest.raises(ValidationError) as refused:
        TEMPLATE_DATA.validate_json(json.dumps(value))
    return {".".join(map(str, error["loc"])) for error in refused.value.errors()}


def with_exercise(**fields: Any) -> dict[str, Any]:
    return {"sections": [{"name": "S", "exercises": [{"name": "E", **fields}]}]}


@pytest.mark.parametrize(
    "value",
    [
        {"sections": []},
        {"sections": [{"name": "Rest"}]},
        {"sections": [{"name": "Rest", "exercises": []}]},
        {"sections": [{"name": "S", "duration_minutes": 0.5}], "tags": ["a", "a"]},
        {"sections": [{"name": "S", "duration_minutes": None}], "tags": None},
        {"sections": [{"name": "S"}, {"name": "S"}]},
        with_exercise(questions=[]),
        with_exercise(questions=None, id=None, skill=None, description=None),
        with_exercise(description="", skill="Reading"),
        ROUTINE,
    ],
)
def test_optional_parts_of_a_template_may_be_missing(value: dict[str, Any]) -> None:
    assert TEMPLATE_DATA.validate_json(json.dumps(value)).model_dump() == value


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({}, "sections"),
        ([], ""),
        (None, ""),
        ("sections", ""),
        ({"sections": None}, "sections"),
        ({"sections": {}}, "sections"),
        ({"sections": "Warm-up"}, "sections"),
        ({"sections": [[]]}, "sections.0"),
        ({"sections": ["Warm-up"]}, "sections.0"),
        ({"sections": [{}]}, "sections.0.name"),
        ({"sections": [{"name": ""}]}, "sections.0.name"),
        ({"sections": [{"name": "x" * 10_000}]}, "sections.0.name"),
        ({"sections": [{"name": "S", "duration_minutes": -1}]}, "sections.0.duration_minutes"),
        ({"sections": [{"name": "S", "duration_minutes": "5"}]}, "sections.0.duration_minutes"),
        ({"sections": [{"name": "S", "duration_minutes": True}]}, "sections.0.duration_minutes"),
        ({"sections": [{"name": "S", "exercises": None}]}, "sections.0.exercises"),
        ({"sections": [{"name": "S", "exercises": "E"}]}, "sections.0.exercises"),
        ({"sections": [{"name": "S", "exercises": [{}]}]}, "sections.0.exercises.0.name"),
        (with_exercise(name=""), "sections.0.exercises.0.name"),
        (with_exercise(name="x" * 201), "sections.0.exercises.0.name"),
        (with_exercise(id=""), "sections.0.exercises.0.id"),
        (with_exercise(id=1), "sections.0.exercises.0.id"),
        (with_exercise(skill="__x__"), "sections.0.exercises.0.skill"),
        (with_exercise(questions={}), "sections.0.exercises.0.questions"),
        ({"sections": [], "total_duration_minutes": -0.1}, "total_duration_minutes"),
        ({"sections": [], "tags": "guitar"}, "tags"),
        ({"sections": [], "tags": ["x"] * 101}, "tags"),
        ({"sections": [], "tags": ["ok", ""]}, "tags.1"),
    ],
)
def test_a_malformed_template_is_refused_at_its_path(value: object, path: str) -> None:
    assert path in refused_at(value)


def test_every_malformed_part_is_named_at_once() -> None:
    value = {
        "sections": [
            {"name": "", "duration_minutes": -1, "exercises": [{"name": " "}]},
            {"exercises": "none"},
        ],
        "tags": 1,
    }

    assert refused_at(value) == {
        "sections.0.name",
        "sections.0.duration_minutes",
        "sections.0.exercises.0.name",
        "sections.1.name",
        "sections.1.exercises",
        "tags",
    }


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("multiple_choice", "answer"),
        ("multi_select", "answer"),
        ("numeric", "answer"),
        ("short_answer", "answer"),
        ("free_response", "rubric"),
    ],
)
def test_a_question_that_cannot_be_graded_is_refused(kind: str, key: str) -> None:
    choices = [{"id": "a", "text": "one"}, {"id": "b", "text": "two"}]
    question = {"question_id": "q", "kind": kind, "prompt": "?", "choices": choices}

    assert refused_at(with_questions(question)) == {f"sections.0.exercises.0.questions.0.{key}"}


def test_self_rated_questions_need_no_key_and_free_text_needs_a_rubric() -> None:
    rated = {"question_id": "q1", "kind": "self_rated", "prompt": "How did it go?"}
    free = {
        "question_id": "q2",
        "kind": "free_response",
        "prompt": "Why?",
        "rubric": [{"criterion_id": "c1", "text": "names a cause", "points": 1}],
    }

    data = with_questions(rated, free)

    assert TEMPLATE_DATA.validate_json(json.dumps(data)).model_dump() == data
    assert refused_at(with_questions({**free, "rubric": []}))


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"question_id": ""}, "question_id"),
        ({"question_id": 1}, "question_id"),
        ({"kind": "riddle"}, "kind"),
        ({"kind": None}, "kind"),
        ({"prompt": ""}, "prompt"),
        ({"prompt": "x" * 10_001}, "prompt"),
        ({"rubric": "be kind"}, "rubric"),
        ({"explanation": "x" * 10_001}, "explanation"),
    ],
)
def test_a_malformed_question_is_refused_at_its_path(changes: dict[str, Any], path: str) -> None:
    data = with_questions({**QUESTION, **changes})

    assert f"sections.0.exercises.0.questions.0.{path}" in refused_at(data)


def test_ids_are_unique_over_the_whole_template() -> None:
    data = {
        "sections": [
            {"name": "A", "exercises": [{"id": "x", "name": "E"}, {"id": "y", "name": "F"}]},
            {
                "name": "B",
                "exercises": [
                    {"id": "x", "name": "G", "questions": [{**QUESTION, "question_id": "y"}]},
                    {"name": "H", "questions": [QUESTION, QUESTION]},
                ],
            },
        ]
    }

    assert refused_at(data) == {
        "sections.1.exercises.0.id",
        "sections.1.exercises.0.questions.0.question_id",
        "sections.1.exercises.1.questions.1.question_id",
    }


def stemmed(*stems: Any, steps: int = 1, of: str = "s") -> dict[str, Any]:
    """An exercise with stems, and steps of one of them."""
    questions = [{**QUESTION, "question_id": f"q{n}", "stem": of} for n in range(steps)]
    return with_exercise(stems=list(stems), questions=questions)


STEM = {"stem_id": "s", "text": "A train leaves at ten."}


@pytest.mark.parametrize(
    ("value", "paths"),
    [
        (stemmed(STEM, of="t"), {"questions.0.stem"}),
        (with_exercise(questions=[{**QUESTION, "stem": "s"}]), {"questions.0.stem"}),
        (stemmed(STEM, of=""), {"questions.0.stem"}),
        (stemmed(STEM, steps=21), {"stems.0"}),
        (stemmed(STEM, STEM), {"stems.1.stem_id"}),
        (stemmed({"stem_id": "s"}), {"stems.0.text"}),
        (stemmed({**STEM, "text": " "}), {"stems.0.text"}),
        (stemmed({**STEM, "stem_id": ""}), {"stems.0.stem_id"}),
        (
            stemmed({**STEM, "image": {"url": "http://example.org/a.png"}}),
            {"stems.0.image.url", "stems.0.image.alt"},
        ),
    ],
)
def test_a_malformed_stem_is_refused_at_its_path(value: dict[str, Any], paths: set[str]) -> None:
    assert refused_at(value) == {f"sections.0.exercises.0.{path}" for path in paths}


def test_stems_come_back_as_they_were_written_and_are_public() -> None:
    data = stemmed({**STEM, "source": 7}, {"stem_id": "unused", "text": "Later"}, steps=20)
    content = TEMPLATE_DATA.validate_python(data)

    assert content.model_dump() == data
    public, _ = remove_answer_keys(content)
    (exercise,) = public["sections"][0]["exercises"]
    assert exercise["stems"] == data["sections"][0]["exercises"][0]["stems"]
    assert exercise["questions"][0]["stem"] == "s"


def test_stems_of_two_exercises_have_different_ids() -> None:
    exercises = [{"name": "E", "stems": [STEM]}, {"name": "F", "stems": [STEM]}]
    data = {"sections": [{"name": "S", "exercises": exercises}]}

    assert refused_at(data) == {"sections.0.exercises.1.stems.0.stem_id"}


BLANKS = [
    {"id": "1", "kind": "numeric", "answer": "1.234,5"},
    {"id": "2", "kind": "expression", "answer": "{1,5; 2}"},
]
BY_COMMA: list[dict[str, Any]] = [
    {"kind": "numeric", "answer": "1.234,5"},
    {"kind": "expression", "answer": "1,5x"},
    {"kind": "cloze", "prompt": "{{1}} {{2}}", "blanks": BLANKS},
]


def marked(mark: str | None, *questions: dict[str, Any]) -> dict[str, Any]:
    """A template with a decimal mark, and these fields of questions."""
    common = {"prompt": "How many?"}
    listed = [{**common, **q, "question_id": f"q{n}"} for n, q in enumerate(questions)]
    return {"decimal_mark": mark, **with_questions(*listed)}


def test_keys_are_read_by_the_mark_of_their_template_and_come_back_as_they_were_sent() -> None:
    data = marked(",", *BY_COMMA, {"kind": "numeric", "answer": "1,234.5", "decimal_mark": "."})

    content = TEMPLATE_DATA.validate_python(data)

    assert content.model_dump() == data
    assert (
        "decimal_mark"
        not in str(remove_answer_keys(content)[0]["sections"][0]).partition("'decimal_mark': '.'")[
            0
        ]
    )


def test_a_key_of_two_readings_is_refused_without_a_mark_alone() -> None:
    blank = {"id": "1", "kind": "numeric", "answer": "1,234"}
    cloze = {"kind": "cloze", "prompt": "{{1}}", "blanks": [blank]}
    keys: list[dict[str, Any]] = [{"kind": "numeric", "answer": "1,234"}, cloze]

    assert refused_at(marked(None, *keys)) == {
        "sections.0.exercises.0.questions.0.answer",
        "sections.0.exercises.0.questions.1.blanks.0.answer",
    }
    for mark in ".,":
        assert TEMPLATE_DATA.validate_python(marked(mark, *keys)).decimal_mark == mark


def test_a_mark_is_a_point_or_a_comma() -> None:
    assert refused_at(marked(";", {"kind": "numeric", "answer": 1})) == {"decimal_mark"}


@pytest.mark.parametrize("broken", [7, [7], {"sections": 7}, {"sections": [{"exercises": [7]}]}])
def test_a_mark_on_malformed_content_breaks_nothing(broken: Any) -> None:
    assert refused_at({**broken, "decimal_mark": ","} if isinstance(broken, dict) else broken)


def test_practice_asks_and_grades_by_the_mark_of_the_template() -> None:
    data = marked(",", *BY_COMMA, {"kind": "numeric", "answer": 2, "decimal_mark": "."})
    source = source_from_template({"name": "Numbers", "template_data": data}, None)

    numeric, expression, cloze, own = [entry.question for entry in source.bank]
    shown = [numeric.public_view(), expression.public_view(), own.public_view()]
    assert [view["decimal_mark"] for view in shown] == [",", ",", "."]
    assert numeric.grade(numeric.parse_answer("1234,5")).correct
    assert expression.grade(expression.parse_answer("1,5x")).correct
    assert cloze.grade(cloze.parse_answer(["1.234,5", "2; 1,5"])).correct
    restored = [restore_question(question.model_dump()) for question in (numeric, cloze)]
    assert [question.public_fields() for question in restored] == [
        numeric.public_fields(),
        cloze.public_fields(),
    ]


def test_names_need_not_be_unique() -> None:
    data = {"sections": [{"name": "A", "exercises": [{"name": "E"}, {"name": "E"}]}]}

    assert TEMPLATE_DATA.validate_python(data).model_dump() == data


@pytest.mark.parametrize(
    ("m", "n", "good"),
    [(1, 1, True), (3, 5, True), (50, 50, True), (2, 1, False), (0, 1, False), (1, 51, False)],
)
def test_mastery_is_m_of_n(m: int, n: int, good: bool) -> None:
    fields = {"kind": "m_of_n", "m": m, "n": n}

    if good:
        assert MasteryCriterion.model_validate(fields).model_dump() == fields
    else:
        with pytest.raises(ValidationError):
            MasteryCriterion.model_validate(fields)


@pytest.mark.parametrize("m", ["3", True, 2.5])
def test_a_criterion_accepts_numbers_only(m: object) -> None:
    with pytest.raises(ValidationError):
        MasteryCriterion.model_validate({"kind": "m_of_n", "m": m, "n": 5})


def keys_in(value: object) -> set[str]:
    """Every key of a JSON value, at any depth."""
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in keys_in(inner)}
    if isinstance(value, list):
        return {key for inner in value for key in keys_in(inner)}
    return set()


KEYS: dict[str, Any] = {"multi_select": ["a", "b"], "numeric": 6, "short_answer": ["six"]}


@st.composite
def banks(draw: st.DrawFn) -> dict[str, Any]:
    """Template data with a few sections and exercises and questions of every kind."""
    numbers = iter(range(1_000))
    kinds = ["multiple_choice", "multi_select", "numeric", "short_answer", "free_response"]

    def question() -> dict[str, Any]:
        kind = draw(st.sampled_from([*kinds, "self_rated"]))
        asked: dict[str, Any] = {"question_id": f"q{next(numbers)}", "kind": kind, "prompt": "?"}
        if kind in ("multiple_choice", "multi_select"):
            asked["choices"] = [{"id": "a", "text": "one"}, {"id": "b", "text": "two"}]
        if kind == "free_response":
            criterion = {"criterion_id": "c", "text": "why", "points": draw(st.integers(1, 9))}
            asked["rubric"] = [criterion]
        elif kind != "self_rated" or draw(st.booleans()):
            asked["answer"] = KEYS.get(kind, "a")
        if draw(st.booleans()):
            asked["explanation"] = draw(st.text("abc", max_size=3))
        return {**asked, "hints": ["look"], "extra": {"kept": True}}

    def exercise() -> dict[str, Any]:
        made: dict[str, Any] = {"name": "E", "tempo": 120}
        if draw(st.booleans()):
            made["questions"] = [question() for _ in range(draw(st.integers(0, 3)))]
        return made

    return {
        "sections": [
            {"name": "S", "exercises": [exercise() for _ in range(draw(st.integers(0, 3)))]}
            for _ in range(draw(st.integers(0, 3)))
        ]
    }


@given(banks())
def test_answer_keys_are_removed_at_every_level_and_nothing_else_is(
    data: dict[str, Any],
) -> None:
    content = TEMPLATE_DATA.validate_python(data)

    public, taken = remove_answer_keys(content)

    assert not keys_in(public) & ANSWER_KEY
    assert taken == bool(keys_in(data) & ANSWER_KEY)
    assert content.model_dump() == data
    expected = copy.deepcopy(data)
    for section in expected["sections"]:
        for exercise in section["exercises"]:
            for question in exercise.get("questions", []):
                for key in ANSWER_KEY:
                    question.pop(key, None)
    assert public == expected


def test_a_key_that_is_null_is_removed_too() -> None:
    data = with_questions({**QUESTION, "rubric": None})

    public, taken = remove_answer_keys(TEMPLATE_DATA.validate_python(data))

    assert taken
    assert not keys_in(public) & ANSWER_KEY


def test_an_exercise_may_explain_itself_to_students() -> None:
    data = with_exercise(explanation="Keep the wrist loose.", answer="to no question")

    assert remove_answer_keys(TEMPLATE_DATA.validate_python(data)) == (data, False)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (ROUTINE, False),
        (with_exercise(questions=[]), False),
        (with_exercise(questions=None), False),
        (with_questions(QUESTION), True),
        (
            with_questions({"question_id": "q", "kind": "self_rated", "prompt": "?"}),
            True,
        ),
    ],
)
def test_a_template_has_a_bank_when_any_exercise_has_questions(
    data: dict[str, Any], expected: bool
) -> None:
    assert has_question_bank(a_template(data)) is expected


CONTENT: dict[str, Any] = {
    "name": "Routine",
    "description": "",
    "root_id": None,
    "subject": "Music",
    "topic": None,
    "grade_level": None,
    "template_data": {"sections": [{"name": "S", "duration_minutes": 10}], "x": {"a": 1, "b": 2}},
    "mastery_criterion": {"kind": "m_of_n", "m": 3, "n": 5},
}


def reordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    if isinstance(value, list):
        return [reordered(inner) for inner in value]
    return value


def test_the_hash_follows_rfc_8785() -> None:
    # Written by hand as the standard says: sorted keys, no spaces, shortest numbers; `sha256sum`.
    assert (
        content_hash(
            {**dict.fromkeys(HASHED_FIELDS), "name": "A", "template_data": {"b": 1.0, "a": "é"}}
        )
        == "fe976a5d978dbb00d644e995f91d00321e08f5f327516d7166e051962b301a1e"
    )


@given(st.dictionaries(st.text("abc", max_size=2), free_json, max_size=4))
def test_key_order_does_not_change_the_hash(data: dict[str, Any]) -> None:
    content = {**CONTENT, "template_data": data}

    assert content_hash(reordered(content)) == content_hash(content)


@given(st.integers(-(2**53) + 1, 2**53 - 1))
def test_a_number_has_the_same_hash_in_every_notation(number: int) -> None:
    def of(value: float) -> str:
        return content_hash({**CONTENT, "template_data": {"n": [value]}})

    assert of(number) == of(float(number))


@given(free_json, free_json)
def test_other_content_has_another_hash(one: Any, other: Any) -> None:
    hashes = {content_hash({**CONTENT, "template_data": {"x": x}}) for x in (one, other)}

    assert len(hashes) == (1 if is_same_json(one, other) else 2)


@pytest.mark.parametrize("field", HASHED_FIELDS)
def test_every_part_of_the_content_changes_the_hash(field: str) -> None:
    assert content_hash({**CONTENT, field: "another"}) != content_hash(CONTENT)


def test_the_audience_does_not_change_the_hash() -> None:
    template = a_template()

    shared = apply_changes(
        template, {"visibility": Visibility.PUBLIC, "student_ids": ["student"]}, at=LATER
    )

    assert shared.content_hash == template.content_hash


@pytest.mark.parametrize(
    ("uid", "visibility", "readable"),
    [
        ("teacher", "private", True),
        ("student", "private", True),
        ("stranger", "private", False),
        ("stranger", "assigned", False),
        ("stranger", "public", True),
    ],
)
def test_a_private_template_is_readable_by_its_owner_and_its_students_only(
    uid: str, visibility: str, readable: bool
) -> None:
    template = a_template(student_ids=["student"], visibility=visibility)

    assert template.is_readable_by(uid) is readable


@pytest.mark.parametrize(
    ("uid", "student_ids", "assigned"),
    [
        ("student", ["student"], True),
        ("student", ["other", "student"], True),
        ("student", ["other"], False),
        ("student", [], False),
        ("teacher", ["teacher"], False),
        ("teacher", ["student"], False),
    ],
)
def test_a_template_is_assigned_to_listed_students_but_not_to_its_owner(
    uid: str, student_ids: list[str], assigned: bool
) -> None:
    for visibility in Visibility:
        template = a_template(student_ids=student_ids, visibility=visibility)
        assert template.is_assigned_to(uid) is assigned


@pytest.mark.parametrize(
    ("visibility", "student_ids", "by_teacher"),
    list(product(Visibility, ([], ["student"]), (True, False))),
)
def test_only_teachers_share_and_an_assigned_template_is_not_private(
    visibility: Visibility, student_ids: list[str], by_teacher: bool
) -> None:
    if not by_teacher and (student_ids or visibility is not Visibility.PRIVATE):
        with pytest.raises(PermissionDenied):
            require_valid_audience(visibility, student_ids, by_teacher=by_teacher)
    elif student_ids and visibility is Visibility.PRIVATE:
        with pytest.raises(InvalidArgument) as refused:
            require_valid_audience(visibility, student_ids, by_teacher=by_teacher)
        assert [error.path for error in refused.value.errors] == ["visibility"]
    else:
        require_valid_audience(visibility, student_ids, by_teacher=by_teacher)


@pytest.mark.parametrize("version", [1, 2, 4, 10**30])
def test_a_version_other_than_the_stored_one_is_refused(version: int) -> None:
    template = a_template(version=3)

    require_changeable(template, 3)
    with pytest.raises(RevisionMismatch, match="at version 3"):
        require_changeable(template, version)


def test_a_deleted_template_is_not_changed_at_any_version() -> None:
    gone = archive(a_template(), at=LATER)

    for version in (1, 2):
        with pytest.raises(TemplateArchived):
            require_changeable(gone, version)


def test_a_change_is_the_next_version_and_leaves_the_rest() -> None:
    template = a_template(subject="Music", topic="Blues")
    before = template.model_dump()

    after = apply_changes(template, {"topic": "Jazz"}, at=LATER)

    assert template.model_dump() == before
    assert after.version == template.version + 1
    assert after.updated_at == LATER
    assert after.content_hash != template.content_hash
    assert after.content_hash == content_hash(after.model_dump())
    changed = {"topic", "version", "updated_at", "content_hash", "content_changes"}
    same_as_before = set(Template.model_fields) - changed
    assert after.model_dump(include=same_as_before) == template.model_dump(include=same_as_before)


def test_a_version_is_current_until_its_content_changes() -> None:
    hours = [LATER + timedelta(hours=n) for n in range(3)]
    template = a_template()
    for at in hours:
        template = apply_changes(template, {"topic": "Jazz"}, at=at)

    assert template.is_current(4, at=None)
    assert template.is_current(4, at=hours[2] + timedelta(days=9))
    for version, until in enumerate(hours, start=1):
        assert template.is_current(version, at=until - timedelta(microseconds=1))
        assert not template.is_current(version, at=until)
        assert not template.is_current(version, at=None)
    assert not template.is_current(0, at=NOON)


def test_another_audience_does_not_make_copies_outdated() -> None:
    template = apply_changes(a_template(), {"student_ids": ["s"]}, at=LATER)
    assert template.is_current(1, at=None)

    template = apply_changes(template, {"topic": "Jazz"}, at=LATER)
    template = apply_changes(template, {"visibility": Visibility.PUBLIC}, at=LATER)

    assert not any(template.is_current(version, at=LATER) for version in (1, 2))
    assert all(template.is_current(version, at=LATER) for version in (3, 4))
    assert all(template.is_current(version, at=NOON) for version in (1, 2))


def test_a_version_older_than_what_is_recorded_is_not_current_at_any_time() -> None:
    template = a_template(version=7)
    for n in range(MAX_CONTENT_CHANGES):
        template = apply_changes(template, {"topic": "Jazz"}, at=LATER + timedelta(hours=n))

    assert len(template.content_changes) == MAX_CONTENT_CHANGES
    assert template.is_current(8, at=NOON)
    assert not template.is_current(7, at=NOON)
    assert not a_template(version=7).is_current(6, at=NOON)


def test_deletion_archives_and_a_second_one_changes_nothing() -> None:
    template = a_template()
    before = template.model_dump()

    gone = archive(template, at=LATER)

    assert template.model_dump() == before
    assert gone.model_dump() == {**before, "archived_at": LATER, "updated_at": LATER}
    assert archive(gone, at=LATER + timedelta(days=1)) == gone


@pytest.mark.parametrize(
    "transition",
    [
        lambda template: archive(template, at=LATER),
        lambda template: apply_changes(
            template, {"name": "Other", "template_data": ROUTINE}, at=LATER
        ),
    ],
)
def test_a_template_is_never_changed_in_place(transition: Callable[[Template], Template]) -> None:
    template = a_template(with_questions(QUESTION))
    before = copy.deepcopy(template)

    assert transition(template) != template
    assert template == before


def test_a_learner_is_told_how_one_becomes_a_teacher() -> None:
    with pytest.raises(PermissionDenied, match="python -m admin role UID teacher"):
        require_valid_audience(Visibility.PUBLIC, [], by_teacher=False)


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_no_kind_of_question_leaves_its_key_in_what_students_read(kind: str) -> None:
    question = {
        "question_id": "q",
        "kind": kind,
        "prompt": "Well?",
        **kind_module(kind).SAMPLE,
        "explanation": "So it is.",
        "hints": ["Think."],
    }
    exercise = {"name": "Drill", "questions": [question]}
    content = TemplateContent.model_validate(
        {"sections": [{"name": "All", "exercises": [exercise]}]}
    )

    public, removed = remove_answer_keys(content)
    shown = public["sections"][0]["exercises"][0]["questions"][0]
    whole = restore_answer_key(shown, answer_keys(content)["q"])

    assert removed
    assert not ANSWER_KEY & {name for holder in holders(shown) for name in holder}
    before, after = map(ANY_QUESTION.validate_python, (question, whole))
    assert after.explanation == before.explanation
    assert texts_of_key(after) == texts_of_key(before)


def texts_of_key(question: Any) -> Any:
    """The key, with the texts of choices instead of their ids: those may change."""
    texts = {choice.id: choice.text for choice in question.choices or []}
    if isinstance(question.answer, list):
        return [texts.get(entry, entry) for entry in question.answer]
    return texts.get(question.answer, question.answer) if texts else question.answer


def holders(value: Any) -> list[dict[str, Any]]:
    """All objects in the value."""
    if isinstance(value, list):
        return [holder for entry in value for holder in holders(entry)]
    if isinstance(value, dict):
        return [value, *(holder for entry in value.values() for holder in holders(entry))]
    return []
