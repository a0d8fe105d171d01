"""GIFT, the text format of Moodle: https://docs.moodle.org/en/GIFT_format.

The web app reads it too, in web/src/features/templates/model/gift.ts; both are tested with the
files of tests/support/content.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from admin.content.fields import (
    Fields,
    NumberOption,
    Option,
    accepted_texts,
    explained,
    matching,
    number,
    number_between,
    one_choice,
    self_rated,
    several_choices,
    true_false,
)
from admin.content.items import Item, ItemRefused, Notes, read_item
from admin.content.markup import from_html, from_plain, from_unmarked, in_one_line

# Characters that no text has stand for those that a backslash precedes.
ESCAPED = dict(zip("\\~=#{}:", "\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4\ufdd5\ufdd6", strict=True))
NONCHARACTERS = re.compile("[\ufdd0-\ufdef]")
UNESCAPED = str.maketrans({mark: character for character, mark in ESCAPED.items()})
CATEGORY = "$CATEGORY:"
TOP = "top"
MAX_BLOCK_CHARACTERS = 100_000


def read(text: str) -> Iterator[Item]:
    """The questions, each from one block of lines between empty ones."""
    exercise = ""
    for begin, block in _blocks(text):
        line, rows = begin, block
        for n, row in enumerate(block, start=1):
            if row.strip().startswith(CATEGORY):
                exercise = category(row.strip().removeprefix(CATEGORY))
                line, rows = begin + n, block[n:]
            elif not _is_comment(row):
                break
        if not all(map(_is_comment, rows)):
            yield _item(f"line {line}", exercise, rows)


def category(path: str) -> str:
    """The name of an exercise for a category's path; `//` is a slash in a name."""
    steps = [
        " ".join(step.replace("\0", "/").split()) for step in path.replace("//", "\0").split("/")
    ]
    if len(steps) > 1 and re.fullmatch(r"\$.*\$", steps[0]):
        del steps[0]
    if len(steps) > 1 and steps[0] == TOP:
        del steps[0]
    return " / ".join(filter(None, steps))


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    block: list[str] = []
    begin = 1
    for n, row in enumerate(re.split(r"\r\n|\r|\n", NONCHARACTERS.sub("", text)), start=1):
        if row.strip():
            begin = begin if block else n
            block.append(row)
        elif block:
            yield begin, block
            block = []
    if block:
        yield begin, block


def _is_comment(row: str) -> bool:
    return row.lstrip().startswith("//")


def _item(place: str, exercise: str, rows: list[str]) -> Item:
    comments = "\n".join(filter(_is_comment, rows))
    body = "\n".join("" if _is_comment(row) else row for row in rows).strip()
    # A comment may stand above the question.
    body = re.sub(r"\\(\\|[~=#{}:]|n)", _hide, body[: MAX_BLOCK_CHARACTERS + 1])
    name, body = _title(body)

    def question(notes: Notes) -> Mapping[str, Any]:
        if len(body) > MAX_BLOCK_CHARACTERS:
            raise ItemRefused("too_long", str(MAX_BLOCK_CHARACTERS))
        for tag in _bracketed("tag", comments):
            notes.add("tags", tag)
        ids = _bracketed("id", comments)
        return {**({"question_id": ids[0]} if ids else {}), **_question(body, notes)}

    return read_item(place, exercise, question, name=_shown(name), source=_shown(body))


def _hide(escape: re.Match[str]) -> str:
    return "\n" if escape[1] == "n" else ESCAPED[escape[1]]


def _shown(text: str) -> str:
    return text.translate(UNESCAPED).strip()


def _bracketed(name: str, comments: str) -> list[str]:
    found = re.findall(rf"\[{name}:((?:\\.|[^\]\\\n])*)\]", comments)
    return [text for entry in found if (text := re.sub(r"\\([\]\\])", r"\1", entry).strip())]


def _title(body: str) -> tuple[str, str]:
    if not body.startswith("::"):
        return "", body
    name, found, rest = body[2:].partition("::")
    return (name, rest.strip()) if found else ("", body)


FORMATS: Mapping[str, Callable[[str, Notes], str]] = {
    "html": from_html,
    "moodle": from_unmarked,
    "": from_unmarked,
    "plain": lambda text, _: from_plain(text),
    "markdown": lambda text, _: text.strip(),
}
FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")


