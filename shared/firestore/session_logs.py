"""The log of a session: the answers that were given in it."""

from google.cloud.firestore_v1.base_query import FieldFilter

from shared.domain.sessions.items import LoggedItem
from shared.firestore.database import Database
from shared.firestore.documents import Document, item_of, session_path
from shared.firestore.paging import query_step
from shared.firestore.retry import Deadline


def read_log(
    database: Database, session_id: str, deadline: Deadline, *, skill_id: str | None = None
) -> list[LoggedItem]:
    """The log, or the answers in it to questions of one skill."""
    query = database.client.collection(f"{session_path(session_id)}/items")
    if skill_id is not None:
        query = query.where(filter=FieldFilter("skill_id", "==", skill_id))
    return [
        item_of(Document(snapshot.reference.path, snapshot.to_dict()))
        for snapshot in query_step(query)(deadline)
    ]
