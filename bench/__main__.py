"""Runs the benchmarks that docs/performance.md shows, all of them or those named.

.venv/bin/python -m bench [floor] [cold_start] [peers] [waiting] [cost] [growth]
"""

import os
import sys
import time
from importlib import import_module

from bench.processes import LOAD_CORE, keep_to

NAMES = ("floor", "cold_start", "peers", "waiting", "cost", "growth")


def main(named: list[str]) -> int:
    if unknown := [name for name in named if name not in NAMES]:
        print(f"No benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}.", file=sys.stderr)
        return 2
    for name in named or NAMES:
        began = time.monotonic()
        print(f"{name} ...", flush=True)
        import_module(f"bench.{name}").main()
        print(f"{name} took {time.monotonic() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    # Or gRPC tells of each child process that it is not affected by.
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    try:
        with keep_to(LOAD_CORE):
            sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
