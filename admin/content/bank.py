"""Adding questions to the content of templates: what is there stays, and nothing comes twice."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

import rfc8785
from pydantic import TypeAdapter, ValidationError

from admin.content.items import Item, Note
from shared.domain.common.fields import CONTROL_CHARACTER
from shared.domain.common.json_object import MAX_BYTES, json_size_bytes
from shared.domain.common.validation import field_errors, violations_of
from shared.domain.questions.any_question import AnyQuestion
from shared.domain.questions.kinds import KINDS

Content = dict[str, Any]
MAX_EXERCISE_NAME = 200
MAX_LISTED_VIOLATIONS = 3


class Outcome(StrEnum):
    TAKEN = "taken"
    CHANGED = "changed"  # taken, and something of it was changed or left out
    REPLACED = "replaced"  # a question of the same id was there, with other content
    PRESENT = "present"  # the same question is there already
    KEPT = "kept"  # another question of the same id is there, and stays
    REFUSED = "refused"


WRITES = frozenset({Outcome.TAKEN, Outcome.CHANGED, Outcome.REPLACED})


@dataclass(frozen=True)
class ReportLine:
    """What became of one item."""

    item: Item
    outcome: Outcome
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "place": self.item.place,
            "outcome": self.outcome.value,
            "name": self.item.name,
            "notes": list(self.notes),
        }


class BankFull(Exception):
    """The questions do not fit into the template, and there may be no further one."""


@dataclass
class Part:
    """The content of one template, with its size as JSON in bytes."""

    content: Content
    is_changed: bool = False
    size_bytes: int = 0

    def __post_init__(self) -> None:
        self.size_bytes = json_size_bytes(self.content)

    def exercises(self) -> Iterator[dict[str, Any]]:
        for section in self.content["sections"]:
            yield from section.get("exercises") or []

    def has_room_for(self, value: Mapping[str, Any]) -> bool:
        # Names and brackets around a new exercise and section take some more.
        return self.size_bytes + json_size_bytes(dict(value)) + 1_500 <= MAX_BYTES


@dataclass
class Bank:
    """The questions of templates, to which items are added. With `may_grow` a further template
    begins where the last one is full.
    """

    parts: list[Part]
    section: str
    exercise: str
    may_grow: bool = True
    replaces: bool = False
    counts: Counter[Outcome] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._adapter: TypeAdapter[Any] = TypeAdapter(AnyQuestion)
        self._by_id: dict[str, tuple[Part, dict[str, Any]]] = {}
        self._ids_by_content: dict[str, str] = {}
        self._exercises: dict[str, list[tuple[Part, dict[str, Any]]]] = {}
        self._exercise_ids: set[str] = set()
        # The ids that this file has brought.
        self._brought: set[str] = set()
        for part in self.parts:
            for exercise in part.exercises():
                self._index_exercise(part, exercise)
                for question in exercise.get("questions") or []:
                    self._index(part, question)

    def add(self, item: Item) -> ReportLine:
        """Adds the item's question, unless it is refused or there already. Raises BankFull."""
        line = self._added(item)
        self.counts[line.outcome] += 1
        return line

    def _added(self, item: Item) -> ReportLine:
        notes = [*item.notes]
        if item.question is None:
            return _line(item, Outcome.REFUSED, notes)
        if item.question["kind"] not in KINDS:
            return _line(item, Outcome.REFUSED, [Note("kind", item.question["kind"])])
        given = _with_own_mark(item.question, self.parts[0].content if self.parts else {})
        content_hash = _content_hash(given)
        question_id = str(given.get("question_id") or content_hash)
        if self._is_taken(question_id, content_hash):
            question_id = content_hash
            notes.append(Note("own_id"))
        question = {**given, "question_id": question_id}
        if violations := self._violations(question):
            return _line(item, Outcome.REFUSED, [Note("invalid", violations)])
        self._brought.add(question_id)
        if content_hash in self._ids_by_content:
            return _line(item, Outcome.PRESENT, [])
        if question_id in self._by_id:
            return self._replaced(item, question, notes)
        name, shortened = _exercise_name(item.exercise or self.exercise)
        if shortened:
            notes.append(Note("shortened", str(MAX_EXERCISE_NAME)))
        self._put(name, question)
        return _line(item, Outcome.CHANGED if notes else Outcome.TAKEN, notes)

    def _is_taken(self, question_id: str, content_hash: str) -> bool:
        """Whether the id names another thing of this file, or an exercise."""
        is_other = self._ids_by_content.get(content_hash) != question_id
        return question_id in self._exercise_ids or (question_id in self._brought and is_other)

    def _violations(self, question: dict[str, Any]) -> str:
        try:
            self._adapter.validate_python(question)
        except ValidationError as error:
            found = field_errors(violations_of(error))
            listed = [f"{e.path}: {e.message}" for e in found[:MAX_LISTED_VIOLATIONS]]
            more = len(found) - len(listed)
            return "; ".join([*listed, *([f"and {more} more"] if more else [])])
        return ""

    def _replaced(self, item: Item, question: dict[str, Any], notes: list[Note]) -> ReportLine:
        if not self.replaces:
            return _line(item, Outcome.KEPT, [Note("kept", question["question_id"])])
        part, there = self._by_id[question["question_id"]]
        self._ids_by_content.pop(_content_hash(there), None)
        part.size_bytes += json_size_bytes(question) - json_size_bytes(there)
        there.clear()
        there |= question
        part.is_changed = True
        self._index(part, there)
        return _line(item, Outcome.REPLACED, notes)

    def _put(self, name: str, question: dict[str, Any]) -> None:
        for part, exercise in self._exercises.get(name, ()):
            if part.has_room_for(question):
                self._append(part, exercise, question)
                return
        part = self._part_with_room(question)
        exercises = self._section_of(part).setdefault("exercises", [])
        exercise = {"id": _hash(["exercise", name, question["question_id"]]), "name": name}
        exercises.append(exercise)
        self._index_exercise(part, exercise)
        part.size_bytes += json_size_bytes(dict(exercise))
        self._append(part, exercise, question)

    def _append(self, part: Part, exercise: dict[str, Any], question: dict[str, Any]) -> None:
        if not exercise.get("questions"):
            exercise["questions"] = []
        exercise["questions"].append(question)
        part.size_bytes += json_size_bytes(question) + 1
        part.is_changed = True
        self._index(part, question)

    def _part_with_room(self, question: Mapping[str, Any]) -> Part:
        if self.parts and self.parts[-1].has_room_for(question):
            return self.parts[-1]
        if self.parts and not self.may_grow:
            raise BankFull
        self.parts.append(Part({"sections": []}))
        return self.parts[-1]

    def _section_of(self, part: Part) -> dict[str, Any]:
        sections = part.content["sections"]
        found = (section for section in sections if section["name"] == self.section)
        if section := next(found, None):
            return cast("dict[str, Any]", section)
        new: dict[str, Any] = {"name": self.section, "exercises": []}
        sections.append(new)
        part.size_bytes += json_size_bytes(new)
        return new

    def _index_exercise(self, part: Part, exercise: dict[str, Any]) -> None:
        self._exercises.setdefault(exercise["name"], []).append((part, exercise))
        self._exercise_ids.add(exercise.get("id") or exercise["name"])

    def _index(self, part: Part, question: dict[str, Any]) -> None:
        self._by_id[question["question_id"]] = part, question
        self._ids_by_content[_content_hash(question)] = question["question_id"]


