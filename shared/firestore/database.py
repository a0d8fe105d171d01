"""Read, decide, commit: the one way in which functions write.

A change reads its documents in one batch get, decides on them in pure code and writes in one atomic
commit whose writes carry preconditions: a document to be created must not exist, one to be updated
must be as it was read. A request that loses a race reads again and decides again. There is no
transaction and no lock is held.

A commit whose response got lost is resolved the same way: reading again finds its effect, either in
the idempotency record, in the receipt, a document that only this very request creates, or in a
document that reads just as the commit would have left it. Where another request overwrote that
document meanwhile the outcome can't be known, and the request is refused as Unavailable.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property

from shared.domain.common.errors import Refusal, Unavailable
from shared.firestore import idempotency_records
from shared.firestore.client import Client
from shared.firestore.documents import Document
from shared.firestore.protobuf_values import (
    BatchGetDocumentsRequest,
    CommitRequest,
    decode_fields,
    decode_instant,
)
from shared.firestore.retry import DEADLINE_SECONDS, Deadline, retry_until_settled
from shared.firestore.unconfirmed_commit import Decision, Documents, UnconfirmedCommit
from shared.firestore.writes import Write, create_or_update, encode_write
from shared.ports.calls import IdempotencyContext, R, Reply, StoredReply

Decide = Callable[[Documents, Deadline], Decision[R]]


class Database:
    def __init__(self, client: Client) -> None:
        self.client = client

    def change(
        self,
        paths: Sequence[str],
        decide: Decide[R],
        *,
        idempotency: IdempotencyContext,
        receipt: str | None = None,
        seconds: float = DEADLINE_SECONDS,
    ) -> Reply[R] | StoredReply:
        """Reads the paths, decides, commits; again from the start until the outcome is known.

        `receipt` is the path of a document that only this request creates; `seconds` bounds all of
        it. Raises the refusals of `decide`, IdempotencyKeyReused, or Unavailable.
        """
        record_path = idempotency_records.path(idempotency)
        earlier: UnconfirmedCommit[R] = UnconfirmedCommit(receipt, has_key=record_path is not None)

        def step(deadline: Deadline) -> Reply[R] | StoredReply:
            also = [record_path] if record_path else []
            if receipt and earlier.decision:
                also.append(receipt)
            documents = self.read([*also, *paths], deadline)
            record = documents[record_path] if record_path else None
            if record and (stored := idempotency_records.stored_reply(record, idempotency)):
                return stored
            if earlier.decision and earlier.has_taken_effect(documents):
                return earlier.decision.reply
            decision = _decided(
                decide, documents, deadline, overwritten=earlier.is_overwritten(documents)
            )
            writes = list(decision.writes)
            if record:
                fields = idempotency_records.fields(idempotency, decision.reply)
                writes.append(create_or_update(record, fields))
            if writes:
                with earlier.recorded(decision):
                    self.commit(writes, deadline)
            return decision.reply

        return retry_until_settled(step, seconds=seconds)

    def read(
        self, paths: Sequence[str], deadline: Deadline, *, only: Sequence[str] | None = None
    ) -> Documents:
        """All the documents as of one moment, in one RPC; without paths there is no RPC.

        `only` names the fields that are needed of them.
        """
        if not paths:
            return {}
        request = BatchGetDocumentsRequest(
            database=self.client.database_path, documents=[self._root + path for path in paths]
        )
        if only is not None:
            request.mask.field_paths.extend(only)
        found: dict[str, Document] = {}
        for answer in self.client.batch_get(request, timeout=deadline.timeout()):
            if answer.WhichOneof("result") == "missing":
                path = answer.missing.removeprefix(self._root)
                found[path] = Document(path, None)
            else:
                path = answer.found.name.removeprefix(self._root)
                updated_at = decode_instant(answer.found.update_time)
                found[path] = Document(path, decode_fields(answer.found.fields), updated_at)
        return found

    def commit(self, writes: Sequence[Write], deadline: Deadline) -> list[datetime]:
        """All or nothing, in one RPC. Returns when each write last changed its document."""
        request = CommitRequest(database=self.client.database_path)
        for write in writes:
            encode_write(request.writes.add(), write, root=self._root)
        response = self.client.commit(request, timeout=deadline.timeout())
        return [decode_instant(result.update_time) for result in response.write_results]

    @cached_property
    def _root(self) -> str:
        return f"{self.client.database_path}/documents/"


def _decided(
    decide: Decide[R], documents: Documents, deadline: Deadline, *, overwritten: bool
) -> Decision[R]:
    """The decision. Raises the refusals of `decide`.

    With `overwritten` an earlier commit of the request may have taken effect. Then a second write
    could overwrite a change that was acknowledged to another client, and a refusal would state that
    nothing was done. Both raise Unavailable instead.
    """
    try:
        decision = decide(documents, deadline)
    except Refusal:
        if overwritten:
            raise Unavailable from None
        raise
    if overwritten and decision.writes:
        raise Unavailable
    return decision
