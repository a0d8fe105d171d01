"""What a reader makes of one item of a file: a question, or why there is none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

# By code: what happened to an item. The web app has the same codes with sentences of its own.
SENTENCES: Mapping[str, str] = {
    # The question is taken, changed.
    "case": "Upper and lower case count there; here they do not.",
    "duplicate_choice": "A choice that stood there twice is taken once: {}",
    "explanation": "The feedback on the right answer became the explanation.",
    "feedback": "Feedback on single answers or attempts is left out: {}",
    "image": "An image is left out: {}",
    "markup": "Markup that has no counterpart here is left out: {}",
    "open": "An open question has no criteria here: students rate their own answers.",
    "other_answers": "Only the first right number is taken; left out: {}",
    "own_id": "Its id is used by another question or an exercise; it has one of its own.",
    "partial": "An answer that earns a part of the points counts as wrong: {}",
    "shortened": "A name was shortened to {} characters.",
    "scoring": "Rules of scoring of its own are left out; the correct response counts.",
    "table": "A table became lines of text.",
    "tags": "Tags are left out: {}",
    "unit_rules": "Rules for units are left out; the unit is {}",
    "weights": "Right choices of different points count the same here.",
    "wildcard": "An accepted answer with the wildcard * is left out: {}",
    # The question is refused.
    "column": "The column {} is not known; it is left out.",
    "empty": "It has no text.",
    "invalid": "{}",
    "kind": "Questions of the kind {} are not read.",
    "kept": "Another question has the id {}. It stays; --replace takes this one instead.",
    "matches": "A matchInteraction where an entry has several matches or none is not read.",
    "missing": "The package does not have {}.",
    "no_choice": "“{}” is not among the choices.",
    "no_key": "It names no right answer.",
    "not_a_question": "It is a text without a question.",
    "brace": "A brace is missing, or lacks a backslash before it.",
    "braces": "A further brace needs a backslash before it.",
    "formula": "A formula has <{}> in a way that is not read.",
    "no_pair": "A pair lacks the -> between its two sides.",
    "no_number": "“{}” is not a number.",
    "several": "A question with several answers of these kinds is not read: {}",
    "stimulus": "A question about a shared text (stimulus) is not read.",
    "too_long": "It is longer than {} characters.",
    "two_keys": "It has two right choices, of which only one can be chosen.",
    "undeclared": "It does not declare the response {}.",
    "unreadable": "{}",
    "variables": "A template with variables is not read.",
    "version": "{} is not read; QTI 2.1, 2.2 and 3.0 are.",
    "too_deep": "Its markup is nested too deeply.",
    # The question is not exported.
    "unwritable": "{}",
}


@dataclass(frozen=True)
class Note:
    """One thing that was changed, or the reason of a refusal."""

    code: str
    detail: str = ""

    @property
    def sentence(self) -> str:
        return SENTENCES[self.code].format(self.detail)


class ItemRefused(Exception):
    """The item can't be a question here. `note` says why."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.note = Note(code, detail)


class FileRefused(Exception):
    """The file can't be read at all. The message says why."""


@dataclass(frozen=True)
class Item:
    """`question` has the fields of a question, with a question_id where the file has one.

    It is not validated yet. It is None where the item is refused; the only note says why.
    """

    place: str
    name: str
    exercise: str
    question: Mapping[str, Any] | None
    notes: tuple[Note, ...] = ()


@dataclass
class Notes:
    """Collects what is changed while one item is read."""

    notes: list[Note] = field(default_factory=list)

    def add(self, code: str, detail: str = "") -> None:
        note = Note(code, detail)
        if note not in self.notes:
            self.notes.append(note)


MAX_NAME = 60


def read_item(
    place: str,
    exercise: str,
    read: Callable[[Notes], Mapping[str, Any]],
    *,
    name: str = "",
    source: str = "",
) -> Item:
    """The item that `read` makes a question of; refused where it raises ItemRefused.

    Without a name a question is known by its prompt, and what is refused by its source.
    """
    notes = Notes()
    try:
        question = read(notes)
    except ItemRefused as refusal:
        return Item(place, _short(name or source), exercise, None, (refusal.note,))
    name = name or str(question.get("prompt", ""))
    return Item(place, _short(name), exercise, question, tuple(notes.notes))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_NAME else f"{line[: MAX_NAME - 1]}…"
