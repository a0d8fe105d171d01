"""Outcomes of a scene: a successful reply, or a 503 when the database is unavailable."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import requests

from shared.domain.common.json_object import is_same_json
from tests.chaos.functions.scenes import Facts, Json
from tests.support.answers import PROBLEM_JSON
from tests.support.stored import matches_document, with_instants

# The reply of a sweep that found no stale session.
NOTHING_LEFT = {"scanned": 0, "abandoned": 0, "remaining": 0, "next": None}


@dataclass(frozen=True)
class Outcome:
    """The outcome of a scene without faults."""

    facts: Facts
    reply: Json | None


def reply_content(response: requests.Response, status: int) -> Json | None:
    """The content of a successful reply without ids and instants."""
    assert response.status_code == status, response.text
    assert response.headers["X-Request-Id"]
    if not response.content:
        return None
    body: Json = response.json()
    if "scanned" in body:
        return body
    return {
        "resumed": body.get("resumed"),
        "next_item": body.get("next_item"),
        "xp": body.get("summary", {}).get("xp"),
    }


# Of what functions reply, by its name there.
COLLECTIONS = {
    "template": "session_templates",
    "session": "practice_sessions",
    "report": "question_reports",
    "class": "classes",
}


def equals_stored(response: requests.Response, documents: dict[str, Json]) -> bool:
    """Whether the reply's session, template, report, pack, class, assignment, cell or member equals
    the stored one.
    """
    if not response.content or "scanned" in response.json():
        return True
    body = response.json()
    if "pack" in body:
        (pack,) = [fields for path, fields in documents.items() if "/packs/" in path]
        sealed = documents[f"practice_sessions/{pack['session_id']}/state/current"]
        return is_same_json(body["stored_session"], sealed["stored_session"]) and matches_document(
            body["pack"], pack, own_id="pack_id"
        )
    if assignment := body.get("assignment"):
        path = f"classes/{assignment['class_id']}/assignments/{assignment['assignment_id']}"
        return matches_document(assignment, documents[path], own_id="assignment_id", apart=())
    if cell := body.get("cell"):
        rows = [fields for path, fields in documents.items() if "/rows/" in path]
        return any(is_same_json(_comparable(cell), _comparable(c)) for c in _cells_of(rows))
    if member := body.get("member"):
        path = f"classes/{member['class_id']}/members/{member['student_id']}"
        return matches_document(member, documents[path], own_id="")
    kind = next(kind for kind in COLLECTIONS if kind in body)
    collection = COLLECTIONS[kind]
    path = f"{collection}/{body[kind][f'{kind}_id']}"
    state = documents.get(f"{path}/state/current", {}).get("stored_session")
    return is_same_json(body[kind].get("stored_session"), state) and matches_document(
        body[kind], documents[path], own_id=f"{kind}_id"
    )


def _cells_of(rows: Iterable[Json]) -> Iterator[Json]:
    for row in rows:
        yield from row.get("cells", {}).values()


def _comparable(cell: Json) -> Json:
    """A cell of the gradebook with its instants parsed."""
    return {**with_instants(cell), "override": with_instants(cell["override"] or {})}


def assert_unavailable(response: requests.Response) -> None:
    assert response.status_code == 503, response.text
    assert response.headers["Content-Type"] == PROBLEM_JSON
    assert response.json()["reason"] == "UNAVAILABLE"
    assert response.json()["request_id"] == response.headers["X-Request-Id"] != ""
    assert int(response.headers["Retry-After"]) >= 1
