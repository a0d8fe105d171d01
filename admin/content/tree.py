"""HTML as a tree of elements, which the XML of a file is read as too."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from admin.content.items import ItemRefused

MAX_DEPTH = 60


@dataclass
class Element:
    """An element of HTML; `tag` and the names of attributes are in lower case, without prefix."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: "list[Element | str]" = field(default_factory=list)
    line: int = 0

    def elements(self) -> "Iterator[Element]":
        return (child for child in self.children if isinstance(child, Element))

    @property
    def text(self) -> str:
        """All text in it."""
        return "".join(c if isinstance(c, str) else c.text for c in self.children)


VOID = frozenset({"br", "hr", "img", "input", "wbr", "col", "source", "embed", "link", "meta"})
# A start of one of the second ends an open one of the first.
ENDED_BY = {
    "p": {"p", "div", "ul", "ol", "table", "pre", "blockquote"},
    "li": {"li"},
    "td": {"td", "th", "tr"},
    "th": {"td", "th", "tr"},
    "tr": {"tr"},
}


# A tag that has no end before the next one begins is text. HTMLParser would look for the end of
# each one in all of the rest, which takes minutes for 100 KB of them.
UNCLOSED = re.compile(r"<(?![^<>]*>)")


class _TreeBuilder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        while tag in ENDED_BY.get(self._open[-1].tag, ()):
            self._open.pop()
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)
        if len(self._open) > MAX_DEPTH:
            raise ItemRefused("too_deep")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        places = [i for i, element in enumerate(self._open) if element.tag == tag]
        if places and tag:
            del self._open[places[-1] :]

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parse_html(text: str) -> Element:
    """The tree of a text with HTML in it. Raises ItemRefused for one that is nested too deeply."""
    builder = _TreeBuilder()
    builder.feed(UNCLOSED.sub("&lt;", text))
    builder.close()
    return builder.root
