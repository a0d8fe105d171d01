"""Load over HTTP, sent by k6 from a processor core apart from the server's."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from sys import executable
from tempfile import TemporaryDirectory
from typing import Any

from bench.processes import LOAD_CORE, pinned_command

SCRIPTS = Path(__file__).parent


class LoadFailed(Exception):
    """A request failed or was not sent, so the measurement is invalid."""


@dataclass(frozen=True)
class Request:
    """An HTTP request; `body` is sent unchanged."""

    url: str
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"


@dataclass(frozen=True)
class LoadResult:
    """`seconds` is the duration of the load, the other times are those of single requests."""

    sent: int
    seconds: float
    median_ms: float
    p95_ms: float
    max_ms: float

    @property
    def per_second(self) -> float:
        return self.sent / self.seconds


def send_requests(
    requests: Sequence[Request],
    *,
    clients: int,
    count: int | None = None,
    timeout_seconds: int = 60,
    max_seconds: int = 120,
) -> LoadResult:
    """Sends `count` requests, cycling through the given ones, from `clients` clients at a time.

    By default each is sent once. Raises LoadFailed unless all are answered with a 2xx status.
    """
    count = count or len(requests)
    summary = _run_k6(
        "load.js",
        requests,
        {
            "CLIENTS": str(min(clients, count)),
            "COUNT": str(count),
            "TIMEOUT": f"{timeout_seconds}s",
            "MAX_DURATION": f"{max_seconds}s",
        },
        max_seconds=max_seconds,
    )
    if summary["sent"] != count:
        raise LoadFailed(f"{summary['sent']} of {count} requests were sent")
    return LoadResult(**summary)


def send_steadily(
    requests: Sequence[Request],
    *,
    clients: int,
    spread_seconds: float,
    begin_seconds: float,
    window_seconds: float,
    expected: str,
    timeout_seconds: int = 60,
) -> tuple[LoadResult, int]:
    """Keeps `clients` clients busy; the result of a time window, and the number of all replies.

    The window starts at `begin_seconds` and ends `window_seconds` later. The clients' first
    requests are spread over `spread_seconds`, because clients that start together wait for the
    processor as they do at no other time. Raises LoadFailed unless all are answered with a 2xx
    status and `expected` in the body.
    """
    max_seconds = begin_seconds + window_seconds + timeout_seconds
    summary = _run_k6(
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
        max_seconds=max_seconds,
    )
    answered: int = summary.pop("all")
    return LoadResult(**summary), answered


def _run_k6(
    script: str, requests: Sequence[Request], options: Mapping[str, str], *, max_seconds: float
) -> dict[str, Any]:
    """Runs a script with options from its environment; the script's summary.

    Raises LoadFailed if the script or a request failed.
    """
    with TemporaryDirectory() as folder:
        requests_file, summary_file = Path(folder, "requests.json"), Path(folder, "summary.json")
        requests_file.write_text(json.dumps([_to_json(request) for request in requests]))
        files = {"REQUESTS": str(requests_file), "SUMMARY": str(summary_file)}
        k6 = str(Path(executable).with_name("k6"))
        completed = subprocess.run(
            pinned_command(
                LOAD_CORE, [k6, "run", "--quiet", "--address", "", str(SCRIPTS / script)]
            ),
            env={**os.environ, **files, **options},
            capture_output=True,
            text=True,
            timeout=max_seconds + 60,
            check=False,
        )
        if completed.returncode:
            raise LoadFailed(completed.stderr[-2_000:])
        summary: dict[str, Any] = json.loads(summary_file.read_text())
    if failed := summary.pop("failed"):
        raise LoadFailed(f"{failed} requests failed: {completed.stderr[-2_000:]}")
    return summary


def _to_json(request: Request) -> dict[str, object]:
    return {
        "method": request.method,
        "url": request.url,
        "headers": dict(request.headers),
        "body": request.body,
    }
