"""`python -m local.record_replies`: takes the replies in the document from a stack, anew.

Each operation is called with its own example. What differs from run to run (ids, instants, seals)
is then put in as the examples have it.
"""

import json
import re
from typing import Any

from local.api import User
from local.stack import Stack, free_port, stack
from openapi.examples import EXAMPLES, REPLIES_FILE, SESSION_ID, TEMPLATE_ID, THREAD_ID

INSTANT = "2026-03-02T17:00:00.000000Z"
INSTANTS = re.compile(r'"\d{4}-\d\d-\d\dT[0-9:.]+Z"')
SEALS = re.compile(r'"gAAAA[A-Za-z0-9_=-]+"')


def record(running: Stack) -> dict[str, Any]:
    """By operation and status."""
    teacher, student = User(running, "ms-lee", teacher=True), User(running, "sam")
    said: dict[str, Any] = {}
    ids: dict[str, str] = {}

    def call(by: User, function: str, **own: Any) -> Any:
        answered = by.call(function, {**EXAMPLES[function], **own})
        answered.raise_for_status()
        said[f"{function} {answered.status_code}"] = answered.json()
        return answered.json()

    template_id = call(teacher, "create_template")["template"]["template_id"]
    ids[template_id] = TEMPLATE_ID
    call(teacher, "update_template", template_id=template_id)
    session_id = call(student, "start_session", template_id=template_id)["session"]["session_id"]
    ids[session_id] = SESSION_ID
    call(student, "start_session", template_id=template_id)
    call(student, "update_progress", session_id=session_id)
    call(student, "complete_session", session_id=session_id)
    turn = call(student, "practice_turn")
    ids[turn["session_context"]["stored_session"]["session_id"]] = SESSION_ID
    text = json.dumps(said)
    for found, shown in ids.items():
        text = text.replace(found, shown)
    text = SEALS.sub('"gAAAAABp…"', INSTANTS.sub(f'"{INSTANT}"', text))
    replies: dict[str, Any] = json.loads(text)
    return replies


def main() -> None:
    with stack(port=free_port(), firestore_port=free_port(), quiet=True) as running:
        replies = record(running)
    replies["practice_turn_threads 200"] = {
        "thread_id": THREAD_ID,
        "created_at": INSTANT,
        "updated_at": INSTANT,
        "metadata": EXAMPLES["practice_turn_threads"]["metadata"],
        "status": "idle",
        "values": None,
        "interrupts": {},
    }
    replies["cleanup_stale_sessions 200"] = {
        "scanned": 40,
        "abandoned": 0,
        "remaining": 40,
        "next": INSTANT,
    }
    REPLIES_FILE.write_text(json.dumps(replies, indent=2, ensure_ascii=False) + "\n")
    print(f"Written: {REPLIES_FILE.name}")


if __name__ == "__main__":
    main()
