"""The plan of a history: the steps of its clients, drawn from a seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.chaos.histories.fault_level import FaultLevel, Faults

Json = dict[str, Any]


class Kind(StrEnum):
    START = "start"
    UPDATE = "update"
    COMPLETE = "complete"
    SWEEP = "sweep"
    AGE = "age"  # moves a session's times back, as if its student had left it
    BEGIN = "begin"
    ANSWER = "answer"
    STORE = "store"
    ADOPT = "adopt"  # continues from the stored state, as another device would


class Place(StrEnum):
    """The kind of a session: from a template, blank, or infinite practice."""

    ASSIGNED = "assigned"
    PUBLIC = "public"
    BLANK = "blank"
    PRACTICE = "practice"


class Delivery(StrEnum):
    """How a request is sent, and how its client reacts to a 503."""

    ONCE = "once"
    RETRIED = "without a key, again after a 503"
    RETRIED_WITH_KEY = "with a key, again after a 503"
    GIVEN_UP = "with a key, given up after a 503"
    REPEATED = "with a key, repeated although it was answered"
    CONCURRENT_WITH_KEY = "with one key, three at once"
    OTHER_BODY = "with a key, then with the same key and another body"
    CONCURRENT = "without a key, two at once"


@dataclass(frozen=True)
class Step:
    """One step of a client.

    `back` counts back from the newest session of its student and place. `behind` counts back from
    the newest known revision; with None no revision is sent. `right` and `hinted` apply to answers.
    """

    number: int
    kind: Kind
    student: int
    place: Place
    delivery: Delivery
    body: Json = field(default_factory=dict)
    back: int = 0
    behind: int | None = None
    right: bool = True
    hinted: bool = False


@dataclass(frozen=True)
class Plan:
    """`streaks` has the streak of each student up to yesterday, in days."""

    seed: int
    fault_level: FaultLevel
    faults: Faults
    streaks: list[int]
    steps: list[list[Step]]  # of each client


KINDS = {
    Kind.START: 14,
    Kind.UPDATE: 34,
    Kind.COMPLETE: 6,
    Kind.SWEEP: 4,
    Kind.AGE: 4,
    Kind.BEGIN: 7,
    Kind.ANSWER: 16,
    Kind.STORE: 10,
    Kind.ADOPT: 3,
}
PLACES = {Place.ASSIGNED: 5, Place.PUBLIC: 3, Place.BLANK: 2}
DELIVERIES = {
    Delivery.ONCE: 26,
    Delivery.RETRIED: 10,
    Delivery.RETRIED_WITH_KEY: 26,
    Delivery.GIVEN_UP: 10,
    Delivery.REPEATED: 6,
    Delivery.CONCURRENT_WITH_KEY: 10,
    Delivery.OTHER_BODY: 5,
    Delivery.CONCURRENT: 7,
}
ZONES = ["UTC", "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", None]
NODES = ["scales", "arpeggios", "Blues", "March", "question-1", "question-2", "question-3"]


def plan_of(seed: int, *, steps: int | None = None, fault_level: FaultLevel | None = None) -> Plan:
    """The plan of a seed. `steps` is the number for each client. Defaults are drawn."""
    rng = random.Random(f"plan/{seed}")
    clients, students = rng.randint(2, 6), rng.randint(1, 2)
    drawn, length = rng.choice(list(FaultLevel)), rng.randint(30, 120)
    intensity = rng.uniform(0.3, 1)
    fault_level = fault_level or drawn
    return Plan(
        seed=seed,
        fault_level=fault_level,
        faults=Faults(seed, fault_level, intensity),
        streaks=[rng.choice([0, 1, 4, 9]) for _ in range(students)],
        steps=[
            _steps(seed, client, students=students, count=steps or length)
            for client in range(clients)
        ],
    )


def _steps(seed: int, client: int, *, students: int, count: int) -> list[Step]:
    rng = random.Random(f"steps/{seed}/{client}")
    return [_step(rng, client, number, students) for number in range(count)]


def _step(rng: random.Random, client: int, number: int, students: int) -> Step:
    kind = _draw(rng, KINDS)
    practising = kind in (Kind.BEGIN, Kind.ANSWER, Kind.STORE, Kind.ADOPT)
    place = Place.PRACTICE if practising else _draw(rng, PLACES)
    if kind in (Kind.COMPLETE, Kind.AGE) and rng.random() < 0.3:
        place = Place.PRACTICE
    body = _body(rng, kind, tag=f"{client}.{number}")
    if kind is Kind.UPDATE and "session_data" in body and rng.random() < 0.12:
        # Session data of infinite practice may change: the seal does not cover it.
        place, body = Place.PRACTICE, {"session_data": body["session_data"]}
    return Step(
        number=number,
        kind=kind,
        student=rng.randrange(students),
        place=place,
        delivery=_draw(rng, DELIVERIES),
        body=body,
        back=int(rng.random() < 0.12),
        behind=rng.choice([None, None, 0, 0, 1]),
        right=rng.random() < 0.6,
        hinted=rng.random() < 0.2,
    )


def _draw(rng: random.Random, weights: Mapping[Any, int]) -> Any:
    return rng.choices(list(weights), list(weights.values()))[0]


def _body(rng: random.Random, kind: Kind, *, tag: str) -> Json:
    match kind:
        case Kind.START:
            data = _session_data(rng, tag) if rng.random() < 0.5 else {}
            return {**({"session_data": data} if data else {}), **_zone(rng), **_subject(rng)}
        case Kind.BEGIN:
            return _zone(rng)
        case Kind.UPDATE:
            return _update(rng, tag)
        case Kind.COMPLETE:
            return _closing(rng, tag)
        case Kind.SWEEP:
            return {
                "stale_after_minutes": 1,
                "limit": rng.choice([1, 3, 5_000]),
                "dry_run": rng.random() < 0.1,
            }
        case _:
            return {}


def _zone(rng: random.Random) -> Json:
    zone = rng.choice(ZONES)
    return {} if zone is None else {"timezone": zone}


def _subject(rng: random.Random) -> Json:
    return {"subject": "Own"} if rng.random() < 0.2 else {}


def _update(rng: random.Random, tag: str) -> Json:
    shape = rng.choice(["data", "items", "items", "both"])
    items = [_item(rng, f"{tag}.{n}") for n in range(rng.choice([1, 1, 2, 3]))]
    return {
        **({"session_data": _session_data(rng, tag)} if shape != "items" else {}),
        **({"items": items} if shape != "data" else {}),
    }


def _session_data(rng: random.Random, tag: str) -> Json:
    """A few top-level keys. Most values contain the step's tag."""
    own = {"name": "Own", "exercises": [{"id": "scales", "name": "Scales"}, {"name": tag}]}
    choices: list[Json] = [
        {"notes": f"note of {tag}"},
        {"mood": {"by": tag, "level": rng.randrange(5)}},
        {f"extra-{rng.randrange(3)}": tag},
        {"focus_score": rng.randint(1, 10)},
        {"sections": [own]},
    ]
    weights = [5, 5, 5, 2, 1]
    chosen = rng.choices(choices, weights, k=rng.choice([1, 2]))
    return {key: value for change in chosen for key, value in change.items()}


def _item(rng: random.Random, tag: str) -> Json:
    """An item. One in three equals other items, like items that are sent twice."""
    item: Json = {"node_id": rng.choice(NODES), "extra": True}
    if item["node_id"].startswith("question"):
        item["correct"] = rng.random() < 0.6
    if rng.random() < 0.66:
        item["duration_ms"] = rng.randrange(86_400_000)
        item |= rng.choice([{}, {"grade": "good"}, {"notes": tag}, {"completed": False}])
    return item


def _closing(rng: random.Random, tag: str) -> Json:
    return rng.choice(
        [
            {},
            {"notes": f"closed by {tag}"},
            {"time_spent_seconds": rng.randrange(4_000)},
            {"actual_duration_minutes": rng.randrange(90), "focus_score": rng.randint(1, 10)},
            {"topic": f"topic {tag}", "energy_level": 7},
        ]
    )
