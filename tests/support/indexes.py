"""Which composite index a query needs, by Firestore's rules for the Standard edition.

From https://firebase.google.com/docs/firestore/query-data/index-overview:

- Every field has single-field indexes of its own. They serve a query on one field, whether it
  filters, sorts or does both, and, merged, a query of equalities alone.
- Any other query needs a composite index of exactly its fields: those compared for equality or
  membership first, in any order, then those it sorts by, in their order and direction. An index on
  fewer or on more fields does not serve it, nor one that runs the other way.
- A range sorts by its field, ascending, unless the query says how. The document's name comes last,
  in the direction of the field before it, whether or not the query names it.

Firestore can also merge composite indexes that end in the same order. When it does is not
documented precisely, and it reads more entries than one index made for the query, so nothing here
counts on it.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from local.processes import ROOT
from tests.support.queries import Order, Shape

INDEXES = ROOT / "firestore.indexes.json"
# "in" is a query for each value, of one index.
EQUALITIES = {"==": "==", "in": "==", "array-contains": "array-contains"}
NAME = "__name__"


class Index(NamedTuple):
    """A needed composite index; its equality fields may come in any order."""

    collection_group: str
    equal: frozenset[tuple[str, str]]
    order_by: tuple[Order, ...]
    in_group: bool = False


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Scope = Literal["COLLECTION", "COLLECTION_GROUP"]


class IndexField(_Strict):
    field_path: str = Field(alias="fieldPath")
    order: Literal["ASCENDING", "DESCENDING"] | None = None
    array_config: Literal["CONTAINS"] | None = Field(default=None, alias="arrayConfig")

    @model_validator(mode="after")
    def _one_mode(self) -> "IndexField":
        _require_one_mode(self)
        return self


class Composite(_Strict):
    collection_group: str = Field(alias="collectionGroup")
    query_scope: Scope = Field(alias="queryScope")
    fields: tuple[IndexField, ...] = Field(min_length=2)


class FieldIndex(_Strict):
    order: Literal["ASCENDING"] | None = None
    array_config: Literal["CONTAINS"] | None = Field(default=None, alias="arrayConfig")
    query_scope: Scope = Field(alias="queryScope")

    @model_validator(mode="after")
    def _one_mode(self) -> "FieldIndex":
        _require_one_mode(self)
        return self


class FieldOverride(_Strict):
    """`indexes` replaces the automatic single-field indexes; an empty one exempts the field.

    Those of collection groups are not automatic.
    """

    collection_group: str = Field(alias="collectionGroup")
    field_path: str = Field(alias="fieldPath")
    ttl: bool = False
    indexes: tuple[FieldIndex, ...]


class IndexFile(_Strict):
    indexes: list[Composite]
    field_overrides: list[FieldOverride] = Field(alias="fieldOverrides")


def _require_one_mode(field: "IndexField | FieldIndex") -> None:
    if (field.order is None) == (field.array_config is None):
        raise ValueError("a field is ordered or searched as an array, one of the two")


def index_file() -> IndexFile:
    """firestore.indexes.json. Raises ValidationError where firebase-tools would refuse it."""
    return TypeAdapter(IndexFile).validate_json(INDEXES.read_bytes())


def needed(query: Shape) -> Index | None:
    """The composite index without which Firestore refuses the query; None when it needs none."""
    equal = frozenset((field, EQUALITIES[op]) for field, op in query.filters if op in EQUALITIES)
    ranges = sorted({field for field, op in query.filters if op not in EQUALITIES})
    order = _without_implied_name(query.order_by) or tuple(Order(f, "asc") for f in ranges)
    if missing := set(ranges) - {o.field for o in order}:
        raise ValueError(f"sort by {missing} too: which index serves the query is unclear")
    fields = {field for field, _ in equal} | {o.field for o in order}
    if len(fields) < 2:
        return None
    if not order and all(op == "==" for _, op in equal):
        return None
    return Index(query.collection_group, equal, order, query.in_group)


def single_fields_of_groups(queries: Iterable[Shape]) -> set[tuple[str, str, str]]:
    """The group, field and mode of each query of a collection group that one field's index serves.

    The mode is that of a filter: "==" for what is in order.
    """
    return {
        (query.collection_group, field, EQUALITIES.get(op, "=="))
        for query in queries
        if query.in_group and needed(query) is None
        for field, op in [*query.filters, *((o.field, "==") for o in query.order_by)]
        if field != NAME
    }


def serves(composite: Composite, index: Index) -> bool:
    split = len(index.equal)
    equal = frozenset(
        (f.field_path, "array-contains" if f.array_config else "==")
        for f in composite.fields[:split]
    )
    order_by = tuple(
        Order(f.field_path, "asc" if f.order == "ASCENDING" else "desc")
        for f in composite.fields[split:]
        if f.order
    )
    return (
        composite.collection_group == index.collection_group
        and (composite.query_scope == "COLLECTION_GROUP") is index.in_group
        and len(composite.fields) == split + len(index.order_by)
        and (equal, order_by) == (index.equal, index.order_by)
    )


def differences(queries: Iterable[Shape], composites: Sequence[Composite]) -> list[str]:
    """Each index that is missing, that no query needs, or that another index replaces."""
    wanted = {index for query in queries if (index := needed(query))}
    served = [[index for index in wanted if serves(composite, index)] for composite in composites]
    found = [index for indexes in served for index in indexes]
    return [
        *(f"missing: {_described(index)}" for index in wanted - set(found)),
        *(
            f"superfluous: {composite}"
            for composite, indexes in zip(composites, served, strict=True)
            if not indexes
        ),
        *(f"twice: {_described(index)}" for index in set(found) if found.count(index) > 1),
    ]


def _without_implied_name(order_by: tuple[Order, ...]) -> tuple[Order, ...]:
    *before, last = order_by or (None,)
    implied = before[-1].direction if before else "asc"
    return tuple(before) if last == Order(NAME, implied) else order_by


def _described(index: Index) -> str:
    fields = [*sorted(index.equal), *index.order_by]
    return f"{index.collection_group}: {', '.join(' '.join(field) for field in fields)}"
