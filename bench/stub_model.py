"""A stub of a model server: answers any number of simultaneous calls after a fixed time.

    .venv/bin/python -m bench.stub_model PORT SECONDS

It implements the part of OpenAI's protocol that the benchmarks use. Its reply to any prompt is a
block of five questions that it has not written before. GET / returns the number of calls so far,
and the highest number of simultaneous calls.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, NamedTuple

import requests

from bench.processes import LOAD_CORE, start_server
from local.stack import free_port

MODEL = "stub"
QUESTIONS_PER_BLOCK = 5
# Approximately what such a block takes of a real model. The functions only pass it on.
USAGE = {"prompt_tokens": 1_400, "completion_tokens": 900, "total_tokens": 2_300}

Json = dict[str, Any]

WRONG_CHOICES = {"a": "The sound gets louder", "c": "The sound gets longer", "d": "Nothing changes"}
EXPLANATION = (
    "Halving the length of a string doubles the frequency of its vibration, and a note of twice "
    "the frequency sounds an octave higher. So each half of the string sounds an octave above the "
    "whole, whatever the string is made of and however hard it is plucked."
)


def make_block(number: int) -> Json:
    """A block as a model writes it, of kinds that code grades. `number` makes it unique."""
    concept = {
        "title": f"Strings and octaves, part {number}",
        "explanation": EXPLANATION * 2,
        "worked_example": f"A string of {number + 30} cm is stopped halfway. {EXPLANATION}",
    }
    kinds = ("multiple_choice", "numeric", "short_answer", "multi_select", "numeric")
    return {
        "concept": concept,
        "questions": [_question(number, position, kind) for position, kind in enumerate(kinds)],
    }


def _question(number: int, position: int, kind: str) -> Json:
    choices = [{"id": "b", "text": "It sounds an octave higher"}]
    choices += [{"id": name, "text": text} for name, text in WRONG_CHOICES.items()]
    has_choices = kind in ("multiple_choice", "multi_select")
    answers = {"numeric": ["880"], "short_answer": ["octave", "an octave"], "multi_select": ["b"]}
    return {
        "kind": kind,
        "prompt": f"Task {number}.{position}: a string that sounds at 440 Hz is stopped halfway. "
        "What of its sound changes, and by how much?",
        "difficulty": 1 + position // 2,
        "choices": choices if has_choices else None,
        "explanation": EXPLANATION,
        "answer": answers.get(kind, ["b"]),
        "tolerance": 1.0 if kind == "numeric" else None,
        "unit": "Hz" if kind == "numeric" else None,
        "rubric": None,
        "hints": ["Think of the length of the string.", "Half the length is twice the frequency."],
    }


class StubServer:
    """Answers each completion after `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._numbers = count(1)
        self._calls = self._running = self._max_running = 0

    async def serve_connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Answers the requests of one connection, one after the other."""
        try:
            while head := await _read_head(reader):
                length = _content_length(head)
                await reader.readexactly(length)
                reply = await self._completion() if length else self._counts()
                body = json.dumps(reply).encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
                )
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    def _counts(self) -> Json:
        return {"calls": self._calls, "max_simultaneous": self._max_running}

    async def _completion(self) -> Json:
        self._calls += 1
        self._running += 1
        self._max_running = max(self._max_running, self._running)
        await asyncio.sleep(self._seconds)
        self._running -= 1
        content = json.dumps(make_block(next(self._numbers)))
        message = {"role": "assistant", "content": content, "refusal": None}
        return {
            "id": "chatcmpl-stub",
            "object": "chat.completion",
            "created": 1,
            "model": MODEL,
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": USAGE,
        }


async def _read_head(reader: asyncio.StreamReader) -> bytes:
    """A request up to its body; empty if the client has closed the connection."""
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0


class Counts(NamedTuple):
    calls: int
    max_simultaneous: int


class StubModel(NamedTuple):
    """A running stub. `base_url` is the value for OPENAI_BASE_URL."""

    base_url: str

    @property
    def environment(self) -> dict[str, str]:
        """The settings with which practice_turn calls the stub."""
        return {
            "OPENAI_API_KEY": "none",
            "OPENAI_BASE_URL": self.base_url,
            "PRACTICE_MODEL": MODEL,
            # One call a turn: what is measured is the waiting, and a second wait would be another.
            "SOLVE_DRAFTS": "false",
        }

    def counts(self) -> Counts:
        return Counts(**requests.get(self.base_url, timeout=10).json())


@contextmanager
def start_stub_model(*, seconds: float) -> Iterator[StubModel]:
    """Starts a stub on the load generator's core, apart from the servers under measurement."""
    port = free_port()
    command = [sys.executable, "-m", "bench.stub_model", str(port), str(seconds)]
    with start_server(command, port=port, environment={}, core=LOAD_CORE) as server:
        yield StubModel(f"{server.url}/v1")


async def _serve(port: int, seconds: float) -> None:
    stub = StubServer(seconds)
    server = await asyncio.start_server(stub.serve_connection, "127.0.0.1", port, backlog=1_024)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2])))
