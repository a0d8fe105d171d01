"""A stub of a model's server, for benchmarks: any number of calls at once, each of the same length.

    .venv/bin/python -m bench.model PORT SECONDS

Speaks as much of OpenAI's protocol as is asked of it, in a process of its own. Whatever the prompt,
it writes a block of five questions, none of which it wrote before. GET / tells how many calls it
had, and how many at the same time.
"""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, NamedTuple

import requests

from bench.processes import LOAD_CORE, served
from local.stack import free_port

MODEL = "stub"
QUESTIONS_PER_BLOCK = 5
# What a block of this kind takes of a real model, roughly; the figures are only passed on.
USAGE = {"prompt_tokens": 1_400, "completion_tokens": 900, "total_tokens": 2_300}

Json = dict[str, Any]

WRONG_CHOICES = {"a": "The sound gets louder", "c": "The sound gets longer", "d": "Nothing changes"}
EXPLANATION = (
    "Halving the length of a string doubles the frequency of its vibration, and a note of twice "
    "the frequency sounds an octave higher. So each half of the string sounds an octave above the "
    "whole, whatever the string is made of and however hard it is plucked."
)


def block(number: int) -> Json:
    """A block as a model writes it, with the kinds that are graded without one."""
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


class Stub:
    """Answers each call after `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._numbers = count(1)
        self._calls = self._now = self._most = 0

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, request after request."""
        try:
            while head := await _head(reader):
                length = _length(head)
                await reader.readexactly(length)
                said = await self._completion() if length else self._counts()
                body = json.dumps(said).encode()
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
        return {"calls": self._calls, "most_at_once": self._most}

    async def _completion(self) -> Json:
        self._calls += 1
        self._now += 1
        self._most = max(self._most, self._now)
        await asyncio.sleep(self._seconds)
        self._now -= 1
        written = json.dumps(block(next(self._numbers)))
        message = {"role": "assistant", "content": written, "refusal": None}
        return {
            "id": "chatcmpl-stub",
            "object": "chat.completion",
            "created": 1,
            "model": MODEL,
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": USAGE,
        }


async def _head(reader: asyncio.StreamReader) -> bytes:
    """A request's lines up to the body; nothing where the client has hung up."""
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0


class Counts(NamedTuple):
    calls: int
    most_at_once: int


class StubModel(NamedTuple):
    """The stub as it runs: its address, as OPENAI_BASE_URL wants it."""

    base_url: str

    @property
    def environment(self) -> dict[str, str]:
        """The settings that send practice_turn to it."""
        return {
            "OPENAI_API_KEY": "none",
            "OPENAI_BASE_URL": self.base_url,
            "PRACTICE_MODEL": MODEL,
        }

    def counts(self) -> Counts:
        return Counts(**requests.get(self.base_url, timeout=10).json())


@contextmanager
def stub_model(*, seconds: float) -> Iterator[StubModel]:
    """On the core of the load generator, so that it takes nothing from what is measured."""
    port = free_port()
    command = [sys.executable, "-m", "bench.model", str(port), str(seconds)]
    with served(command, port=port, environment={}, core=LOAD_CORE) as server:
        yield StubModel(f"{server.url}/v1")


async def _serve(port: int, seconds: float) -> None:
    stub = Stub(seconds)
    server = await asyncio.start_server(stub.converse, "127.0.0.1", port, backlog=1_024)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2])))
