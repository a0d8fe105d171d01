"""Texts of other systems as the Markdown and TeX that the app shows.

HTML is read as a tree, from HTMLParser or from the XML of a file, and written as Markdown: what the
app can't show is named in the notes. TeX between \\( \\), \\[ \\], $$ $$ or $ $ stays as it is.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from admin.content.items import Notes
from admin.content.mathml import tex_of
from admin.content.tree import Element, parse_html


def from_html(text: str, notes: Notes) -> str:
    """The Markdown of a text with HTML."""
    return from_tree(parse_html(text), notes)


def from_plain(text: str) -> str:
    """The Markdown that shows the very text, line by line; TeX in it stays TeX."""
    lines = [line.strip() for line in text.strip().splitlines()]
    paragraphs = re.split(r"\n{2,}", "\n".join(lines))
    return "\n\n".join(
        "  \n".join(map(_line_start, _escaped(paragraph).split("\n"))) for paragraph in paragraphs
    )


HTML_MARK = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]+|#[0-9]+|#x[0-9a-fA-F]+);")


def from_unmarked(text: str, notes: Notes) -> str:
    """Of a text whose format is not named: HTML where it has a tag or a character reference."""
    if not HTML_MARK.search(text):
        return from_plain(text)
    return from_html(text.strip().replace("\n", "<br>"), notes)


def in_one_line(markdown: str) -> str:
    """For a choice, which is shown within a line."""
    return " ".join(markdown.replace("  \n", "\n").split())


def plain_text(text: str) -> str:
    """The text without HTML, for a name or an accepted answer."""
    if HTML_MARK.search(text):
        text = parse_html(text).text
    return " ".join(text.split())


def from_tree(root: Element, notes: Notes) -> str:
    """The Markdown of a tree whose tags are those of HTML."""
    return _Writer(notes).blocks(root)


_PARAGRAPHS = (
    "p div section article header footer main figure figcaption address center body html "
    "dl dt dd fieldset legend details summary h1 h2 h3 h4 h5 h6"
)
PARAGRAPHS = frozenset(_PARAGRAPHS.split())
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt"})
EMPHASIS = {"strong": "**", "b": "**", "em": "*", "i": "*"}
# Shown as their content; nothing is lost that a reader needs.
_TRANSPARENT = (
    "span a u s ins del small big font mark abbr acronym cite q dfn kbd samp var tt label bdi bdo "
    "nobr tbody thead tfoot colgroup caption"
)
TRANSPARENT = frozenset(_TRANSPARENT.split())
LINE_END = "\n"
DROPPED = frozenset({"style", "link", "meta", "head", "title", "wbr", "col", "hr"})


class _Writer:
    """Writes a tree. A block is a text of its own lines; a run is text within a paragraph."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def blocks(self, parent: Element) -> str:
        """The paragraphs of an element, with empty lines between them."""
        done: list[str] = []
        run = ""
        for child in parent.children:
            if isinstance(child, Element) and (block := self._block(child)) is not None:
                done += [_tidy(run), block]
                run = ""
            else:
                run += self._run(child)
        return "\n\n".join(text for text in (*done, _tidy(run)) if text)

    def _block(self, element: Element) -> str | None:
        """None for an element that is a part of a line."""
        writers: Mapping[str, Callable[[Element], str]] = {
            **dict.fromkeys(PARAGRAPHS, self._paragraphs),
            **dict.fromkeys(("ul", "ol"), self._list),
            "pre": lambda e: f"```\n{e.text.strip(LINE_END)}\n```" if e.text.strip() else "",
            "blockquote": self._quotation,
            "table": self._table,
        }
        if element.tag in writers:
            return writers[element.tag](element)
        if element.tag == "math" and element.attributes.get("display") == "block":
            return f"$${tex_of(element)}$$"
        # A part of a line that holds a paragraph is one itself.
        return self.blocks(element) if _has_block(element) else None

    def _paragraphs(self, element: Element) -> str:
        inner = self.blocks(element)
        is_heading = element.tag in HEADINGS and inner and LINE_END not in inner
        return f"**{inner}**" if is_heading and "**" not in inner else inner

    def _quotation(self, element: Element) -> str:
        return "\n".join(f"> {line}".rstrip() for line in self.blocks(element).splitlines())

    def _table(self, element: Element) -> str:
        self._notes.add("table")
        return "  \n".join(filter(None, map(self._row, _rows(element))))

    def _list(self, element: Element) -> str:
        lines: list[str] = []
        for item in element.elements():
            if item.tag != "li":
                continue
            mark = f"{len(lines) + 1}. " if element.tag == "ol" else "- "
            inner = self.blocks(item).splitlines() or [""]
            indent = " " * len(mark)
            lines.append("\n".join([mark + inner[0], *((indent + x).rstrip() for x in inner[1:])]))
        return "\n".join(lines)

    def _row(self, row: Element) -> str:
        parts = [row] if row.tag == "caption" else row.elements()
        cells = [in_one_line(self.blocks(cell)) for cell in parts if cell.tag != "tr"]
        return " | ".join(cell for cell in cells if cell)

    def _run(self, child: "Element | str") -> str:
        if isinstance(child, str):
            return _escaped(re.sub(r"\s+", " ", child))
        tag = child.tag
        special: Mapping[str, Callable[[Element], str]] = {
            "br": lambda _: BREAK,
            "img": self._image,
            "code": lambda e: f"`{e.text.strip()}`" if e.text.strip() and "`" not in e.text else "",
            "sub": lambda e: _shifted(e.text.strip(), SUBSCRIPTS, "_"),
            "sup": lambda e: _shifted(e.text.strip(), SUPERSCRIPTS, "^"),
            "math": lambda e: f"\\({tex_of(e)}\\)",
            "a": self._link,
        }
        if tag in special:
            return special[tag](child)
        if tag in DROPPED:
            return ""
        inner = self._runs(child)
        if tag in EMPHASIS:
            return _emphasised(inner, EMPHASIS[tag])
        if tag not in TRANSPARENT and tag:
            self._notes.add("markup", f"<{tag}>")
            return "" if tag in ("script", "iframe", "object", "audio", "video", "svg") else inner
        return inner

    def _runs(self, element: Element) -> str:
        return "".join(map(self._run, element.children))

    def _image(self, element: Element) -> str:
        source, alt = (element.attributes.get(name, "").strip() for name in ("src", "alt"))
        is_inline = source.startswith("data:")
        self._notes.add("image", "a file in the text" if is_inline else source or alt or "?")
        return _escaped(alt)

    def _link(self, element: Element) -> str:
        inner, target = self._runs(element), element.attributes.get("href", "").strip()
        is_web = re.fullmatch(r"https?://[^\s()<>]+", target)
        return f"[{inner}]({target})" if is_web and inner.strip() else inner


