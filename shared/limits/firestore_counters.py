"""Totals that all instances share, one Firestore document per counter.

An addition is one write with an increment, whose reply contains the new total; no document is read.
Importing this module loads gRPC, so it is imported when a shared total is first needed.
"""

import logging
import time
from collections.abc import Callable, Sequence
from threading import Lock

import grpc
from google.api_core import exceptions
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport
from google.cloud.firestore_v1.types import (
    CommitRequest,
    Document,
    DocumentMask,
    DocumentTransform,
    Value,
    Write,
)

from shared.grpc_channels import RECONNECTING
from shared.limits.counters import Counter, CountersUnreachable

COLLECTION = "limits"
TOTAL = "total"
COUNTER_SCHEMA_VERSION = 1
TIMEOUT_SECONDS = 1.0
# No call is made for this long after a failure, so that not every turn waits for the time limit.
PAUSE_SECONDS = 5.0

logger = logging.getLogger("practice.limits")


class FirestoreCounters:
    """The shared totals of a process, for all its threads. Connects at the first addition.

    `timeout_seconds` bounds one addition. `monotonic` is a clock in seconds.
    """

    def __init__(
        self,
        *,
        project_id: str,
        database: str,
        emulator_host: str = "",
        timeout_seconds: float = TIMEOUT_SECONDS,
        interceptors: Sequence[grpc.UnaryUnaryClientInterceptor] = (),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = f"projects/{project_id}/databases/{database}"
        self._emulator_host = emulator_host
        self._timeout_seconds = timeout_seconds
        self._interceptors = interceptors
        self._monotonic = monotonic
        self._paused_until = -float("inf")
        self._last_timeout_id = ""
        self._client: FirestoreClient | None = None
        self._lock = Lock()

    def add(self, counter: Counter, amount: int) -> int:
        """See Counters. Is never retried: a lost reply may have been an addition."""
        if self._monotonic() < self._paused_until:
            raise CountersUnreachable
        try:
            total = self._increment(counter, amount)
        except exceptions.Aborted as error:
            # Contention for this document; other documents are not affected.
            raise CountersUnreachable from error
        except exceptions.DeadlineExceeded as error:
            # Many simultaneous turns of one student can delay their own document. Only a second
            # document that times out shows that the database is slow.
            if self._last_timeout_id not in ("", counter.id):
                self._pause(error)
            self._last_timeout_id = counter.id
            raise CountersUnreachable from error
        except Exception as error:
            # Includes missing credentials: a turn never fails because it could not be counted.
            self._pause(error)
            raise CountersUnreachable from error
        self._last_timeout_id = ""
        return total

    def _pause(self, error: Exception) -> None:
        self._paused_until = self._monotonic() + PAUSE_SECONDS
        logger.warning("shared counters are unreachable: %s", type(error).__name__)

    def close(self) -> None:
        """Closes the connection. A later addition connects again."""
        with self._lock:
            if self._client is not None:
                self._client.transport.close()
            self._client = None

    def _increment(self, counter: Counter, amount: int) -> int:
        name = f"{self._database}/documents/{COLLECTION}/{counter.id}"
        fields = {
            "schema_version": Value(integer_value=COUNTER_SCHEMA_VERSION),
            "kind": Value(string_value=counter.kind),
            "expire_at": Value(timestamp_value=counter.expire_at),
        }
        increment = DocumentTransform.FieldTransform(
            field_path=TOTAL, increment=Value(integer_value=amount)
        )
        write = Write(
            update=Document(name=name, fields=fields),
            update_mask=DocumentMask(field_paths=list(fields)),
            update_transforms=[increment],
        )
        reply = self._connection().commit(
            request=CommitRequest(database=self._database, writes=[write]),
            retry=None,
            timeout=self._timeout_seconds,
            metadata=self._metadata(),
        )
        return int(reply.write_results[0].transform_results[0].integer_value)

    def _metadata(self) -> list[tuple[str, str]]:
        routing = [("google-cloud-resource-prefix", self._database)]
        return [*routing, ("authorization", "Bearer owner")] if self._emulator_host else routing

    def _connection(self) -> FirestoreClient:
        with self._lock:
            if self._client is None:
                if self._emulator_host:
                    channel = grpc.insecure_channel(self._emulator_host, options=RECONNECTING)
                else:
                    channel = FirestoreGrpcTransport.create_channel(options=RECONNECTING)
                channel = grpc.intercept_channel(channel, *self._interceptors)
                self._client = FirestoreClient(transport=FirestoreGrpcTransport(channel=channel))
            return self._client
