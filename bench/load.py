"""Load over HTTP, by k6, from a core of its own."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from sys import executable
from tempfile import TemporaryDirectory

from bench.processes import LOAD_CORE, on_core

SCRIPT = Path(__file__).with_name("load.js")


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
    with TemporaryDirectory() as folder:
        listed, summary = Path(folder, "requests.json"), Path(folder, "summary.json")
        listed.write_text(json.dumps([_plain(request) for request in requests]))
        given = {
            "REQUESTS": str(listed),
            "SUMMARY": str(summary),
            "CLIENTS": str(min(clients, count)),
            "COUNT": str(count),
            "TIMEOUT": f"{timeout_seconds}s",
            "MAX_DURATION": f"{longest_seconds}s",
        }
        k6 = str(Path(executable).with_name("k6"))
        done = subprocess.run(
            on_core(LOAD_CORE, [k6, "run", "--quiet", "--address", "", str(SCRIPT)]),
            env={**os.environ, **given},
            capture_output=True,
            text=True,
            timeout=longest_seconds + 60,
            check=False,
        )
        if done.returncode:
            raise LoadFailed(done.stderr[-2_000:])
        told = json.loads(summary.read_text())
    failed = told.pop("failed")
    if failed or told["sent"] != count:
        raise LoadFailed(f"{failed} failed and {told['sent']} of {count} were sent")
    return Load(**told)


def _plain(request: Request) -> dict[str, object]:
    return {
        "method": request.method,
        "url": request.url,
        "headers": dict(request.headers),
        "body": request.body,
    }