def _with_own_mark(question: Mapping[str, Any], content: Content) -> dict[str, Any]:
    """The question with the mark by which its file writes the key: that of the template may read it
    otherwise.
    """
    found = dict(question)
    if found.get("blanks"):
        found["blanks"] = [_with_own_mark(blank, content) for blank in found["blanks"]]
    key = found.get("answer")
    is_unmarked = found.get("kind") in ("numeric", "expression") and not found.get("decimal_mark")
    if content.get("decimal_mark") and is_unmarked and isinstance(key, str):
        is_comma = found["kind"] == "numeric" and "," in key and "." not in key
        found["decimal_mark"] = "," if is_comma else "."
    return found


def _line(item: Item, outcome: Outcome, notes: list[Note]) -> ReportLine:
    return ReportLine(item, outcome, tuple(note.sentence for note in notes))


def _exercise_name(name: str) -> tuple[str, bool]:
    """The name as an exercise may have it, and whether that is shorter."""
    plain = " ".join(CONTROL_CHARACTER.sub(" ", name).split())
    return plain[:MAX_EXERCISE_NAME].strip(), len(plain) > MAX_EXERCISE_NAME


def _content_hash(question: Mapping[str, Any]) -> str:
    """The same for questions that differ in their id alone."""
    return _hash({name: value for name, value in question.items() if name != "question_id"})


def _hash(value: Any) -> str:
    try:
        canonical = rfc8785.dumps(value)
    except rfc8785.CanonicalizationError:  # a number beyond JavaScript's, which is refused later
        canonical = json.dumps(value, sort_keys=True).encode()
    return hashlib.sha256(canonical).hexdigest()[:20]
