"""Idempotency records: the first reply to a key, kept in the very commit that took effect."""

from datetime import timedelta
from typing import Any

from shared.domain.common.errors import IdempotencyKeyReused
from shared.firestore.documents import Document, idempotency_path
from shared.ports.calls import IdempotencyContext, Reply

KEPT_FOR = timedelta(hours=48)


def path(once: IdempotencyContext) -> str | None:
    """Where the record of this key lives; None for a request without a key."""
    return None if once.key is None else idempotency_path(once.uid, once.function, once.key)


def record(once: IdempotencyContext, reply: Reply) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "uid": once.uid,
        "function": once.function,
        "request_hash": once.request_hash,
        "status": reply.status,
        "reply": reply.json,
        "created_at": once.at,
        "expire_at": once.at + KEPT_FOR,
    }


def replay(stored: Document, once: IdempotencyContext) -> Reply | None:
    """The first reply, or None when the key is new or has expired.

    Expiry is checked here as well: the database deletes expired records within a day or so, not at
    once. Raises IdempotencyKeyReused when the key came with another request.
    """
    fields = stored.fields
    if fields is None or fields["expire_at"] <= once.at:
        return None
    if fields["request_hash"] != once.request_hash:
        raise IdempotencyKeyReused
    # This very request may have written it, in a commit whose reply got lost.
    own = fields["created_at"] == once.at
    return Reply(fields["status"], fields["reply"], replayed=not own)
