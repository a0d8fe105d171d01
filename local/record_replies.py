"""`python -m local.record_replies`: records the replies that the API document shows, from a stack.

Each operation is called with its own example. Values that differ from run to run (ids, instants,
seals) are then replaced by those of the examples.
"""

import json
import re
from typing import Any

from local.api import User
from local.stack import Stack, free_port, start_stack
from openapi.responses import REPLIES_FILE
from shared.contract.examples import INSTANT, SESSION_ID, TEMPLATE_ID
from shared.contract.operation import main_operation
from shared.domain.students.skills import question_key

INSTANTS = re.compile(r'"\d{4}-\d\d-\d\dT[0-9:.]+Z"')
SEALS = re.compile(r'"gAAAA[A-Za-z0-9_=-]+"')


def record(running: Stack) -> dict[str, Any]:
    """The replies by operation and status, such as "start_session 201"."""
    teacher, student = User(running, "ms-lee", teacher=True), User(running, "sam")
    recorded: dict[str, Any] = {}
    ids: dict[str, str] = {}

    def call(by: User, function: str, **own: Any) -> Any:
        response = by.call(function, {**main_operation(function).example, **own})
        response.raise_for_status()
        recorded[f"{function} {response.status_code}"] = response.json()
        return response.json()

    template_id = call(teacher, "create_template")["template"]["template_id"]
    ids[template_id] = TEMPLATE_ID
    call(teacher, "update_template", template_id=template_id)
    session_id = call(student, "start_session", template_id=template_id)["session"]["session_id"]
    ids[session_id] = SESSION_ID
    call(student, "start_session", template_id=template_id)
    call(student, "update_progress", session_id=session_id)
    call(student, "get_next_item", session_id=session_id)
    call(student, "complete_session", session_id=session_id)
    pack = call(student, "daily_pack")["pack"]
    ids[pack["session_id"]] = SESSION_ID
    ids[pack["local_date"]] = INSTANT[: len(pack["local_date"])]
    for item in [*pack["review_items"], *pack["new_items"]]:
        if item["item_id"] != item["node_id"]:
            ids[item["item_id"]] = question_key(TEMPLATE_ID, item["node_id"])
    call(student, "daily_pack")
    turn = call(student, "practice_turn")
    ids[turn["session_context"]["stored_session"]["session_id"]] = SESSION_ID
    strict = _strict_turn(teacher, student, template_id)
    recorded["assignment_turn 200"] = strict
    ids[strict["session_id"]] = SESSION_ID
    text = json.dumps(recorded)
    for found, shown in ids.items():
        text = text.replace(found, shown)
    text = SEALS.sub('"gAAAABp…"', INSTANTS.sub(f'"{INSTANT}"', text))
    replies: dict[str, Any] = json.loads(text)
    return replies


def _strict_turn(teacher: User, student: User, template_id: str) -> Any:
    """The reply to the example of assignment_turn, in a class of its own."""

    def call(by: User, function: str, body: Any) -> Any:
        response = by.call(function, body)
        response.raise_for_status()
        return response.json()

    created = call(teacher, "create_class", {"name": "Guitar"})
    call(student, "join_class", {"code": created["join"]["code"], "display_name": "Sam"})
    of = {"class_id": created["class"]["class_id"], "template_id": template_id, "points": 10}
    assignment = call(teacher, "create_assignment", of)["assignment"]
    begun = {name: assignment[name] for name in ("class_id", "assignment_id")}
    session_id = call(student, "start_session", begun)["session"]["session_id"]
    return call(
        student,
        "assignment_turn",
        {**main_operation("assignment_turn").example, "session_id": session_id},
    )


def main() -> None:
    with start_stack(port=free_port(), firestore_port=free_port(), quiet=True) as running:
        replies = record(running)
    REPLIES_FILE.write_text(json.dumps(replies, indent=2, ensure_ascii=False) + "\n")
    print(f"Written: {REPLIES_FILE.name}")


if __name__ == "__main__":
    main()
