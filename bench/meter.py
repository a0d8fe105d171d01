"""Counts the operations that Firestore bills, in a proxy between functions and emulator."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from google.cloud.firestore_v1.types import firestore

from local.emulator import Emulator
from testkit.faults import plans
from testkit.faults.proxy import Proxy

ENTRIES_PER_READ = 1_000


class Operations(NamedTuple):
    """Documents read, written and deleted, and the number of RPCs for them.

    As Firestore bills, a missing document is a read, and so is a query without a result; a count
    is one read per 1,000 index entries, rounded up.
    """

    calls: int = 0
    reads: int = 0
    writes: int = 0
    deletes: int = 0

    def plus(self, other: "Operations") -> "Operations":
        return Operations(*(one + another for one, another in zip(self, other, strict=True)))


class Meter(Proxy):
    """Forwards everything and counts. `methods` counts the RPCs by name."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__(emulator)
        self.operations = Operations()
        self.methods: Counter[str] = Counter()

    def handle(self, method: str, request: bytes, context: Any) -> Iterator[bytes]:
        replies = []
        for reply in super().handle(method, request, context):
            replies.append(reply)
            yield reply
        name = method.rpartition("/")[2]
        self.methods[name] += 1
        self.operations = self.operations.plus(_operations_of(name, request, replies))

    def reset(self) -> Operations:
        """The operations since the last reset."""
        operations, self.operations = self.operations, Operations()
        return operations


def _operations_of(method: str, request: bytes, replies: list[bytes]) -> Operations:
    match method:
        case plans.READ:
            batch = firestore.BatchGetDocumentsRequest.deserialize(request)
            return Operations(calls=1, reads=len(batch.documents))
        case plans.QUERY:
            rows = [firestore.RunQueryResponse.deserialize(reply) for reply in replies]
            return Operations(calls=1, reads=max(1, sum("document" in row for row in rows)))
        case plans.COUNT:
            results = [firestore.RunAggregationQueryResponse.deserialize(r) for r in replies]
            counted = sum(
                value.integer_value
                for result in results
                for value in result.result.aggregate_fields.values()
            )
            return Operations(calls=1, reads=max(1, -(-counted // ENTRIES_PER_READ)))
        case plans.COMMIT:
            writes = firestore.CommitRequest.deserialize(request).writes
            deletes = sum("delete" in write for write in writes)
            return Operations(calls=1, writes=len(writes) - deletes, deletes=deletes)
        case _:
            raise AssertionError(f"{method} is not priced")


@contextmanager
def start_meter(emulator: Emulator) -> Iterator[Meter]:
    """A proxy of the emulator, which is closed at the end."""
    meter = Meter(emulator)
    try:
        yield meter
    finally:
        meter.close()
