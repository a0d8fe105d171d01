"""Where a function spends its processor time: the stack is looked at a thousand times a second.

One process (bench/sampled.py), one thread, no server: what gunicorn and the network take is not in
it.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from bench.load import Request
from bench.processes import SERVER_CORE, on_core

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


def shares(
    function: str, requests: Sequence[Request], environment: Mapping[str, str]
) -> dict[str, float]:
    """The share of each part in a function's processor time, the largest first."""
    with TemporaryDirectory() as folder:
        listed = Path(folder, "requests.json")
        listed.write_text(json.dumps([_plain(request) for request in requests]))
        command = [sys.executable, "-m", "bench.sampled", function, str(listed)]
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
