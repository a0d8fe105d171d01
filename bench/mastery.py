"""What "mastered" is worth: simulated students practise until they are called masters.

Prints the tables of docs/tutor.md. The same seeds give the same figures everywhere.

    .venv/bin/python -m bench.mastery
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from statistics import median
from typing import NamedTuple

from bench.students import LEARNING, MIDDLING, NOT_LEARNING, Student
from shared.domain.practice.question_selection import Candidate, next_question
from shared.domain.questions.grading import Verdict, grade_answer
from shared.domain.questions.question import Question, guess_probability
from shared.domain.students.mastery import MasteryCriterion, SkillState, apply_attempt

SESSIONS = 40  # of each student
SKILLS = ("a", "b", "c")
MOST_QUESTIONS = 100  # on one skill, then it counts as never mastered
SOON = 30
BANK = 40  # questions to each skill
SMALL_BANK = 10

DEFAULT = "default"
CRITERIA: Mapping[str, MasteryCriterion | None] = {
    DEFAULT: None,
    "3 of 5": MasteryCriterion(kind="m_of_n", m=3, n=5),
    "8 of 10": MasteryCriterion(kind="m_of_n", m=8, n=10),
}


class Declared(NamedTuple):
    """When a skill was first called mastered: after how many questions on it, infinite for never,
    and with what chance the student then knew a middling question."""

    questions: float = math.inf
    known: float = math.nan


@dataclass
class Skill:
    """Mastery and the next question don't depend on the criterion, so one run serves them all."""

    states: dict[str, SkillState]
    declared: dict[str, Declared] = field(default_factory=dict)

    @property
    def state(self) -> SkillState:
        return self.states[DEFAULT]

    @property
    def finished(self) -> bool:
        return len(self.declared) == len(CRITERIA) or self.state.attempts == MOST_QUESTIONS

    def observe(self, verdict: Verdict, *, guess: float, first: bool, student: Student) -> None:
        for name, criterion in CRITERIA.items():
            self.states[name] = apply_attempt(
                self.states[name],
                score=verdict.score,
                correct=verdict.correct,
                guess=guess,
                hinted=False,
                first_attempt=first,
                criterion=criterion,
            )
            if self.states[name].mastered and name not in self.declared:
                answered = self.state.attempts
                self.declared[name] = Declared(answered, student.knows(answered))


def practised(student: Student, *, bank: int, seed: str) -> list[Skill]:
    """One session over all skills; a finished skill is left out of it from then on."""
    chance = Random(seed)
    questions: dict[str, Question] = {}
    left: dict[str, Candidate] = {}
    for skill_id in SKILLS:
        for n in range(bank):
            questions[f"{skill_id}{n}"] = student.kinds[n % len(student.kinds)]
            left[f"{skill_id}{n}"] = Candidate(f"{skill_id}{n}", skill_id, 1 + 5 * n // bank)
    skills = {
        skill_id: Skill({name: SkillState(skill_id=skill_id, name=skill_id) for name in CRITERIA})
        for skill_id in SKILLS
    }
    asked, now = None, 0
    while left:
        asked = next_question(
            list(left.values()),
            [skill.state for skill in skills.values()],
            now=now,
            seed=seed,
            avoid=asked,
        )
        assert asked is not None
        now += 1
        question, candidate = questions[asked], left[asked]
        skill = skills[candidate.skill_id]
        answer = student.answer(
            question,
            answered=skill.state.attempts,
            difficulty=candidate.difficulty or MIDDLING,
            chance=chance,
        )
        verdict = grade_answer(question, answer)
        skill.observe(
            verdict,
            guess=guess_probability(question),
            first=candidate.last_seen_at is None,
            student=student,
        )
        left[asked] = replace(
            candidate,
            last_seen_at=now,
            successes=candidate.successes + 1 if verdict.correct else 0,
        )
        if skill.finished:
            left = {id_: c for id_, c in left.items() if c.skill_id != candidate.skill_id}
    return list(skills.values())


def declarations(student: Student, *, bank: int) -> dict[str, list[Declared]]:
    """By criterion, one for each skill of each session."""
    skills = [
        skill
        for number in range(SESSIONS)
        for skill in practised(student, bank=bank, seed=f"{student.name}/{bank}/{number}")
    ]
    return {name: [skill.declared.get(name, Declared()) for skill in skills] for name in CRITERIA}


def learning_table() -> str:
    rows = []
    for student in LEARNING:
        for name, found in declarations(student, bank=BANK).items():
            counts = [each.questions for each in found]
            known = median(each.known for each in found if each.questions <= MOST_QUESTIONS)
            rows.append(
                [
                    student.name,
                    name,
                    *(count(quantile(counts, share)) for share in (0.5, 0.1, 0.9)),
                    percent(1 - within(MOST_QUESTIONS, found)),
                    f"{known:.2f}",
                ]
            )
    heads = ["student", "criterion", "median", "10th", "90th percentile"]
    return table([*heads, f"never in {MOST_QUESTIONS}", "knew then"], rows)


def not_learning_table() -> str:
    rows = [
        [student.name, name, *(percent(within(most, found)) for most in (SOON, MOST_QUESTIONS))]
        for student in NOT_LEARNING
        for name, found in declarations(student, bank=BANK).items()
    ]
    return table(["student", "criterion", f"within {SOON}", f"within {MOST_QUESTIONS}"], rows)


def small_bank_table() -> str:
    rows = [
        [student.name, *(percent(1 - within(MOST_QUESTIONS, found)) for found in by_name.values())]
        for student in LEARNING
        for by_name in [declarations(student, bank=SMALL_BANK)]
    ]
    return table(["student", *CRITERIA], rows)


def within(most: int, found: Sequence[Declared]) -> float:
    return sum(each.questions <= most for each in found) / len(found)


def quantile(values: Iterable[float], share: float) -> float:
    """The least value that so great a share of them does not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(share * len(ordered)) - 1]


def count(questions: float) -> str:
    return f"over {MOST_QUESTIONS}" if math.isinf(questions) else str(int(questions))


def percent(share: float) -> str:
    return f"{share:.0%}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (heads, *rows)]
    return "\n".join([lines[0], "|---" * len(heads) + "|", *lines[1:]])


TABLES = (learning_table, not_learning_table, small_bank_table)

if __name__ == "__main__":
    print("\n\n".join(make() for make in TABLES))
