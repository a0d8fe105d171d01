"""What a format holds of a bank comes back from it unchanged."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from admin.content import csv_format, gift, gift_writer
from admin.content.csv_format import PAIR
from admin.content.items import Item
from admin.content.written import Written
from shared.domain.questions.any_question import AnyQuestion
from shared.domain.questions.kinds import KINDS

Question = dict[str, Any]
Pairs = list[tuple[str, Question]]
# Each example is a bank of several questions, which takes long to make.
FEW = settings(max_examples=40)
QUESTION: TypeAdapter[Any] = TypeAdapter(AnyQuestion)
# Signs that mean something in either format, in Markdown or in a spreadsheet.
SIGNS = "\\~=#{}:%|;,\"'`*_$[]()<>&@+-/\n\t 12aTbé漢ß.\u2028\x0b"
CHARACTERS = st.one_of(
    st.sampled_from(SIGNS), st.characters(codec="utf-8", exclude_categories=["Cn", "Co", "Cs"])
)


def _line_ends(text: str) -> str:
    """As an editor of a text leaves it: no white space around it, and one kind of line end."""
    return re.sub(r"\r\n?", "\n", text).strip()


TEXTS = st.text(CHARACTERS, min_size=1, max_size=30).map(_line_ends).filter(bool)
LINES = TEXTS.filter(lambda text: "\n" not in text and "\t" not in text)
EXERCISES = TEXTS.map(lambda text: " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split()))
IDS = st.uuids().map(str)


def questions(key: st.SearchStrategy[Question]) -> st.SearchStrategy[Question]:
    common = st.fixed_dictionaries(
        {"question_id": IDS, "prompt": TEXTS}, optional={"explanation": TEXTS}
    )
    return st.builds(lambda one, other: {**other, **one}, key, common).filter(_is_valid)


def _is_valid(question: Question) -> bool:
    try:
        QUESTION.validate_python(question)
    except ValidationError:
        return False
    return True


@st.composite
def choices(draw: st.DrawFn) -> Question:
    texts = draw(st.lists(LINES, min_size=2, max_size=5, unique_by=lambda text: text.split()[0]))
    ids = "abcde"[: len(texts)]
    listed = [{"id": id_, "text": text} for id_, text in zip(ids, texts, strict=True)]
    if draw(st.booleans()):
        return {"kind": "multiple_choice", "choices": listed, "answer": draw(st.sampled_from(ids))}
    right = draw(st.sets(st.sampled_from(ids), min_size=1))
    return {"kind": "multi_select", "choices": listed, "answer": sorted(right)}


NUMBERS = st.one_of(
    st.integers(-(10**12), 10**12),
    st.floats(-1e9, 1e9, allow_nan=False).filter(lambda x: not x.is_integer()),
    st.sampled_from(["1.50", "+3", "1e3"]),
)
NUMERIC = st.builds(
    lambda answer, tolerance: {"kind": "numeric", "answer": answer, **tolerance},
    NUMBERS,
    st.one_of(st.just({}), st.floats(0.001, 10).map(lambda x: {"tolerance": x})),
)
ACCEPTED = st.lists(LINES, min_size=1, max_size=4, unique=True)
SHORT = ACCEPTED.map(lambda texts: {"kind": "short_answer", "answer": texts})
SELF_RATED = st.just({"kind": "self_rated"})


@st.composite
def pairs(draw: st.DrawFn) -> Question:
    """Each choice first belongs to an item, as an import numbers them; further ones follow."""
    sides = LINES.filter(lambda text: "->" not in text and PAIR not in text and text[0] not in "%[")
    texts = draw(st.lists(sides, min_size=4, max_size=6, unique_by=str.casefold))
    lefts, rights = texts[:2], texts[2:]
    return {
        "kind": "matching",
        "items": [{"id": str(n), "text": text} for n, text in enumerate(lefts, start=1)],
        "choices": [{"id": "abcd"[i], "text": text} for i, text in enumerate(rights)],
        "answer": ["a", "b"],
    }


def known(*strategies: tuple[str, st.SearchStrategy[Question]]) -> st.SearchStrategy[Question]:
    """Of the kinds that there are."""
    return questions(st.one_of(*(strategy for kind, strategy in strategies if kind in KINDS)))


HELD_BY_BOTH = known(
    ("multiple_choice", choices()),
    ("numeric", NUMERIC),
    ("short_answer", SHORT),
    ("self_rated", SELF_RATED),
    ("matching", pairs()),
)
ORDERING = st.permutations("abc").map(
    lambda order: {
        "kind": "ordering",
        "choices": [{"id": id_, "text": f"{id_}|;= {id_}"} for id_ in "abc"],
        "answer": list(order),
    }
)
EXPRESSION = st.sampled_from(["2x + 3", "\\frac{1}{2}", "=x", "(1, 2)"]).map(
    lambda key: {"kind": "expression", "answer": key, "form": "any", "decimal_mark": "."}
)
BLANKS = st.lists(
    st.one_of(
        st.sampled_from(["2x + 3", "\\frac{1}{2}", "=x", "|x|", "{1; 2}"]).map(
            lambda key: {"kind": "expression", "answer": key, "form": "any", "decimal_mark": ","}
        ),
        st.sampled_from([["one"], ["a|b", "=c"], ["$5", "6 $ 7"]]).map(
            lambda words: {"kind": "short_answer", "answer": words}
        ),
    ),
    min_size=1,
    max_size=4,
)
CLOZE = BLANKS.map(
    lambda keys: {
        "kind": "cloze",
        "prompt": " ".join(f"{{{{{n}}}}}" for n, _ in enumerate(keys, start=1)),
        "blanks": [{"id": str(n), **key} for n, key in enumerate(keys, start=1)],
    }
)


@st.composite
def held_by_csv(draw: st.DrawFn) -> Question:
    rubric = st.lists(
        st.fixed_dictionaries({"text": LINES, "points": st.sampled_from([1, 2, 0.5])}),
        min_size=1,
        max_size=3,
    )
    free = rubric.map(
        lambda entries: {
            "kind": "free_response",
            "rubric": [{"criterion_id": f"c{n}", **e} for n, e in enumerate(entries, start=1)],
        }
    )
    others = known(
        ("free_response", free),
        ("ordering", ORDERING),
        ("expression", EXPRESSION),
        ("cloze", CLOZE),
    )
    question = draw(st.one_of(HELD_BY_BOTH, others))
    more: Question = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "hints": st.lists(TEXTS, min_size=1, max_size=3),
                "difficulty": st.integers(1, 5),
            },
        )
    )
    if question["kind"] in ("multiple_choice", "multi_select") and draw(st.booleans()):
        more["keep_order"] = True
    if question["kind"] == "short_answer" and draw(st.booleans()):
        more |= {"ignores": ["accents", "contractions"], "spelling_retry": True}
    if question["kind"] == "numeric" and isinstance(question["answer"], int):
        more["decimal_mark"] = draw(st.sampled_from(".,"))
    if question["kind"] == "numeric" and draw(st.booleans()):
        more["unit"] = draw(st.sampled_from(["cm", "%", "m/s", "°C"]))
    return {**question, **more}


def banks(one: st.SearchStrategy[Question]) -> st.SearchStrategy[Pairs]:
    pairs = st.tuples(EXERCISES.filter(bool), one)
    return st.lists(pairs, max_size=4, unique_by=lambda pair: pair[1]["question_id"])


def read_again(
    pairs: Pairs, write: Callable[..., Iterator[str]], read: Callable[[str], Iterator[Item]]
) -> tuple[list[Item], Written]:
    written = Written()
    return list(read("".join(write(pairs, written)))), written


def found(items: list[Item]) -> list[tuple[str, Question | None]]:
    return [(item.exercise, dict(item.question) if item.question else None) for item in items]


@FEW
@given(banks(held_by_csv()))
def test_a_bank_comes_back_from_a_spreadsheet(pairs: Pairs) -> None:
    items, written = read_again(pairs, csv_format.write, csv_format.read)
    assert (written.lost, written.refused) == ([], [])
    assert found(items) == pairs


def _is_a_pair(question: Question) -> bool:
    return question["kind"] == "short_answer" and any("->" in text for text in question["answer"])


@FEW
@given(banks(HELD_BY_BOTH.filter(lambda question: not _is_a_pair(question))))
def test_a_bank_comes_back_from_gift(pairs: Pairs) -> None:
    items, written = read_again(pairs, gift_writer.write, gift.read)
    assert (written.lost, written.refused) == ([], [])
    assert found(items) == pairs


@pytest.mark.parametrize(
    ("write", "read"), [(csv_format.write, csv_format.read), (gift_writer.write, gift.read)]
)
@FEW
@given(pairs=banks(held_by_csv()))
def test_what_is_lost_is_named_and_a_second_round_loses_nothing(
    write: Callable[..., Iterator[str]], read: Callable[[str], Iterator[Item]], pairs: Pairs
) -> None:
    items, written = read_again(pairs, write, read)
    named = {line["question_id"] for line in [*written.lost, *written.refused]}
    refused = {line["question_id"] for line in written.refused}
    assert written.count == len(items) == len(pairs) - len(refused)
    back = {question["question_id"]: question for _, question in found(items) if question}
    for _, question in pairs:
        if question["question_id"] not in named:
            assert back[question["question_id"]] == question
    once = [(exercise, question) for exercise, question in found(items) if question]
    again, rewritten = read_again(once, write, read)
    assert (rewritten.lost, rewritten.refused) == ([], [])
    assert found(again) == once


WORDS = {"id": "1", "kind": "short_answer", "answer": ["one"]}
TERM = {"id": "1", "kind": "expression", "answer": "x"}


@pytest.mark.parametrize(
    ("blanks", "reason"),
    [
        ([{**WORDS, "id": "who"}], "numbers the blanks"),
        ([{**WORDS, "answer": ["km/h"]}], "signs of its own"),
        ([{**WORDS, "answer": ["$5$"]}], "signs of its own"),
        ([{**WORDS, "ignores": ["accents"]}], "no such blank as 1"),
        ([TERM, {"id": "2", "kind": "numeric", "answer": 3}], "no such blank as 2"),
        ([TERM, {**TERM, "id": "2", "form": "any"}], "one form and mark"),
    ],
)
def test_blanks_that_a_spreadsheet_can_not_hold_are_refused_by_name(
    blanks: list[Question], reason: str
) -> None:
    prompt = " ".join(f"{{{{{blank['id']}}}}}" for blank in blanks)
    cloze = {"question_id": "q", "kind": "cloze", "prompt": prompt, "blanks": blanks}

    items, written = read_again([("Blanks", cloze)], csv_format.write, csv_format.read)

    assert items == []
    (line,) = written.refused
    assert reason in line["reason"]
