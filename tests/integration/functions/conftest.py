"""Fixtures of a template, a session, and the stored documents of their owners."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import requests

from local.api import User
from local.stack import Stack
from local.tokens import scheduler_token
from shared.firestore.client import Client
from tests.support.answers import ok
from tests.support.stored import UserDocuments, user_documents

ROUTINE: dict[str, Any] = {
    "sections": [
        {
            "name": "Warm-up",
            "duration_minutes": 10,
            "exercises": [{"name": "Scales"}, {"id": "arpeggios", "name": "Arpeggios"}],
        },
        {"name": "Songs", "exercises": [{"name": "Blues", "description": "twelve bars"}]},
    ],
    "total_duration_minutes": 30,
}
TEMPLATE: dict[str, Any] = {"name": "Routine", "template_data": ROUTINE}


Abandon = Callable[[str], None]
StoredDocuments = Callable[[User], UserDocuments]
StoredSource = Callable[[str], Any]
Sweep = Callable[..., requests.Response]


def created(owner: User, **fields: Any) -> dict[str, Any]:
    """A new template of the owner: the routine with the given fields."""
    reply = ok(owner.call("create_template", {**TEMPLATE, **fields}), 201)
    template: dict[str, Any] = reply["template"]
    return template


def started(student: User, **fields: Any) -> dict[str, Any]:
    """A new session of the student, blank unless a template_id is given."""
    session: dict[str, Any] = ok(student.call("start_session", fields), 201)["session"]
    return session


@pytest.fixture
def stored_documents(client: Client) -> StoredDocuments:
    """All documents stored for a user, by path."""
    return lambda user: user_documents(client, user.uid)


@pytest.fixture
def stored_source(client: Client) -> StoredSource:
    """The stored template_data with the answer keys, None when there is none."""

    def read(template_id: str) -> Any:
        stored = client.document(f"session_templates/{template_id}/private/source").get()
        return stored.get("template_data") if stored.exists else None

    return read


@pytest.fixture
def sweep(stack: Stack) -> Sweep:
    """Calls cleanup_stale_sessions as the scheduler does; by default for very old sessions."""

    def call(headers: dict[str, str] | None = None, **fields: Any) -> requests.Response:
        token = scheduler_token(project_id=stack.project_id)
        return requests.post(
            f"{stack.url}/cleanup_stale_sessions",
            json={"stale_after_minutes": 525_600, **fields},
            headers={"Authorization": f"Bearer {token}", **(headers or {})},
            timeout=60,
        )

    return call


@pytest.fixture
def abandon(client: Client, sweep: Sweep) -> Abandon:
    """Makes a session two years old, then sweeps."""

    def leave(session_id: str) -> None:
        reference = client.document(f"practice_sessions/{session_id}")
        fields = reference.get(["started_at", "last_activity_at"]).to_dict()
        reference.update({name: at - timedelta(days=730) for name, at in fields.items()})
        assert ok(sweep())["abandoned"] >= 1
        assert reference.get(["status"]).get("status") == "abandoned"

    return leave
