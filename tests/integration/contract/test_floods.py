"""No request takes much memory or processor time, whichever list or map its body fills."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shared.contract.command import Command
from shared.contract.operation import Operation
from tests.integration.contract.floods import floods, operations
from tests.integration.contract.measure import MOST_SECONDS, SECONDS

ROOT = Path(__file__).resolve().parents[3]
MEGABYTES = 100


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.operation_id)
def test_every_list_and_map_that_a_client_fills_is_cheap_to_refuse(
    operation: Operation[Command],
) -> None:
    measured = subprocess.run(
        [sys.executable, "-m", "tests.integration.contract.measure", operation.operation_id],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    costs = [json.loads(line) for line in measured.stdout.splitlines()]

    assert len(costs) == sum(1 for _ in floods(operation))
    assert [cost for cost in costs if cost[1] > MEGABYTES or cost[2] > SECONDS] == [], (
        f"of [flood, megabytes, seconds], ended after {MOST_SECONDS} s"
    )


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
