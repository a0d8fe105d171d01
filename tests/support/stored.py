"""The stored documents of a user, and their comparison with replies."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from google.cloud.firestore_v1.base_query import FieldFilter

from shared.domain.common.json_object import is_same_json
from shared.firestore.client import Client

OWNER_FIELDS = {
    "session_templates": "owner_id",
    "practice_sessions": "student_id",
    "active_sessions": "student_id",
    "idempotency": "uid",
    "question_reports": "student_id",
    "classes": "owner_id",
}
SUBCOLLECTIONS = {
    "session_templates": ["private"],
    "practice_sessions": ["items", "state", "turns"],
    "classes": ["private", "members", "assignments", "rows", "audit", "live"],
}

# Path, fields and the time of the last write, so that a write of the same values shows too.
UserDocuments = dict[str, tuple[dict[str, Any], Any]]

# Fields of replies that are in another document.
STORED_APART = ("student_ids", "stored_session")


def user_documents(client: Client, uid: str) -> UserDocuments:
    """Every document that belongs to this user, read without security rules."""
    found = []
    for collection, field in OWNER_FIELDS.items():
        own = list(client.collection(collection).where(filter=FieldFilter(field, "==", uid)).get())
        found += own
        for below in SUBCOLLECTIONS.get(collection, []):
            for document in own:
                found += list(document.reference.collection(below).get())
    student = client.document(f"students/{uid}").get()
    if student.exists:
        found.append(student)
    return {
        document.reference.path: (document.to_dict(), document.update_time) for document in found
    }


def of_collection(stored: UserDocuments, collection: str) -> dict[str, dict[str, Any]]:
    """The documents directly in a collection, by id."""
    return {
        path.removeprefix(f"{collection}/"): fields
        for path, (fields, _) in stored.items()
        if path.startswith(f"{collection}/") and path.count("/") == 1
    }


def matches_document(
    reply: Mapping[str, Any],
    document: Mapping[str, Any],
    *,
    own_id: str,
    apart: Collection[str] = STORED_APART,
) -> bool:
    """Whether a reply has every field of the document, and besides them only its id and those that
    are stored apart.
    """
    fields = {n: value for n, value in reply.items() if n not in (own_id, *apart)}
    return is_same_json(with_instants(fields), with_instants(document))


def with_instants(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with instants parsed, because their texts differ in the number of digits.

    Those of objects in it and in its lists are parsed too.
    """
    return {name: _with_instants(name, value) for name, value in fields.items()}


def _with_instants(name: str, value: Any) -> Any:
    if isinstance(value, str) and (name == "at" or name.endswith("_at")):
        return datetime.fromisoformat(value)
    if isinstance(value, Mapping):
        return with_instants(value)
    if isinstance(value, list):
        return [with_instants(entry) if isinstance(entry, Mapping) else entry for entry in value]
    return value
