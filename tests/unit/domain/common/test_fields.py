"""The shared types: what each takes, and what it refuses."""

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


def takes(kind: Any, value: object) -> bool:
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
    assert takes(Id, value)


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
    assert not takes(Id, value)
    assert not takes(Ids, [value])


def test_ids_do_not_repeat_and_are_at_most_fifty() -> None:
    assert takes(Ids, [])
    assert takes(Ids, [f"goal-{i}" for i in range(50)])
    assert not takes(Ids, [f"goal-{i}" for i in range(51)])
    assert not takes(Ids, ["goal", "other", "goal"])


@pytest.mark.parametrize("value", ["a", "auth0|123", "a b", "é" * 128, "😀", "_x_", "a.b", "__x"])
def test_a_user_id_is_what_identity_providers_make(value: str) -> None:
    assert takes(UserId, value)


@pytest.mark.parametrize(
    "value", ["", "a/b", ".", "..", "__x__", "a\u0001b", "a\n", "\u007f", "x" * 129, 7, None]
)
def test_a_user_id_that_is_no_document_id_is_refused(value: object) -> None:
    assert not takes(UserId, value)


def test_user_ids_do_not_repeat_and_are_at_most_a_thousand() -> None:
    assert takes(UserIds, [f"student-{i}" for i in range(1_000)])
    assert not takes(UserIds, [f"student-{i}" for i in range(1_001)])
    assert not takes(UserIds, ["student", "student"])


@pytest.mark.parametrize(
    ("kind", "longest"), [(Name, 120), (Label, 120), (ExerciseName, 200), (NodeId, 200)]
)
def test_a_name_has_a_length_and_something_to_read(kind: Any, longest: int) -> None:
    assert takes(kind, "😀" * longest)
    assert takes(kind, " a ")
    for refused in ("", " ", "\u3000\t", "x" * (longest + 1), "x" * 10_000, 1, None, ["x"]):
        assert not takes(kind, refused)


@pytest.mark.parametrize("kind", [Name, Label, ExerciseName])
@pytest.mark.parametrize("character", ["\u0000", "\n", "\t", "\u001f", "\u007f"])
def test_a_name_is_one_line(kind: Any, character: str) -> None:
    assert not takes(kind, f"a{character}b")


def test_a_label_may_become_a_key_in_a_document() -> None:
    assert takes(Label, "Maths. / `algebra` ~*[]")
    assert not takes(Label, "__id__")
    assert takes(Name, "__id__")


@pytest.mark.parametrize(("kind", "longest"), [(Text, 2_000), (LongText, 10_000)])
def test_a_text_may_be_empty_and_of_many_lines(kind: Any, longest: int) -> None:
    assert takes(kind, "")
    assert takes(kind, "one\ntwo\u0000")
    assert takes(kind, "é" * longest)
    assert not takes(kind, "x" * (longest + 1))


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
    assert takes(kind, lowest)
    assert takes(kind, highest)
    for refused in (lowest - 1, highest + 1, str(lowest), True, None, float("nan"), float("inf")):
        assert not takes(kind, refused)


@pytest.mark.parametrize("kind", [Minutes, UnitInterval])
def test_minutes_and_shares_may_be_fractions(kind: Any) -> None:
    assert takes(kind, 0.25)
    assert takes(kind, 1.0)
    assert not takes(kind, -0.25)


@given(st.floats(allow_nan=True, allow_infinity=True) | st.integers())
def test_minutes_are_never_negative_nor_endless(value: float) -> None:
    assert takes(Minutes, value) == (0 <= value <= 100_000)


@pytest.mark.parametrize("kind", [Seconds, ScoreOutOfTen])
def test_seconds_and_scores_are_whole(kind: Any) -> None:
    assert not takes(kind, 5.5)
    assert not takes(kind, "5")


@given(st.integers(0, 6_000_000))
def test_a_whole_number_may_be_written_as_other_languages_write_it(seconds: int) -> None:
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
def test_a_time_zone_goes_by_its_iana_name(name: str) -> None:
    assert takes(TimeZone, name)


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
def test_what_names_no_zone_or_another_on_every_machine_is_refused(name: object) -> None:
    assert not takes(TimeZone, name)
