"""The question bank of a source: questions of its exercises, self-ratings of those without any."""

import hashlib
from collections.abc import Iterable, Mapping
from itertools import zip_longest

from pydantic import Field

from shared.domain.common.fields import ValueObject
from shared.domain.common.json_object import json_size_bytes
from shared.domain.practice.self_ratings import rate_exercise
from shared.domain.questions.any_question import AnyQuestion
from shared.domain.questions.question import Question
from shared.domain.questions.stem import Stem
from shared.domain.templates.template import Exercise

MAX_BANK_BYTES = 30 * 1024
MAX_BANK_QUESTIONS = 100


class QuestionOrigin(ValueObject):
    """The template that a question is from, and its id there."""

    template_id: str
    node_id: str


class BankQuestion(ValueObject):
    """`origin` is that of a question in a bank made from several templates."""

    skill_id: str
    question: AnyQuestion
    origin: QuestionOrigin | None = Field(default=None, exclude_if=lambda origin: origin is None)


def skill_name(exercise: Exercise) -> str:
    return exercise.skill or exercise.name


def skill_id(name: str) -> str:
    """The id of a skill in every template: a hash of its name, without case and spacing."""
    folded = " ".join(name.casefold().split())
    return hashlib.sha256(folded.encode()).hexdigest()[:16]


def build_question_bank(exercises: list[Exercise]) -> list[BankQuestion]:
    """Questions in turn from each exercise, up to the bounds. The steps of a stem stay together."""
    stems = {stem.stem_id: stem for e in exercises for stem in e.stems or []}
    rounds = zip_longest(*(list(_portions(e)) for e in exercises))
    # Exercises of one name and without an id are one: the first is asked.
    portions: dict[str, list[BankQuestion]] = {}
    for portion in (portion for round_ in rounds for portion in round_ if portion):
        portions.setdefault(portion[0].question.question_id, portion)
    bank: list[BankQuestion] = []
    size = 0
    for portion in portions.values():
        size += _size_of(portion, stems)
        if size > MAX_BANK_BYTES or len(bank) + len(portion) > MAX_BANK_QUESTIONS:
            break
        bank += portion
    return bank


def _portions(exercise: Exercise) -> Iterable[list[BankQuestion]]:
    """The exercise's questions, one by one, the steps of a stem at once; where it has none, all of
    its self-ratings.

    A portion that alone would fill the bank is omitted: it is sent twice, in the bank and in the
    current block, and a session that exceeds its bounds could not be continued.
    """
    skill = skill_id(skill_name(exercise))
    stems = {stem.stem_id: stem for stem in exercise.stems or []}
    units: dict[tuple[str, str], list[BankQuestion]] = {}
    for question in map(_needed, exercise.questions or []):
        unit = ("stem", question.stem) if question.stem else ("question", question.question_id)
        units.setdefault(unit, []).append(BankQuestion(skill_id=skill, question=question))
    fitting = [unit for unit in units.values() if _size_of(unit, stems) <= MAX_BANK_BYTES]
    yield from fitting
    if not fitting:
        yield [BankQuestion(skill_id=skill, question=q) for q in rate_exercise(exercise)]


def _size_of(portion: Iterable[BankQuestion], stems: Mapping[str, Stem]) -> int:
    """In bytes as JSON, with each stem once."""
    questions = [entry.question for entry in portion]
    shared = {question.stem: stems[question.stem] for question in questions if question.stem}
    parts: list[Question | Stem] = [*questions, *shared.values()]
    return sum(json_size_bytes(part.model_dump()) for part in parts)


def stems_in(bank: Iterable[BankQuestion], stems: Iterable[Stem]) -> list[Stem]:
    """Those of the stems that questions of the bank are steps of, without fields of their authors'
    own.
    """
    used = {entry.question.stem for entry in bank}
    return [
        Stem.model_validate(stem.public_view())
        for stem in ({stem.stem_id: stem for stem in stems}).values()
        if stem.stem_id in used
    ]


def _needed(question: Question) -> Question:
    """The question without fields of its author's own, which no turn uses."""
    kind = type(question)
    known = {name: getattr(question, name) for name in kind.model_fields}
    return kind.model_construct(question.model_fields_set & known.keys(), **known)
