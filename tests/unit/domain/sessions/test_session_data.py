"""A session's free JSON: pre-population, overlays, ticks and the next item."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, TypeAdapter, ValidationError

from shared.domain.common.errors import InvalidArgument
from shared.domain.common.json_object import (
    MAX_BYTES,
    MAX_DEPTH,
    find_violations,
    is_same_json,
    json_size_bytes,
)
from shared.domain.common.validation import violations_of
from shared.domain.sessions.next_item import next_exercise
from shared.domain.sessions.session_data import (
    ROOM_FOR_NOTES_BYTES,
    SessionContent,
    SessionData,
    Tick,
    apply_ticks,
    content_from_template,
    require_room_for_notes,
    require_storable_size,
)
from tests.unit.domain.samples import QUESTION, ROUTINE, a_template, exercises, free_objects

SESSION_DATA: TypeAdapter[SessionContent] = TypeAdapter(SessionData)


def content(value: dict[str, Any]) -> SessionContent:
    return SessionContent.model_validate(value)


def named(*fields: dict[str, Any]) -> SessionContent:
    """Content of one section with such exercises."""
    return content({"sections": [{"name": "S", "exercises": list(fields)}]})


def done(session_data: SessionContent) -> list[bool]:
    return [bool(exercise.completed) for _, _, exercise in session_data.exercises()]


def test_a_session_is_prepopulated_from_its_template() -> None:
    data = {**ROUTINE, "tags": ["guitar"], "tuning": {"strings": ["E", "A"]}}

    assert content_from_template(a_template(data)).model_dump() == {
        "template_id": "routine",
        "template_name": "Routine",
        "sections": [
            {
                "name": "Warm-up",
                "duration_minutes": 10,
                "exercises": [
                    {"name": "Scales", "completed": False, "notes": ""},
                    {"id": "arpeggios", "name": "Arpeggios", "completed": False, "notes": ""},
                ],
            },
            {"name": "Rest", "exercises": []},
            {
                "name": "Songs",
                "exercises": [
                    {
                        "name": "Blues",
                        "description": "twelve bars",
                        "completed": False,
                        "notes": "",
                    }
                ],
            },
        ],
        "notes": "",
        "total_duration_minutes": 30,
        "actual_duration_minutes": None,
        "focus_score": None,
        "energy_level": None,
        "tuning": {"strings": ["E", "A"]},
    }


def test_fields_of_a_session_are_not_taken_from_the_template() -> None:
    data = {
        "sections": [
            {
                "name": "S",
                "actual_duration_minutes": "who knows",
                "exercises": [{"name": "E", "completed": "yes", "notes": 7, "questions": []}],
            }
        ],
        "notes": ["none"],
        "actual_duration_minutes": -1,
        "focus_score": "high",
        "energy_level": 11,
        "template_id": 5,
        "template_name": None,
    }

    assert content_from_template(a_template(data)).model_dump() == {
        "template_id": "routine",
        "template_name": "Routine",
        "sections": [
            {"name": "S", "exercises": [{"name": "E", "completed": False, "notes": ""}]},
        ],
        "notes": "",
        "total_duration_minutes": None,
        "actual_duration_minutes": None,
        "focus_score": None,
        "energy_level": None,
    }


def test_question_banks_stay_in_the_template() -> None:
    data = {"sections": [{"name": "S", "exercises": [{"name": "E", "questions": [QUESTION]}]}]}

    (exercise,) = content_from_template(a_template(data)).model_dump()["sections"][0]["exercises"]

    assert exercise == {"name": "E", "completed": False, "notes": ""}


@given(free_objects, free_objects, free_objects)
def test_every_template_with_any_unknown_keys_makes_a_session(
    top: dict[str, Any], section: dict[str, Any], exercise: dict[str, Any]
) -> None:
    data = {
        **top,
        "sections": [{**section, "name": "S", "exercises": [{**exercise, "name": "E"}]}],
        "tags": None,
        "total_duration_minutes": None,
    }
    template = a_template(data)
    before = copy.deepcopy(template)

    made = content_from_template(template)

    assert template == before
    assert is_same_json(
        SESSION_DATA.validate_json(made.model_dump_json()).model_dump(), made.model_dump()
    )
    dumped = made.model_dump()
    assert all(is_same_json(dumped[key], value) for key, value in top.items())
    assert next_exercise(made) is not None


def test_a_template_leaves_a_session_room_for_notes() -> None:
    def of(size: int) -> dict[str, Any]:
        """Template data whose session takes `size` bytes, its id and name not counted."""
        made = content_from_template(a_template({"sections": [], "text": ""})).model_dump()
        made |= {"template_id": "", "template_name": ""}
        return {"sections": [], "text": "x" * (size - json_size_bytes(made))}

    most = MAX_BYTES - ROOM_FOR_NOTES_BYTES
    require_room_for_notes(of(most))
    with pytest.raises(InvalidArgument) as refused:
        require_room_for_notes(of(most + 1))
    (error,) = refused.value.errors
    assert error.path == "template_data"
    assert str(most) in error.message

    noted = content({"notes": "é" * (ROOM_FOR_NOTES_BYTES // 2 - 200)})
    full = content_from_template(a_template(of(most))).overlaid(noted)
    assert require_storable_size(full).notes == noted.notes


def test_room_is_left_in_the_document_too() -> None:
    maps: list[JsonValue] = [{}] * 18_600
    require_room_for_notes({"sections": [], "maps": maps})

    with pytest.raises(InvalidArgument) as refused:
        require_room_for_notes({"sections": [], "maps": maps + maps[:100]})

    (error,) = refused.value.errors
    assert error.path == "template_data"
    assert "in a document" in error.message


def test_an_overlay_replaces_top_level_keys_and_leaves_the_others() -> None:
    base = content({**ROUTINE, "notes": "old", "mood": {"before": 3}})

    result = base.overlaid(content({"notes": "new", "mood": {"after": 4}, "place": None}))

    assert result.model_dump() == {
        **ROUTINE,
        "notes": "new",
        "mood": {"after": 4},
        "place": None,
    }


@given(free_objects, free_objects)
def test_an_overlay_takes_precedence_in_its_own_keys(
    base: dict[str, Any], change: dict[str, Any]
) -> None:
    base = {**base, "sections": [{"name": "S"}], "notes": ""}
    below, above = content(base), content(change)

    result = below.overlaid(above).model_dump()

    assert is_same_json(result, {**base, **change})
    assert content(result) == below.overlaid(above)
    assert is_same_json(below.overlaid(above).overlaid(above).model_dump(), result)
    assert is_same_json(below.overlaid(content({})).model_dump(), base)
    assert is_same_json(below.model_dump(), base)
    assert is_same_json(above.model_dump(), change)


def test_an_overlay_that_outgrows_the_bounds_is_refused_at_its_place() -> None:
    half = content({"a": "x" * (MAX_BYTES // 2)})

    with pytest.raises(InvalidArgument) as refused:
        require_storable_size(half.overlaid(content({"b": "x" * (MAX_BYTES // 2)})))

    (error,) = refused.value.errors
    assert error.path == "session_data"
    assert "takes" in error.message


def test_a_change_is_nested_no_deeper_than_its_base() -> None:
    """It follows that only the change has to be checked, not all of the stored data."""
    deep: Any = 1
    for _ in range(MAX_DEPTH - 1):
        deep = {"in": deep}
    overlaid = content({}).overlaid(SESSION_DATA.validate_python({"mood": deep}))
    assert find_violations(overlaid.model_dump()) == []

    with pytest.raises(ValidationError) as refused:
        SESSION_DATA.validate_python({"mood": {"in": deep}})
    ((location, _),) = violations_of(refused.value)
    assert location == ("mood", *["in"] * (MAX_DEPTH - 1))


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ([], ()),
        ({"sections": {}}, ("sections",)),
        ({"sections": None}, ("sections",)),
        ({"sections": [{"name": ""}]}, ("sections", 0, "name")),
        ({"sections": [{"name": "S", "exercises": 5}]}, ("sections", 0, "exercises")),
        (
            {"sections": [{"name": "S", "duration_minutes": -1}]},
            ("sections", 0, "duration_minutes"),
        ),
        (
            {"sections": [{"name": "S", "actual_duration_minutes": -1}]},
            ("sections", 0, "actual_duration_minutes"),
        ),
        (
            {"sections": [{"name": "S", "exercises": [{"name": "E", "completed": 1}]}]},
            ("sections", 0, "exercises", 0, "completed"),
        ),
        (
            {"sections": [{"name": "S", "exercises": [{"name": "E", "notes": 1}]}]},
            ("sections", 0, "exercises", 0, "notes"),
        ),
        ({"notes": "x" * 10_001}, ("notes",)),
        ({"total_duration_minutes": -1}, ("total_duration_minutes",)),
        ({"actual_duration_minutes": 100_001}, ("actual_duration_minutes",)),
        ({"focus_score": 0}, ("focus_score",)),
        ({"focus_score": 11}, ("focus_score",)),
        ({"energy_level": 5.5}, ("energy_level",)),
    ],
)
def test_malformed_session_data_is_refused_at_its_path(value: object, path: tuple[Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        SESSION_DATA.validate_json(json.dumps(value))

    assert [error["loc"] for error in refused.value.errors()] == [path]


def test_an_exercise_is_identified_by_its_id_or_without_one_by_its_name() -> None:
    before = named({"name": "Scales"}, {"id": "x", "name": "Chords"}, {"id": None, "name": "Songs"})

    after, unlisted = apply_ticks(
        before, [Tick("x", True, None), Tick("Songs", True, None), Tick("Chords", True, None)]
    )

    assert done(after) == [False, True, True]
    assert unlisted == {2}


def test_the_first_unfinished_exercise_of_a_name_is_ticked() -> None:
    session_data = named({"name": "Scales"}, {"name": "Other"}, {"name": "Scales"})

    seen = []
    for _ in range(3):
        session_data, unlisted = apply_ticks(session_data, [Tick("Scales", True, None)])
        assert unlisted == set()
        seen.append(done(session_data))

    assert seen == [[True, False, False], [True, False, True], [True, False, True]]


def test_ticks_of_one_call_see_each_other() -> None:
    both = [Tick("Scales", True, "slow"), Tick("Scales", True, "fast")]

    after, _ = apply_ticks(named({"name": "Scales"}, {"name": "Scales"}), both)

    assert done(after) == [True, True]
    assert [exercise.notes for _, _, exercise in after.exercises()] == ["slow", "fast"]


def test_a_tick_may_be_taken_back() -> None:
    after, _ = apply_ticks(
        named({"name": "Scales", "completed": True}), [Tick("Scales", False, None)]
    )

    assert done(after) == [False]


@pytest.mark.parametrize(("notes", "expected"), [(None, "before"), ("after", "after"), ("", "")])
def test_a_tick_replaces_notes_or_leaves_them(notes: str | None, expected: str) -> None:
    before = named({"name": "Scales", "notes": "before", "tempo": 120})

    after, _ = apply_ticks(before, [Tick("Scales", True, notes)])

    assert after.model_dump()["sections"][0]["exercises"] == [
        {"name": "Scales", "notes": expected, "tempo": 120, "completed": True}
    ]


def test_a_tick_without_notes_adds_no_empty_ones() -> None:
    after, _ = apply_ticks(named({"name": "Scales"}), [Tick("Scales", True, None)])

    assert after.model_dump()["sections"][0]["exercises"] == [{"name": "Scales", "completed": True}]


def test_ticks_of_unknown_exercises_are_returned_by_position() -> None:
    before = content(ROUTINE)
    unknown = [Tick("q1", True, None), Tick("", False, "n"), Tick("q1", True, None)]

    after, unlisted = apply_ticks(before, [unknown[0], Tick("Blues", True, None), *unknown[1:]])

    assert unlisted == {0, 2, 3}
    assert done(after) == [False, False, True]
    assert apply_ticks(before, unknown) == (before, {0, 1, 2})
    assert apply_ticks(before, []) == (before, set())


def test_a_tick_changes_only_its_exercise_and_adds_no_absent_keys() -> None:
    before = content(ROUTINE)
    untouched = copy.deepcopy(before)

    after, _ = apply_ticks(before, [Tick("Blues", True, None)])

    assert before == untouched
    expected = copy.deepcopy(ROUTINE)
    expected["sections"][2]["exercises"][0]["completed"] = True
    assert after.model_dump() == expected


@given(st.lists(st.tuples(st.sampled_from(["a", "b", "c", "?"]), st.booleans()), max_size=12))
def test_no_tick_is_lost(ticks: list[tuple[str, bool]]) -> None:
    session_data = named(*({"name": name} for name in "aabbbc"))

    after, unlisted = apply_ticks(session_data, [Tick(name, yes, None) for name, yes in ticks])

    assert unlisted == {i for i, (name, _) in enumerate(ticks) if name == "?"}
    for name, copies in (("a", 2), ("b", 3), ("c", 1)):
        ticked_ones = sum(e.completed is True for _, _, e in after.exercises() if e.name == name)
        ticked = sum(yes for named, yes in ticks if named == name)
        if all(yes for named, yes in ticks if named == name):
            assert ticked_ones == min(ticked, copies)
        assert ticked_ones <= min(ticked, copies)


def test_the_next_item_is_the_first_unfinished_exercise_in_order() -> None:
    session_data = content(ROUTINE)

    seen = []
    while (following := next_exercise(session_data)) is not None:
        seen.append(
            (
                following.node_id,
                following.section_index,
                following.section_name,
                following.exercise_index,
                following.exercise.name,
            )
        )
        session_data, _ = apply_ticks(session_data, [Tick(following.node_id, True, None)])

    assert seen == [
        ("Scales", 0, "Warm-up", 0, "Scales"),
        ("arpeggios", 0, "Warm-up", 1, "Arpeggios"),
        ("Blues", 2, "Songs", 0, "Blues"),
    ]


@pytest.mark.parametrize(
    "value", [{}, {"sections": []}, {"sections": [{"name": "S"}]}, exercises(3, done=3)]
)
def test_a_finished_session_has_no_next_exercise(value: dict[str, Any]) -> None:
    assert next_exercise(content(value)) is None


def test_null_is_not_done() -> None:
    following = next_exercise(named({"name": "Scales", "completed": None}))

    assert following is not None
    assert following.node_id == "Scales"
    assert following.exercise.model_dump() == {"name": "Scales", "completed": None}


def test_three_thousand_exercises_are_ticked_at_once() -> None:
    session_data = content(exercises(3_000))

    after, unlisted = apply_ticks(session_data, [Tick(f"e{i}", True, None) for i in range(3_000)])

    assert unlisted == set()
    assert next_exercise(after) is None
