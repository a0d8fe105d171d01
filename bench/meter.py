"""What Firestore bills, counted between the functions and the emulator."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from google.cloud.firestore_v1.types import firestore

from local.emulator import Emulator
from tests.faults import plans
from tests.faults.proxy import Proxy

ENTRIES_PER_READ = 1_000


class Bill(NamedTuple):
    """Documents, and the calls they took. A document that is looked for and isn't there is a read,
    and so is a query that finds nothing, and each started thousand of index entries counted."""

    calls: int = 0
    reads: int = 0
    writes: int = 0
    deletes: int = 0

    def plus(self, other: "Bill") -> "Bill":
        return Bill(*(one + another for one, another in zip(self, other, strict=True)))


class Meter(Proxy):
    """Passes everything on, and keeps the bill."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__(emulator)
        self.bill = Bill()
        self.methods: Counter[str] = Counter()

    def handle(self, method: str, request: bytes, context: Any) -> Iterator[bytes]:
        replies = []
        for reply in super().handle(method, request, context):
            replies.append(reply)
            yield reply
        name = method.rpartition("/")[2]
        self.methods[name] += 1
        self.bill = self.bill.plus(_billed(name, request, replies))

    def take(self) -> Bill:
        """The bill since it was last taken."""
        bill, self.bill = self.bill, Bill()
        return bill


def _billed(method: str, request: bytes, replies: list[bytes]) -> Bill:
    match method:
        case plans.READ:
            asked = firestore.BatchGetDocumentsRequest.deserialize(request)
            return Bill(calls=1, reads=len(asked.documents))
        case plans.QUERY:
            rows = [firestore.RunQueryResponse.deserialize(reply) for reply in replies]
            return Bill(calls=1, reads=max(1, sum("document" in row for row in rows)))
        case plans.COUNT:
            results = [firestore.RunAggregationQueryResponse.deserialize(r) for r in replies]
            counted = sum(
                value.integer_value
                for found in results
                for value in found.result.aggregate_fields.values()
            )
            return Bill(calls=1, reads=max(1, -(-counted // ENTRIES_PER_READ)))
        case plans.COMMIT:
            writes = firestore.CommitRequest.deserialize(request).writes
            deletes = sum("delete" in write for write in writes)
            return Bill(calls=1, writes=len(writes) - deletes, deletes=deletes)
        case _:
            raise AssertionError(f"nobody knows what {method} costs")


@contextmanager
def metered(emulator: Emulator) -> Iterator[Meter]:
    meter = Meter(emulator)
    try:
        yield meter
    finally:
        meter.close()
