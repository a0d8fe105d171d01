"""The question bank of a source: the template's own questions, or ratings where it has none."""

import hashlib
from collections.abc import Iterable
from itertools import zip_longest

from shared.domain.common.fields import ValueObject
from shared.domain.common.json_object import json_size_bytes
from shared.domain.questions.any_question import AnyQuestion
from shared.domain.questions.kinds.self_rated import SelfRated
from shared.domain.questions.question import Question
from shared.domain.templates.template import Exercise

MAX_BANK_BYTES = 30 * 1024
MAX_BANK_QUESTIONS = 100
MAX_DESCRIPTION = 300


class BankQuestion(ValueObject):
    skill_id: str
    question: AnyQuestion


def skill_name(exercise: Exercise) -> str:
    return exercise.skill or exercise.name


def skill_id(name: str) -> str:
    """One id for a skill in every template: its name, whatever the case and spacing."""
    folded = " ".join(name.casefold().split())
    return hashlib.sha256(folded.encode()).hexdigest()[:16]


def build_question_bank(exercises: list[Exercise], template_name: str) -> list[BankQuestion]:
    """Questions in turn from each exercise, up to the bounds; a rating where there is no bank."""
    rounds = zip_longest(*(list(_questions(e)) for e in exercises))
    bank: list[BankQuestion] = []
    size = 0
    for entry in (entry for round_ in rounds for entry in round_ if entry is not None):
        size += _size(entry.question)
        if size > MAX_BANK_BYTES or len(bank) == MAX_BANK_QUESTIONS:
            break
        bank.append(entry)
    return bank or [_rating(template_name, template_name, "", "whole")]


def _questions(exercise: Exercise) -> Iterable[BankQuestion]:
    """The exercise's questions, or where it has none, ratings of it done and of it recalled.

    A question that alone would fill the bank is omitted: it travels twice, in the bank and in the
    block at work, and a session that has outgrown its bounds could not be gone on with.
    """
    skill = skill_name(exercise)
    fitting = [q for q in map(_needed, exercise.questions or []) if _size(q) <= MAX_BANK_BYTES]
    if not fitting:
        node_id = exercise.id or exercise.name
        yield _rating(skill, exercise.name, exercise.description or "", node_id)
        if exercise.description:
            yield _recall(skill, exercise.name, node_id)
    for question in fitting:
        yield BankQuestion(skill_id=skill_id(skill), question=question)


def _size(question: Question) -> int:
    return json_size_bytes(question.model_dump())


def _needed(question: Question) -> Question:
    """The question without what its author keeps beside it, which no turn uses."""
    kind = type(question)
    known = {name: getattr(question, name) for name in kind.model_fields}
    return kind.model_construct(question.model_fields_set & known.keys(), **known)


def _rating(skill: str, name: str, description: str, node_id: str) -> BankQuestion:
    task = f"{name}: {description[:MAX_DESCRIPTION]}" if description else name
    return _rated(
        skill,
        f"do-{_key(node_id)}",
        f"{task}\nPractise it once with full attention. How did it go?",
    )


def _recall(skill: str, name: str, node_id: str) -> BankQuestion:
    """A question to recall the exercise from memory.

    Recall strengthens memory more than reading again (Roediger & Karpicke, Psychological Science
    17, 2006).
    """
    prompt = (
        f"{name}: with nothing in front of you, say what it asks for and how you go about it. "
        "Then look it up. How well did you know it?"
    )
    return _rated(skill, f"recall-{_key(node_id)}", prompt)


def _rated(skill: str, question_id: str, prompt: str) -> BankQuestion:
    question = SelfRated(question_id=question_id, kind="self_rated", prompt=prompt)
    return BankQuestion(skill_id=skill_id(skill), question=question)


def _key(node_id: str) -> str:
    return hashlib.sha256(node_id.encode()).hexdigest()[:12]
