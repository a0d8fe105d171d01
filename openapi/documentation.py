"""The files that repeat the contracts: docs/openapi.json, docs/documents.json, and marked parts of
other documents.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from openapi import document
from openapi.settings_table import settings_table
from shared.contract.command import Command
from shared.contract.operation import Operation, all_operations

ROOT = Path(__file__).resolve().parent.parent
NEW_CHAPTERS = "<!-- new functions -->\n"


def generated_files() -> Mapping[Path, str]:
    """By path, the text that each file should have."""
    readme_file, api_file = ROOT / "README.md", ROOT / "docs" / "api.md"
    return {
        ROOT / "docs" / "openapi.json": document.text(),
        ROOT / "docs" / "documents.json": document.documents_text(),
        readme_file: readme(readme_file.read_text(encoding="utf-8")),
        api_file: api(api_file.read_text(encoding="utf-8")),
    }


def readme(text: str) -> str:
    """README.md with its tables of functions and of settings."""
    rows = [
        f"| [`{operation.function}`](docs/api.md#{operation.function}) | {operation.summary} |"
        for operation in main_operations()
    ]
    table = "\n".join(["| function | what it does |", "|---|---|", *rows])
    return _replaced(_replaced(text, "functions", table), "settings", settings_table())


def api(text: str) -> str:
    """docs/api.md with the refusals of each function, and a new chapter for each without one.

    Raises ValueError for a chapter without markers of refusals.
    """
    for operation in main_operations():
        if f"\n## {operation.function}\n" not in text:
            text = text.replace(NEW_CHAPTERS, f"{_chapter(operation)}\n{NEW_CHAPTERS}")
        text = _replaced(text, f"refusals of {operation.function}", _refusals(operation))
    return text


def main_operations() -> list[Operation[Command]]:
    return [o for o in all_operations() if o.operation_id == o.function]


def _chapter(operation: Operation[Command]) -> str:
    statuses = " or ".join(map(str, operation.replies))
    method = f"{operation.method} → {statuses}."
    words = " ".join(filter(None, [method, f"{operation.summary}.", operation.description]))
    marked = _marked(f"refusals of {operation.function}", "")
    return f"## {operation.function}\n\n{words}\n\n{marked}\n"


def _refusals(operation: Operation[Command]) -> str:
    reasons = ", ".join(f"`{refusal.reason}`" for refusal in operation.refusals)
    return f"Refusals: {reasons or 'none of its own'}."


def _marked(name: str, content: str) -> str:
    return f"<!-- {name} -->\n{content}\n<!-- /{name} -->"


def _replaced(text: str, name: str, content: str) -> str:
    pattern = re.compile(f"<!-- {name} -->\n.*?<!-- /{name} -->", re.DOTALL)
    text, count = pattern.subn(lambda _: _marked(name, content), text)
    if count != 1:
        raise ValueError(f"Expected one region <!-- {name} --> … <!-- /{name} -->, found {count}.")
    return text
