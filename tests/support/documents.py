"""The code in the documents: fenced blocks, each with its heading, and words in backticks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import dedent

from local.processes import ROOT

DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/**/*.md", "clients/*/*.md")
    for path in ROOT.glob(pattern)
)
HEADING_OR_FENCE = re.compile(
    r"^#+ ([^\n]+)$|^( *)```(\w*)\n(.*?)^\2```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Example:
    """A fenced block. `text` is without the indentation of its list item."""

    document: str
    heading: str
    language: str
    text: str


def text_of(document: str) -> str:
    return (ROOT / document).read_text()


def examples(document: str, language: str | None = None, *, under: str = "") -> list[Example]:
    """The blocks of a document, in order: all, or those of one language or one heading."""
    return [
        example
        for example in _examples(document)
        if language in (None, example.language) and under in ("", example.heading)
    ]


def example(document: str, language: str, *, under: str = "") -> str:
    """The text of the only such block."""
    (found,) = examples(document, language, under=under)
    return found.text


def code(document: str) -> list[str]:
    """Every piece of code: the fenced blocks, and the words in backticks."""
    rest = HEADING_OR_FENCE.sub("", text_of(document))
    return [*(block.text for block in _examples(document)), *re.findall(r"`([^`]+)`", rest)]


def _examples(document: str) -> Iterator[Example]:
    heading = ""
    for found in HEADING_OR_FENCE.finditer(text_of(document)):
        if found[1]:
            heading = found[1]
        else:
            yield Example(document, heading, found[3], dedent(found[4]))
