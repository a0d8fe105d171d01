"""Cleaning and comparison of texts."""

# ruff: noqa: RUF001 (look-alikes are what is tested)

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.common.text_normalisation import clean_text, fold_text, normalise_answer

ODD = st.text(
    st.sampled_from(
        " \t\n.,;:!?\"'`\u2018\u2019\u201c\u201d\u00ab\u00bb\u00bf\u00a1()-\u2013aAnZ5\u00df\u0130"
        "\u0345\u03a3\u0301\u200b\u202e\ufdfa\u00bd\u3002\uff01\u00a0\u1e9e\ufb01"
    )
)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  Paris \n", "Paris"),
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("a\x00b\x07c\x7fd\x9fe", "abcde"),
        ("pass\u200bword\ufeff\u2060\u00ad", "password"),
        ("\u202egood\u202c\u2066x\u2069", "goodx"),
        ("a\U000e0041\U000e0062b", "ab"),  # tags: invisible text
        ("a\ufe0f\U000e0101b\u3164", "ab"),
        ("\ud800a", "a"),
        ("\u200b\u3164 \u00a0", ""),
        ("Zürich – “ça va?” 日本", "Zürich – “ça va?” 日本"),
    ],
)
def test_invisible_text_is_removed(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@pytest.mark.parametrize(
    "invisible",
    [
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180F, 0x3164, 0xFFA0),
        *(0xFE00, 0xFE0F, 0xE0100, 0xE01EF, 0xE0001, 0xE007F, 0x200B, 0x202E, 0x2066, 0xFEFF),
    ],
    ids=hex,
)
def test_an_invisible_character_is_removed(invisible: int) -> None:
    assert clean_text(f"a{chr(invisible)}b") == "ab"


@pytest.mark.parametrize(
    "visible",
    [
        0x034E,
        0x0350,
        0x115E,
        0x1161,
        0x17B3,
        0x17B6,
        0x180A,
        0x1810,
        0x3163,
        0x3165,
        0xFE10,
        0xFFA1,
    ],
    ids=hex,
)
def test_a_character_next_to_invisible_ones_stays(visible: int) -> None:
    assert clean_text(f"a{chr(visible)}b") == f"a{chr(visible)}b"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("no", "No!"),
        ("Paris", "  paris\n"),
        ("Paris", "PARIS."),
        ("Paris", "\u201cParis\u201d"),
        ("Paris", "'Paris'."),
        ("Paris", "\u00ab Paris \u00bb"),
        ("Paris", "Paris !"),
        ("Paris", "\uff30\uff41\uff52\uff49\uff53"),
        ("Paris", "Pa\u200bris"),
        ("new york", "New \n\t York"),
        ("don't", "don\u2019t"),
        ("twenty-one", "twenty\u2013one"),
        ("qué", "¿Que\u0301?"),
        ("Straße", "STRASSE"),
        ("東京", "東京。"),
    ],
)
def test_equivalent_texts_are_equal(one: str, other: str) -> None:
    assert normalise_answer(one) == normalise_answer(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Paris", "Pariss"),
        ("Paris", "Pari"),
        ("Paris", "not Paris"),
        ("résumé", "resume"),
        ("5", ".5"),
        ("5", "-5"),
        ("5!", "5"),
        ("n!", "n"),
        ("f'", "f"),
        ("C#", "C"),
        ("C++", "C"),
        ("[0, 1]", "(0, 1)"),
        ("newyork", "new york"),
        (".", "?"),
    ],
)
def test_other_texts_differ(one: str, other: str) -> None:
    assert normalise_answer(one) != normalise_answer(other)


@given(ODD | st.text(st.characters(exclude_categories=[])))
def test_cleaning_and_comparing_twice_changes_nothing_more(text: str) -> None:
    for made_alike in (clean_text, fold_text, normalise_answer):
        once = made_alike(text)
        assert made_alike(once) == once
        once.encode()


def test_every_character_that_folds_is_stable_once_folded() -> None:
    every = map(chr, range(0x110000))
    folding = [c for c in every if unicodedata.normalize("NFKC", c) != c or c.casefold() != c]

    assert len(folding) > 5_000
    once = [normalise_answer(f"x{character}y") for character in folding]
    assert [text for text in once if normalise_answer(text) != text] == []


@given(ODD.filter(clean_text))
def test_nothing_visible_becomes_empty(text: str) -> None:
    assert normalise_answer(text)


@given(ODD)
def test_surrounding_space_makes_no_difference(text: str) -> None:
    assert normalise_answer(f" \n{text}\t") == normalise_answer(text)
