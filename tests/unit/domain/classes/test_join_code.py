"""Join codes: how they are made and read, and how their places are shared out."""

from datetime import UTC, datetime, timedelta
from secrets import choice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.classes.join_code import (
    ALPHABET,
    CODE_LENGTH,
    MAX_STUDENTS,
    SHARDS,
    close_join,
    code_of,
    find_place,
    new_code,
    open_join,
    parse_code,
    places_left,
    require_valid_expiry,
    shard_of,
    share_out,
)
from shared.domain.common.errors import InvalidArgument

NOW = datetime(2026, 3, 2, 17, tzinfo=UTC)
codes = st.text(ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH)


def test_the_alphabet_has_32_symbols_and_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 32
    assert not set("ILOU") & set(ALPHABET)


def test_a_new_code_is_one_that_can_be_read() -> None:
    made = {new_code(choice) for _ in range(200)}
    assert len(made) == 200
    assert {parse_code(code) for code in made} == made


@given(codes, st.data())
def test_a_code_is_read_in_any_case_with_hyphens_and_look_alikes(
    code: str, data: st.DataObject
) -> None:
    alike = {"0": "0Oo", "1": "1IiLl"}
    typed = ""
    for symbol in code:
        typed += data.draw(st.sampled_from(alike.get(symbol, symbol + symbol.lower())))
        typed += data.draw(st.sampled_from(["", "", "-", " ", "\u2011"]))
    assert parse_code(typed) == code


@pytest.mark.parametrize(
    "text", ["", "ABC123", "ABCD1234", "UUUUUUU", "ABC_123", "../../x", "ÅBCDEFG"]
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert parse_code(text) is None


@given(st.integers(0, MAX_STUDENTS))
def test_places_are_shared_out_evenly_and_none_is_lost(places: int) -> None:
    shares = share_out(places)
    assert (len(shares), sum(shares)) == (SHARDS, places)
    assert max(shares) - min(shares) <= 1


@given(st.text(min_size=1), st.lists(st.integers(0, 3), min_size=SHARDS, max_size=SHARDS))
def test_a_student_takes_a_place_of_their_own_document_while_it_has_one(
    uid: str, left: list[int]
) -> None:
    found = find_place(left, uid)
    if left[shard_of(uid)]:
        assert found == shard_of(uid)
    elif any(left):
        assert found is not None
        assert left[found] > 0
    else:
        assert found is None


def test_students_are_spread_over_all_documents() -> None:
    counts = [0] * SHARDS
    for number in range(1_000):
        counts[shard_of(f"student-{number}")] += 1
    assert min(counts) > 60
    assert max(counts) < 140


def test_a_code_is_valid_for_thirty_days_unless_an_end_is_given() -> None:
    usual = open_join("0000000", max_students=40, expires_at=None, at=NOW)
    assert usual.expires_at == NOW + timedelta(days=30)
    code = code_of(usual, "c")
    assert code.is_valid(at=NOW + timedelta(days=30, seconds=-1))
    assert not code.is_valid(at=NOW + timedelta(days=30))
    soon = open_join("0000000", max_students=40, expires_at=NOW + timedelta(hours=1), at=NOW)
    assert soon.expires_at == NOW + timedelta(hours=1)


def test_settings_without_a_code_keep_the_number_of_students() -> None:
    closed = close_join(open_join("0000000", max_students=7, expires_at=None, at=NOW))
    assert (closed.code, closed.expires_at, closed.created_at) == (None, None, None)
    assert closed.max_students == 7


@pytest.mark.parametrize("days", [0, -1, 367])
def test_an_end_that_has_passed_or_is_far_away_is_refused(days: int) -> None:
    with pytest.raises(InvalidArgument):
        require_valid_expiry(NOW + timedelta(days=days), at=NOW)


def test_the_longest_end_and_none_are_valid() -> None:
    require_valid_expiry(NOW + timedelta(days=366), at=NOW)
    require_valid_expiry(None, at=NOW)


def test_places_are_what_the_students_leave() -> None:
    assert places_left(40, 40) == 0
    assert places_left(40, 3) == 37
    with pytest.raises(InvalidArgument):
        places_left(40, 41)
