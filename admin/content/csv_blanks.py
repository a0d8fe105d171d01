"""The blanks of a text in a spreadsheet: their keys in one cell, in the order of their marks.

An entry is the accepted words of a blank, with `/` between them, or mathematics between `$` signs,
for which the cells `form` and `decimal_mark` count. The web app reads the same entries.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from admin.content.fields import Fields, cloze
from admin.content.items import ItemRefused
from admin.content.written import LEFT_OUT

OR = "/"
MATHEMATICS = re.compile(r"\$(.+)\$", re.DOTALL)
OF_MATHEMATICS = ("decimal_mark", "form")


def read_blanks(entries: Iterable[str], cells: Mapping[str, str]) -> Fields:
    return cloze([_key(entry, cells) for entry in entries])


def _key(entry: str, cells: Mapping[str, str]) -> Fields:
    if found := MATHEMATICS.fullmatch(entry):
        given = {name: text for name, text in cells.items() if text}
        return {"kind": "expression", "answer": found[1].strip(), **given}
    words = [word.strip() for word in entry.split(OR)]
    return {"kind": "short_answer", "answer": [word for word in words if word]}


def write_blanks(blanks: Iterable[Mapping[str, Any]]) -> tuple[list[str], dict[str, str]]:
    """The entries, and the cells that count for all of them. Raises ItemRefused."""
    entries = []
    cells: dict[str, str] | None = None
    for number, blank in enumerate(blanks, start=1):
        if blank["id"] != str(number):
            raise ItemRefused("unwritable", "A spreadsheet numbers the blanks of a text: 1, 2 …")
        fields = {name: value for name, value in blank.items() if value not in LEFT_OUT}
        own = {name: str(fields.pop(name, "")) for name in OF_MATHEMATICS}
        is_mathematics = blank["kind"] == "expression"
        if fields.keys() != {"id", "kind", "answer"} or (any(own.values()) and not is_mathematics):
            raise _unwritable(blank)
        if is_mathematics:
            cells = own if cells is None else cells
            if own != cells:
                raise ItemRefused(
                    "unwritable", "A spreadsheet has one form and mark for all blanks"
                )
        entries.append(f"${blank['answer'].strip()}$" if is_mathematics else _words(blank))
    return entries, cells or {}


def _words(blank: Mapping[str, Any]) -> str:
    if blank["kind"] != "short_answer":
        raise _unwritable(blank)
    entry = OR.join(word.strip() for word in blank["answer"])
    if any(OR in word for word in blank["answer"]) or MATHEMATICS.fullmatch(entry):
        raise ItemRefused("unwritable", f"A spreadsheet takes {OR} and $ for signs of its own")
    return entry


def _unwritable(blank: Mapping[str, Any]) -> ItemRefused:
    return ItemRefused("unwritable", f"A spreadsheet has no such blank as {blank['id']}")
