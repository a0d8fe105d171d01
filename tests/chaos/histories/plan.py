"""What a history's clients will do, drawn from a seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.chaos.histories.weather import Faults, Weather

Json = dict[str, Any]


class Kind(StrEnum):
    START = "start"
    UPDATE = "update"
    COMPLETE = "complete"
    SWEEP = "sweep"
    AGE = "age"  # time passes: a session looks as if its student had left it
    BEGIN = "begin"
    ANSWER = "answer"
    STORE = "store"
    ADOPT = "adopt"  # goes on from the stored state, as another device would


class Place(StrEnum):
    """What a session is made from."""

    ASSIGNED = "assigned"
    PUBLIC = "public"
    BLANK = "blank"
    PRACTICE = "practice"


class Delivery(StrEnum):
    """How a request is sent, and what its client does when no good answer comes."""

    ONCE = "once"
    PATIENT = "without a key, again after a 503"
    KEYED = "with a key, again after a 503"
    GIVEN_UP = "with a key, given up after a 503"
    AGAIN = "with a key, and again although it was answered"
    TOGETHER = "with one key, three at once"
    OTHER_BODY = "with a key, which then comes with another body"
    TWINS = "without a key, two at once"


@dataclass(frozen=True)
class Step:
    """`back` counts from the newest session of its student and place; `behind` from the newest
    revision known, None to send no revision. `right` and `hinted` are for an answer.
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
    """`streaks` has, for each student, the days practised up to yesterday."""

    seed: int
    weather: Weather
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
    Delivery.PATIENT: 10,
    Delivery.KEYED: 26,
    Delivery.GIVEN_UP: 10,
    Delivery.AGAIN: 6,
    Delivery.TOGETHER: 10,
    Delivery.OTHER_BODY: 5,
    Delivery.TWINS: 7,
}
ZONES = ["UTC", "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", None]
NODES = ["scales", "arpeggios", "Blues", "March", "question-1", "question-2", "question-3"]


def plan_of(seed: int, *, steps: int | None = None, weather: Weather | None = None) -> Plan:
    """The same seed, steps and weather give the same plan. `steps` is for each client."""
    rng = random.Random(f"plan/{seed}")
    clients, students = rng.randint(2, 6), rng.randint(1, 2)
    drawn, length = rng.choice(list(Weather)), rng.randint(30, 120)
    harshness = rng.uniform(0.3, 1)
    weather = weather or drawn
    return Plan(
        seed=seed,
        weather=weather,
        faults=Faults(seed, weather, harshness),
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
    kind = _drawn(rng, KINDS)
    practising = kind in (Kind.BEGIN, Kind.ANSWER, Kind.STORE, Kind.ADOPT)
    place = Place.PRACTICE if practising else _drawn(rng, PLACES)
    if kind in (Kind.COMPLETE, Kind.AGE) and rng.random() < 0.3:
        place = Place.PRACTICE
    body = _body(rng, kind, tag=f"{client}.{number}")
    if kind is Kind.UPDATE and "session_data" in body and rng.random() < 0.12:
        # What the seal does not vouch for may change beside it.
        place, body = Place.PRACTICE, {"session_data": body["session_data"]}
    return Step(
        number=number,
        kind=kind,
        student=rng.randrange(students),
        place=place,
        delivery=_drawn(rng, DELIVERIES),
        body=body,
        back=int(rng.random() < 0.12),
        behind=rng.choice([None, None, 0, 0, 1]),
        right=rng.random() < 0.6,
        hinted=rng.random() < 0.2,
    )


def _drawn(rng: random.Random, weights: Mapping[Any, int]) -> Any:
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
    """A few top-level keys, their values telling which step they come from, but for some."""
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
    """One in three looks just like others of its kind, as items do that are sent twice."""
    item: Json = {"node_id": rng.choice(NODES)}
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
