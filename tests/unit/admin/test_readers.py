"""Reading files of each format: what is taken, changed and refused, and what can't be read."""

import json
from collections.abc import Iterator
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from admin.content import csv_format, gift, moodle_xml, qti
from admin.content.bank import Outcome
from admin.content.formats import READERS, Format, decoded, format_of
from admin.content.items import SENTENCES, FileRefused, Item
from shared.domain.questions.any_question import AnyQuestion
from shared.domain.questions.kinds import KINDS
from tests.support import content
from tests.support.content import damaged
from tests.support.content.damaged import ITEM, zipped
from tests.support.documents import text_of

FILES = [
    ("questions.gift", Format.GIFT),
    ("questions.csv", Format.CSV),
    ("questions.moodle.xml", Format.MOODLE),
    ("questions.qti.xml", Format.QTI),
]
PACKAGES = ["qti21", "qti22", "qti30"]
QUESTION: TypeAdapter[object] = TypeAdapter(AnyQuestion)


def read_package(folder: str) -> list[Item]:
    return list(READERS[Format.QTI](content.package(folder), folder))


@pytest.mark.parametrize(("name", "file_format"), FILES)
def test_a_file_is_read_as_it_stands_beside_it(name: str, file_format: Format) -> None:
    items = READERS[file_format](content.data(name), name)
    assert content.as_json(items) == content.expected(name)


@pytest.mark.parametrize("folder", PACKAGES)
def test_a_package_is_read_as_it_stands_beside_it(folder: str) -> None:
    assert content.as_json(read_package(folder)) == content.expected(folder)


def all_items() -> Iterator[Item]:
    for name, file_format in FILES:
        yield from READERS[file_format](content.data(name), name)
    yield from chain.from_iterable(map(read_package, PACKAGES))


def test_what_is_read_is_valid_and_what_is_refused_says_why() -> None:
    for item in all_items():
        if item.question is None:
            assert item.notes[-1].sentence
        elif item.question["kind"] in KINDS:
            QUESTION.validate_python({"question_id": "q", **item.question})


def test_the_files_have_an_example_of_most_notes() -> None:
    codes = {note.code for item in all_items() for note in item.notes}
    assert codes <= SENTENCES.keys()
    assert len(codes) > 18


@pytest.mark.parametrize(
    ("name", "data", "file_format"),
    [
        ("a.csv", b"kind,prompt", Format.CSV),
        ("a.TSV", b"", Format.CSV),
        ("a.gift", b"", Format.GIFT),
        ("a.txt", b"", Format.GIFT),
        ("a.xml", b"<quiz/>", Format.MOODLE),
        ("a.xml", b"<assessmentItem/>", Format.QTI),
        ("a.xml", b"<qti-assessment-item/>", Format.QTI),
        ("a.bin", b"PK\x03\x04", Format.QTI),
    ],
)
def test_the_format_is_known_by_the_name_or_the_beginning(
    name: str, data: bytes, file_format: Format
) -> None:
    assert format_of(name, data) is file_format


def test_a_name_that_says_no_format_is_refused() -> None:
    with pytest.raises(FileRefused, match="--format"):
        format_of("questions", b"")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_decoded_as_spreadsheets_save_it(encoding: str) -> None:
    assert decoded("Größe; 5 €".encode(encoding)) == "Größe; 5 €"


@given(st.text())
def test_any_text_is_read_as_gift(text: str) -> None:
    for item in gift.read(text):
        json.dumps(item.question)


@given(st.text(alphabet="{}=~#%:.*\\T5 \n/>-a", max_size=60))
def test_any_text_of_the_signs_of_gift_is_read(text: str) -> None:
    for item in gift.read(text):
        assert (item.question is None) <= bool(item.notes)


@given(st.text(alphabet='abkindprompt,;|\t"\n\r\\=1', max_size=80))
def test_any_text_is_read_as_a_spreadsheet_or_refused(text: str) -> None:
    try:
        items = list(csv_format.read(f"kind,prompt,answer,choices\n{text}"))
    except FileRefused:
        return
    for item in items:
        assert item.place.startswith("line ")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no column kind"),
        ("kind,text\n", "no column prompt"),
        ("kind,prompt\n" + "x" * 200_000, "Line 2"),
    ],
)
def test_a_spreadsheet_that_can_not_be_read_says_why(text: str, reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        list(csv_format.read(text))


def test_the_document_names_each_column_type_interaction_and_outcome() -> None:
    document = text_of("docs/content.md")
    names = [*csv_format.COLUMNS, *moodle_xml.READERS, *qti.READERS, *Outcome]
    assert [name for name in names if f"`{name}`" not in document] == []


# XML

BOMB = b"""<!DOCTYPE quiz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><quiz>&d;</quiz>"""
EXTERNAL = b'<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>'
ELSEWHERE = b'<!DOCTYPE quiz SYSTEM "http://127.0.0.1:1/quiz.dtd"><quiz/>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (BOMB, "declares"),
        (EXTERNAL, "declares"),
        (ELSEWHERE, "declares"),
        (b"<quiz>", "not well-formed"),
        (b"", "not well-formed"),
        (b"<quiz>&nbsp;</quiz>", "not well-formed"),
        (b'<?xml version="1.0" encoding="no-such"?><quiz/>', "."),
        (b"<a>" * 1_000_000, "nested deeper"),
        (b"<quiz>" + b"<a/>" * 500_001 + b"</quiz>", "more than 500000 elements"),
        (b"<html/>", "of a kind that is not read: <html>"),
        (b"<questestinterop/>", "QTI 1.2"),
    ],
    ids=lambda value: str(value[:30]),
)
def test_xml_that_can_not_be_read_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(FileRefused, match=reason):
        list(moodle_xml.read(data))


def test_markup_that_is_nested_too_deeply_is_refused_with_its_question() -> None:
    deep = "<b>" * 100_000
    xml = (
        '<quiz><question type="essay"><questiontext format="html"><text><![CDATA['
        f"{deep}]]></text></questiontext></question></quiz>"
    )
    (item,) = moodle_xml.read(xml.encode())
    assert [note.code for note in item.notes] == ["too_deep"]


# Packages


def test_a_package_without_a_manifest_has_its_items() -> None:
    (item,) = qti.read_package(zipped({"folder/essay.xml": ITEM, "a.png": b""}))
    assert item.question
    assert item.question["question_id"] == "essay-1"


def test_a_package_that_can_not_be_read_says_why() -> None:
    for package in damaged.packages():
        with pytest.raises(FileRefused) as refusal:
            list(qti.read_package(package.data))
        assert package.said in str(refusal.value), package.name


def test_a_package_whose_sizes_are_wrong_is_read_no_further_than_allowed() -> None:
    """The archive's directory says one byte; the data has more."""
    data = zipped({"imsmanifest.xml": b" " * 20_000_000})
    at = data.rindex(b"PK\x01\x02") + 24  # the size of the content, in the directory
    with pytest.raises(FileRefused):
        list(qti.read_package(data[:at] + (1).to_bytes(4, "little") + data[at + 4 :]))


def test_an_item_that_is_a_bomb_is_refused_and_the_others_are_read() -> None:
    items = list(qti.read_package(zipped({"a.xml": BOMB, "b.xml": ITEM, "c.xml": b" " * 10**6})))
    assert [item.question is None for item in items] == [True, False, True]
    assert "declares a document type" in items[0].notes[0].sentence
