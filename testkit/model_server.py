"""A server for the used part of OpenAI's protocol, which can be made to fail."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Any

from testkit.http_server import QuietHandler, serving

JSON = "application/json"


class Exchange:
    """One request, with the means to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: dict[str, Any], over: Event) -> None:
        self._handler = handler
        self.body = body
        self.over = over

    @property
    def data(self) -> dict[str, Any]:
        """The data in the user's message."""
        given: dict[str, Any] = json.loads(self.body["messages"][-1]["content"])
        return given

    def reply(
        self,
        content: bytes,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        length: int | None = None,
    ) -> None:
        self._handler.send_response(status)
        sent = {"Content-Type": JSON, "Content-Length": str(length or len(content))}
        for name, value in {**sent, **(headers or {})}.items():
            self._handler.send_header(name, value)
        self._handler.end_headers()
        self.write(content)

    def write(self, content: bytes) -> None:
        self._handler.wfile.write(content)
        self._handler.wfile.flush()


ScriptedReply = Callable[[Exchange], None]


def completion(
    content: str | None,
    *,
    finish_reason: str = "stop",
    refusal: str | None = None,
    usage: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    message = {"role": "assistant", "content": content, "refusal": refusal}
    made: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "scripted",
        "choices": [{"index": 0, "message": message, "finish_reason": finish_reason}],
    }
    return {**made, "usage": dict(usage)} if usage else made


USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}


def replies_with(written: object, **changes: Any) -> ScriptedReply:
    """The model writes this: a text unchanged, anything else as JSON."""
    text = written if isinstance(written, str) or written is None else json.dumps(written)
    return sends(completion(text, **{"usage": USAGE, **changes}))


def sends(body: object) -> ScriptedReply:
    return lambda exchange: exchange.reply(json.dumps(body).encode())


def fails(status: int, *, code: str | None = None, **headers: str) -> ScriptedReply:
    error = {"error": {"message": "no", "type": "error", "code": code}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda exchange: exchange.reply(json.dumps(error).encode(), status=status, headers=named)


def redirects(status: int) -> ScriptedReply:
    """To the same address, so that a client which follows comes back."""
    return lambda exchange: exchange.reply(
        b"", status=status, headers={"Location": "/v1/chat/completions"}
    )


def sends_html(exchange: Exchange) -> None:
    exchange.reply(b"<html>Welcome</html>", headers={"Content-Type": "text/html"})


def sends_broken_json(exchange: Exchange) -> None:
    exchange.reply(b'{"id": "chatcmpl-1", "choices": [')


def hangs_up(_exchange: Exchange) -> None:
    """Closes the connection without sending a byte."""


def hangs_up_midway(exchange: Exchange) -> None:
    exchange.reply(b'{"id": "chat', length=1_000)


def stalls(exchange: Exchange) -> None:
    exchange.over.wait()


def stalls_midway(exchange: Exchange) -> None:
    exchange.reply(b'{"id": "chat', length=1_000)
    exchange.over.wait()


def drips(exchange: Exchange) -> None:
    """Sends single bytes at short intervals, so that no read times out."""
    exchange.reply(b"{", length=1_000_000)
    while not exchange.over.wait(0.05):
        exchange.write(b" ")


def drips_headers(exchange: Exchange) -> None:
    exchange.write(b"HTTP/1.1 200 OK\r\n")
    while not exchange.over.wait(0.05):
        exchange.write(b"X-Slow: 1\r\n")


class ModelServer:
    """Plays its scripts in order and repeats the last one. Records the requests."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.forget()

    def forget(self) -> None:
        self.requests: list[Exchange] = []
        self.headers: list[dict[str, str]] = []
        self._scripts: list[ScriptedReply] = [fails(500)]

    def plays(self, *scripts: ScriptedReply) -> None:
        self._scripts = list(scripts)

    @property
    def calls(self) -> int:
        return len(self.requests)

    def next_script(self) -> ScriptedReply:
        return self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]


@contextmanager
def serving_model() -> Iterator[ModelServer]:
    over = Event()

    class Handler(QuietHandler):
        def do_POST(self) -> None:
            body = json.loads(self.read_body())
            exchange = Exchange(self, body, over)
            script = model.next_script()
            model.requests.append(exchange)
            model.headers.append(dict(self.headers))
            with suppress(ConnectionError):  # the client closed the connection
                script(exchange)

    with serving(Handler) as url:
        model = ModelServer(f"{url}/v1")
        try:
            yield model
        finally:
            over.set()
