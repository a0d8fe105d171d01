"""Counts that all instances share, each in a Firestore document of its own.

A count is one write, and its reply holds the new total: nothing is read, and no two instances need
to agree first. Importing this loads gRPC, so it is done when a count is first needed.
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

from shared.limits.counters import Counter, CountersUnreachable

COLLECTION = "limits"
TOTAL = "total"
SCHEMA_VERSION = 1
SECONDS = 1.0
# Turns must not wait a second each while the database is away.
PAUSE_SECONDS = 5.0
# Left alone, gRPC waits up to two minutes before it connects again.
CHANNEL_OPTIONS = [("grpc.keepalive_time_ms", 30_000), ("grpc.max_reconnect_backoff_ms", 2_000)]

logger = logging.getLogger("practice.limits")


class FirestoreCounters:
    """One per process, for all threads. Nothing is connected before the first count."""

    def __init__(
        self,
        *,
        project_id: str,
        database: str,
        emulator_host: str = "",
        seconds: float = SECONDS,
        interceptors: Sequence[grpc.UnaryUnaryClientInterceptor] = (),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = f"projects/{project_id}/databases/{database}"
        self._emulator_host = emulator_host
        self._seconds = seconds
        self._interceptors = interceptors
        self._monotonic = monotonic
        self._again_at = -float("inf")
        self._late_at = ""
        self._client: FirestoreClient | None = None
        self._lock = Lock()

    def add(self, counter: Counter, amount: int) -> int:
        if self._monotonic() < self._again_at:
            raise CountersUnreachable
        try:
            total = self._added(counter, amount)
        except exceptions.Aborted as error:
            # Too many at this one document. Others are well.
            raise CountersUnreachable from error
        except exceptions.DeadlineExceeded as error:
            # One student, all at once, can make their own document wait. Not all others with it.
            if self._late_at not in ("", counter.id):
                self._pause(error)
            self._late_at = counter.id
            raise CountersUnreachable from error
        except Exception as error:
            # Whatever it is, credentials included: no turn fails for want of a count.
            self._pause(error)
            raise CountersUnreachable from error
        self._late_at = ""
        return total

    def _pause(self, error: Exception) -> None:
        self._again_at = self._monotonic() + PAUSE_SECONDS
        logger.warning("shared counts are out of reach: %s", type(error).__name__)

    def close(self) -> None:
        with self._lock:
            if self._client is not None:
                self._client.transport.close()
            self._client = None

    def _added(self, counter: Counter, amount: int) -> int:
        name = f"{self._database}/documents/{COLLECTION}/{counter.id}"
        fields = {
            "schema_version": Value(integer_value=SCHEMA_VERSION),
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
        # Never repeated: when the reply got lost it may have been added.
        reply = self._connected().commit(
            request=CommitRequest(database=self._database, writes=[write]),
            retry=None,
            timeout=self._seconds,
            metadata=self._metadata(),
        )
        return int(reply.write_results[0].transform_results[0].integer_value)

    def _metadata(self) -> list[tuple[str, str]]:
        routed = [("google-cloud-resource-prefix", self._database)]
        return [*routed, ("authorization", "Bearer owner")] if self._emulator_host else routed

    def _connected(self) -> FirestoreClient:
        with self._lock:
            if self._client is None:
                if self._emulator_host:
                    channel = grpc.insecure_channel(self._emulator_host, options=CHANNEL_OPTIONS)
                else:
                    channel = FirestoreGrpcTransport.create_channel(options=CHANNEL_OPTIONS)
                channel = grpc.intercept_channel(channel, *self._interceptors)
                self._client = FirestoreClient(transport=FirestoreGrpcTransport(channel=channel))
            return self._client
