"""The shared field types: accepted and refused values of each."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.domain.common.fields import (
    ExerciseName,
    Id,
    Ids,
    Label,
    LongText,
    Minutes,
    Name,
    NodeId,
    ScoreOutOfTen,
    Seconds,
    Text,
    TimeZone,
    UnitInterval,
    UserId,
    UserIds,
)


def accepts(kind: Any, value: object) -> bool:
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    try:
        taken = adapter.validate_python(value, strict=True)
    except ValidationError:
        return False
    assert taken == value
    assert type(taken) is type(value)
    return True


@pytest.mark.parametrize("value", ["a", "A-b_9", "_", "__x", "x__", "0", "x" * 128])
def test_an_id_is_letters_digits_dash_and_underscore(value: str) -> None:
    assert accepts(Id, value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "a/b",
        "/",
        ".",
        "..",
        "a.b",
        "a b",
        "a\n",
        "\na",
        "😀",
        "é",
        "__x__",
        "__",
        "%2e",
        "x" * 129,
        "x" * 2_000,
        1,
        None,
    ],
)
def test_an_id_that_could_mean_another_document_is_refused(value: object) -> None:
    assert not accepts(Id, value)
    assert not accepts(Ids, [value])


def test_ids_do_not_repeat_and_are_at_most_fifty() -> None:
    assert accepts(Ids, [])
    assert accepts(Ids, [f"goal-{i}" for i in range(50)])
    assert not accepts(Ids, [f"goal-{i}" for i in range(51)])
    assert not accepts(Ids, ["goal", "other", "goal"])


@pytest.mark.parametrize("value", ["a", "auth0|123", "a b", "é" * 128, "😀", "_x_", "a.b", "__x"])
def test_a_user_id_may_have_the_characters_of_identity_providers(value: str) -> None:
    assert accepts(UserId, value)


@pytest.mark.parametrize(
    "value", ["", "a/b", ".", "..", "__x__", "a\u0001b", "a\n", "\u007f", "x" * 129, 7, None]
)
def test_a_user_id_that_is_not_a_document_id_is_refused(value: object) -> None:
    assert not accepts(UserId, value)


def test_user_ids_do_not_repeat_and_are_at_most_a_thousand() -> None:
    assert accepts(UserIds, [f"student-{i}" for i in range(1_000)])
    assert not accepts(UserIds, [f"student-{i}" for i in range(1_001)])
    assert not accepts(UserIds, ["student", "student"])


@pytest.mark.parametrize(
    ("kind", "longest"), [(Name, 120), (Label, 120), (ExerciseName, 200), (NodeId, 200)]
)
def test_a_name_has_a_maximum_length_and_a_visible_character(kind: Any, longest: int) -> None:
    assert accepts(kind, "😀" * longest)
    assert accepts(kind, " a ")
    for refused in ("", " ", "\u3000\t", "x" * (longest + 1), "x" * 10_000, 1, None, ["x"]):
        assert not accepts(kind, refused)


@pytest.mark.parametrize("kind", [Name, Label, ExerciseName])
@pytest.mark.parametrize("character", ["\u0000", "\n", "\t", "\u001f", "\u007f"])
def test_a_name_is_one_line(kind: Any, character: str) -> None:
    assert not accepts(kind, f"a{character}b")


def test_a_label_may_become_a_key_in_a_document() -> None:
    assert accepts(Label, "Maths. / `algebra` ~*[]")
    assert not accepts(Label, "__id__")
    assert accepts(Name, "__id__")


@pytest.mark.parametrize(("kind", "longest"), [(Text, 2_000), (LongText, 10_000)])
def test_a_text_may_be_empty_and_of_many_lines(kind: Any, longest: int) -> None:
    assert accepts(kind, "")
    assert accepts(kind, "one\ntwo\u0000")
    assert accepts(kind, "é" * longest)
    assert not accepts(kind, "x" * (longest + 1))


@pytest.mark.parametrize(
    ("kind", "lowest", "highest"),
    [
        (Minutes, 0, 100_000),
        (UnitInterval, 0, 1),
        (Seconds, 0, 6_000_000),
        (ScoreOutOfTen, 1, 10),
    ],
)
def test_a_number_stays_within_its_bounds(kind: Any, lowest: int, highest: int) -> None:
    assert accepts(kind, lowest)
    assert accepts(kind, highest)
    for refused in (lowest - 1, highest + 1, str(lowest), True, None, float("nan"), float("inf")):
        assert not accepts(kind, refused)


@pytest.mark.parametrize("kind", [Minutes, UnitInterval])
def test_minutes_and_shares_may_be_fractions(kind: Any) -> None:
    assert accepts(kind, 0.25)
    assert accepts(kind, 1.0)
    assert not accepts(kind, -0.25)


@given(st.floats(allow_nan=True, allow_infinity=True) | st.integers())
def test_minutes_are_neither_negative_nor_infinite(value: float) -> None:
    assert accepts(Minutes, value) == (0 <= value <= 100_000)


@pytest.mark.parametrize("kind", [Seconds, ScoreOutOfTen])
def test_seconds_and_scores_are_whole(kind: Any) -> None:
    assert not accepts(kind, 5.5)
    assert not accepts(kind, "5")


@given(st.integers(0, 6_000_000))
def test_a_whole_number_may_be_written_with_a_decimal_point(seconds: int) -> None:
    taken = TypeAdapter(Seconds).validate_json(f"{seconds}.0", strict=True)
    assert (taken, type(taken)) == (seconds, int)


@pytest.mark.parametrize(
    "name",
    [
        "UTC",
        "Europe/Berlin",
        "America/Argentina/Buenos_Aires",
        "Asia/Calcutta",
        "Etc/GMT+12",
        "Pacific/Kiritimati",
    ],
)
def test_a_time_zone_has_its_iana_name(name: str) -> None:
    assert accepts(TimeZone, name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Europe",
        "Europe/",
        "Europe/Atlantis",
        "europe/berlin",
        "../etc/passwd",
        "/etc/localtime",
        "localtime",
        "posixrules",
        "right/UTC",
        "Factory",
        "+02:00",
        "CEST",
        "UTC\n",
        "x" * 10_000,
        2,
        None,
    ],
)
def test_an_unknown_or_machine_dependent_time_zone_is_refused(name: object) -> None:
    assert not accepts(TimeZone, name)
