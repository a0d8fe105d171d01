"""No request takes much memory or processor time, whichever list or map its body fills."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from local.emulator import Emulator
from shared.contract.command import Command
from shared.contract.operation import Operation
from tests.integration.contract.floods import EXAMPLE, floods, operations
from tests.integration.contract.measure import MOST_SECONDS, SECONDS

ROOT = Path(__file__).resolve().parents[3]
MEGABYTES = 100
# A run takes less than six minutes on two processors.
TIMEOUT_SECONDS = 1_200
# The end of the measurement's standard error, in characters, that a failure shows.
SHOWN = 3_000
# How far a flood gets where none can be stored: a request with no list or map, with sealed ones, or
# with a list that must name who exists.
FURTHEST = {
    "cleanup_stale_sessions": "INVALID_ARGUMENT",
    "complete_session": "SESSION_CONTEXT_TAMPERED",
    "update_class": "INVALID_ARGUMENT",
    "create_assignment": "INVALID_ARGUMENT",
    "update_assignment": "INVALID_ARGUMENT",
}


class Cost(NamedTuple):
    flood: str
    megabytes: float
    seconds: float
    outcome: str


# Their requests have no list and no free map: what fills one is refused.
WITHOUT_LISTS = {
    *("daily_pack", "report_question", "create_class", "join_class", "remove_member"),
    "override_grade",
    "void_item",
}


@pytest.fixture(scope="module")
def costs(emulator: Emulator) -> dict[str, list[Cost]]:
    """The costs of all floods, by operation. One process measures all, because loading it takes
    seconds.
    """
    names = [operation.operation_id for operation in operations()]
    measured = subprocess.run(
        [sys.executable, "-m", "tests.integration.contract.measure", *names],
        cwd=ROOT,
        env={**os.environ, "FIRESTORE_EMULATOR_HOST": emulator.host},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert measured.returncode == 0, measured.stderr[-SHOWN:]
    found: dict[str, list[Cost]] = {name: [] for name in names}
    for line in measured.stdout.splitlines():
        name, *cost = json.loads(line)
        found[name].append(Cost(*cost))
    return found


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.operation_id)
def test_every_list_and_map_that_a_client_fills_is_cheap_to_take_or_refuse(
    operation: Operation[Command], costs: dict[str, list[Cost]]
) -> None:
    found = costs[operation.operation_id]

    assert [cost.flood for cost in found] == [flood.name for flood in floods(operation)]
    assert [cost for cost in found if cost.megabytes > MEGABYTES or cost.seconds > SECONDS] == [], (
        f"ended after {MOST_SECONDS} s"
    )


@pytest.mark.parametrize(
    "operation",
    [
        operation
        for operation in operations()
        if operation.honours_idempotency_key and operation.function not in WITHOUT_LISTS
    ],
    ids=lambda operation: operation.operation_id,
)
def test_some_of_what_fills_a_request_is_stored(
    operation: Operation[Command], costs: dict[str, list[Cost]]
) -> None:
    """So that no id or version in the examples makes every one of them a cheap refusal."""
    found = costs[operation.operation_id]
    (of_example,) = (cost.outcome for cost in found if cost.flood == EXAMPLE)
    outcomes = {cost.outcome for cost in found if cost.flood != EXAMPLE}
    stored = {str(int(status)) for status in operation.replies}

    if furthest := FURTHEST.get(operation.operation_id):
        assert of_example in stored
        assert furthest in outcomes
    else:
        assert outcomes & stored, outcomes


def test_the_lists_of_a_template_are_among_them() -> None:
    """So that a change of the document's form can't empty the test above."""
    (create,) = (o for o in operations() if o.operation_id == "create_template")
    filled = {flood.name.split()[0] for flood in floods(create)}

    exercise = "template_data.sections.0.exercises.0"
    assert {
        "(the",
        "student_ids",
        "mastery_criterion",
        "template_data",
        "template_data.sections",
        f"{exercise}.questions",
        f"{exercise}.questions.0.choices",
        f"{exercise}.questions.0.answer",
    } <= filled


def test_the_notation_of_firestore_is_among_them() -> None:
    filled = {
        flood.name.partition(" of ")[0]
        for operation in operations()
        if operation.operation_id in ("practice_turn", "complete_session")
        for flood in floods(operation)
    }

    source, session = "session_context.source_data", "session_context.stored_session"
    assert {
        f"{source} map in REST's notation",
        f"{source}.template_data.sections.0.exercises.0.questions list in REST's notation",
        f"{source}.template_data map with a seal",
        f"{source}.template_data map in REST's notation with a seal",
        f"{session} map in REST's notation",
        "stored_session map in REST's notation",
        "stored_session.blocks list in REST's notation",
    } <= filled
