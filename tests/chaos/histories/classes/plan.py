"""The plan of a history with classes: the steps of its clients, drawn from a seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.chaos.histories.fault_level import FaultLevel, Faults
from tests.chaos.histories.plan import DELIVERIES, Delivery, Json

OWNER, CO_TEACHER = "teacher", "co-teacher"
FIRST = "First class"  # its teachers are both


class Kind(StrEnum):
    CREATE_CLASS = "create class"
    ROTATE = "rotate"  # a new code
    RESIZE = "resize"  # the most students
    ASSIGN = "assign"
    MOVE = "move"  # dates and points of an assignment
    OVERRIDE = "override"
    VOID = "void"  # takes a question out of an assignment
    REMOVE = "remove"
    JOIN = "join"
    LEAVE = "leave"
    BEGIN = "begin"
    ANSWER = "answer"
    STORE = "store"  # the state of open work
    HAND_IN = "hand in"
    SPY = "spy"  # reads what is not the student's to read


class Taking(StrEnum):
    """How an answer to a seq of strict work is sent."""

    ONCE = "once"
    RESENT = "again, although it was answered"
    CHANGED = "then another answer to the same seq"
    RACE = "two different answers at once"
    RACE_OF_THREE = "the same answer twice and another one at once"
    OLD = "another answer to the seq before"
    HINT = "a hint first"


@dataclass(frozen=True)
class Step:
    """One step of a client, as `actor`. `at` in 0-1 chooses from what is known: a class, an
    assignment, a student. `behind` counts back from the newest known code, revision or version.
    """

    number: int
    kind: Kind
    actor: str
    student: str
    delivery: Delivery
    taking: Taking
    at: float
    behind: int
    right: bool
    body: Json = field(default_factory=dict)


@dataclass(frozen=True)
class ClassPlan:
    seed: int
    fault_level: FaultLevel
    faults: Faults
    students: list[str]
    max_students: int
    steps: list[list[Step]]  # of each client


KINDS = {
    Kind.CREATE_CLASS: 1,
    Kind.ROTATE: 2,
    Kind.RESIZE: 2,
    Kind.ASSIGN: 4,
    Kind.MOVE: 4,
    Kind.OVERRIDE: 10,
    Kind.REMOVE: 1,
    Kind.JOIN: 12,
    Kind.LEAVE: 1,
    Kind.BEGIN: 10,
    Kind.ANSWER: 64,
    Kind.STORE: 4,
    Kind.HAND_IN: 4,
    Kind.SPY: 6,
}
VOIDS = 3
OF_TEACHERS = (
    Kind.CREATE_CLASS,
    Kind.ROTATE,
    Kind.RESIZE,
    Kind.ASSIGN,
    Kind.MOVE,
    Kind.OVERRIDE,
    Kind.VOID,
    Kind.REMOVE,
)
TAKINGS = {
    Taking.ONCE: 10,
    Taking.RESENT: 4,
    Taking.CHANGED: 4,
    Taking.RACE: 5,
    Taking.RACE_OF_THREE: 4,
    Taking.OLD: 2,
    Taking.HINT: 4,
}
GRADES = (0, 33.3, 80, 100, "exempt", None)
DUE = ("2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z", None)
ASSIGNED: tuple[Json, ...] = (
    {"points": 10},
    {"points": 4, "feedback": "after_submit"},
    {"points": 7, "policy": "open"},
)


def class_plan_of(
    seed: int, *, steps: int | None = None, fault_level: FaultLevel | None = None
) -> ClassPlan:
    """The plan of a seed. `steps` is the number for each client. Defaults are drawn."""
    rng = random.Random(f"classes/{seed}")
    students = [f"student-{number}" for number in range(rng.randint(3, 6))]
    drawn, length = rng.choice(list(FaultLevel)), rng.randint(40, 120)
    fault_level = fault_level or drawn
    return ClassPlan(
        seed=seed,
        fault_level=fault_level,
        faults=Faults(seed, fault_level, rng.uniform(0.3, 1)),
        students=students,
        max_students=rng.randint(3, 7),
        steps=[
            _steps(seed, client, students, count=steps or length)
            for client in range(rng.randint(2, 6))
        ],
    )


def _steps(seed: int, client: int, students: list[str], *, count: int) -> list[Step]:
    """In every second history questions are taken out: totals and ended sessions can be checked
    only in the others.
    """
    rng = random.Random(f"class-steps/{seed}/{client}")
    kinds = {**KINDS, Kind.VOID: VOIDS} if seed % 2 == 0 else KINDS
    return [_step(rng, kinds, client, number, students) for number in range(count)]


def _step(
    rng: random.Random, kinds: Mapping[Kind, int], client: int, number: int, students: list[str]
) -> Step:
    kind = _draw(rng, kinds)
    student = rng.choice(students)
    teacher = rng.choice([OWNER, OWNER, CO_TEACHER])
    return Step(
        number=number,
        kind=kind,
        actor=teacher if kind in OF_TEACHERS else student,
        student=student,
        delivery=_draw(rng, DELIVERIES),
        taking=_draw(rng, TAKINGS),
        at=rng.random(),
        behind=int(rng.random() < 0.15),
        right=rng.random() < 0.6,
        body=_body(rng, kind, tag=f"{client}.{number}"),
    )


def _draw(rng: random.Random, weights: Mapping[Any, int]) -> Any:
    return rng.choices(list(weights), list(weights.values()))[0]


def _body(rng: random.Random, kind: Kind, *, tag: str) -> Json:
    bodies: Mapping[Kind, Json] = {
        Kind.CREATE_CLASS: {"name": f"Class {tag}", "max_students": rng.randint(3, 7)},
        Kind.ROTATE: {"join": {"rotate": True}},
        Kind.RESIZE: {"join": {"max_students": rng.randint(6, 9)}},
        Kind.ASSIGN: {"title": f"Work {tag}", **rng.choice(ASSIGNED)},
        Kind.MOVE: {"due_at": rng.choice(DUE), "points": rng.randint(1, 50)},
        Kind.OVERRIDE: {"score_percent": rng.choice(GRADES), "note": f"note {tag}"},
        Kind.JOIN: {"display_name": f"Name {tag}"},
    }
    return bodies.get(kind, {})
