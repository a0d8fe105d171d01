"""The formats that are read and written, by name."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import PurePath
from typing import Any

from admin.content import csv_format, gift, gift_writer, moodle_xml, qti
from admin.content.items import FileRefused, Item
from admin.content.written import Written
from admin.content.xml_tree import parse_xml

ZIP = b"PK\x03\x04"
MAX_FILE_BYTES = 50 * 1024 * 1024


class Format(StrEnum):
    CSV = "csv"
    GIFT = "gift"
    MOODLE = "moodle"
    QTI = "qti"


class WrittenFormat(StrEnum):
    CSV = "csv"
    GIFT = "gift"


Writer = Callable[[Iterable[tuple[str, Mapping[str, Any]]], Written], Iterator[str]]

BY_ENDING = {
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".gift": Format.GIFT,
    ".txt": Format.GIFT,
    ".zip": Format.QTI,
}
READERS: Mapping[Format, Callable[[bytes, str], Iterator[Item]]] = {
    Format.CSV: lambda data, _: csv_format.read(decoded(data)),
    Format.GIFT: lambda data, _: gift.read(decoded(data)),
    Format.MOODLE: lambda data, _: moodle_xml.read(data),
    Format.QTI: lambda data, name: (
        qti.read_package(data) if data.startswith(ZIP) else qti.read(data, place=name)
    ),
}
WRITERS: Mapping[WrittenFormat, Writer] = {
    WrittenFormat.CSV: csv_format.write,
    WrittenFormat.GIFT: gift_writer.write,
}


def format_of(name: str, data: bytes) -> Format:
    """The format of a file, by the ending of its name or what it begins with.

    Raises FileRefused where neither says it.
    """
    if data.startswith(ZIP):
        return Format.QTI
    ending = PurePath(name).suffix.lower()
    if ending == ".xml":
        return Format.QTI if qti.is_item(parse_xml(data)) else Format.MOODLE
    if ending in BY_ENDING:
        return BY_ENDING[ending]
    raise FileRefused(f"The name {name} does not say its format: name it with --format.")


def decoded(data: bytes) -> str:
    """Text in UTF-8, in UTF-16 with its mark, or in what Windows had before."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
