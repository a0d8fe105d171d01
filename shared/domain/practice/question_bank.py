"""The question bank of a source: questions of its exercises, self-ratings of those without any."""

import hashlib
from collections.abc import Iterable
from itertools import zip_longest

from pydantic import Field

from shared.domain.common.fields import ValueObject
from shared.domain.common.json_object import json_size_bytes
from shared.domain.practice.self_ratings import rate_exercise
from shared.domain.questions.any_question import AnyQuestion
from shared.domain.questions.question import Question
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
    """Questions in turn from each exercise, up to the bounds."""
    rounds = zip_longest(*(list(_portions(e)) for e in exercises))
    # Exercises of one name and without an id are one: the first is asked.
    portions: dict[str, list[BankQuestion]] = {}
    for portion in (portion for round_ in rounds for portion in round_ if portion):
        portions.setdefault(portion[0].question.question_id, portion)
    bank: list[BankQuestion] = []
    size = 0
    for portion in portions.values():
        size += sum(_size(entry.question) for entry in portion)
        if size > MAX_BANK_BYTES or len(bank) + len(portion) > MAX_BANK_QUESTIONS:
            break
        bank += portion
    return bank


def _portions(exercise: Exercise) -> Iterable[list[BankQuestion]]:
    """The exercise's questions, one by one, or where it has none, all of its self-ratings.

    A question that alone would fill the bank is omitted: it is sent twice, in the bank and in the
    current block, and a session that exceeds its bounds could not be continued.
    """
    skill = skill_id(skill_name(exercise))
    fitting = [q for q in map(_needed, exercise.questions or []) if _size(q) <= MAX_BANK_BYTES]
    for question in fitting:
        yield [BankQuestion(skill_id=skill, question=question)]
    if not fitting:
        yield [BankQuestion(skill_id=skill, question=q) for q in rate_exercise(exercise)]


def _size(question: Question) -> int:
    return json_size_bytes(question.model_dump())


def _needed(question: Question) -> Question:
    """The question without fields of its author's own, which no turn uses."""
    kind = type(question)
    known = {name: getattr(question, name) for name in kind.model_fields}
    return kind.model_construct(question.model_fields_set & known.keys(), **known)
