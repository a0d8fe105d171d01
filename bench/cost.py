"""What is paid for: documents per function, session and sweep, model calls and tokens per session.

Everything is counted where it passes: documents between the functions and the emulator, tokens in
what the model's server was sent and wrote.
"""

import io
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import bpe_openai
import requests

from bench.meter import Bill, Meter, metered
from bench.model import block
from bench.report import section, table
from bench.sweeps import StaleSessions
from local.api import User
from local.demo_practice import Device, right
from local.emulator import Emulator, started
from local.examples import theory_template
from local.stack import Stack, free_port, serving
from local.steps import answer
from local.tokens import scheduler_token
from shared.firestore.client import Client
from tests.tutor.model_server import Exchange, ModelServer, says, serving_model

Json = dict[str, Any]

PROJECT_ID = "demo-bench"
QUESTIONS = 10
STALE = (10, 1_000)
VOCABULARY = "o200k_base"
FREE_TEXT = "free_response"

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
WITH_MODEL = {"PRACTICE_MODEL": "stub", "OPENAI_API_KEY": "none"}


@dataclass
class School:
    """A teacher, a student and the functions, with a meter in front of the database."""

    stack: Stack
    meter: Meter
    teacher: User
    student: User
    rows: list[list[str]] = field(default_factory=list)

    def row(self, name: str, work: Callable[[], Any]) -> Any:
        """What the work gives; what it cost becomes a row."""
        self.meter.take()
        given = work()
        self.rows.append([name, *_figures(self.meter.take())])
        return given

    def call(self, function: str, body: Json, *, key: str | None = None) -> Json:
        by = self.teacher if "template" in function else self.student
        reply = by.call(function, body, headers={"Idempotency-Key": key} if key else None)
        reply.raise_for_status()
        return reply.json() if reply.content else {}

    def read(self, path: str) -> Json:
        """As a client does, past the functions: their bill does not have it."""
        return self.student.read(path)


def main() -> None:
    # The walk through a session tells each step; here only the count is wanted.
    with redirect_stdout(io.StringIO()), started(free_port()) as emulator:
        with school(emulator) as here:
            functions(here)
            per_function, here.rows = here.rows, []
            checklist(here)
            for name, stores in STORING.items():
                here.row(name, partial(practise, here, stores))
            per_session = here.rows
        per_sweep = list(sweeps(emulator))
        with_model = list(model_sessions(emulator))
    section("documents per function", table(HEADS, per_function))
    section("documents per session", table(HEADS, per_session))
    section("documents per sweep", table(HEADS, per_sweep))
    section("tokens", table(["", "model calls", "tokens in", "tokens out"], with_model))


@contextmanager
def school(emulator: Emulator, environment: dict[str, str] | None = None) -> Iterator[School]:
    with metered(emulator) as meter, ExitStack() as running:
        stack = running.enter_context(
            serving(
                Emulator(meter.host),
                port=free_port(),
                project_id=PROJECT_ID,
                quiet=True,
                environment=environment,
            )
        )
        # Clients read past the meter: it has the functions' bill alone.
        direct = replace(stack, emulator=emulator)
        yield School(stack, meter, User(direct, "teacher", teacher=True), User(direct, "student"))


def functions(here: School) -> None:
    """Each function as it is mostly called, without a key, and then with one."""
    _each_function(here, None)
    _each_function(here, "key")
    here.row("practice_turn", lambda: _begun(here))


def _each_function(here: School, key: str | None) -> None:
    def called(function: str, body: Json, also: str = "") -> Json:
        name = f"{function}{also}{', with a key' if key else ''}"
        own_key = f"{key}-{function}{also}" if key else None
        reply: Json = here.row(name, lambda: here.call(function, body, key=own_key))
        return reply

    template = called("create_template", {**CHECKLIST, "student_ids": ["student"]})["template"]
    template_id = template["template_id"]
    change = {"template_id": template_id, "version": template["version"], "name": "All scales"}
    called("update_template", change)
    start = {"template_id": template_id, "timezone": "UTC"}
    session_id = called("start_session", start)["session"]["session_id"]
    called("start_session", start, ", resumed")
    item = {"node_id": "e0", "grade": "good"}
    called("update_progress", {"session_id": session_id, "items": [item]}, ", one item")
    called("update_progress", {"session_id": session_id, "session_data": {"a": 1}}, ", notes")
    complete = {"session_id": session_id}
    called("complete_session", complete)
    if key is None:
        called("complete_session", complete, ", sent again")
    else:
        replayed = partial(here.call, "complete_session", complete, key=f"{key}-complete_session")
        here.row("complete_session, replayed", replayed)
    called("delete_template", {"template_id": template_id})


def checklist(here: School) -> None:
    """Ten exercises, one call each."""

    def work() -> None:
        created = {**CHECKLIST, "student_ids": ["student"]}
        template = here.call("create_template", created)["template"]
        here.meter.take()
        start = {"template_id": template["template_id"], "timezone": "UTC"}
        session_id = here.call("start_session", start)["session"]["session_id"]
        for number in range(QUESTIONS):
            items = [{"node_id": f"e{number}", "grade": "good"}]
            here.call("update_progress", {"session_id": session_id, "items": items})
        here.call("complete_session", {"session_id": session_id})

    here.row(f"checklist, {QUESTIONS} exercises ticked one by one", work)


