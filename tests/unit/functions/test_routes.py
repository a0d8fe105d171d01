"""The paths of functions of turns: each declared operation has a handler, and no other path has
one.
"""

from collections.abc import Sequence
from typing import Any

import pytest

from functions.assignment_turn import main as assignment
from functions.practice_turn import main as practice
from shared.contract.operation import operations_of
from shared.wiring.routes import Route

ROUTES: dict[str, Sequence[Route[Any, Any]]] = {
    "practice_turn": (practice.NATIVE, *practice.doors()),
    "assignment_turn": (assignment.NATIVE, *assignment.doors()),
}

of_each = pytest.mark.parametrize("function", ROUTES)


def matching(function: str, path: str) -> list[str]:
    operations = [route.operation for route in ROUTES[function]]
    return [operation.operation_id for operation in operations if operation.matches(path)]


@of_each
def test_every_declared_operation_has_a_handler(function: str) -> None:
    declared = [operation.operation_id for operation in operations_of(function)]
    routed = [route.operation.operation_id for route in ROUTES[function]]
    assert sorted(routed) == sorted(declared)


@of_each
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("", ""),
        ("/", ""),
        ("/runs/wait", "_runs_wait"),
        ("/runs/wait/", "_runs_wait"),
        ("//runs/stream", "_runs_stream"),
        ("/threads", "_threads"),
        ("/agui", "_agui"),
        ("/threads/any-id/runs/wait", "_thread_runs_wait"),
        ("/threads/{thread_id}/runs/stream", "_thread_runs_stream"),
    ],
)
def test_a_path_leads_to_one_operation(function: str, path: str, name: str) -> None:
    assert matching(function, path) == [f"{function}{name}"]


@of_each
@pytest.mark.parametrize(
    "path",
    [
        *("/runs", "/wait", "/runs/wait/more", "/agui/run"),
        *("/threads//runs/wait", "/threads/a", "/threads/a/runs"),
    ],
)
def test_other_paths_lead_nowhere(function: str, path: str) -> None:
    assert matching(function, path) == []
