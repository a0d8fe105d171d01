"""The writes of a commit, each with its precondition, and their protocol buffers."""

from dataclasses import dataclass
from typing import Any

from shared.domain.common.json_object import is_same_json
from shared.firestore.documents import Document, Fields
from shared.firestore.protobuf_values import encode_fields, encode_instant


@dataclass(frozen=True)
class Create:
    """Fails the commit when the document exists."""

    path: str
    fields: Fields


@dataclass(frozen=True)
class Update:
    """Writes the fields that differ, and removes those of the names in `removed`.

    Fails the commit when the document changed since it was read.
    """

    read: Document
    fields: Fields
    removed: tuple[str, ...] = ()

    def changed_fields(self, document: Document) -> dict[str, Any]:
        """The fields that differ from those of the document."""
        stored = document.fields or {}
        return {
            name: value
            for name, value in self.fields.items()
            if name not in stored or not is_same_json(stored[name], value)
        }


@dataclass(frozen=True)
class Replace:
    """Replaces a document. Fails the commit when the document changed since it was read.

    For a document that other requests may leave with the same fields, so that only another write of
    the commit tells whether it was made.
    """

    read: Document
    fields: Fields


@dataclass(frozen=True)
class Put:
    """Creates or replaces without a condition: for a document whose parent carries one."""

    path: str
    fields: Fields


@dataclass(frozen=True)
class Merge:
    """Writes these fields without a condition: for a document whose parent carries one.

    `inner` are paths of fields inside of maps, which are written alone, in place of their maps.
    """

    path: str
    fields: Fields
    inner: tuple[tuple[str, ...], ...] = ()

    def mask(self) -> list[str]:
        maps = {steps[0] for steps in self.inner}
        return [*(name for name in self.fields if name not in maps), *map(_field_path, self.inner)]


@dataclass(frozen=True)
class Delete:
    path: str


@dataclass(frozen=True)
class Remove:
    """Deletes. Fails the commit when the document changed since it was read."""

    read: Document


Write = Create | Update | Replace | Put | Merge | Delete | Remove


def create_or_update(read: Document, fields: Fields) -> Write:
    """The write that stores the fields, on condition that the document is as it was read."""
    return Create(read.path, fields) if read.fields is None else Update(read, fields)


def encode_write(message: Any, write: Write, *, root: str) -> None:
    """Fills in a google.firestore.v1.Write; `root` is the name that every path is relative to."""
    match write:
        case Create(path, fields):
            message.current_document.exists = False
            message.update.name = root + path
            encode_fields(message.update.fields, fields.items())
        case Replace(read, fields):
            _require_unchanged(message, read)
            message.update.name = root + read.path
            encode_fields(message.update.fields, fields.items())
        case Put(path, fields):
            message.update.name = root + path
            encode_fields(message.update.fields, fields.items())
        case Merge(path, fields):
            message.update.name = root + path
            encode_fields(message.update.fields, fields.items())
            message.update_mask.field_paths.extend(write.mask())
        case Delete(path):
            message.delete = root + path
        case Remove(read):
            _require_unchanged(message, read)
            message.delete = root + read.path
        case Update(read):
            _require_unchanged(message, read)
            message.update.name = root + read.path
            changed = write.changed_fields(read)
            encode_fields(message.update.fields, changed.items())
            # Without a mask, or with an empty one left out, it would replace the document.
            message.update_mask.SetInParent()
            message.update_mask.field_paths.extend([*changed, *write.removed])


def _field_path(steps: tuple[str, ...]) -> str:
    """The path of an inner field. Ids have no backtick, and may have what needs one around it."""
    return ".".join(f"`{step}`" for step in steps)


def _require_unchanged(message: Any, read: Document) -> None:
    if read.update_time is None:
        raise ValueError(f"{read.path} was read as missing")
    encode_instant(message.current_document.update_time, read.update_time)
