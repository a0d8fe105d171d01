"""Simulated students of known ability, and the questions that they are asked."""

import math
from abc import abstractmethod
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
FOUR_CHOICES = (ONE_OF_FOUR,)
MIXED = (
    ONE_OF_FOUR,
    question(MultiSelect, ["a", "c"], CHOICES),
    question(Numeric, 42),
    question(ShortAnswer, ["forty-two"]),
)


@dataclass(frozen=True)
class Student:
    """A student who knows an answer with a probability, and guesses otherwise.

    `learns_after` is the number of questions on a skill before which nothing of it is known. A
    repeated question is as hard as a new one.
    """

    name: str
    kinds: tuple[Question, ...] = MIXED
    learns_after: int = 0

    @abstractmethod
    def known_share(self, practised: int, difficulty: int) -> float:
        """The probability, 0 to 1, of knowing a question of this difficulty, 1 to 5.

        `practised` counts the questions on the skill since it was learnt.
        """

    def knowledge(self, answered: int, difficulty: int = MEDIUM_DIFFICULTY) -> float:
        """The probability, 0 to 1, of knowing a question after `answered` questions."""
        practised = answered - self.learns_after
        return 0.0 if practised < 0 else self.known_share(practised, difficulty)

    def answer(
        self, question: Question, *, answered: int, difficulty: int, chance: Random
    ) -> Answer:
        if chance.random() < self.knowledge(answered, difficulty):
            return right_answer(question)
        return guess_answer(question, chance)


@dataclass(frozen=True)
class ShareStudent(Student):
    """Knows a constant share, 0 to 1, of the questions, however hard."""

    share: float = 0.0

    def known_share(self, practised: int, difficulty: int) -> float:
        return self.share


@dataclass(frozen=True)
class LogisticStudent(Student):
    """Knows logistic(ability + gain x practised) of the questions of medium difficulty.

    Each step of difficulty subtracts half a unit. This is not the model that computes mastery: what
    is known grows steadily, and depends on the question.
    """

    ability: float = 0.0
    gain: float = 0.0

    def known_share(self, practised: int, difficulty: int) -> float:
        difficulty_penalty = (difficulty - MEDIUM_DIFFICULTY) / 2
        return 1 / (1 + math.exp(difficulty_penalty - self.ability - self.gain * practised))


# A slip in twenty: a strong student is no perfect one.
STRONG_SHARE = 0.95
LEARNT_AFTER = 10
LEARNING = (
    LogisticStudent("strong", ability=2, gain=0.1),
    LogisticStudent("middling", ability=0, gain=0.1),
    LogisticStudent("weak", ability=-2, gain=0.1),
)


def constant_students(kinds: tuple[Question, ...]) -> tuple[Student, ...]:
    """Students whose knowledge of a skill does not grow while they practise, but for one who learns
    it at once.
    """
    return (
        ShareStudent("knows it", kinds, share=STRONG_SHARE),
        ShareStudent("learns it", kinds, learns_after=LEARNT_AFTER, share=STRONG_SHARE),
        ShareStudent("knows half", kinds, share=0.5),
        ShareStudent("guesses", kinds),
    )


def right_answer(question: Question) -> Answer:
    match question:
        case ShortAnswer():
            return cast("list[str]", question.answer)[0]
        case Numeric():
            return str(question.answer)
        case _:
            return question.answer


def guess_answer(question: Question, chance: Random) -> Answer:
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
