"""`python -m tests.integration.contract.measure OPERATION_ID`: what each flood of it costs.

Each is answered in a process of its own, so that none finds the memory of another. Prints a line of
JSON for each: [name, megabytes, seconds].
"""

import gc
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask

from functions.practice_turn.handler import Dependencies
from functions.practice_turn.main import ROUTES
from shared.contract.command import Command
from shared.contract.operation import Operation
from shared.domain.common.errors import Refusal
from shared.endpoint.problems import problem_response
from shared.endpoint.request_parser import parse_request
from shared.ports.calls import Call
from tests.integration.contract.floods import floods, operations
from tests.support.tutor.turns import a_call, dependencies

ATTEMPTS = 3
# Attempts are repeated above this, because other processes can slow one down.
SECONDS = 0.3
# So that a flood that is not bounded ends the measurement and not the machine.
MOST_BYTES = 3 * 1024**3
MOST_SECONDS = 20

APP = Flask("floods")
HANDLERS: dict[str, Callable[[Any, Call, Dependencies], object]] = {
    route.operation.operation_id: route.handle for route in ROUTES
}


def answer(operation: Operation[Command], body: bytes) -> None:
    """Parses the request and, where that needs no database, handles it."""
    try:
        with APP.test_request_context(
            "/", method=operation.method, data=body, content_type="application/json"
        ) as context:
            parsed = parse_request(context.request, operation)
        parsed.hash()
        if handle := HANDLERS.get(operation.operation_id):
            handle(parsed.command, a_call(), dependencies())
    except Refusal as refusal:
        problem_response(refusal, request_id="r")


def cost(work: Callable[[], None]) -> tuple[float, float]:
    """Megabytes and seconds of processor time that the work takes, in a copy of this process."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.process_time()
        work()
        seconds = time.process_time() - started
        kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        os.write(writing, json.dumps([kilobytes / 1024, seconds]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as report:
        text = report.read()
    os.waitpid(child, 0)
    megabytes, seconds = json.loads(text) if text else (float("inf"), float("inf"))
    return megabytes, seconds


def main(operation_id: str) -> None:
    (operation,) = (o for o in operations() if o.operation_id == operation_id)
    answer(operation, json.dumps(operation.example).encode())  # what is loaded and built once
    gc.freeze()  # as main.py does
    for flood in floods(operation):
        for _ in range(ATTEMPTS):
            megabytes, seconds = cost(partial(answer, operation, flood.body))
            if seconds < SECONDS:
                break
        report = [flood.name, round(megabytes, 1), round(seconds, 3)]
        sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
