"""firestore.indexes.json holds what the queries need; the emulator does not require indexes."""

import ast
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel

from functions.create_template.contract import CreateTemplate
from functions.practice_turn.contract import PracticeTurnReply
from local.processes import ROOT
from openapi.question_schemas import with_public_questions
from openapi.schemas import components
from shared.domain.sessions.items import LoggedItem
from shared.domain.sessions.session import Session
from shared.domain.students.student import Student
from shared.domain.templates.template import Template
from shared.firestore import idempotency_records
from shared.firestore.documents import IDEMPOTENCY, SESSIONS, STUDENTS, TEMPLATES
from shared.limits.firestore_counters import COLLECTION as LIMITS
from shared.ports.calls import IdempotencyContext, Reply
from tests.support.indexes import (
    Index,
    differences,
    index_file,
    needed,
    single_fields_of_groups,
)
from tests.support.queries import (
    Order,
    Shape,
    administration_queries,
    client_queries,
    function_queries,
)

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
        ([("a", "in")], NEWEST, ({A}, NEWEST)),
        ([("a", "in"), ("at", "<")], (), ({A}, (Order("at", "asc"),))),
    ],
)
def test_a_query_needs_a_composite_index_unless_single_fields_serve_it(
    filters: list[tuple[str, str]],
    order_by: tuple[Order, ...],
    index: tuple[set[tuple[str, str]], tuple[Order, ...]] | None,
) -> None:
    wanted = index and Index("things", frozenset(index[0]), index[1])
    assert needed(Shape("things", frozenset(filters), order_by)) == wanted


def test_a_query_of_a_group_needs_an_index_of_its_own() -> None:
    wanted = Shape("things", frozenset([A]), NEWEST)
    assert needed(wanted._replace(in_group=True)) == Index("things", frozenset([A]), NEWEST, True)
    assert needed(wanted) == Index("things", frozenset([A]), NEWEST)


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
    refs, schemas = components([CreateTemplate], [model, PracticeTurnReply])
    schemas = with_public_questions(schemas)
    fields = schemas[refs[model]["$ref"].rpartition("/")[2]]["properties"]
    large = {name for name, of in fields.items() if _is_large(of, schemas)}
    exempt = {field for group, field in _exempt() if group == collection_group}
    assert large, "the models have such fields"
    assert large <= exempt


def test_the_owners_text_and_all_of_an_idempotency_record_but_its_uid_are_exempt() -> None:
    keyed = IdempotencyContext(uid="u", function="f", key="k", request_hash="h", at=NOW)
    record = idempotency_records.fields(keyed, Reply(None))
    exempt = _exempt()
    assert {("private", "template_data"), ("private", "student_ids")} <= set(exempt)
    assert {field for group, field in exempt if group == IDEMPOTENCY} == record.keys() - {"uid"}
    assert len(set(exempt)) == len(exempt)


def test_only_idempotency_records_and_counts_of_limits_are_deleted_by_age() -> None:
    aged = [(o.collection_group, o.field_path) for o in index_file().field_overrides if o.ttl]
    assert aged == [(IDEMPOTENCY, "expire_at"), (LIMITS, "expire_at")]


def test_only_the_sweep_reports_and_administration_make_queries() -> None:
    """A query made anywhere else would escape the tests above."""
    begin = {"collection", "collections", "collection_group", "list_documents"}
    makers = {
        str(path.relative_to(ROOT))
        for folder in ("shared", "functions", "admin")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in begin
    }
    assert makers == {
        "shared/firestore/class_assignments.py",
        "shared/firestore/class_data.py",
        "shared/firestore/classes.py",
        "shared/firestore/packs.py",
        "shared/firestore/sweep.py",
        "shared/firestore/question_reports.py",
        "shared/firestore/regrading.py",
        "shared/firestore/session_logs.py",
        "shared/firestore/personal_data.py",
        "shared/firestore/migration.py",
        "shared/firestore/session_migration.py",
    }


def _exempt() -> list[tuple[str, str]]:
    overrides = index_file().field_overrides
    return [(o.collection_group, o.field_path) for o in overrides if not o.indexes]


def test_fields_by_which_a_collection_group_is_queried_are_indexed_for_it() -> None:
    indexed = {
        (override.collection_group, override.field_path, mode, index.query_scope)
        for override in index_file().field_overrides
        for index in override.indexes
        for mode in ["array-contains" if index.array_config else "=="]
    }
    wanted = {(*of, "COLLECTION_GROUP") for of in single_fields_of_groups(SHAPES)}
    # The indexes of one collection alone are automatic only where a field has no others.
    fields = {(group, field) for group, field, _, _ in wanted}
    alone = {(*of, "==", "COLLECTION") for of in fields}
    alone |= {(*of[:3], "COLLECTION") for of in wanted}
    assert indexed == wanted | alone


def _is_large(of: Mapping[str, Any], schemas: Mapping[str, Any]) -> bool:
    """Free maps, and texts that may exceed the 1,500 bytes of an index entry."""
    if "$ref" in of:
        of = schemas[of["$ref"].rpartition("/")[2]]
    if of.get("type") == "object" and of.get("additionalProperties"):
        return True
    if of.get("maxLength", 0) > 1_500:
        return True
    inner = [*of.get("anyOf", []), *of.get("properties", {}).values()]
    return any(_is_large(part, schemas) for part in inner)
