"""Records a session of practice on each server as requests that can be repeated as load.

Every answer is right, so both servers do the same work.
"""

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from bench.environments import peer_programs
from bench.load import Request
from bench.processes import Server, start_function, start_server
from bench.stub_model import StubModel
from local.examples import BANK_FILE, theory_template
from local.stack import free_port
from local.tokens import user_token

PROJECT_ID = "demo-bench"
GRAPH = Path(__file__).with_name("langgraph_dev") / "graph.py"
TIMEOUT_SECONDS = 60
JSON = {"Content-Type": "application/json"}
# The right answers to the stub model's questions, by question kind.
RIGHT_ANSWERS = {
    "multiple_choice": "b",
    "multi_select": ["b"],
    "numeric": "880",
    "short_answer": "octave",
}

Json = dict[str, Any]


@contextmanager
def start_practice_turn(model: StubModel, *, threads: int) -> Iterator[Server]:
    environment = {
        "GOOGLE_CLOUD_PROJECT": PROJECT_ID,
        "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099",  # so unsigned tokens are accepted
        "LOG_LEVEL": "ERROR",
        **model.environment,
    }
    with start_function("practice_turn", environment=environment, threads=threads) as server:
        yield server


@contextmanager
def start_langgraph_dev(model: StubModel) -> Iterator[Server]:
    """Starts the peer without a licence, a tracing account or the network.

    By default it makes one run at a time. With more (--n-jobs-per-worker) it is slower, because its
    queue is then empty more often, and sleeps.
    """
    port = free_port()
    with TemporaryDirectory() as folder:  # it keeps its store in the working directory
        config = Path(folder, "langgraph.json")
        graphs = {"practice": f"{GRAPH}:graph"}
        config.write_text(json.dumps({"dependencies": [folder], "graphs": graphs}))
        command = ["env", "-C", folder, str(peer_programs("langgraph_dev") / "langgraph"), "dev"]
        command += ["--config", str(config), "--port", str(port), "--no-browser", "--no-reload"]
        settings = {
            "BANK": str(BANK_FILE),
            "LANGSMITH_TRACING": "false",
            "LANGGRAPH_CLI_NO_ANALYTICS": "1",
            "LOG_LEVEL": "ERROR",
            **model.environment,
        }
        command += ["--server-log-level", "error"]
        with start_server(command, port=port, environment=settings, path="/ok") as server:
            yield server


def answers_to_practice_turn(server: Server, count: int) -> list[Request]:
    """The first `count` answers of a new session, each with the state before it."""
    token = user_token("student", project_id=PROJECT_ID)
    headers = {**JSON, "Authorization": f"Bearer {token}"}

    def request(body: Json) -> Request:
        return Request(server.url, json.dumps(body), headers)

    def next_body(reply: Json) -> Json:
        question = _question(reply)
        answer = {"question_id": question["question_id"], "answer": RIGHT_ANSWERS[question["kind"]]}
        context = {"stored_session": reply["session_context"]["stored_session"]}
        return {"session_context": context, "input": {"type": "answer", **answer}}

    start = {"session_context": {"source_data": theory_template()}}
    return _record(request, start, next_body, count)


def runs_of_langgraph(server: Server, count: int) -> list[Request]:
    """The same answers as stateless runs of langgraph dev, whose input contains the state."""

    def request(body: Json) -> Request:
        return Request(
            f"{server.url}/runs/wait", json.dumps({"assistant_id": "practice", "input": body}), JSON
        )

    def next_body(reply: Json) -> Json:
        return {"session": reply["session"], "input": _answer(reply)}

    return _record(request, {"input": None}, next_body, count)


def threads_of_langgraph(
    server: Server, runs: Sequence[Request], *, threads: int, answers: int
) -> tuple[list[Request], list[Request]]:
    """The same answers on threads: the requests that start threads, and the answers on each.

    The answers of one thread are far enough apart in the list not to overlap.
    """
    inputs = [json.loads(request.body or "")["input"]["input"] for request in runs]
    urls = [f"{server.url}/threads/{uuid.uuid4()}/runs/wait" for _ in range(threads)]

    def run(url: str, message: Json | None) -> Request:
        body = {"assistant_id": "practice", "input": {"input": message}, "if_not_exists": "create"}
        return Request(url, json.dumps(body), JSON)

    starts = [run(url, None) for url in urls]
    return starts, [run(url, answer) for answer in inputs[:answers] for url in urls]


def _record(
    request: Callable[[Json], Request], first: Json, next_body: Callable[[Json], Json], count: int
) -> list[Request]:
    reply = _send(request(first))
    turns: list[Request] = []
    for _ in range(count):
        turns.append(request(next_body(reply)))
        reply = _send(turns[-1])
        if not _feedback(reply)["correct"]:
            raise AssertionError("an answer was not graded as right")
    return turns


def _send(request: Request) -> Json:
    response = requests.post(
        request.url, data=request.body, headers=dict(request.headers), timeout=TIMEOUT_SECONDS
    )
    response.raise_for_status()
    reply: Json = response.json()
    return reply


def _answer(reply: Json) -> Json:
    return {"type": "answer", "answer": RIGHT_ANSWERS[_question(reply)["kind"]]}


def _question(reply: Json) -> Json:
    question: Json = _args(reply, "question_presentation")["question"]
    return question


def _feedback(reply: Json) -> Json:
    return _args(reply, "feedback_presentation")


def _args(reply: Json, name: str) -> Json:
    calls = [call for message in reply["messages"] for call in message.get("tool_calls", [])]
    return next(call["args"] for call in calls if call["name"] == name)
