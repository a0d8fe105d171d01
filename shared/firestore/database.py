"""Read, decide, commit: the one way anything is written.

A change reads its documents in one batch get, decides on them in pure code and writes in one atomic
commit whose writes carry preconditions: what is created must not exist, what is updated must be as
it was read. Whoever loses a race reads again and decides anew. No transaction, no lock held.

A commit whose reply got lost is resolved the same way: reading again finds its effect, either in
the idempotency record, in the receipt, a document that only this very request creates, or in a
document that reads just as the commit would have left it. Where somebody wrote over that document
meanwhile nobody can tell, and the answer is Unavailable.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from google.api_core.exceptions import Aborted

from shared.domain.common.errors import Refusal, Unavailable
from shared.domain.common.json_object import is_same_json
from shared.firestore import idempotency
from shared.firestore.client import Client
from shared.firestore.documents import Document, Fields
from shared.firestore.protobuf_values import (
    BatchGetDocumentsRequest,
    CommitRequest,
    decode_fields,
    decode_instant,
    encode_fields,
    encode_instant,
)
from shared.firestore.retry import BUDGET_SECONDS, TRANSIENT, Deadline, retry_until_settled
from shared.ports.calls import IdempotencyContext, Reply


@dataclass(frozen=True)
class Create:
    """Fails the commit when the document exists."""

    path: str
    fields: Fields


@dataclass(frozen=True)
class Update:
    """Writes the fields that differ. Fails the commit when the document changed since read."""

    read: Document
    fields: Fields


@dataclass(frozen=True)
class Put:
    """Creates or replaces, whatever is there: for a document whose parent carries the condition."""

    path: str
    fields: Fields


@dataclass(frozen=True)
class Delete:
    path: str


@dataclass(frozen=True)
class Remove:
    """Deletes. Fails the commit when the document changed since read."""

    read: Document


Write = Create | Update | Put | Delete | Remove


@dataclass(frozen=True)
class Decision:
    """What to write, and what to answer once it is written. No writes: answer at once."""

    reply: Reply
    writes: Sequence[Write] = ()


Documents = Mapping[str, Document]
Decide = Callable[[Documents, Deadline], Decision]


class Database:
    def __init__(self, client: Client) -> None:
        self.client = client

    def change(
        self,
        paths: Sequence[str],
        decide: Decide,
        *,
        once: IdempotencyContext,
        receipt: str | None = None,
        seconds: float = BUDGET_SECONDS,
    ) -> Reply:
        """Reads the paths, decides, commits; again from the start whenever that didn't settle it.

        `receipt` is the path of a document that only this request creates; `seconds` bounds all of
        it. Raises whatever `decide` refuses, IdempotencyKeyReused, or Unavailable.
        """
        record_path = idempotency.path(once)
        before = _Unanswered(receipt, keyed=record_path is not None)

        def step(budget: Deadline) -> Reply:
            also = [record_path] if record_path else []
            if receipt and before.decision:
                also.append(receipt)
            documents = self.read([*also, *paths], budget)
            record = documents[record_path] if record_path else None
            if record and (replayed := idempotency.replay(record, once)):
                return replayed
            if before.decision and before.took_effect(documents):
                return before.decision.reply
            decision = _decided(decide, documents, budget, overtaken=before.overtaken(documents))
            writes = list(decision.writes)
            if record:
                fields = idempotency.record(once, decision.reply)
                writes.append(
                    Create(record.path, fields) if record.fields is None else Update(record, fields)
                )
            if writes:
                with before.watching(decision):
                    self.commit(writes, budget)
            return decision.reply

        return retry_until_settled(step, seconds=seconds)

    def read(
        self, paths: Sequence[str], budget: Deadline, *, only: Sequence[str] | None = None
    ) -> Documents:
        """All the documents as of one moment, in one RPC; none when there is nothing to read.

        `only` names the fields that are needed of them.
        """
        if not paths:
            return {}
        root = f"{self.client.database_path}/documents/"
        request = BatchGetDocumentsRequest(
            database=self.client.database_path, documents=[root + path for path in paths]
        )
        if only is not None:
            request.mask.field_paths.extend(only)
        found: dict[str, Document] = {}
        for answer in self.client.batch_get(request, timeout=budget.timeout()):
            if answer.WhichOneof("result") == "missing":
                path = answer.missing.removeprefix(root)
                found[path] = Document(path, None)
            else:
                path = answer.found.name.removeprefix(root)
                updated_at = decode_instant(answer.found.update_time)
                found[path] = Document(path, decode_fields(answer.found.fields), updated_at)
        return found

    def commit(self, writes: Sequence[Write], budget: Deadline) -> None:
        """All or nothing, in one RPC."""
        request = CommitRequest(database=self.client.database_path)
        for write in writes:
            self._add(request.writes.add(), write)
        self.client.commit(request, timeout=budget.timeout())

    def _add(self, added: Any, write: Write) -> None:
        match write:
            case Create(path, fields):
                added.current_document.exists = False
                added.update.name = self._name(path)
                encode_fields(added.update.fields, fields.items())
            case Put(path, fields):
                added.update.name = self._name(path)
                encode_fields(added.update.fields, fields.items())
            case Delete(path):
                added.delete = self._name(path)
            case Remove(read):
                _unchanged(added, read)
                added.delete = self._name(read.path)
            case Update(read, fields):
                _unchanged(added, read)
                added.update.name = self._name(read.path)
                changed = _changed(read, fields)
                encode_fields(added.update.fields, changed.items())
                # Without a mask, or with an empty one left out, it would replace the document.
                added.update_mask.SetInParent()
                added.update_mask.field_paths.extend(changed)

    def _name(self, path: str) -> str:
        return f"{self.client.database_path}/documents/{path}"


def _unchanged(write: Any, read: Document) -> None:
    if read.update_time is None:
        raise ValueError(f"{read.path} was read as missing")
    encode_instant(write.current_document.update_time, read.update_time)


class _Unanswered:
    """The last commit of a request that nobody told the outcome of, if there was one.

    With a key or a receipt its outcome can be read, whatever came after it. Without either it shows
    only as long as nobody writes over it.
    """

    def __init__(self, receipt: str | None, *, keyed: bool) -> None:
        self.decision: Decision | None = None
        self._receipt = receipt
        self._keyed = keyed
        self._aborted = False

    @contextmanager
    def watching(self, decision: Decision) -> Iterator[None]:
        try:
            yield
        except (*TRANSIENT, Aborted) as error:
            # An earlier one may still be on its way.
            sure_so_far = self.decision is None or self._aborted
            self._aborted = sure_so_far and isinstance(error, Aborted)
            self.decision = decision
            raise

    def took_effect(self, documents: Documents) -> bool:
        """Every update moves a revision, a version or a total on, so finding all of its fields as
        they were to be means that it was made.
        """
        if self._keyed:
            return False  # its record, from the same commit, would have been found
        if self._receipt:
            return documents[self._receipt].fields is not None
        return any(
            not _changed(documents[update.read.path], update.fields) for update in self._updates()
        )

    def overtaken(self, documents: Documents) -> bool:
        """Whether it may have taken effect and been written over since: nobody can tell.

        A commit that was aborted is known not to have been made.
        """
        if self._keyed or self._receipt or self._aborted or not self._updates():
            return False
        return all(
            documents[update.read.path].update_time != update.read.update_time
            for update in self._updates()
        )

    def _updates(self) -> list[Update]:
        writes = self.decision.writes if self.decision else ()
        return [write for write in writes if isinstance(write, Update)]


def _decided(
    decide: Decide, documents: Documents, budget: Deadline, *, overtaken: bool
) -> Decision:
    """The decision, unless it would do again, or refuse, what may have been done already.

    To do it again would write over what somebody else was told is kept, and a refusal says that
    nothing was done. Whoever asks again, knowing this, asks anew.
    """
    try:
        decision = decide(documents, budget)
    except Refusal:
        if overtaken:
            raise Unavailable from None
        raise
    if overtaken and decision.writes:
        raise Unavailable
    return decision


def _changed(read: Document, fields: Fields) -> dict[str, Any]:
    stored = read.fields or {}
    return {k: v for k, v in fields.items() if k not in stored or not is_same_json(stored[k], v)}
