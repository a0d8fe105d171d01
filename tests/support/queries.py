"""The list of queries, docs/queries.json, in the form in which the tests run and compare it."""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from local.processes import ROOT

LIST = ROOT / "docs" / "queries.json"
ME = "$me"


class Filter(NamedTuple):
    field: str
    op: str
    value: Any


class Order(NamedTuple):
    field: str
    direction: str


class Shape(NamedTuple):
    """The parts of a query that determine its index: all but its values and its limit."""

    collection_group: str
    filters: frozenset[tuple[str, str]]
    order_by: tuple[Order, ...]
    in_group: bool = False


@dataclass(frozen=True)
class Query:
    """`by` names the actors that may run it; `limit` is None for all matches.

    With `in_group` it finds documents of every collection of its name.
    """

    name: str
    by: tuple[str, ...]
    collection: str
    where: tuple[Filter, ...]
    order_by: tuple[Order, ...]
    limit: int | None = None
    in_group: bool = False

    @property
    def shape(self) -> Shape:
        return Shape(
            self.collection.rpartition("/")[2],
            frozenset((f.field, f.op) for f in self.where),
            self.order_by,
            self.in_group,
        )


def client_queries() -> list[Query]:
    return _listed("clients")


def function_queries() -> list[Query]:
    return _listed("functions")


def administration_queries() -> list[Query]:
    return _listed("administration")


def _listed(group: str) -> list[Query]:
    return [
        Query(
            name=entry["name"],
            by=tuple(entry["by"]),
            collection=entry["collection"],
            where=tuple(Filter(*f) for f in entry["where"]),
            order_by=tuple(Order(*o) for o in entry["order_by"]),
            limit=entry.get("limit"),
            in_group=entry.get("group", False),
        )
        for entry in json.loads(LIST.read_text())[group]
    ]
