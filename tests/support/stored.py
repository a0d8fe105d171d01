"""What is stored of a person, and whether a reply says the same."""

from collections.abc import Mapping
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
}
SUBCOLLECTIONS = {"session_templates": "private", "practice_sessions": "items"}

# Path, fields and the time of the last write, so that even a write of the same values shows.
Belongings = dict[str, tuple[dict[str, Any], Any]]


def belongings(client: Client, uid: str) -> Belongings:
    """Every document that is there because of this user, whatever the rules say."""
    found = []
    for collection, field in OWNER_FIELDS.items():
        own = list(client.collection(collection).where(filter=FieldFilter(field, "==", uid)).get())
        found += own
        if below := SUBCOLLECTIONS.get(collection):
            for document in own:
                found += list(document.reference.collection(below).get())
    student = client.document(f"students/{uid}").get()
    if student.exists:
        found.append(student)
    return {
        document.reference.path: (document.to_dict(), document.update_time) for document in found
    }


def of_collection(stored: Belongings, collection: str) -> dict[str, dict[str, Any]]:
    """The documents directly in a collection, by id."""
    return {
        path.removeprefix(f"{collection}/"): fields
        for path, (fields, _) in stored.items()
        if path.startswith(f"{collection}/") and path.count("/") == 1
    }


def agree(reply: Mapping[str, Any], document: Mapping[str, Any], *, own_id: str) -> bool:
    """Whether a reply says what a client reads: every field, but for the id that is in the path."""
    said = {name: value for name, value in reply.items() if name != own_id}
    return is_same_json(with_instants(said), with_instants(document))


def with_instants(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with instants as such: texts of them have as many digits as the writer likes."""
    return {
        name: datetime.fromisoformat(value)
        if name.endswith("_at") and isinstance(value, str)
        else value
        for name, value in fields.items()
    }
