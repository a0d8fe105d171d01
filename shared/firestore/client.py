"""The Firestore client, over a channel that reconnects soon after an outage.

gRPC waits up to two minutes between attempts to reconnect. A function would continue answering 503
long after Firestore is back, so the wait is capped. The library has no option for its channel; this
subclass builds it.

Documents are read and written over that channel directly, one call each, without the library's
wrapping; its queries are used as they are.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import quote

import grpc
from google.api_core.grpc_helpers import wrap_errors
from google.cloud import firestore
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport
from grpc.experimental import ChannelOptions

from shared.firestore.protobuf_values import (
    BatchGetDocumentsRequest,
    BatchGetDocumentsResponse,
    CommitRequest,
    CommitResponse,
)
from shared.grpc_channels import RECONNECTING

FIRESTORE_SERVICE = "/google.firestore.v1.Firestore"
CHANNEL_OPTIONS = [
    *RECONNECTING,
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
    # Documents are read in the calling thread, without another one for each call.
    (ChannelOptions.SingleThreadedUnaryStream, 1),
]


class Client(firestore.Client):
    """A synchronous client; FIRESTORE_EMULATOR_HOST points it at an emulator."""

    def __init__(
        self,
        *,
        project: str,
        database: str = "(default)",
        interceptors: Sequence[grpc.UnaryUnaryClientInterceptor] = (),
    ) -> None:
        super().__init__(project=project, database=database)
        self._interceptors = interceptors

    @cached_property
    def _firestore_api(self) -> FirestoreClient:
        if self._emulator_host is not None:
            channel = grpc.insecure_channel(self._emulator_host, options=CHANNEL_OPTIONS)
        else:
            channel = FirestoreGrpcTransport.create_channel(
                self._target, credentials=self._credentials, options=CHANNEL_OPTIONS
            )
        self._channel: Any = grpc.intercept_channel(channel, *self._interceptors)
        return FirestoreClient(transport=FirestoreGrpcTransport(channel=self._channel))

    def batch_get(self, request: Any, *, timeout: float) -> Iterator[Any]:
        """The documents, each found or missing. Raises the library's exceptions."""
        found: Iterator[Any] = self._batch_get(
            request, timeout=timeout, metadata=self._call_metadata
        )
        return found

    def commit(self, request: Any, *, timeout: float) -> Any:
        """All or nothing: a CommitResponse. Raises the library's exceptions; it is never
        repeated.
        """
        return self._commit(request, timeout=timeout, metadata=self._call_metadata)

    @property
    def database_path(self) -> str:
        path: str = self._database_string
        return path

    @cached_property
    def _call_metadata(self) -> list[tuple[str, str]]:
        routed = ("x-goog-request-params", f"database={quote(self.database_path, safe='')}")
        return [*self._rpc_metadata, routed]

    @cached_property
    def _batch_get(self) -> Callable[..., Any]:
        return _with_library_errors(
            self._ready_channel.unary_stream(
                f"{FIRESTORE_SERVICE}/BatchGetDocuments",
                request_serializer=BatchGetDocumentsRequest.SerializeToString,
                response_deserializer=BatchGetDocumentsResponse.FromString,
            )
        )

    @cached_property
    def _commit(self) -> Callable[..., Any]:
        return _with_library_errors(
            self._ready_channel.unary_unary(
                f"{FIRESTORE_SERVICE}/Commit",
                request_serializer=CommitRequest.SerializeToString,
                response_deserializer=CommitResponse.FromString,
            )
        )

    @property
    def _ready_channel(self) -> Any:
        return self._firestore_api.transport.grpc_channel

    def close(self) -> None:
        if "_firestore_api" in self.__dict__:
            self._firestore_api.transport.close()


def _with_library_errors(stub: Any) -> Callable[..., Any]:
    """gRPC's errors as google.api_core's exceptions."""
    wrapped: Callable[..., Any] = wrap_errors(stub)
    return wrapped
