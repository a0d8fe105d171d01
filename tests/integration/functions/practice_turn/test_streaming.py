"""A stream during a call of the model: it starts at once, reports progress and is complete."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import requests

from local.api import User
from local.emulator import Emulator
from local.examples import theory_template
from local.stack import free_port, start_functions
from testkit.http_server import QuietHandler, serving

TIMEOUT_SECONDS = 30
PROJECT_ID = "demo-waiting"


@contextmanager
def thinking_model(asked: threading.Event, enough: threading.Event) -> Iterator[str]:
    """A model that waits until `enough` is set, and then refuses the request."""

    class Thinking(QuietHandler):
        def do_POST(self) -> None:
            self.read_body()
            asked.set()
            enough.wait(TIMEOUT_SECONDS)
            self.reply(400)

    with serving(Thinking) as url:
        try:
            yield f"{url}/v1"
        finally:
            enough.set()


def test_a_stream_begins_before_the_model_answers(emulator: Emulator) -> None:
    asked, enough = threading.Event(), threading.Event()
    with (
        thinking_model(asked, enough) as url,
        start_functions(
            emulator,
            port=free_port(),
            project_id=PROJECT_ID,
            quiet=True,
            environment={"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": url, "PRACTICE_MODEL": "m"},
        ) as stack,
        requests.post(
            f"{stack.url}/practice_turn/runs/stream",
            json={"input": {"session_context": {"source_data": theory_template()}}},
            headers={"Authorization": f"Bearer {User(stack, 'sam').token}"},
            timeout=TIMEOUT_SECONDS,
            stream=True,
        ) as response,
    ):
        lines = response.iter_lines(chunk_size=1)
        early = [next(lines) for _ in range(6)]
        assert [line for line in early if line.startswith(b"event")] == [
            b"event: metadata",
            b"event: custom",
        ]
        assert asked.wait(TIMEOUT_SECONDS)
        enough.set()
        late = list(lines)
    names = [line.removeprefix(b"event: ") for line in late if line.startswith(b"event")]
    assert names == [b"updates", b"updates", b"values", b"end"]
    values = json.loads(late[late.index(b"event: values") + 1].removeprefix(b"data: "))
    assert values["session_context"]["stored_session"]["degraded"] is True
