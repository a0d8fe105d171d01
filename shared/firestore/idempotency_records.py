"""Idempotency records: the first reply to a key, stored in the commit that took effect."""

from typing import Any

from pydantic import BaseModel

from shared.contract.refusals import IdempotencyKeyReused
from shared.firestore.documents import Document, idempotency_path
from shared.ports.calls import IDEMPOTENCY_RETENTION, IdempotencyContext, Reply, StoredReply


def path(idempotency: IdempotencyContext) -> str | None:
    """The path of the key's record; None for a request without a key."""
    if idempotency.key is None:
        return None
    return idempotency_path(idempotency.uid, idempotency.function, idempotency.key)


def fields(idempotency: IdempotencyContext, reply: Reply[BaseModel | None]) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "uid": idempotency.uid,
        "function": idempotency.function,
        "request_hash": idempotency.request_hash,
        "status": reply.status,
        "reply": reply.json,
        "created_at": idempotency.at,
        "expire_at": idempotency.at + IDEMPOTENCY_RETENTION,
    }


def stored_reply(record: Document, idempotency: IdempotencyContext) -> StoredReply | None:
    """The first reply, or None when the key is new or has expired.

    Expiry is checked here as well: the database deletes expired records within a day or so, not at
    once. Raises IdempotencyKeyReused when the key came with another request.
    """
    stored = record.fields
    if stored is None or stored["expire_at"] <= idempotency.at:
        return None
    if stored["request_hash"] != idempotency.request_hash:
        raise IdempotencyKeyReused
    # This very request may have written it, in a commit whose response got lost.
    is_own = stored["created_at"] == idempotency.at
    return StoredReply(stored["status"], stored["reply"], replayed=not is_own)
