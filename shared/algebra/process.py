"""The process that decides what the domain can't, started when needed and ended if it hangs."""

import json
import logging
import os
import select
import subprocess
import sys
import time
from pathlib import Path
from threading import Lock
from typing import Any

from shared.domain.questions.algebra.port import Algebra
from shared.domain.questions.algebra.tree import Node

# Of one question, and of the start before the first, which imports SymPy.
LIMIT_SECONDS = 2.0
START_SECONDS = 15.0
# Of all questions of one answer behind its first: it may have many blanks, and a set many values.
ANSWER_SECONDS = 5.0

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "shared.algebra.worker")
# What Python needs to find its libraries. The process gets no setting and no secret.
PASSED_ON = ("PATH", "PYTHONPATH", "PYTHONUSERBASE", "HOME", "LD_LIBRARY_PATH")

logger = logging.getLogger("practice.algebra")


class AlgebraProcess:
    """An Algebra: one process at a time, which answers one question at a time.

    A question that it can't answer within the limit, its turn included, is undecided; the process
    is ended then, and the next question starts another.
    """

    def __init__(
        self,
        *,
        limit_seconds: float = LIMIT_SECONDS,
        start_seconds: float = START_SECONDS,
        command: tuple[str, ...] = COMMAND,
    ) -> None:
        self._limit_seconds = limit_seconds
        self._start_seconds = start_seconds
        self._command = command
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def is_zero(self, value: Node) -> bool | None:
        line = json.dumps(_as_json(value)).encode() + b"\n"
        if not self._lock.acquire(timeout=self._limit_seconds):
            return None
        try:
            return self._ask(line)
        except (OSError, ValueError, TimeoutError) as error:
            logger.warning("no answer of the algebra process: %s", type(error).__name__)
            self._end()
            return None
        finally:
            self._lock.release()

    def close(self) -> None:
        """Ends the process, if there is one."""
        with self._lock:
            self._end()

    def _ask(self, line: bytes) -> bool | None:
        process = self._process
        if process is None or process.poll() is not None:
            self._end()
            process = self._process = self._start()
        assert process.stdin is not None
        process.stdin.write(line)
        process.stdin.flush()
        answer = _read_line(process, seconds=self._limit_seconds)
        return answer if isinstance(answer, bool) else None

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment,
        )
        self._process = process
        _read_line(process, seconds=self._start_seconds)
        return process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    # What the process had not read yet.
                    logger.debug("the algebra process ended early")


class AlgebraOfAnswer:
    """The algebra of one answer: what it asks after its time is undecided.

    The time begins with the end of the first question, which may have to wait for a start.
    """

    def __init__(self, algebra: Algebra, *, seconds: float = ANSWER_SECONDS) -> None:
        self._algebra = algebra
        self._seconds = seconds
        self._ends_at: float | None = None

    def is_zero(self, value: Node) -> bool | None:
        if self._ends_at is not None and time.monotonic() >= self._ends_at:
            return None
        decided = self._algebra.is_zero(value)
        if self._ends_at is None:
            self._ends_at = time.monotonic() + self._seconds
        return decided


def _read_line(process: subprocess.Popen[bytes], *, seconds: float) -> Any:
    """The JSON of the next line. Raises TimeoutError, or ValueError at the end of the output."""
    assert process.stdout is not None
    ends_at = time.monotonic() + seconds
    line = b""
    while not line.endswith(b"\n"):
        left = ends_at - time.monotonic()
        if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
            raise TimeoutError
        part = os.read(process.stdout.fileno(), 4096)
        if not part:
            raise ValueError("the process has ended")
        line += part
    return json.loads(line)


def _as_json(node: Node) -> list[Any]:
    return [node.op, node.text, *map(_as_json, node.args)]
