"""The Firestore client, with a channel that comes back soon after an outage.

gRPC waits up to two minutes between attempts to reconnect. A function that answers 503 meanwhile
would go on doing so long after Firestore is back, so the wait is capped. The library has no option
for its channel; this subclass builds it.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import grpc
from google.cloud import firestore
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport

CHANNEL_OPTIONS = [
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
]


class Client(firestore.Client):  # type: ignore[misc]
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

    def close(self) -> None:
        if "_firestore_api" in self.__dict__:
            self._firestore_api.transport.close()
