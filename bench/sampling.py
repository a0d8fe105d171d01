"""Where a function spends its processor time: the stack is looked at a thousand times a second.

Run as `python -m bench.sampling FUNCTION FILE`, with the requests in the file. One process, one
thread, no server: what gunicorn and the network take is not in it.
"""

import io
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from bench.load import Request
from bench.processes import SERVER_CORE, on_core
from local.processes import ROOT

EVERY_SECONDS = 0.001
# The innermost frame that is in one of these says whose time it is; the standard library's, and
# that of compiled code, is its caller's.
PARTS = {
    "LangGraph, LangChain": ("langgraph", "langchain_core", "langsmith"),
    "Firestore's client, gRPC": ("google", "grpc", "proto"),
    "Flask, the framework": ("flask", "werkzeug", "functions_framework"),
    "Pydantic": ("pydantic",),
    "PyJWT": ("jwt",),
    "cryptography": ("cryptography",),
}
OURS = "ours"
SITE_PACKAGES = f"{os.sep}site-packages{os.sep}"


def shares(
    function: str, requests: Sequence[Request], environment: Mapping[str, str]
) -> dict[str, float]:
    """The share of each part in a function's processor time, the largest first."""
    with TemporaryDirectory() as folder:
        listed = Path(folder, "requests.json")
        listed.write_text(json.dumps([_plain(request) for request in requests]))
        command = [sys.executable, "-m", "bench.sampling", function, str(listed)]
        done = subprocess.run(
            on_core(SERVER_CORE, command),
            env={**os.environ, **environment, "FUNCTION_TARGET": function, "LOG_LEVEL": "ERROR"},
            stdout=subprocess.PIPE,
            timeout=120,
            check=True,
        )
    counts: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    whole = sum(counts.values())
    ordered = sorted(counts, key=counts.__getitem__, reverse=True)
    return {part: counts[part] / whole for part in ordered}


def _plain(request: Request) -> dict[str, object]:
    return {
        "method": request.method,
        "path": urlsplit(request.url).path,
        "query": urlsplit(request.url).query,
        "headers": dict(request.headers),
        "body": request.body or "",
    }


def part_of(frame: FrameType | None) -> str | None:
    """None where no part is at work."""
    while frame is not None:
        file = frame.f_code.co_filename
        package = file.rpartition(SITE_PACKAGES)[2].partition(os.sep)[0]
        for part, packages in PARTS.items():
            if SITE_PACKAGES in file and package in packages:
                return part
        if file.startswith((f"{ROOT}{os.sep}shared", f"{ROOT}{os.sep}functions")):
            return OURS
        frame = frame.f_back
    return None


def _sampled(function: str, listed: Sequence[Mapping[str, Any]]) -> Counter[str]:
    import functions_framework  # noqa: PLC0415 - only the sampled process needs it
    from werkzeug.test import EnvironBuilder, run_wsgi_app  # noqa: PLC0415

    application = functions_framework.create_app(function, str(ROOT / "main.py"))
    counts: Counter[str] = Counter()

    def look(_signal: int, frame: FrameType | None) -> None:
        if part := part_of(frame):
            counts[part] += 1

    environs = [
        EnvironBuilder(
            method=each["method"],
            path=each["path"],
            query_string=each["query"],
            headers=each["headers"],
            input_stream=io.BytesIO(each["body"].encode()),
            content_length=len(each["body"].encode()),
        ).get_environ()
        for each in listed
    ]
    warm = len(environs) // 5
    signal.signal(signal.SIGPROF, look)
    for number, environ in enumerate(environs):
        if number == warm:
            signal.setitimer(signal.ITIMER_PROF, EVERY_SECONDS, EVERY_SECONDS)
        _, status, _ = run_wsgi_app(application, environ, buffered=True)
        if not status.startswith("2"):
            raise RuntimeError(f"{function} answered {status}")
    signal.setitimer(signal.ITIMER_PROF, 0)
    return counts


if __name__ == "__main__":
    print(json.dumps(_sampled(sys.argv[1], json.loads(Path(sys.argv[2]).read_text()))))