# A line break within a paragraph, until white space is tidied.
BREAK = "\x00"
# TeX and code, which are not escaped. The web app finds TeX by the same marks.
TEX = re.compile(
    r"\\\[[\s\S]{1,2000}?\\\]|\$\$[^$]{1,2000}?\$\$|\\\([^\n]{1,2000}?\\\)"
    r"|\$[^\s$](?:[^$\n]{0,1000}?[^\s$\\])?\$(?![\d$])"
)
MARKS = re.compile(
    r"\\(?=[!-/:-@\[-`{-~])|[*`]|(?<![^\W_])_+|_+(?![^\W_])"
    r"|\](?=\()|&(?=#?[a-zA-Z0-9]+;)|<(?=[a-zA-Z/!?])"
)
LINE_START = re.compile(r"^(?:#{1,6}(?=\s|$)|>|[-+](?=\s|$)|[=-]+\s*$|\d{1,9}(?=[.)](?:\s|$)))")


def _escaped(text: str) -> str:
    """The text with the marks of Markdown taken literally, but for TeX."""
    done, begin = "", 0
    for formula in TEX.finditer(text):
        done += MARKS.sub(_escape, text[begin : formula.start()]) + formula[0]
        begin = formula.end()
    return done + MARKS.sub(_escape, text[begin:])


def _escape(mark: re.Match[str]) -> str:
    found = mark[0]
    if found == "]":  # `\(` would begin TeX
        return "&#93;"
    if found == "&":
        return "&amp;"
    if found.startswith("_"):  # a gap to fill in is no emphasis, and stays readable
        return found if len(found) > 2 else "\\_" * len(found)
    return f"\\{found}"


def _line_start(line: str) -> str:
    """The line with a mark of a heading, a quotation or a list at its start taken literally."""
    found = LINE_START.match(line)
    if not found:
        return line
    end = found.end() if found[0].isdigit() else 0
    return f"{line[:end]}\\{line[end:]}"


def _tidy(run: str) -> str:
    lines = [" ".join(line.split(" ")).strip() for line in re.sub(" +", " ", run).split(BREAK)]
    while lines and not lines[0]:
        del lines[0]
    text = "  \n".join(map(_line_start, lines))
    return re.sub(r"(?:  \n){2,}", "\n\n", text).strip()


def _emphasised(inner: str, mark: str) -> str:
    bare = inner.strip(f" {BREAK}")
    if not bare or mark in bare or BREAK in bare:
        return inner
    before, after = inner.split(bare, 1) if bare in inner else ("", "")
    return f"{before}{mark}{bare}{mark}{after}"


SUBSCRIPTS = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
SUPERSCRIPTS = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")


def _shifted(text: str, signs: dict[int, int], mark: str) -> str:
    if not text:
        return ""
    if all(ord(character) in signs for character in text):
        return text.translate(signs)
    plain = re.sub(r"[^\w ,.;:()+=-]", "", text)
    return f"\\({mark}{{\\text{{{plain}}}}}\\)"


def _rows(table: Element) -> Sequence[Element]:
    rows: list[Element] = []
    for child in table.elements():
        rows += [child] if child.tag in ("tr", "caption") else _rows(child)
    return rows


def _has_block(element: Element) -> bool:
    return any(
        child.tag in PARAGRAPHS or child.tag in BLOCKS or _has_block(child)
        for child in element.elements()
        if child.tag != "math"
    )


BLOCKS = frozenset({"ul", "ol", "pre", "blockquote", "table"})
