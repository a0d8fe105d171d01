"""How well mastery predicts the next answer, beside models that are fitted to such answers.

Writes a table into docs/tutor.md. The fitted models see the answers of other learners of the same
kind; the rules of the back end are fitted to nothing.

    .venv/bin/python -m bench prediction
"""

import json
import math
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeVar

from bench.environments import peer_programs
from bench.report import TUTOR, markdown_table, write_section
from bench.students import MIXED, guess_answer, right_answer
from shared.domain.questions.question import Question
from shared.domain.students import evidence, knowledge_tracing

LEARNERS = 300  # by whom models are fitted, and as many whose answers are predicted
QUESTIONS = 30
PREDICT = Path(__file__).parent / "peers" / "pybkt" / "predict.py"
FIT_SECONDS = 900

State = TypeVar("State")


class Answer(NamedTuple):
    learner: int
    question: Question
    right: bool


# The probabilities, 0 to 1, of knowing a learner's questions, in their order.
Knowledge = Iterator[float]


def three_states(chance: Random) -> Knowledge:
    """Nothing, half or all is known, as the rule assumes."""
    state = chance.choices((0, 1, 2), (0.2, 0.4, 0.4))[0]
    while True:
        yield (0.0, 0.5, 0.95)[state]
        state += chance.random() < (0.05, 0.01, 0.0)[state]


def two_states(chance: Random) -> Knowledge:
    """Learnt at some question, or known before: knowledge tracing."""
    known = chance.random() < 0.3
    while True:
        yield 0.9 if known else 0.0
        known = known or chance.random() < 0.1


def logistic(chance: Random) -> Knowledge:
    """An ability that grows steadily."""
    ability, gain = chance.gauss(0, 1.5), 0.1 * chance.random()
    while True:
        yield 1 / (1 + math.exp(-ability))
        ability += gain


def any_of_them(chance: Random) -> Knowledge:
    return chance.choice((three_states, two_states, logistic))(chance)


WORLDS: Mapping[str, Callable[[Random], Knowledge]] = {
    "none, half or known": three_states,
    "learnt or not": two_states,
    "an ability that grows": logistic,
    "any of these": any_of_them,
}


def simulate(world: Callable[[Random], Knowledge], *, seed: str) -> list[Answer]:
    answers = []
    for learner in range(LEARNERS):
        chance = Random(f"{seed}/{learner}")
        knowledge = world(chance)
        for number in range(QUESTIONS):
            question = MIXED[number % len(MIXED)]
            knows = chance.random() < next(knowledge)
            given = right_answer(question) if knows else guess_answer(question, chance)
            answers.append(Answer(learner, question, question.grade(given).correct))
    return answers


def predict(
    answers: Sequence[Answer],
    begin: State,
    right: Callable[[State, float], float],
    after: Callable[[State, float, float], State],
) -> list[float]:
    """The probability of each right answer, before it is seen.

    `right` gives it by a learner's state and the guess, `after` the state after a score.
    """
    predictions, state, learner = [], begin, None
    for answer in answers:
        if answer.learner != learner:
            state, learner = begin, answer.learner
        guess = answer.question.guess_probability
        predictions.append(right(state, guess))
        state = after(state, float(answer.right), guess)
    return predictions


def right_by_evidence(belief: evidence.Belief, guess: float) -> float:
    shares = (belief.none, belief.half, belief.known)
    return sum(share * p for share, p in zip(shares, evidence.rights(guess), strict=True))


def by_evidence(answers: Sequence[Answer]) -> list[float]:
    return predict(
        answers,
        evidence.UNPRACTISED,
        right_by_evidence,
        lambda belief, score, guess: evidence.observe(belief, score=score, guess=guess),
    )


def right_by_tracing(p: float, guess: float) -> float:
    return p * (1 - knowledge_tracing.SLIP) + (1 - p) * min(guess, knowledge_tracing.MAX_GUESS)


def by_tracing(answers: Sequence[Answer]) -> list[float]:
    return predict(
        answers,
        knowledge_tracing.INITIAL,
        right_by_tracing,
        lambda p, score, guess: knowledge_tracing.trace(p, score=score, guess=guess, hinted=False),
    )


def by_fitted_models(
    fitted: Sequence[Answer], predicted: Sequence[Answer]
) -> dict[str, list[float]]:
    sent = {
        name: [[answer.learner, answer.question.kind, int(answer.right)] for answer in answers]
        for name, answers in (("fitted", fitted), ("predicted", predicted))
    }
    done = subprocess.run(
        [str(peer_programs("pybkt") / "python"), str(PREDICT)],
        input=json.dumps(sent),
        capture_output=True,
        text=True,
        check=True,
        timeout=FIT_SECONDS,
    )
    found: dict[str, list[float]] = json.loads(done.stdout)
    return found


def area_under_curve(predictions: Sequence[float], rights: Sequence[bool]) -> float:
    """The probability, 0 to 1, that a right answer was given a higher prediction than a wrong one;
    equal ones count half (the area under the ROC curve).
    """
    ordered = sorted(zip(predictions, rights, strict=True))
    area, below, at = 0.0, 0, 0
    while at < len(ordered):
        end = at
        while end < len(ordered) and ordered[end][0] == ordered[at][0]:
            end += 1
        right = sum(is_right for _, is_right in ordered[at:end])
        wrong = end - at - right
        area += right * (below + wrong / 2)
        below, at = below + wrong, end
    return area / (sum(rights) * (len(rights) - sum(rights)))


def main() -> None:
    rows = []
    names: list[str] = []
    for world, knowledge in WORLDS.items():
        fitted, predicted = (simulate(knowledge, seed=f"{world}/{half}") for half in range(2))
        rights = [answer.right for answer in predicted]
        found = {
            "default": by_evidence(predicted),
            "knowledge tracing, as before": by_tracing(predicted),
            **by_fitted_models(fitted, predicted),
        }
        names = list(found)
        rows.append([world, *(f"{area_under_curve(each, rights):.3f}" for each in found.values())])
    write_section("prediction", markdown_table(["learners know", *names], rows), page=TUTOR)
