"""Load over HTTP, by k6, from a core of its own."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from sys import executable
from tempfile import TemporaryDirectory
from typing import Any

from bench.processes import LOAD_CORE, on_core

SCRIPTS = Path(__file__).parent


class LoadFailed(Exception):
    """Requests failed or did not get sent: what was measured is worth nothing."""


@dataclass(frozen=True)
class Request:
    """`body` is sent as it is."""

    url: str
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"


@dataclass(frozen=True)
class Load:
    """What came of it; times are those of single requests."""

    sent: int
    seconds: float
    median_ms: float
    p95_ms: float
    max_ms: float

    @property
    def per_second(self) -> float:
        return self.sent / self.seconds


def load(
    requests: Sequence[Request],
    *,
    clients: int,
    count: int | None = None,
    timeout_seconds: int = 60,
    longest_seconds: int = 120,
) -> Load:
    """Sends `count` requests (each once where not given), from so many clients at a time.

    Raises LoadFailed unless every one was answered with a 2xx status.
    """
    count = count or len(requests)
    told = _told(
        "load.js",
        requests,
        {
            "CLIENTS": str(min(clients, count)),
            "COUNT": str(count),
            "TIMEOUT": f"{timeout_seconds}s",
            "MAX_DURATION": f"{longest_seconds}s",
        },
        longest_seconds=longest_seconds,
    )
    if told["sent"] != count:
        raise LoadFailed(f"{told['sent']} of {count} were sent")
    return Load(**told)


def steady(
    requests: Sequence[Request],
    *,
    clients: int,
    spread_seconds: float,
    begin_seconds: float,
    window_seconds: float,
    expected: str,
    timeout_seconds: int = 60,
) -> tuple[Load, int]:
    """What so many clients at a time are answered within a window that begins once all are under
    way, and how many were answered altogether.

    The clients' first requests are spread over `spread_seconds`, for a crowd that begins at one
    moment queues for the processor as it never does again. Raises LoadFailed unless every request
    was answered with a 2xx status and the text that is `expected` somewhere in its body.
    """
    longest = begin_seconds + window_seconds + timeout_seconds
    told = _told(
        "steady.js",
        requests,
        {
            "CLIENTS": str(clients),
            "SPREAD_SECONDS": str(spread_seconds),
            "BEGIN_SECONDS": str(begin_seconds),
            "WINDOW_SECONDS": str(window_seconds),
            "EXPECTED": expected,
            "TIMEOUT": f"{timeout_seconds}s",
        },
        longest_seconds=longest,
    )
    answered: int = told.pop("all")
    return Load(**told), answered


def _told(
    script: str, requests: Sequence[Request], given: Mapping[str, str], *, longest_seconds: float
) -> dict[str, Any]:
    """The script's summary. Raises LoadFailed when a request was not answered with 2xx."""
    with TemporaryDirectory() as folder:
        listed, summary = Path(folder, "requests.json"), Path(folder, "summary.json")
        listed.write_text(json.dumps([_plain(request) for request in requests]))
        files = {"REQUESTS": str(listed), "SUMMARY": str(summary)}
        k6 = str(Path(executable).with_name("k6"))
        done = subprocess.run(
            on_core(LOAD_CORE, [k6, "run", "--quiet", "--address", "", str(SCRIPTS / script)]),
            env={**os.environ, **files, **given},
            capture_output=True,
            text=True,
            timeout=longest_seconds + 60,
            check=False,
        )
        if done.returncode:
            raise LoadFailed(done.stderr[-2_000:])
        told: dict[str, Any] = json.loads(summary.read_text())
    if failed := told.pop("failed"):
        raise LoadFailed(f"{failed} failed: {done.stderr[-2_000:]}")
    return told


def _plain(request: Request) -> dict[str, object]:
    return {
        "method": request.method,
        "url": request.url,
        "headers": dict(request.headers),
        "body": request.body,
    }
