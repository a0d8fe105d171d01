"""Files of questions in the formats that are imported, for the readers of both languages.

Beside each file `<name>` stands `<name>.json`: what its items are read as, in order.
"""

import json
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from admin.content.items import Item
from shared.domain.questions.kinds import KINDS

FOLDER = Path(__file__).parent


def data(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def expected(name: str) -> list[dict[str, Any]]:
    """The items that a reader must find in the file."""
    items: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text())
    return items


def is_taken(item: dict[str, Any]) -> bool:
    """Whether an item of `<name>.json` is a question of a kind that there is."""
    return item["question"] is not None and item["question"]["kind"] in KINDS


def as_json(items: Iterable[Item]) -> list[dict[str, Any]]:
    """The items as they stand in `<name>.json`."""
    return [
        {
            "place": item.place,
            "name": item.name,
            "exercise": item.exercise,
            "question": item.question,
            "notes": [[note.code, note.detail] for note in item.notes],
        }
        for item in items
    ]


def package(folder: str) -> bytes:
    """The files of a folder as a zip archive."""
    with BytesIO() as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted((FOLDER / folder).rglob("*.xml")):
                archive.write(path, path.relative_to(FOLDER / folder).as_posix())
        return out.getvalue()
