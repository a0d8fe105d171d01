"""What comes of a scene: a good answer, or a clean refusal for want of the database."""

from dataclasses import dataclass

import requests

from tests.chaos.functions.scenes import Facts, Json
from tests.support.answers import PROBLEM_JSON
from tests.support.stored import matches_document

# What a sweep says when there is nothing for it to do.
NOTHING_LEFT = {"scanned": 0, "abandoned": 0, "remaining": 0, "next": None}


@dataclass(frozen=True)
class Ending:
    """How a scene ends without a fault."""

    facts: Facts
    replied: Json | None


def replied(response: requests.Response, status: int) -> Json | None:
    """What a good answer says, but for ids and instants."""
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


def agrees(response: requests.Response, documents: dict[str, Json]) -> bool:
    """Whether the reply's session or template is as it is stored."""
    if not response.content or "scanned" in response.json():
        return True
    body = response.json()
    kind = "template" if "template" in body else "session"
    collection = {"template": "session_templates", "session": "practice_sessions"}[kind]
    document = documents[f"{collection}/{body[kind][f'{kind}_id']}"]
    return matches_document(body[kind], document, own_id=f"{kind}_id")


def assert_unavailable(response: requests.Response) -> None:
    assert response.status_code == 503, response.text
    assert response.headers["Content-Type"] == PROBLEM_JSON
    assert response.json()["reason"] == "UNAVAILABLE"
    assert response.json()["request_id"] == response.headers["X-Request-Id"] != ""
    assert int(response.headers["Retry-After"]) >= 1
