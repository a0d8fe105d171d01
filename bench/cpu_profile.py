"""The parts of a function's processor time, from a thousand samples of its stack per second.

The function runs in one thread of one process (bench/profile_worker.py), without a server, so the
time of gunicorn and of the network is not included.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from bench.load import Request
from bench.processes import SERVER_CORE, pinned_command

INTERVAL_SECONDS = 0.001
# A sample counts for the innermost frame in one of these packages. The standard library and
# compiled code therefore count for their callers.
PARTS = {
    "LangGraph, LangChain": ("langgraph", "langchain_core", "langsmith"),
    "Firestore's client, gRPC": ("google", "grpc", "proto"),
    "Flask, the framework": ("flask", "werkzeug", "functions_framework"),
    "Pydantic": ("pydantic",),
    "PyJWT": ("jwt",),
    "cryptography": ("cryptography",),
}
OUR_CODE = "our code"


def time_shares(
    function: str, requests: Sequence[Request], environment: Mapping[str, str]
) -> dict[str, float]:
    """The share, 0 to 1, of each part in the function's processor time, largest first."""
    with TemporaryDirectory() as folder:
        requests_file = Path(folder, "requests.json")
        requests_file.write_text(json.dumps([_to_json(request) for request in requests]))
        command = [sys.executable, "-m", "bench.profile_worker", function, str(requests_file)]
        completed = subprocess.run(
            pinned_command(SERVER_CORE, command),
            env={**os.environ, **environment, "FUNCTION_TARGET": function, "LOG_LEVEL": "ERROR"},
            stdout=subprocess.PIPE,
            timeout=120,
            check=True,
        )
    samples = Counter[str](json.loads(completed.stdout.splitlines()[-1]))
    return {part: count / samples.total() for part, count in samples.most_common()}


def _to_json(request: Request) -> dict[str, object]:
    return {
        "method": request.method,
        "path": urlsplit(request.url).path,
        "query": urlsplit(request.url).query,
        "headers": dict(request.headers),
        "body": request.body or "",
    }
