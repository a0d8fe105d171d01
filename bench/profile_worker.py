"""Runs a function on requests from a file and samples its stack; see cpu_profile.py.

.venv/bin/python -m bench.profile_worker FUNCTION FILE
"""

import io
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import functions_framework
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench.cpu_profile import INTERVAL_SECONDS, OUR_CODE, PARTS
from local.processes import ROOT

SITE_PACKAGES = f"{os.sep}site-packages{os.sep}"


def part_of(frame: FrameType | None) -> str | None:
    """The part that the innermost known frame belongs to; None if no frame is known."""
    while frame is not None:
        file = frame.f_code.co_filename
        package = file.rpartition(SITE_PACKAGES)[2].partition(os.sep)[0]
        for part, packages in PARTS.items():
            if SITE_PACKAGES in file and package in packages:
                return part
        if file.startswith((f"{ROOT}{os.sep}shared", f"{ROOT}{os.sep}functions")):
            return OUR_CODE
        frame = frame.f_back
    return None


def _profile(function: str, requests: Sequence[Mapping[str, Any]]) -> Counter[str]:
    application = functions_framework.create_app(function, str(ROOT / "main.py"))
    samples: Counter[str] = Counter()

    def sample(_signal: int, frame: FrameType | None) -> None:
        if part := part_of(frame):
            samples[part] += 1

    environs = [
        EnvironBuilder(
            method=request["method"],
            path=request["path"],
            query_string=request["query"],
            headers=request["headers"],
            input_stream=io.BytesIO(request["body"].encode()),
            content_length=len(request["body"].encode()),
        ).get_environ()
        for request in requests
    ]
    warm_up = len(environs) // 5
    signal.signal(signal.SIGPROF, sample)
    for number, environ in enumerate(environs):
        if number == warm_up:
            signal.setitimer(signal.ITIMER_PROF, INTERVAL_SECONDS, INTERVAL_SECONDS)
        _, status, _ = run_wsgi_app(application, environ, buffered=True)
        if not status.startswith("2"):
            raise RuntimeError(f"{function} answered {status}")
    signal.setitimer(signal.ITIMER_PROF, 0)
    return samples


if __name__ == "__main__":
    print(json.dumps(_profile(sys.argv[1], json.loads(Path(sys.argv[2]).read_text()))))
