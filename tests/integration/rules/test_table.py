"""Every actor, document and operation, sent to the emulator under firestore.rules."""

import pytest

from tests.integration.rules.conftest import NewProject, StoreClient, TableRun
from tests.integration.rules.coverage import gaps
from tests.integration.rules.table import (
    ACTORS,
    OPERATIONS,
    TABLE,
    Cell,
    Row,
    asked,
    callers,
    expected,
    store_rows,
)

RULES = """\
rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents {
    match /students/{uid} {
      %s
    }
  }
}
"""


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.path)
@pytest.mark.parametrize("actor", ACTORS)
def test_every_actor_may_do_exactly_what_the_table_grants(
    actor: str, row: Row, table_run: TableRun
) -> None:
    answered = {o: table_run.statuses[Cell(actor, row.path, o)] for o in OPERATIONS}
    assert answered == expected(row, actor)


def test_the_table_tries_every_condition_of_the_rules_both_ways(table_run: TableRun) -> None:
    assert gaps(table_run.report) == []


@pytest.mark.parametrize(
    ("allow", "gap"),
    [
        ("allow get: if request.auth.uid == uid;", []),
        (
            "allow get: if request.auth.uid == uid || true;",
            ["line 5, `request.auth.uid == uid || true`: only ever true"],
        ),
        (
            "allow get: if uid == 'nobody';",
            ["line 5, `uid == 'nobody'`: only ever false"],
        ),
        (
            "allow get: if request.auth.uid == uid; allow list: if uid == 'a';",
            ["line 5, `uid == 'a'`: never evaluated", "line 5, `uid`: never evaluated"],
        ),
        (
            "function unused() { return 1 == 2; } allow get: if request.auth.uid == uid;",
            ["line 5, `1 == 2`: never evaluated"],
        ),
        ("allow get: if true;", ["line 5: allow without a condition"]),
        ("allow get, list;", ["line 5: allow without a condition"]),
    ],
)
def test_a_condition_not_tried_both_ways_is_reported(
    allow: str, gap: list[str], new_project: NewProject, store_client: StoreClient
) -> None:
    project = new_project("demo-coverage", RULES % allow)
    rows = [row for row in TABLE if row.path == "students/student"]
    with store_client(project.project_id) as client:
        store_rows(client, rows)
    asked(callers(project), ["get"], rows)
    assert gaps(project.coverage()) == gap
