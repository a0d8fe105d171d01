"""firestore.indexes.json holds what the queries need: the emulator would not tell."""

import ast
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import BaseModel

from local.emulator import Emulator
from local.processes import ROOT
from shared.domain.sessions.items import LoggedItem
from shared.domain.sessions.session import Session
from shared.domain.students.student import Student
from shared.domain.templates.template import Template
from shared.firestore import idempotency_records, sweep
from shared.firestore.client import Client
from shared.firestore.database import Database
from shared.firestore.documents import IDEMPOTENCY, SESSIONS, STUDENTS, TEMPLATES
from shared.firestore.erasure import Erasure
from shared.firestore.personal_data import PersonalData
from shared.limits.firestore_counters import COLLECTION as LIMITS
from shared.ports.calls import IdempotencyContext, Reply
from tests.queries import (
    Order,
    Shape,
    administration_queries,
    client_queries,
    function_queries,
)
from tests.rules.indexes import Index, differences, index_file, needed
from tests.rules.recording import Recorder

NOW = datetime(2025, 3, 1, tzinfo=UTC)
SHAPES = [
    query.shape for query in (*client_queries(), *function_queries(), *administration_queries())
]
COMPOSITES = index_file().indexes

NEWEST = (Order("at", "desc"),)
A = ("a", "==")
B = ("b", "==")


def test_the_file_holds_exactly_the_composite_indexes_that_the_queries_need() -> None:
    assert differences(SHAPES, COMPOSITES) == []


@pytest.mark.parametrize("position", range(len(COMPOSITES)))
def test_an_index_taken_out_of_the_file_is_missed(position: int) -> None:
    left = [*COMPOSITES[:position], *COMPOSITES[position + 1 :]]
    (difference,) = differences(SHAPES, left)
    assert difference.startswith("missing: ")


@pytest.mark.parametrize("position", range(len(COMPOSITES)))
def test_a_changed_index_is_both_superfluous_and_missed(position: int) -> None:
    composite = COMPOSITES[position]
    last = composite.fields[-1]
    other_way = "ASCENDING" if last.order == "DESCENDING" else "DESCENDING"
    turned = last.model_copy(update={"order": other_way})
    changed = composite.model_copy(update={"fields": (*composite.fields[:-1], turned)})
    found = differences(SHAPES, [*COMPOSITES[:position], changed, *COMPOSITES[position + 1 :]])
    assert [difference.partition(":")[0] for difference in found] == ["missing", "superfluous"]


def test_an_index_that_no_query_needs_is_noticed() -> None:
    owner, *_, updated_at = COMPOSITES[0].fields
    extra = COMPOSITES[0].model_copy(update={"fields": (updated_at, owner)})
    (difference,) = differences(SHAPES, [*COMPOSITES, extra])
    assert difference.startswith("superfluous: ")


def test_two_indexes_that_serve_the_same_queries_are_noticed() -> None:
    owner, archived, updated = COMPOSITES[0].fields
    again = COMPOSITES[0].model_copy(update={"fields": (archived, owner, updated)})
    (difference,) = differences(SHAPES, [*COMPOSITES, again])
    assert difference.startswith("twice: ")


@pytest.mark.parametrize(
    ("filters", "order_by", "index"),
    [
        ([], (), None),
        ([], NEWEST, None),
        ([A], (), None),
        ([("at", "<")], (), None),
        ([("at", "<")], NEWEST, None),
        ([("at", "==")], NEWEST, None),
        ([A, B], (), None),
        ([("tags", "array-contains")], (), None),
        ([A], NEWEST, ({A}, NEWEST)),
        ([A, B], NEWEST, ({A, B}, NEWEST)),
        ([("tags", "array-contains")], NEWEST, ({("tags", "array-contains")}, NEWEST)),
        ([A, ("tags", "array-contains")], (), ({A, ("tags", "array-contains")}, ())),
        ([A, ("at", "<")], (), ({A}, (Order("at", "asc"),))),
        ([A, ("at", "<")], NEWEST, ({A}, NEWEST)),
        ([A], (*NEWEST, Order("__name__", "desc")), ({A}, NEWEST)),
        ([A], (*NEWEST, Order("__name__", "asc")), ({A}, (*NEWEST, Order("__name__", "asc")))),
        ([], (Order("a", "asc"), *NEWEST), (set(), (Order("a", "asc"), *NEWEST))),
    ],
)
def test_a_query_needs_a_composite_index_unless_single_fields_serve_it(
    filters: list[tuple[str, str]],
    order_by: tuple[Order, ...],
    index: tuple[set[tuple[str, str]], tuple[Order, ...]] | None,
) -> None:
    wanted = index and Index("things", frozenset(index[0]), index[1])
    assert needed(Shape("things", frozenset(filters), order_by)) == wanted


def test_no_field_that_a_query_names_is_exempt_from_indexing() -> None:
    named = {
        (shape.collection_group, field)
        for shape in SHAPES
        for field in [*(field for field, _ in shape.filters), *(o.field for o in shape.order_by)]
    }
    assert named & set(_exempt()) == set()


