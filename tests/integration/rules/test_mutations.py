"""Mutation tests of the rules: a change of any condition, verb or path fails some case.

Coverage shows that a condition was tried both ways; this shows that a change is detected.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from itertools import product
from typing import NamedTuple

import pytest

from local.emulator import RULES
from tests.integration.rules.conftest import NewProject, StoreClient
from tests.integration.rules.filtered_lists import LISTINGS, Listing
from tests.integration.rules.mutants import Mutant, mutants
from tests.integration.rules.rest_client import Caller, RulesProject
from tests.integration.rules.table import (
    ACTORS,
    SIGNED_IN,
    TABLE,
    WRITES,
    Cell,
    Row,
    asked,
    callers,
    expected,
    store_rows,
)

EVERY = mutants(RULES.read_text())
SAMPLE = """\
service cloud.firestore {
  match /databases/{database}/documents {
    // allow read: if never();
    match /students/{uid} {
      allow get: if known(uid) && (uid == 'a && b' || f(1, (2)));
      function known(uid) {
        return uid is string;
      }
    }
    match /others/one {
      allow list, write;
    }
  }
}
"""


class Case(NamedTuple):
    cell: Cell
    expected: int
    ask: Callable[[Mapping[str, Caller]], int]


def cases(rows: Sequence[Row] = TABLE) -> Iterator[Case]:
    """The whole table, and the filtered lists of its documents."""
    for row, actor in product(rows, ACTORS):
        for operation, status in expected(row, actor).items():
            yield _of_table(row, actor, operation, status)
    paths = {row.path for row in rows}
    for listing, actor in product(LISTINGS, ACTORS):
        if listing.path in paths:
            yield _of_listing(listing, actor)


def _of_table(row: Row, actor: str, operation: str, status: int) -> Case:
    cell = Cell(actor, row.path, operation)
    return Case(cell, status, lambda who: asked({actor: who[actor]}, [operation], [row])[cell])


def _of_listing(listing: Listing, actor: str) -> Case:
    status = HTTPStatus.OK if actor in listing.by else HTTPStatus.FORBIDDEN
    cell = Cell(actor, listing.path, "list")
    return Case(cell, status, lambda who: listing.asked(who[actor]))


def likely_first(mutant: Mutant, rows: Sequence[Row]) -> list[Case]:
    """Cases near the change first: denied ones if it loosens the rules, else granted ones."""
    return sorted(
        cases(rows),
        key=lambda case: (
            mutant.concerns(case.cell.path),
            (case.expected == HTTPStatus.FORBIDDEN) is not mutant.loosens,
            (case.cell.operation in WRITES) is not mutant.name.endswith("write`"),
            # Cases that only a condition denies, then those that only a path denies.
            case.cell.actor in SIGNED_IN,
            -case.cell.path.count("/"),
        ),
    )


class MutantTester:
    """Finds a case with an unexpected outcome."""

    def __init__(self, new_project: NewProject, store_client: StoreClient) -> None:
        self._new_project = new_project
        self._store_client = store_client

    def detects(self, mutant: Mutant, rows: Sequence[Row] = TABLE) -> Cell | None:
        project_id = f"demo-mutant-{zlib.crc32(mutant.rules.encode())}"
        project = self._new_project(project_id, mutant.rules)
        with self._store_client(project_id) as client:
            store_rows(client, rows)
        everyone = callers(project)
        for case in likely_first(mutant, rows):
            if case.ask(everyone) != case.expected:
                return case.cell
        return None


@pytest.fixture(scope="module")
def tester(new_project: NewProject, store_client: StoreClient) -> MutantTester:
    return MutantTester(new_project, store_client)


@pytest.mark.parametrize("mutant", EVERY, ids=str)
def test_a_change_of_any_condition_verb_or_path_is_detected(
    mutant: Mutant, tester: MutantTester
) -> None:
    assert tester.detects(mutant), f"no case detects that {mutant}"


@pytest.mark.parametrize("listing", LISTINGS, ids=lambda listing: listing.name)
def test_a_filtered_list_is_granted_only_where_the_filter_proves_the_right(
    listing: Listing, project: RulesProject
) -> None:
    granted = {name for name, caller in callers(project).items() if listing.asked(caller) == 200}
    assert granted == set(listing.by)


def test_a_change_of_a_redundant_condition_is_not_detected(tester: MutantTester) -> None:
    """An undetected change is reported, and does not depend on the order of cases."""
    own = "allow get: if uid == request.auth.uid"
    twice = RULES.read_text().replace(own, f"{own} && request.auth.uid == uid")
    assert twice != RULES.read_text()
    rows = [row for row in TABLE if row.path.startswith("students/")]

    survivors = {
        mutant.name.partition(": ")[2]
        for mutant in mutants(twice)
        if mutant.path == "/students/{uid}" and not tester.detects(mutant, rows)
    }

    assert survivors == {
        "`uid == request.auth.uid` becomes `true`",
        "`request.auth.uid == uid` becomes `true`",
    }


def test_every_condition_verb_and_path_is_mutated() -> None:
    changed = [(mutant.path, mutant.name, mutant.loosens) for mutant in mutants(SAMPLE)]

    whole = "known(uid) && (uid == 'a && b' || f(1, (2)))"
    student, other = "/students/{uid}", "/others/one"
    assert changed == [
        (student, f"line 5: `{whole}` becomes `true`", True),
        (student, f"line 5: `{whole}` becomes `false`", False),
        (student, "line 5: `known(uid)` becomes `true`", True),
        (student, "line 5: `(uid == 'a && b' || f(1, (2)))` becomes `true`", True),
        (student, "line 5: `uid == 'a && b'` becomes `false`", False),
        (student, "line 5: `f(1, (2))` becomes `false`", False),
        (student, "line 7: `uid is string` becomes `true`", True),
        (student, "line 7: `uid is string` becomes `false`", False),
        (student, "line 5: `get` becomes `get, list`", True),
        (student, "line 5: `get` becomes `get, write`", True),
        (other, "line 11: `list, write` becomes `create, update, delete`", False),
        (other, "line 11: `list, write` becomes `list, update, delete`", False),
        (other, "line 11: `list, write` becomes `list, create, delete`", False),
        (other, "line 11: `list, write` becomes `list, create, update`", False),
        (other, "line 11: `list, write` becomes `list, write, get`", True),
        ("/students/{uid=**}", "line 4: `{uid}` becomes `{uid=**}`", True),
        ("/others/{any}", "line 10: `one` becomes `{any}`", True),
    ]
    assert "match /students/{uid} {\n      allow get: if false;\n" in mutants(SAMPLE)[1].rules
