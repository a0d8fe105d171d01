"""What loading a function takes, part by part, in an environment of production."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from statistics import median

from bench.environments import of_production
from bench.processes import SERVER_CORE, on_core
from bench.report import table
from local.processes import ROOT

TIMES = 9
FUNCTIONS = ("update_progress", "practice_turn")
# In the order in which they are loaded: what two of them need counts for the first.
PARTS: Mapping[str, Sequence[str]] = {
    "Flask, the framework": ["functions_framework"],
    "Pydantic": ["pydantic", "pydantic.root_model"],
    "PyJWT, cryptography": ["jwt", "cryptography.fernet"],
    "gRPC, protocol buffers": ["grpc", "proto"],
    "Google's authentication and API core": [
        "google.auth",
        "google.api_core.grpc_helpers",
        "google.api_core.gapic_v1",
    ],
    "Firestore's client": ["google.cloud.firestore"],
    "LangGraph, LangChain": ["langgraph.graph"],
}
OURS = "ours"
NOT_NEEDED = {
    "update_progress": {"LangGraph, LangChain"},
    "practice_turn": {
        "gRPC, protocol buffers",
        "Google's authentication and API core",
        "Firestore's client",
    },
}
# Prints the processor time that each part took, in milliseconds.
SCRIPT = """
import gc, json, sys, time
from importlib import import_module

gc.disable()
took = {}
for part, modules in json.loads(sys.argv[1]).items():
    before = time.process_time()
    for module in modules:
        import_module(module)
    took[part] = (time.process_time() - before) * 1000
print(json.dumps(took))
"""


def loading_table() -> str:
    """In milliseconds of processor time, the median of several processes."""
    parts = [*PARTS, OURS]
    rows = []
    for name in FUNCTIONS:
        found = [_loaded(name) for _ in range(TIMES)]
        cells = [
            f"{median(each[part] for each in found):.0f}" if part in found[0] else ""
            for part in parts
        ]
        rows.append([f"`{name}`", *cells])
    return table(["loading, ms", *parts], rows)


def _loaded(function: str) -> dict[str, float]:
    needed = {part: m for part, m in PARTS.items() if part not in NOT_NEEDED[function]}
    modules = {**needed, OURS: [f"functions.{function}.main"]}
    command = [str(of_production() / "python"), "-c", SCRIPT, json.dumps(modules)]
    done = subprocess.run(
        on_core(SERVER_CORE, command),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    took: dict[str, float] = json.loads(done.stdout)
    return took
