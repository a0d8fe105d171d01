"""A function that goes through requests while the stack is looked at; see sampling.py.

.venv/bin/python -m bench.sampled FUNCTION FILE
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

from bench.sampling import EVERY_SECONDS, OURS, PARTS
from local.processes import ROOT

SITE_PACKAGES = f"{os.sep}site-packages{os.sep}"


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
