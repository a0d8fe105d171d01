"""Valid requests of every function, as many as it takes, over one database."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

from cryptography.fernet import Fernet

from bench.load import Request
from bench.processes import LOAD_CORE, keep_to
from local.api import User
from local.demo_practice import right
from local.emulator import RULES
from local.examples import GUITAR_TEMPLATE, theory_template
from local.stack import Stack, free_port, stack
from local.tokens import scheduler_token, user_token
from shared.contract.operation import main_operation
from shared.firestore.client import Client

Json = dict[str, Any]

PROJECT_ID = "demo-bench"
TEACHER = "ms-lee"
TURNS = 20  # as many as a client may take before it stores
AT_ONCE = 200
TICKED = GUITAR_TEMPLATE["template_data"]["sections"][0]["exercises"][0]["name"]


class Calls:
    """A school of one teacher, whose functions make what the requests need.

    Documents that a request uses up (a template can be updated from version 1 once, a session be
    completed once) are copies of one that the functions made.
    """

    def __init__(self, running: Stack) -> None:
        self._stack = running
        self._client = Client(project=PROJECT_ID)
        self._template = self._called("create_template", self._template_body())["template"]
        self._turns = self._played()

    def close(self) -> None:
        self._client.close()

    def of(self, function: str, url: str, count: int) -> list[Request]:
        """For a server of this function alone. Each can be sent once, but for turns, which are
        those after a session's first.
        """
        if function == "practice_turn":
            return [self._request(url, function, body) for body in self._turns[1:]]
        return [self._request(url, function, body) for body in self._bodies(function, count)]

    def first_turn(self, url: str) -> Request:
        """The one that begins a session."""
        return self._request(url, "practice_turn", self._turns[0])

    def _bodies(self, function: str, count: int) -> Iterator[Json]:
        template_id = self._template["template_id"]
        template = f"session_templates/{template_id}"
        match function:
            case "create_template":
                yield from (self._template_body() for _ in range(count))
            case "update_template":
                changed: Json = {"version": 1, "name": "Daily routine"}
                yield from self._each("template_id", template, count, changed)
            case "delete_template":
                yield from self._each("template_id", template, count, {})
            case "start_session":
                yield from ({"template_id": template_id, "timezone": "UTC"} for _ in range(count))
            case "update_progress":
                told: Json = {"items": [{"node_id": TICKED, "grade": "good"}]}
                yield from self._each("session_id", self._started(), count, told)
            case "complete_session":
                told = {"focus_score": 8, "notes": "Went well"}
                yield from self._each("session_id", self._started(), count, told)
            case _:
                yield from ({} for _ in range(count))

    def _each(self, name: str, path: str, count: int, fields: Json) -> Iterator[Json]:
        """A body for each of so many copies of the document."""
        return ({name: copy, **fields} for copy in self._copies(path, count))

    def _started(self) -> str:
        body = {"template_id": self._template["template_id"], "timezone": "UTC"}
        session = self._called("start_session", body)["session"]
        return f"practice_sessions/{session['session_id']}"

    def _copies(self, path: str, count: int) -> list[str]:
        """Ids of copies of the document."""
        fields = self._client.document(path).get().to_dict()
        collection = path.partition("/")[0]
        made = [token_hex(10) for _ in range(count)]
        for first in range(0, count, AT_ONCE):
            batch = self._client.batch()
            for each in made[first : first + AT_ONCE]:
                batch.create(self._client.document(f"{collection}/{each}"), fields)
            batch.commit()
        return made

    def _played(self) -> list[Json]:
        """The requests of a session's turns, the first of which begins it."""
        body: Json = {"session_context": {"source_data": theory_template()}}
        bodies = []
        for _ in range(TURNS):
            bodies.append(body)
            reply = self._called("practice_turn", body)
            question = reply["messages"][-1]["tool_calls"][0]["args"]["question"]
            body = {
                "session_context": reply["session_context"],
                "input": {
                    "type": "answer",
                    "question_id": question["question_id"],
                    "answer": right(question),
                },
            }
        return bodies

    def _template_body(self) -> Json:
        return {**GUITAR_TEMPLATE, "subject": "Music", "visibility": "public"}

    def _called(self, function: str, body: Json) -> Json:
        teacher = User(self._stack, TEACHER, teacher=True)
        response = teacher.call(function, body)
        response.raise_for_status()
        reply: Json = response.json()
        return reply

    def _request(self, url: str, function: str, body: Json) -> Request:
        if function == "cleanup_stale_sessions":
            token = scheduler_token(project_id=PROJECT_ID)
        else:
            # Whoever starts a session must not have one, so that each start is a student's first.
            uid = token_hex(6) if function == "start_session" else TEACHER
            token = user_token(uid, teacher=True, project_id=PROJECT_ID)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        operation = main_operation(function)
        if not operation.has_body:
            return Request(f"{url}/?{urlencode(body)}", None, headers, operation.method)
        return Request(f"{url}/", json.dumps(body), headers, operation.method)


@contextmanager
def school() -> Iterator[tuple[Calls, Mapping[str, str]]]:
    """The calls, and the environment of functions over the same database, with the same keys.

    All of it keeps to the core that isn't measured.
    """
    environment = {
        "GOOGLE_CLOUD_PROJECT": PROJECT_ID,
        "PRACTICE_SEAL_KEYS": Fernet.generate_key().decode(),
    }
    with (
        keep_to(LOAD_CORE),
        stack(
            port=free_port(),
            firestore_port=free_port(),
            project_id=PROJECT_ID,
            quiet=True,
            environment=environment,
        ) as running,
    ):
        running.emulator.load_rules(PROJECT_ID, RULES.read_text())
        os.environ["FIRESTORE_EMULATOR_HOST"] = running.emulator.host
        with closing(Calls(running)) as calls:
            yield calls, environment
