"""What is still known after weeks: the choice of the skill to ask, and the days of reviews.

Simulated learners forget. Prints the tables of docs/tutor.md on both; the figures are the same in
every run and on every machine.

    .venv/bin/python -m bench.forgetting
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from statistics import mean
from typing import Any, NamedTuple, cast

from fsrs import Card, Rating, Scheduler

from bench.mastery import table
from shared.domain.practice.question_selection import next_skill
from shared.domain.questions.grades import Grade
from shared.domain.students.local_days import LocalDays
from shared.domain.students.mastery import (
    FIRSTS_NEEDED,
    SkillState,
    apply_attempt,
    begin_skill,
)
from shared.domain.students.skills import Skill, apply_attempts

GUESS = 0.1
START = datetime(2026, 1, 1, 16, tzinfo=UTC)
LEARNERS = 40

# Of the simulated memory.
LEARNT_AT_ONCE = 0.12  # the share of what is not known that a question teaches
# What the first of so many skills needs is not taught by questions: they teach nothing of it.
STUCK_EVERY = 5
FIRST_STABILITY_DAYS = 2.0
# A recall after a pause makes memory last longer, the more the longer the pause was.
LONGER_BY_RECALL = 3.0

SITTINGS, QUESTIONS_A_SITTING, MEASURED_ON_DAY = 7, 40, 37
SKILL_COUNTS = (3, 10, 20)

DAYS, QUESTIONS_A_VISIT = 90, 8


@dataclass
class Memory:
    """A learner's memory of a skill: a share that was learnt, of which 1 / (1 + days / 9 stability)
    is left: nine tenths after `stability_days`. FSRS computes with another curve, and other steps.
    """

    taught: float = LEARNT_AT_ONCE
    learnt: float = 0.0
    stability_days: float = FIRST_STABILITY_DAYS
    practised_on: float = 0.0

    def recalled(self, day: float) -> float:
        """The share, 0 to 1, of the skill's questions that are known on this day."""
        return self.learnt / (1 + (day - self.practised_on) / (9 * self.stability_days))

    def practise(self, day: float) -> None:
        recalled = self.recalled(day)
        pause = (day - self.practised_on) / self.stability_days
        self.stability_days *= 1 + (LONGER_BY_RECALL - 1) * min(pause, 1.0)
        self.learnt = recalled + (1 - recalled) * self.taught
        self.practised_on = day


class Answered(NamedTuple):
    """A graded answer: an attempt, as far as a skill is changed by it."""

    at: datetime
    correct: bool
    question_id: str
    guess: float = GUESS
    hinted: bool = False
    first_attempt: bool = True

    @property
    def score(self) -> float:
        return float(self.correct)

    @property
    def grade(self) -> Grade:
        return Grade.GOOD if self.correct else Grade.AGAIN


@dataclass
class Learner:
    """`stored` is what sessions have stored of the skills, by skill_id."""

    chance: Random
    memories: dict[str, Memory]
    stored: dict[str, Skill] = field(default_factory=dict)
    asked: int = 0

    def answer(self, skill_id: str, day: float, at: datetime) -> Answered:
        memory = self.memories[skill_id]
        known = memory.recalled(day)
        correct = self.chance.random() < known + (1 - known) * GUESS
        memory.practise(day)
        self.asked += 1
        return Answered(at, correct, f"q{self.asked}")

    def store(self, skill_id: str, answers: Iterable[Answered]) -> None:
        before = self.stored.get(skill_id) or Skill(skill_id=skill_id, name=skill_id)
        self.stored[skill_id] = apply_attempts(
            before, answers, repeated=(), days=LocalDays(), student_id="learner"
        )


class Choice(NamedTuple):
    """A way to choose the skill to ask: how a skill begins in a sitting, and the choice itself."""

    begin: Callable[[Learner, str, datetime], SkillState]
    choose: Callable[[Sequence[SkillState], int, str], SkillState]


def begin_with_history(learner: Learner, skill_id: str, at: datetime) -> SkillState:
    skill = SkillState(skill_id=skill_id, name=skill_id)
    known = learner.stored.get(skill_id)
    if known is None:
        return begin_skill(skill, firsts_needed=FIRSTS_NEEDED, criterion=None)
    return begin_skill(
        skill,
        belief=known.belief_at(at),
        firsts=known.firsts_asked,
        due=known.is_due(at),
        firsts_needed=FIRSTS_NEEDED,
        criterion=None,
    )