@pytest.mark.parametrize(
    ("collection_group", "model"),
    [(TEMPLATES, Template), (SESSIONS, Session), ("items", LoggedItem), (STUDENTS, Student)],
)
def test_fields_that_hold_free_json_or_long_text_are_exempt_from_indexing(
    collection_group: str, model: type[BaseModel]
) -> None:
    schema = model.model_json_schema(mode="serialization")
    large = {name for name, of in schema["properties"].items() if _is_large(of, schema)}
    exempt = {field for group, field in _exempt() if group == collection_group}
    assert large, "the models have such fields"
    assert large <= exempt


def test_the_owners_text_is_exempt_and_so_is_of_idempotency_records_all_but_whose_it_is() -> None:
    keyed = IdempotencyContext(uid="u", function="f", key="k", request_hash="h", at=NOW)
    record = idempotency_records.fields(keyed, Reply(None))
    exempt = _exempt()
    assert ("private", "template_data") in exempt
    assert {field for group, field in exempt if group == IDEMPOTENCY} == record.keys() - {"uid"}
    assert len(set(exempt)) == len(exempt)


def test_idempotency_records_and_counts_of_limits_alone_are_deleted_by_age() -> None:
    aged = [(o.collection_group, o.field_path) for o in index_file().field_overrides if o.ttl]
    assert aged == [(IDEMPOTENCY, "expire_at"), (LIMITS, "expire_at")]


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def recorded(
    recorder: Recorder, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """A store over a project of its own, every query of which is kept."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", emulator.host)
    emulator.clear("demo-recorded")
    client = Client(project="demo-recorded", interceptors=[recorder])
    yield Database(client)
    client.close()


def test_each_query_that_the_store_makes_is_in_the_list_and_the_other_way_round(
    recorder: Recorder, recorded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "PAGE", 2)  # so that there are several
    for n in range(5):
        recorded.client.document(SESSIONS, f"stale-{n}").set(
            {
                "student_id": "sam",
                "template_id": None,
                "status": "active",
                "started_at": NOW - timedelta(days=3),
                "last_activity_at": NOW - timedelta(days=2, minutes=n),
                "revision": 1,
            }
        )
    for dry_run, limit in ((True, 3), (False, 3), (False, 10)):
        sweep.FirestoreStaleSessionSweeper(recorded).sweep(
            lambda _: Reply(None),
            stale_before=NOW - timedelta(days=1),
            limit=limit,
            dry_run=dry_run,
            idempotency=IdempotencyContext(
                uid="scheduler", function="cleanup", key=None, request_hash="", at=NOW
            ),
        )
    assert recorder.methods == {"RunQuery", "RunAggregationQuery"}
    listed = {needed(query.shape) for query in function_queries()}
    assert {needed(shape) for shape in recorder.shapes} == listed
    assert {shape.filters for shape in recorder.shapes} == {
        query.shape.filters for query in function_queries()
    }


def test_each_query_that_administration_makes_is_in_the_list_and_the_other_way_round(
    recorder: Recorder, recorded: Database
) -> None:
    for path, fields in {
        f"{SESSIONS}/one": {"student_id": "sam", "status": "completed", "template_id": None},
        f"{SESSIONS}/one/items/first": {"index": 0},
        f"{SESSIONS}/other": {"student_id": "sue", "teacher_id": "sam", "revision": 1},
        f"{TEMPLATES}/own": {"owner_id": "sam", "visibility": "private", "student_ids": []},
        f"{TEMPLATES}/other": {"owner_id": "tom", "student_ids": ["sam", "sue"]},
        f"{STUDENTS}/sam/skills/scales": {"p_mastery": 0.5},
        f"{IDEMPOTENCY}/record": {"uid": "sam"},
        "active_sessions/lock": {"student_id": "sam", "session_id": "gone"},
    }.items():
        recorded.client.document(path).set(fields)
    person = PersonalData(recorded, "sam")
    assert sum(person.counts().values()) + sum(person.count_items()) == 8
    steps = list(Erasure(person).one_pass())
    assert sum(step.total() for step in steps) == 8
    listed = {query.shape for query in administration_queries()}
    assert {(shape.collection_group, shape.filters) for shape in recorder.shapes} == {
        (shape.collection_group, shape.filters) for shape in listed
    }
    in_any_order = {
        replaced for shape in listed for replaced in (shape, shape._replace(order_by=()))
    }
    assert set(recorder.shapes) <= in_any_order


def test_only_the_sweep_and_administration_make_queries() -> None:
    """A query made anywhere else would escape the tests above."""
    begin = {"collection", "collections", "collection_group", "list_documents"}
    makers = {
        str(path.relative_to(ROOT))
        for folder in ("shared", "functions", "admin")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in begin
    }
    assert makers == {"shared/firestore/sweep.py", "shared/firestore/personal_data.py"}


def _exempt() -> list[tuple[str, str]]:
    return [(o.collection_group, o.field_path) for o in index_file().field_overrides]


def _is_large(of: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    """Free maps, and texts that outgrow the 1,500 bytes of an index entry."""
    if "$ref" in of:
        of = schema["$defs"][of["$ref"].rpartition("/")[2]]
    if of.get("type") == "object" and of.get("additionalProperties"):
        return True
    if of.get("maxLength", 0) > 1_500:
        return True
    inner = [*of.get("anyOf", []), *of.get("properties", {}).values()]
    return any(_is_large(part, schema) for part in inner)
