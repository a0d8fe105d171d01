"""Runs the benchmarks that docs/performance.md shows, all of them or those named.

.venv/bin/python -m bench [floor] [cold_start] [peers] [waiting] [cost] [growth]
"""

import os
import sys
import time
from importlib import import_module

from bench.processes import LOAD_CORE, keep_to

MODULES = {
    "floor": "bench.floor",
    "cold_start": "bench.cold_start",
    "peers": "bench.peers.comparison",
    "waiting": "bench.waiting",
    "cost": "bench.cost",
    "growth": "bench.growth",
}


def main(named: list[str]) -> int:
    if unknown := [name for name in named if name not in MODULES]:
        print(
            f"No benchmark {', '.join(unknown)}; there are {', '.join(MODULES)}.", file=sys.stderr
        )
        return 2
    for name in named or MODULES:
        began = time.monotonic()
        print(f"{name} ...", flush=True)
        import_module(MODULES[name]).main()
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
