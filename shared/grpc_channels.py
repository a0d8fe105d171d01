"""Options of every gRPC channel. Importing this loads no gRPC."""

# By default gRPC waits up to two minutes before it connects again.
RECONNECTING = (
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.max_reconnect_backoff_ms", 2_000),
)
