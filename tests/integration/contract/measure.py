"""`python -m tests.integration.contract.measure OPERATION_ID …`: what each flood of them costs.

Each is answered in a process of its own, so that none finds the memory of another. Handlers work on
the Firestore emulator at FIRESTORE_EMULATOR_HOST, else on a new one. Prints a line of JSON for
each: [operation, flood, megabytes, seconds, outcome]. Ends with an error where a request can't be
answered for another reason than its cost.
"""

import gc
import json
import os
import resource
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from functools import partial

from local.emulator import use_emulator
from local.stack import free_port
from tests.integration.contract.floods import floods, operations
from tests.integration.contract.handling import Answered, answer, body_of, load

ATTEMPTS = 3
# Attempts are repeated above this, because other processes can slow one down.
SECONDS = 0.3
# So that a flood that is not bounded ends the measurement and not the machine.
MOST_BYTES = 3 * 1024**3
MOST_SECONDS = 20
# The outcome of a request that reaches one of these.
ENDED = "ended"


class NotMeasured(Exception):
    """The work raised an exception; its traceback is in the standard error."""


def cost(work: Callable[[], Answered]) -> tuple[float, float, str]:
    """Megabytes and seconds of processor time that the work takes, and its outcome.

    It runs in a copy of this process. Both are infinite where the limits end it. Raises NotMeasured
    where it raises anything but a MemoryError.
    """
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        failed = 1
        try:
            os.write(writing, json.dumps(_measured(work)).encode())
            failed = 0
        except MemoryError:
            failed = 0
        except Exception:
            traceback.print_exc()
        finally:
            os._exit(failed)
    os.close(writing)
    with os.fdopen(reading) as report:
        text = report.read()
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise NotMeasured
    infinite = float("inf")
    megabytes, seconds, outcome = json.loads(text) if text else (infinite, infinite, ENDED)
    return megabytes, seconds, outcome


def _measured(work: Callable[[], Answered]) -> tuple[float, float, str]:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    outcome, apart_seconds = work()
    seconds = time.process_time() - started - apart_seconds
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return kilobytes / 1024, seconds, outcome


def main(operation_ids: Sequence[str]) -> None:
    chosen = [o for o in operations() if o.operation_id in operation_ids]
    for operation in chosen:
        load(operation)
    gc.freeze()  # as main.py does
    for operation in chosen:
        for flood in floods(operation):
            body = body_of(flood)
            for _ in range(ATTEMPTS):
                megabytes, seconds, outcome = cost(partial(answer, operation, body))
                if seconds < SECONDS:
                    break
            numbers = (round(megabytes, 1), round(seconds, 3))
            report = [operation.operation_id, flood.name, *numbers, outcome]
            sys.stdout.write(json.dumps(report) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    with use_emulator(free_port()) as emulator:
        os.environ["FIRESTORE_EMULATOR_HOST"] = emulator.host
        main(sys.argv[1:])
