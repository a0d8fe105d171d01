"""`python -m tests.integration.openapi.fuzz [SECONDS]`: a long run of every phase and operation.

Prints the seed, with which `st run --seed` repeats the run.
"""

import secrets
import sys

from local.stack import free_port, start_stack
from tests.integration.openapi.schemathesis_run import HERE, run

DEFAULT_SECONDS = 1_800


def main() -> int:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_SECONDS
    seed = secrets.randbelow(2**31)
    print(f"seed {seed}, about {seconds} s", flush=True)
    with start_stack(port=free_port(), firestore_port=free_port(), quiet=True) as running:
        options = ("--seed", str(seed), "--max-time", str(seconds))
        status, output = run(running, HERE / "long_run.toml", *options, limit_seconds=seconds + 600)
    print(output)
    return status


if __name__ == "__main__":
    sys.exit(main())
