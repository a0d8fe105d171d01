"""The processor time of importing a function, part by part, with production's packages."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from statistics import median

from bench.environments import production_programs
from bench.processes import SERVER_CORE, pinned_command
from bench.report import markdown_table
from local.processes import ROOT

PROCESSES = 9
FUNCTIONS = ("update_progress", "practice_turn")
# In this order of import: a module that two parts need counts for the first one.
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
OUR_CODE = "our code"
UNUSED_PARTS = {
    "update_progress": {"LangGraph, LangChain"},
    "practice_turn": {
        "gRPC, protocol buffers",
        "Google's authentication and API core",
        "Firestore's client",
    },
}
# Prints the processor time of each part, in milliseconds.
SCRIPT = """
import gc, json, sys, time
from importlib import import_module

gc.disable()
times = {}
for part, modules in json.loads(sys.argv[1]).items():
    before = time.process_time()
    for module in modules:
        import_module(module)
    times[part] = (time.process_time() - before) * 1000
print(json.dumps(times))
"""


def loading_table() -> str:
    """Milliseconds of processor time by part, the median of several processes."""
    parts = [*PARTS, OUR_CODE]
    rows = []
    for name in FUNCTIONS:
        measured = [_import_times(name) for _ in range(PROCESSES)]
        cells = [
            f"{median(times[part] for times in measured):.0f}" if part in measured[0] else ""
            for part in parts
        ]
        rows.append([f"`{name}`", *cells])
    return markdown_table(["loading, ms", *parts], rows)


def _import_times(function: str) -> dict[str, float]:
    """Milliseconds by part, from a new process."""
    needed = {
        part: modules for part, modules in PARTS.items() if part not in UNUSED_PARTS[function]
    }
    modules = {**needed, OUR_CODE: [f"functions.{function}.main"]}
    command = [str(production_programs() / "python"), "-c", SCRIPT, json.dumps(modules)]
    completed = subprocess.run(
        pinned_command(SERVER_CORE, command),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    times: dict[str, float] = json.loads(completed.stdout)
    return times
