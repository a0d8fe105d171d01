"""The paths of practice_turn: each declared operation has a handler, and no other path has one."""

import pytest

from functions.practice_turn.main import ROUTES
from shared.contract.operation import operations_of


def matching(path: str) -> list[str]:
    operations = [route.operation for route in ROUTES]
    return [operation.operation_id for operation in operations if operation.matches(path)]


def test_every_declared_operation_has_a_handler() -> None:
    declared = [operation.operation_id for operation in operations_of("practice_turn")]
    assert sorted(route.operation.operation_id for route in ROUTES) == sorted(declared)


@pytest.mark.parametrize(
    ("path", "operation_id"),
    [
        ("", "practice_turn"),
        ("/", "practice_turn"),
        ("/runs/wait", "practice_turn_runs_wait"),
        ("/runs/wait/", "practice_turn_runs_wait"),
        ("//runs/stream", "practice_turn_runs_stream"),
        ("/threads", "practice_turn_threads"),
        ("/agui", "practice_turn_agui"),
        ("/threads/any-id/runs/wait", "practice_turn_thread_runs_wait"),
        ("/threads/{thread_id}/runs/stream", "practice_turn_thread_runs_stream"),
    ],
)
def test_a_path_leads_to_one_operation(path: str, operation_id: str) -> None:
    assert matching(path) == [operation_id]


@pytest.mark.parametrize(
    "path",
    [
        *("/runs", "/wait", "/runs/wait/more", "/agui/run"),
        *("/threads//runs/wait", "/threads/a", "/threads/a/runs"),
    ],
)
def test_other_paths_lead_nowhere(path: str) -> None:
    assert matching(path) == []
