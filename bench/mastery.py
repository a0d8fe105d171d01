"""How reliable "mastered" is: simulated students practise until the criterion is met.

Prints the tables of docs/tutor.md. The figures are the same in every run and on every machine.

    .venv/bin/python -m bench.mastery
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from statistics import median
from typing import NamedTuple

from bench.students import (
    FOUR_CHOICES,
    LEARNING,
    MEDIUM_DIFFICULTY,
    MIXED,
    Student,
    constant_students,
)
from shared.domain.practice.question_selection import Candidate, next_question
from shared.domain.questions.grading import Verdict
from shared.domain.questions.question import Question
from shared.domain.students.mastery import (
    FIRSTS_NEEDED,
    MasteryCriterion,
    SkillState,
    apply_attempt,
    begin_skill,
)

SESSIONS = 40  # of each student
GOAL_SESSIONS = 100  # of each student by whom the goals are measured
SKILLS = ("a", "b", "c")
MAX_QUESTIONS = 100  # per skill; after these it counts as never mastered
SOON = 30
BANK = 40  # questions per skill
SMALL_BANK = 10

DEFAULT, TRACED = "default", "knowledge tracing"
CRITERIA: Mapping[str, MasteryCriterion | None] = {
    DEFAULT: None,
    TRACED: None,
    "3 of 5": MasteryCriterion(kind="m_of_n", m=3, n=5),
    "8 of 10": MasteryCriterion(kind="m_of_n", m=8, n=10),
}
BANKS = {"mixed kinds": MIXED, "one of four": FOUR_CHOICES}


def unpractised(skill_id: str, rule: str) -> SkillState:
    skill = SkillState(skill_id=skill_id, name=skill_id)
    if rule == TRACED:
        return skill
    return begin_skill(skill, firsts_needed=FIRSTS_NEEDED, criterion=CRITERIA[rule])


class Declaration(NamedTuple):
    """The moment at which a skill first met a criterion.

    `questions` answered on the skill, infinite if never; `knowledge` is the probability, 0 to 1,
    that the student then knew a question of medium difficulty.
    """

    questions: float = math.inf
    knowledge: float = math.nan


@dataclass
class Skill:
    """A skill under every criterion.

    Mastery and the next question do not depend on the criterion, so one run serves all of them.
    """

    states: dict[str, SkillState]
    declarations: dict[str, Declaration] = field(default_factory=dict)

    @property
    def state(self) -> SkillState:
        return self.states[DEFAULT]

    @property
    def is_finished(self) -> bool:
        return len(self.declarations) == len(CRITERIA) or self.state.attempts == MAX_QUESTIONS

    def observe(
        self, verdict: Verdict, *, guess: float, first: bool, student: Student, now: int
    ) -> None:
        for name, criterion in CRITERIA.items():
            self.states[name] = apply_attempt(
                self.states[name],
                score=verdict.score,
                correct=verdict.correct,
                guess=guess,
                hinted=False,
                first_attempt=first,
                criterion=criterion,
                asked_at=now,
            )
            if self.states[name].mastered and name not in self.declarations:
                answered = self.state.attempts
                self.declarations[name] = Declaration(answered, student.knowledge(answered))


def simulate_session(student: Student, *, bank: int, seed: str) -> list[Skill]:
    """One session over all skills, until each is finished. `bank` is the questions per skill."""
    chance = Random(seed)
    questions: dict[str, Question] = {}
    left: dict[str, Candidate] = {}
    for skill_id in SKILLS:
        for n in range(bank):
            questions[f"{skill_id}{n}"] = student.kinds[n % len(student.kinds)]
            left[f"{skill_id}{n}"] = Candidate(f"{skill_id}{n}", skill_id, 1 + 5 * n // bank)
    skills = {
        skill_id: Skill({rule: unpractised(skill_id, rule) for rule in CRITERIA})
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
            difficulty=candidate.difficulty or MEDIUM_DIFFICULTY,
            chance=chance,
        )
        verdict = question.grade(answer)
        skill.observe(
            verdict,
            guess=question.guess_probability,
            first=candidate.last_seen_at is None,
            student=student,
            now=now,
        )
        left[asked] = replace(
            candidate,
            last_seen_at=now,
            successes=max(candidate.successes, 0) + 1
            if verdict.correct
            else min(candidate.successes, 0) - 1,
        )
        if skill.is_finished:
            left = {id_: c for id_, c in left.items() if c.skill_id != candidate.skill_id}
    return list(skills.values())


def simulate_sessions(
    student: Student, *, bank: int, sessions: int = SESSIONS
) -> dict[str, list[Declaration]]:
    """By criterion, a declaration for each skill of each session."""
    skills = [
        skill
        for number in range(sessions)
        for skill in simulate_session(student, bank=bank, seed=f"{student.name}/{bank}/{number}")
    ]
    return {
        name: [skill.declarations.get(name, Declaration()) for skill in skills] for name in CRITERIA
    }


def learning_table() -> str:
    rows = []
    for student in LEARNING:
        for name, declarations in simulate_sessions(student, bank=BANK).items():
            counts = [each.questions for each in declarations]
            reached = [each for each in declarations if each.questions <= MAX_QUESTIONS]
            rows.append(
                [
                    student.name,
                    name,
                    *(format_count(quantile(counts, share)) for share in (0.5, 0.1, 0.9)),
                    percent(1 - share_within(MAX_QUESTIONS, declarations)),
                    f"{median(each.knowledge for each in reached):.2f}",
                ]
            )
    heads = ["student", "criterion", "median", "10th", "90th percentile"]
    return table([*heads, f"never in {MAX_QUESTIONS}", "knew then"], rows)


def constant_table() -> str:
    """The goals: who knows a skill is found soon, and who does not is not taken for it."""
    rows = []
    for bank, kinds in BANKS.items():
        for student in constant_students(kinds):
            found = simulate_sessions(student, bank=BANK, sessions=GOAL_SESSIONS)
            for rule, declarations in found.items():
                since = [each.questions - student.learns_after for each in declarations]
                rows.append(
                    [
                        student.name,
                        bank,
                        rule,
                        *(format_count(quantile(since, share)) for share in (0.5, 0.9)),
                        *(
                            percent(share_within(most, declarations))
                            for most in (SOON, MAX_QUESTIONS)
                        ),
                    ]
                )
    heads = ["student", "questions", "criterion", "median", "90th percentile"]
    return table([*heads, f"within {SOON}", f"within {MAX_QUESTIONS}"], rows)


def small_bank_table() -> str:
    rows = [
        [
            student.name,
            *(percent(1 - share_within(MAX_QUESTIONS, each)) for each in by_name.values()),
        ]
        for student in LEARNING
        for by_name in [simulate_sessions(student, bank=SMALL_BANK)]
    ]
    return table(["student", *CRITERIA], rows)


def share_within(most: int, declarations: Sequence[Declaration]) -> float:
    """The share, 0 to 1, of skills that met the criterion after at most `most` questions."""
    return sum(each.questions <= most for each in declarations) / len(declarations)


def quantile(values: Iterable[float], share: float) -> float:
    """The smallest value that `share` of the values (0 to 1) do not exceed."""
    ordered = sorted(values)
    return ordered[math.ceil(share * len(ordered)) - 1]


def format_count(questions: float) -> str:
    return f"over {MAX_QUESTIONS}" if math.isinf(questions) else str(int(questions))


def percent(share: float) -> str:
    return f"{share:.0%}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(cells)} |" for cells in (heads, *rows)]
    return "\n".join([lines[0], "|---" * len(heads) + "|", *lines[1:]])


TABLES = (constant_table, learning_table, small_bank_table)

if __name__ == "__main__":
    print("\n\n".join(make() for make in TABLES))
