"""Simulated students of known ability, and the questions they are asked."""

import math
from dataclasses import dataclass
from random import Random
from typing import cast

from pydantic import JsonValue

from shared.domain.questions.answers import Answer
from shared.domain.questions.question import Question, QuestionKind

MIDDLING = 3  # difficulty, of 1 to 5
CHOICES: list[JsonValue] = [{"id": each, "text": each} for each in "abcd"]


def question(
    kind: QuestionKind, answer: JsonValue, choices: list[JsonValue] | None = None
) -> Question:
    return Question.model_validate(
        {"question_id": kind, "kind": kind, "prompt": "?", "answer": answer, "choices": choices}
    )


ONE_OF_FOUR = question(QuestionKind.MULTIPLE_CHOICE, "a", CHOICES)
MIXED = (
    ONE_OF_FOUR,
    question(QuestionKind.MULTI_SELECT, ["a", "c"], CHOICES),
    question(QuestionKind.NUMERIC, 42),
    question(QuestionKind.SHORT_ANSWER, ["forty-two"]),
)


@dataclass(frozen=True)
class Student:
    """Who knows a middling question with the chance logistic(ability + gain x answered).

    Each step of difficulty takes half a unit away. Who doesn't know, guesses: always, without an
    ability. Single answers are not remembered: a question that comes back is as hard as a new one.
    This is deliberately not the model by which mastery is computed.
    """

    name: str
    ability: float | None
    gain: float = 0.0
    kinds: tuple[Question, ...] = MIXED

    def knows(self, answered: int, difficulty: int = MIDDLING) -> float:
        if self.ability is None:
            return 0.0
        against = (difficulty - MIDDLING) / 2
        return 1 / (1 + math.exp(against - self.ability - self.gain * answered))

    def answer(
        self, question: Question, *, answered: int, difficulty: int, chance: Random
    ) -> Answer:
        if chance.random() < self.knows(answered, difficulty):
            return _key(question)
        return _guess(question, chance)


LEARNING = (
    Student("strong", ability=2, gain=0.1),
    Student("middling", ability=0, gain=0.1),
    Student("weak", ability=-2, gain=0.1),
)
NOT_LEARNING = (
    Student("guesses, one of four", ability=None, kinds=(ONE_OF_FOUR,)),
    Student("guesses, mixed kinds", ability=None),
    Student("knows half, learns nothing", ability=0),
)


def _key(question: Question) -> Answer:
    match question.kind:
        case QuestionKind.SHORT_ANSWER:
            return cast("list[str]", question.answer)[0]
        case QuestionKind.NUMERIC:
            return str(question.answer)
        case _:
            return cast("Answer", question.answer)


def _guess(question: Question, chance: Random) -> Answer:
    # Only random() gives the same numbers under every version of Python.
    options = question.choice_ids
    match question.kind:
        case QuestionKind.MULTIPLE_CHOICE:
            return options[int(chance.random() * len(options))]
        case QuestionKind.MULTI_SELECT:
            chosen = 1 + int(chance.random() * (2 ** len(options) - 1))
            return [option for n, option in enumerate(options) if chosen >> n & 1]
        case QuestionKind.NUMERIC:
            return str(int(chance.random() * 100))
        case _:
            return "no idea"
