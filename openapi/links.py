"""What can be done next with what was answered: the ids and states that calls hand on."""

from typing import Any

TEMPLATE = "$response.body#/template"
SESSION_ID = "$response.body#/session/session_id"
STATE = "$response.body#/session_context/stored_session"

_OF_A_SESSION: dict[str, dict[str, Any]] = {
    "update_progress": {"requestBody": {"session_id": SESSION_ID}},
    "complete_session": {"requestBody": {"session_id": SESSION_ID}},
}
_OF_A_TEMPLATE: dict[str, dict[str, Any]] = {
    "update_template": {
        "requestBody": {
            "template_id": f"{TEMPLATE}/template_id",
            "version": f"{TEMPLATE}/version",
        }
    },
    "delete_template": {"parameters": {"query.template_id": f"{TEMPLATE}/template_id"}},
    "start_session": {"requestBody": {"template_id": f"{TEMPLATE}/template_id"}},
}
_OF_A_TURN: dict[str, dict[str, Any]] = {
    "practice_turn": {"requestBody": {"session_context": {"stored_session": STATE}}},
}

LINKS: dict[tuple[str, int], dict[str, dict[str, Any]]] = {
    ("create_template", 201): _OF_A_TEMPLATE,
    ("update_template", 200): _OF_A_TEMPLATE,
    ("start_session", 201): _OF_A_SESSION,
    ("start_session", 200): _OF_A_SESSION,
    ("update_progress", 200): _OF_A_SESSION,
    ("practice_turn", 200): _OF_A_TURN,
}


def links_from(operation_id: str, status: int) -> dict[str, dict[str, Any]]:
    """By the operation they lead to."""
    found = LINKS.get((operation_id, status), {})
    return {to: {"operationId": to, **link} for to, link in found.items()}
