"""Simulated students of known ability, and the questions that they are asked."""

import math
from dataclasses import dataclass
from random import Random
from typing import cast

from pydantic import JsonValue

from shared.domain.questions.answers import Answer
from shared.domain.questions.kinds.multi_select import MultiSelect
from shared.domain.questions.kinds.multiple_choice import MultipleChoice
from shared.domain.questions.kinds.numeric import Numeric
from shared.domain.questions.kinds.short_answer import ShortAnswer
from shared.domain.questions.question import Question

MEDIUM_DIFFICULTY = 3  # of 1 to 5
CHOICES: list[JsonValue] = [{"id": letter, "text": letter} for letter in "abcd"]


def question(
    kind: type[Question], answer: JsonValue, choices: list[JsonValue] | None = None
) -> Question:
    name = kind.kind_name()
    return kind.model_validate(
        {"question_id": name, "kind": name, "prompt": "?", "answer": answer, "choices": choices}
    )


ONE_OF_FOUR = question(MultipleChoice, "a", CHOICES)
MIXED = (
    ONE_OF_FOUR,
    question(MultiSelect, ["a", "c"], CHOICES),
    question(Numeric, 42),
    question(ShortAnswer, ["forty-two"]),
)


@dataclass(frozen=True)
class Student:
    """A student who knows the answer with a probability, and guesses otherwise.

    The probability is logistic(ability + gain x answered) for medium difficulty; each step of
    difficulty subtracts half a unit. Without an ability the student always guesses. A repeated
    question is as hard as a new one. This is deliberately not the model that computes mastery.
    """

    name: str
    ability: float | None
    gain: float = 0.0
    kinds: tuple[Question, ...] = MIXED

    def knowledge(self, answered: int, difficulty: int = MEDIUM_DIFFICULTY) -> float:
        """The probability, 0 to 1, of knowing a question after `answered` questions."""
        if self.ability is None:
            return 0.0
        difficulty_penalty = (difficulty - MEDIUM_DIFFICULTY) / 2
        return 1 / (1 + math.exp(difficulty_penalty - self.ability - self.gain * answered))

    def answer(
        self, question: Question, *, answered: int, difficulty: int, chance: Random
    ) -> Answer:
        if chance.random() < self.knowledge(answered, difficulty):
            return _right_answer(question)
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


def _right_answer(question: Question) -> Answer:
    match question:
        case ShortAnswer():
            return cast("list[str]", question.answer)[0]
        case Numeric():
            return str(question.answer)
        case _:
            return question.answer


def _guess(question: Question, chance: Random) -> Answer:
    # Random.random() is the only method that gives the same numbers in every version of Python.
    match question:
        case MultipleChoice():
            return question.choice_ids[int(chance.random() * len(question.choices))]
        case MultiSelect():
            chosen = 1 + int(chance.random() * (2 ** len(question.choices) - 1))
            return [option for n, option in enumerate(question.choice_ids) if chosen >> n & 1]
        case Numeric():
            return str(int(chance.random() * 100))
        case _:
            return "no idea"