def _begun(here: School) -> Device:
    template = here.call("create_template", {**theory_template(), "student_ids": ["student"]})
    here.meter.take()
    path = f"session_templates/{template['template']['template_id']}"
    device = Device(here.student, {"source_data": here.read(path)})
    device.turn()
    return device


# After which answers a client stores: those that end a block, all, or none before it completes.
STORING: dict[str, Callable[[Json], bool]] = {
    "ten questions, stored at the end": lambda _feedback: False,
    "ten questions, stored at every block": lambda feedback: bool(feedback["block_complete"]),
    "ten questions, stored at every answer": lambda _feedback: True,
}


def practise(
    here: School, stores: Callable[[Json], bool], answer_to: Callable[[Json], Any] = right
) -> None:
    """A session of infinite practice from its start to its completion."""
    device = _begun(here)
    stored = device.stored
    answer(here.student.call("start_session", {"stored_session": stored, "timezone": "UTC"}), 201)
    for _ in range(QUESTIONS):
        question = device.question
        given = {
            "type": "answer",
            "question_id": question["question_id"],
            "answer": answer_to(question),
        }
        feedback = device.turn(given)[0]["args"]
        if stores(feedback):
            device.context = {
                "stored_session": answer(device.store(), 200)["session"]["stored_session"]
            }
    closing = {"session_id": stored["session_id"], "stored_session": device.stored}
    answer(here.student.call("complete_session", closing), 200)


def sweeps(emulator: Emulator) -> Iterator[list[str]]:
    os.environ["FIRESTORE_EMULATOR_HOST"] = emulator.host
    for count in STALE:
        emulator.clear(PROJECT_ID)
        client = Client(project=PROJECT_ID)
        StaleSessions(client, waiting=count).fill()
        client.close()
        with school(emulator) as here:
            yield _swept(here, count, dry_run=True)
            yield _swept(here, count, dry_run=False)


def _swept(here: School, count: int, *, dry_run: bool) -> list[str]:
    here.meter.take()

    reply = requests.post(
        f"{here.stack.url}/cleanup_stale_sessions",
        json={"dry_run": dry_run},
        headers={"Authorization": f"Bearer {scheduler_token(project_id=PROJECT_ID)}"},
        timeout=60,
    )
    if answer(reply, 200)["scanned"] != count:
        raise AssertionError(reply.text)
    name = f"{count:,} stale sessions{', dry run' if dry_run else ''}"
    return [name, *_figures(here.meter.take())]


def model_sessions(emulator: Emulator) -> Iterator[list[str]]:
    """Sessions with a model, which writes the blocks and grades free text."""
    for name, free_text in (
        (f"{QUESTIONS} questions that code grades", False),
        (f"{QUESTIONS} questions, one of each block in free text", True),
    ):
        with serving_model() as model:
            writer = Writer(free_text=free_text)
            model.plays(writer)
            settings = {**WITH_MODEL, "OPENAI_BASE_URL": model.url}
            with school(emulator, settings) as here:
                practise(here, STORING["ten questions, stored at every block"], any_answer)
            yield [name, f"{model.calls}", *_tokens(model, writer.written)]


class Writer:
    """A model that writes blocks of five questions, the last in free text where it should, and
    finds every criterion met."""

    def __init__(self, *, free_text: bool) -> None:
        self._free_text = free_text
        self._blocks = 0
        self.written: list[str] = []

    def __call__(self, exchange: Exchange) -> None:
        if "answer" in exchange.data:
            written = self._findings(exchange)
        else:
            self._blocks += 1
            written = block(self._blocks)
            if self._free_text:
                written["questions"][-1] = _in_free_text(written["questions"][-1])
        text = json.dumps(written)
        self.written.append(text)
        says(text)(exchange)

    def _findings(self, exchange: Exchange) -> Json:
        quote = exchange.data["answer"]
        criteria = [criterion["criterion_id"] for criterion in exchange.data["criteria"]]
        return {
            "findings": [{"criterion_id": each, "quote": quote, "met": True} for each in criteria]
        }


def _in_free_text(question: Json) -> Json:
    rubric = [
        {"text": "Says that the frequency doubles", "points": 1.0},
        {"text": "Says that the note is an octave higher", "points": 1.0},
    ]
    return {**question, "kind": FREE_TEXT, "answer": [], "tolerance": None, "rubric": rubric}


def any_answer(question: Json) -> Any:
    """What a question of this kind takes, right or wrong."""
    match question["kind"]:
        case "multiple_choice":
            return question["choices"][0]["id"]
        case "multi_select":
            return [question["choices"][0]["id"]]
        case "numeric":
            return "880"
        case "self_rated":
            return "good"
        case _:
            return "The frequency doubles, so it is an octave higher."


def _tokens(model: ModelServer, texts_written: Sequence[str]) -> tuple[str, str]:
    """Tokens in and out, of the messages and the schemas sent and of the texts written."""
    encoding = bpe_openai.get_encoding(VOCABULARY)
    sent = [
        text
        for exchange in model.requests
        for text in (
            *(message["content"] for message in exchange.body["messages"]),
            json.dumps(exchange.body["response_format"]),
        )
    ]
    counts = (sum(len(encoding.encode(text)) for text in texts) for texts in (sent, texts_written))
    tokens_in, tokens_out = counts
    return f"{tokens_in:,}", f"{tokens_out:,}"


def _figures(bill: Bill) -> list[str]:
    return [str(figure) for figure in bill]
