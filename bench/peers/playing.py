"""Practice over HTTP, turn by turn, to be sent again as load.

The answers are those of the stub model's questions, so that both sides grade right ones.
"""

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from bench.environments import of_peer
from bench.load import Request
from bench.model import StubModel
from bench.processes import Server, function, served
from local.examples import BANK, theory_template
from local.stack import free_port
from local.tokens import user_token

PROJECT_ID = "demo-bench"
GRAPH = Path(__file__).with_name("langgraph_dev") / "graph.py"
TIMEOUT_SECONDS = 60
JSON = {"Content-Type": "application/json"}
RIGHT = {
    "multiple_choice": "b",
    "multi_select": ["b"],
    "numeric": "880",
    "short_answer": "octave",
}

Json = dict[str, Any]


@contextmanager
def practice_turn(model: StubModel, *, threads: int) -> Iterator[Server]:
    environment = {"GOOGLE_CLOUD_PROJECT": PROJECT_ID, "LOG_LEVEL": "ERROR", **model.environment}
    with function("practice_turn", environment=environment, threads=threads) as server:
        yield server


@contextmanager
def langgraph_dev(model: StubModel) -> Iterator[Server]:
    """Without a licence, a tracing account or the network.

    It takes one run at a time unless told otherwise. More (--n-jobs-per-worker) made it slower:
    its queue then finds nothing to do more often, and sleeps.
    """
    port = free_port()
    with TemporaryDirectory() as folder:  # it keeps its store where it is started
        config = Path(folder, "langgraph.json")
        graphs = {"practice": f"{GRAPH}:graph"}
        config.write_text(json.dumps({"dependencies": [folder], "graphs": graphs}))
        command = ["env", "-C", folder, str(of_peer("langgraph_dev") / "langgraph"), "dev"]
        command += ["--config", str(config), "--port", str(port), "--no-browser", "--no-reload"]
        settings = {
            "BANK": str(BANK),
            "LANGSMITH_TRACING": "false",
            "LANGGRAPH_CLI_NO_ANALYTICS": "1",
            "LOG_LEVEL": "ERROR",
            **model.environment,
        }
        command += ["--server-log-level", "error"]
        with served(command, port=port, environment=settings, path="/ok") as server:
            yield server


def our_turns(server: Server, count: int) -> list[Request]:
    """Answers to the first questions of a new practice, each with the state it was sent with."""
    token = user_token("student", project_id=PROJECT_ID)
    headers = {**JSON, "Authorization": f"Bearer {token}"}

    def taken(body: Json) -> Request:
        return Request(server.url, json.dumps(body), headers)

    def answering(reply: Json) -> Json:
        question = _question(reply)
        answer = {"question_id": question["question_id"], "answer": RIGHT[question["kind"]]}
        context = {"stored_session": reply["session_context"]["stored_session"]}
        return {"session_context": context, "input": {"type": "answer", **answer}}

    return _played(taken, {"session_context": {"source_data": theory_template()}}, answering, count)


def their_runs(server: Server, count: int) -> list[Request]:
    """The same of langgraph dev: stateless runs, which bring their state along."""

    def taken(body: Json) -> Request:
        return Request(
            f"{server.url}/runs/wait", json.dumps({"assistant_id": "practice", "input": body}), JSON
        )

    def answering(reply: Json) -> Json:
        return {"session": reply["session"], "input": _answer(reply)}

    return _played(taken, {"input": None}, answering, count)


def their_threads(
    server: Server, runs: Sequence[Request], *, threads: int, answers: int
) -> tuple[list[Request], list[Request]]:
    """The same on threads of their own: how they begin, and then the first answers for each.

    A thread's turns are far enough apart in the list never to overlap.
    """
    said = [json.loads(request.body or "")["input"]["input"] for request in runs]
    urls = [f"{server.url}/threads/{uuid.uuid4()}/runs/wait" for _ in range(threads)]

    def run(url: str, given: Json | None) -> Request:
        body = {"assistant_id": "practice", "input": {"input": given}, "if_not_exists": "create"}
        return Request(url, json.dumps(body), JSON)

    begun = [run(url, None) for url in urls]
    return begun, [run(url, given) for given in said[:answers] for url in urls]


def _played(
    taken: Callable[[Json], Request], first: Json, answering: Callable[[Json], Json], count: int
) -> list[Request]:
    reply = _sent(taken(first))
    turns: list[Request] = []
    for _ in range(count):
        turns.append(taken(answering(reply)))
        reply = _sent(turns[-1])
        if not _feedback(reply)["correct"]:
            raise AssertionError("an answer was not graded as right")
    return turns


def _sent(request: Request) -> Json:
    response = requests.post(
        request.url, data=request.body, headers=dict(request.headers), timeout=TIMEOUT_SECONDS
    )
    response.raise_for_status()
    reply: Json = response.json()
    return reply


def _answer(reply: Json) -> Json:
    return {"type": "answer", "answer": RIGHT[_question(reply)["kind"]]}


def _question(reply: Json) -> Json:
    question: Json = _args(reply, "question_presentation")["question"]
    return question


def _feedback(reply: Json) -> Json:
    return _args(reply, "feedback_presentation")


def _args(reply: Json, name: str) -> Json:
    calls = [call for message in reply["messages"] for call in message.get("tool_calls", [])]
    return next(call["args"] for call in calls if call["name"] == name)
