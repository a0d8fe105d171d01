"""An interceptor that records the queries the store sends to Firestore."""

from collections.abc import Callable
from typing import Any

import grpc
from google.cloud.firestore_v1.types import StructuredQuery

from tests.support.queries import Order, Shape

OPERATORS = {
    StructuredQuery.FieldFilter.Operator.EQUAL: "==",
    StructuredQuery.FieldFilter.Operator.LESS_THAN: "<",
    StructuredQuery.FieldFilter.Operator.GREATER_THAN_OR_EQUAL: ">=",
    StructuredQuery.FieldFilter.Operator.IN: "in",
    StructuredQuery.FieldFilter.Operator.ARRAY_CONTAINS: "array-contains",
}
NULL = StructuredQuery.UnaryFilter.Operator.IS_NULL
DIRECTIONS = {
    StructuredQuery.Direction.ASCENDING: "asc",
    StructuredQuery.Direction.DESCENDING: "desc",
}


class Recorder(grpc.UnaryStreamClientInterceptor):
    """Records the shape of each query and count; `methods` are the opened streams."""

    def __init__(self) -> None:
        self.shapes: list[Shape] = []
        self.methods: set[str] = set()

    def intercept_unary_stream(
        self, continuation: Callable[[Any, Any], Any], details: Any, request: Any
    ) -> Any:
        method = details.method.rpartition("/")[2]
        self.methods.add(method)
        if method == "RunQuery":
            self.shapes.append(shape_of(request.structured_query))
        if method == "RunAggregationQuery":
            self.shapes.append(shape_of(request.structured_aggregation_query.structured_query))
        return continuation(details, request)


def shape_of(query: StructuredQuery) -> Shape:
    """Raises KeyError on an operator that the list of queries does not have yet."""
    (selector,) = query.from_
    filters = [query.where] if "where" in query else []
    if "composite_filter" in query.where:
        filters = list(query.where.composite_filter.filters)
    return Shape(
        selector.collection_id,
        frozenset(_filter(f) for f in filters),
        tuple(Order(o.field.field_path, DIRECTIONS[o.direction]) for o in query.order_by),
        selector.all_descendants,
    )


def _filter(wanted: StructuredQuery.Filter) -> tuple[str, str]:
    if "unary_filter" in wanted:
        return wanted.unary_filter.field.field_path, {NULL: "=="}[wanted.unary_filter.op]
    return wanted.field_filter.field.field_path, OPERATORS[wanted.field_filter.op]