def begin_anew(learner: Learner, skill_id: str, at: datetime) -> SkillState:
    """As before: knowledge is traced, and each session begins as if it were the first."""
    return SkillState(skill_id=skill_id, name=skill_id)


CHOICES = {
    "in turn": Choice(
        begin_with_history, lambda skills, now, seed: next_skill(skills, now=now, seed=seed)
    ),
    "weakest first": Choice(
        begin_anew, lambda skills, now, seed: min(skills, key=lambda skill: skill.mastery)
    ),
}


def knowledge_later(count: int, choice: Choice, *, has_stuck: bool, seed: str) -> float:
    """The mean share of the skills that is known on the last day, after daily sittings."""
    learner = Learner(
        Random(seed),
        {
            f"{n:02}": Memory(0.0 if has_stuck and n % STUCK_EVERY == 0 else LEARNT_AT_ONCE)
            for n in range(count)
        },
    )
    for day in range(SITTINGS):
        at = START + timedelta(days=day)
        skills = {id_: choice.begin(learner, id_, at) for id_ in learner.memories}
        answers: dict[str, list[Answered]] = {}
        for now in range(QUESTIONS_A_SITTING):
            chosen = choice.choose(list(skills.values()), now, seed).skill_id
            given = learner.answer(chosen, day + now / 1_440, at + timedelta(minutes=now))
            answers.setdefault(chosen, []).append(given)
            skills[chosen] = apply_attempt(
                skills[chosen],
                score=given.score,
                correct=given.correct,
                guess=given.guess,
                hinted=False,
                first_attempt=True,
                criterion=None,
                asked_at=now + 1,
            )
        for skill_id, given_answers in answers.items():
            learner.store(skill_id, given_answers)
    return mean(memory.recalled(MEASURED_ON_DAY) for memory in learner.memories.values())


def turns_table() -> str:
    rows = []
    for has_stuck in (True, False):
        for count in SKILL_COUNTS:
            later = (
                mean(
                    knowledge_later(count, choice, has_stuck=has_stuck, seed=f"{count}/{n}")
                    for n in range(LEARNERS)
                )
                for choice in CHOICES.values()
            )
            stuck = "one in five" if has_stuck else "none"
            rows.append([str(count), stuck, *(f"{known:.2f}" for known in later)])
    return table(["skills", "not learnt by questions", *CHOICES], rows)


class Reviews(NamedTuple):
    """The questions asked in all days, and the mean share that was known, 0 to 1, by day."""

    questions: float
    recalled: float


def once_a_day(skill: Skill, answers: Sequence[Answered], seed: str) -> Skill:
    return apply_attempts(skill, answers, repeated=(), days=LocalDays(), student_id=seed)


def every_answer(skill: Skill, answers: Sequence[Answered], seed: str) -> Skill:
    """As before: each answer is a review, with learning steps, and due within minutes at first."""
    scheduler = Scheduler(enable_fuzzing=False)
    card = Card.from_dict(cast("Any", skill.card)) if skill.card else Card(card_id=1)
    for answer in answers:
        rating = Rating.Good if answer.correct else Rating.Again
        card, _ = scheduler.review_card(card, rating, answer.at)
    return skill.model_copy(update={"card": dict(card.to_dict()), "due_at": card.due})


SCHEDULES = {"the first answer of a day": once_a_day, "every answer": every_answer}


def simulate_reviews(store: Callable[[Skill, Sequence[Answered], str], Skill]) -> Reviews:
    """A skill that was learnt, visited on each day on which it is due."""
    questions, shares = 0, []
    for number in range(LEARNERS):
        learner = Learner(Random(f"reviews/{number}"), {"s": Memory(learnt=1.0)})
        skill = Skill(skill_id="s", name="s")
        for day in range(DAYS):
            at = START + timedelta(days=day)
            shares.append(learner.memories["s"].recalled(day))
            if skill.due_at is not None and skill.due_at > at:
                continue
            answers = [
                learner.answer("s", day + n / 1_440, at + timedelta(minutes=n))
                for n in range(QUESTIONS_A_VISIT)
            ]
            skill = store(skill, answers, str(number))
            questions += len(answers)
    return Reviews(questions / LEARNERS, mean(shares))


def reviews_table() -> str:
    rows = []
    for name, store in SCHEDULES.items():
        found = simulate_reviews(store)
        rows.append([name, f"{found.questions:.0f}", f"{found.recalled:.2f}"])
    return table(["a review is", f"questions in {DAYS} days", "known, mean"], rows)


TABLES = (turns_table, reviews_table)

if __name__ == "__main__":
    print("\n\n".join(make() for make in TABLES))
