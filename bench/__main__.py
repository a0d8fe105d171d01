"""Runs the benchmarks of docs/performance.md and docs/tutor.md: the named ones, or all of them.

.venv/bin/python -m bench [floor] [cold_start] [peers] [waiting] [cost] [growth] [class] [web]
    [prediction] [expressions] [generated]
"""

import os
import sys
import time
from importlib import import_module

from bench.processes import LOAD_CORE, pin_process

MODULES = {
    "floor": "bench.floor",
    "cold_start": "bench.cold_start",
    "peers": "bench.peers.comparison",
    "waiting": "bench.waiting",
    "cost": "bench.cost",
    "growth": "bench.growth",
    "class": "bench.class_load",
    "web": "bench.web_pages",
    "prediction": "bench.prediction",
    "expressions": "bench.expressions",
    "generated": "bench.generated",
}


def main(names: list[str]) -> int:
    """Exit code 2 for an unknown name."""
    if unknown := [name for name in names if name not in MODULES]:
        print(f"Unknown: {', '.join(unknown)}. Benchmarks: {', '.join(MODULES)}.", file=sys.stderr)
        return 2
    for name in names or MODULES:
        began = time.monotonic()
        print(f"{name} ...", flush=True)
        import_module(MODULES[name]).main()
        print(f"{name} took {time.monotonic() - began:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    # Otherwise gRPC prints a warning for each child process.
    os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
    try:
        with pin_process(LOAD_CORE):
            sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
