"""Billed quantities: documents per function, session and sweep, and tokens per session.

Documents are counted by a proxy between the functions and the emulator.
"""

import io
import os
from collections.abc import Iterator
from contextlib import redirect_stdout
from functools import partial

import requests

from bench.class_cost import call_class_functions, run_agent, take_graded_turns
from bench.metered_stack import (
    PROJECT_ID,
    QUESTIONS,
    STORING,
    Json,
    MeteredStack,
    cells,
    practise,
    start_metered_stack,
    start_practice,
)
from bench.model_cost import model_rows
from bench.report import markdown_table, write_section
from bench.sweeps import StaleSessions
from local.emulator import Emulator, start_emulator
from local.examples import theory_template
from local.stack import free_port
from local.tokens import scheduler_token
from local.walkthrough import require_status
from shared.firestore.client import Client

STALE = (10, 1_000)

CHECKLIST: Json = {
    "name": "Scales",
    "subject": "Music",
    "template_data": {
        "sections": [
            {
                "name": "Warm-up",
                "exercises": [{"id": f"e{n}", "name": f"Scale {n}"} for n in range(QUESTIONS)],
            }
        ]
    },
}
HEADS = ["", "calls", "reads", "writes", "deletes"]


def main() -> None:
    # The practice client prints each step, which is not wanted here.
    with redirect_stdout(io.StringIO()), start_emulator(free_port(), java_options=()) as emulator:
        with start_metered_stack(emulator) as stack:
            call_functions(stack)
            per_function, stack.rows = stack.rows, []
            tick_checklist(stack)
            for name, stores in STORING.items():
                stack.add_row(name, partial(practise, stack, stores))
            per_session = stack.rows
        per_sweep = list(sweep_rows(emulator))
        with_model = list(model_rows(emulator))
    write_section("documents per function", markdown_table(HEADS, per_function))
    write_section("documents per session", markdown_table(HEADS, per_session))
    write_section("documents per sweep", markdown_table(HEADS, per_sweep))
    heads = ["", "model calls", "tokens in", "tokens out"]
    write_section("tokens", markdown_table(heads, with_model))


def call_functions(stack: MeteredStack) -> None:
    """Adds a row for each function, first without and then with an idempotency key."""
    # A first call connects to the database, and is repeated where that takes long.
    stack.call("create_template", CHECKLIST)
    _call_functions(stack, None)
    _call_functions(stack, "key")
    stack.add_row("practice_turn", lambda: start_practice(stack))
    start: Json = {"session_context": {"source_data": theory_template()}}
    stack.add_row(
        "practice_turn/runs/wait",
        lambda: stack.call("practice_turn/runs/wait", {"input": start}),
    )
    stack.add_row(
        "practice_turn/agui", lambda: run_agent(stack, "practice_turn/agui", {"state": start})
    )
    take_graded_turns(stack)


def _call_functions(stack: MeteredStack, key: str | None) -> None:
    def call(function: str, body: Json, variant: str = "") -> Json:
        name = f"{function}{variant}{', with a key' if key else ''}"
        own_key = f"{key}-{function}{variant}" if key else None
        reply: Json = stack.add_row(name, lambda: stack.call(function, body, key=own_key))
        return reply

    template = call("create_template", {**CHECKLIST, "student_ids": ["student"]})["template"]
    template_id = template["template_id"]
    change = {"template_id": template_id, "version": template["version"], "name": "All scales"}
    call("update_template", change)
    start = {"template_id": template_id, "timezone": "UTC"}
    session_id = call("start_session", start)["session"]["session_id"]
    call("start_session", start, ", resumed")
    item = {"node_id": "e0", "grade": "good"}
    call("update_progress", {"session_id": session_id, "items": [item]}, ", one item")
    call("update_progress", {"session_id": session_id, "session_data": {"a": 1}}, ", notes")
    complete = {"session_id": session_id}
    call("complete_session", complete)
    if key is None:
        call("complete_session", complete, ", sent again")
    else:
        replayed = partial(stack.call, "complete_session", complete, key=f"{key}-complete_session")
        stack.add_row("complete_session, replayed", replayed)
    pack = {"timezone": "UTC"}
    if key is None:
        call("daily_pack", pack)
    call("daily_pack", pack, ", resumed")
    call("delete_template", {"template_id": template_id})
    call_class_functions(stack, call)


def tick_checklist(stack: MeteredStack) -> None:
    """Adds a row for a session of ten exercises, each ticked by a call."""

    def work() -> None:
        created = {**CHECKLIST, "student_ids": ["student"]}
        template = stack.call("create_template", created)["template"]
        stack.meter.reset()
        start = {"template_id": template["template_id"], "timezone": "UTC"}
        session_id = stack.call("start_session", start)["session"]["session_id"]
        for number in range(QUESTIONS):
            items = [{"node_id": f"e{number}", "grade": "good"}]
            stack.call("update_progress", {"session_id": session_id, "items": items})
        stack.call("complete_session", {"session_id": session_id})

    stack.add_row(f"checklist, {QUESTIONS} exercises ticked one by one", work)


def sweep_rows(emulator: Emulator) -> Iterator[list[str]]:
    os.environ["FIRESTORE_EMULATOR_HOST"] = emulator.host
    for count in STALE:
        emulator.clear(PROJECT_ID)
        client = Client(project=PROJECT_ID)
        StaleSessions(client, waiting=count).fill()
        client.close()
        with start_metered_stack(emulator) as stack:
            yield _sweep_row(stack, count, dry_run=True)
            yield _sweep_row(stack, count, dry_run=False)


def _sweep_row(stack: MeteredStack, count: int, *, dry_run: bool) -> list[str]:
    stack.meter.reset()
    response = requests.post(
        f"{stack.url}/cleanup_stale_sessions",
        json={"dry_run": dry_run},
        headers={"Authorization": f"Bearer {scheduler_token(project_id=PROJECT_ID)}"},
        timeout=60,
    )
    if require_status(response, 200)["scanned"] != count:
        raise AssertionError(response.text)
    name = f"{count:,} stale sessions{', dry run' if dry_run else ''}"
    return [name, *cells(stack.meter.reset())]