def _marked(text: str, inherited: str, notes: Notes) -> tuple[str, str]:
    """The Markdown of a text, and its format, which answers without one inherit."""
    found = FORMAT.match(text)
    name = found[1] if found else inherited
    rest = text[found.end() :] if found else text
    return FORMATS[name](_shown(rest), notes), name


def _question(body: str, notes: Notes) -> Fields:
    begin, end = body.find("{"), body.find("}")
    if begin < 0 and end < 0:
        raise ItemRefused("not_a_question")
    if begin < 0 or end < begin:
        raise ItemRefused("brace")
    if "{" in body[begin + 1 :] or "}" in body[end + 1 :]:
        raise ItemRefused("braces")
    before, answer, after = body[:begin], body[begin + 1 : end], body[end + 1 :]
    gap = "_____" if after.strip() else ""
    prompt, text_format = _marked(f"{before}{gap}{after}", "", notes)
    if not prompt:
        raise ItemRefused("empty")
    answer, _, general = answer.partition("####")
    explanation, _ = _marked(general, text_format, notes)
    fields, options = _key(answer.strip(), text_format, notes)
    return explained({"prompt": prompt, **fields}, explanation, options, notes)


Key = tuple[Fields, list[Option] | list[NumberOption]]


def _key(answer: str, text_format: str, notes: Notes) -> Key:
    if not answer:
        return self_rated(notes), []
    if answer.startswith("#"):
        numbers = list(_numbers(answer[1:].strip(), text_format, notes))
        return number(numbers, notes), numbers
    truth, *feedback = answer.split("#")
    if truth.strip().upper() in ("T", "TRUE", "F", "FALSE"):
        is_true = truth.strip().upper().startswith("T")
        said = [Option("", 0, text) for text in feedback if text.strip()]
        return true_false(is_true=is_true), said
    options = list(_options(answer, text_format, notes))
    if "->" in answer and "~" not in answer:
        return _matching(options), options
    build = accepted_texts
    if "~" in answer:
        # Several may be chosen where no single one has all points.
        build = one_choice if "=" in answer else several_choices
    return build(options, notes), options


def _matching(options: Sequence[Option]) -> Fields:
    """Pairs; one without a left side is a choice that belongs to none."""
    pairs = [tuple(part.strip() for part in o.text.split("->", 1)) for o in options]
    if any(len(pair) < 2 for pair in pairs):
        raise ItemRefused("no_pair")
    others = [right for left, right in pairs if not left]
    return matching([(left, right) for left, right in pairs if left], others)


WEIGHT = re.compile(r"\s*%(-?[0-9.]+)%")


def _answers(answer: str) -> Iterator[tuple[float, str, str]]:
    """Of each answer its points in percent, its text and its feedback, as they are written."""
    for entry in re.split(r"(?=[=~])", answer if answer[:1] in ("=", "~") else f"={answer}"):
        if not entry.strip():
            continue
        body = entry[1:]
        percent = 100.0 if entry[0] == "=" else 0.0
        if found := WEIGHT.match(body):
            percent, body = _percent(found[1]), body[found.end() :]
        text, _, feedback = body.partition("#")
        yield percent, text.strip(), feedback.strip()


def _percent(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ItemRefused("no_number", text) from None


def _options(answer: str, text_format: str, notes: Notes) -> Iterator[Option]:
    is_choice = "~" in answer or "->" in answer
    for percent, text, feedback in _answers(answer):
        # Accepted texts are compared as they are; only choices are shown.
        shown = _in_one_line(text, text_format, notes) if is_choice else _shown(text)
        yield Option(shown, percent, _marked(feedback, text_format, notes)[0])


def _in_one_line(text: str, text_format: str, notes: Notes) -> str:
    shown, name = _marked(text, text_format, notes)
    return shown if name == "markdown" else in_one_line(shown)


def _numbers(answer: str, text_format: str, notes: Notes) -> Iterator[NumberOption]:
    for percent, text, feedback in _answers(answer):
        value, _, tolerance = text.partition(":")
        if ".." in text:
            value, tolerance = number_between(*text.split("..", 1))
        said = _marked(feedback, text_format, notes)[0]
        yield NumberOption(value.strip(), tolerance.strip(), percent, said)
