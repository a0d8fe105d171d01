"""The cost of a cold start: importing a function loads little and has no effects."""

import json
import os
import subprocess
import sys

import pytest

from local.processes import ROOT
from shared.contract.operation import function_names

# Prints the modules loaded, clients built and files opened. The hook sees every connection and
# file opened from Python; connections of C libraries need a client, and none must have been built.
PROBE = """
import json, sys, threading

NETWORK = ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname")
touched = []

def watch(event, arguments):
    if event in (*NETWORK, "subprocess.Popen"):
        touched.append(event)
    if event == "open" and str(arguments[0]).endswith("credentials.json"):
        touched.append(arguments[0])

sys.addaudithook(watch)
name = sys.argv[1]
module = __import__(f"functions.{name}.main", fromlist=[name])
assert callable(getattr(module, name))

wiring = [module for name, module in sys.modules.items() if name.startswith("shared.wiring")]
cached = {
    key: made for found in (*wiring, module) for key, made in vars(found).items()
    if hasattr(made, "cache_info")
}
assert "dependencies" in cached
print(json.dumps({
    "modules": sorted(sys.modules),
    "touched": touched,
    "cached": len(cached),
    "built": [key for key, made in cached.items() if made.cache_info().currsize],
    "threads": threading.active_count(),
}))
"""
NEVER_LOADED = ("langgraph", "langchain", "langchain_core", "langchain_openai", "openai", "numpy")

# What a turn does not load besides: practice_turn reaches no database.
TURNS: dict[str, list[str]] = {"practice_turn": ["grpc"], "assignment_turn": []}


@pytest.mark.parametrize("name", function_names())
def test_importing_a_function_loads_no_tutor_and_builds_nothing(name: str) -> None:
    probed = subprocess.run(
        [sys.executable, "-c", PROBE, name],
        cwd=ROOT,
        # Settings included: code that reads the environment at import fails without a project.
        env={"PATH": os.environ["PATH"], "GOOGLE_APPLICATION_CREDENTIALS": "/no/credentials.json"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found = json.loads(probed.stdout)
    packages = {module.partition(".")[0] for module in found["modules"]}
    if name in TURNS:
        # The model's client is loaded by the first turn that calls the model.
        assert packages.isdisjoint({"langchain_openai", "openai", "numpy", *TURNS[name]})
        # The doors for other clients are loaded by the first of them.
        doors = (f"functions.{name}.doors", "shared.agui", "shared.runs")
        assert not {module for module in found["modules"] if module.startswith(doors)}
    else:
        assert packages.isdisjoint(NEVER_LOADED)
        assert not {p for p in packages if p.startswith(("langchain", "langgraph"))}
    assert found["touched"] == []
    assert found["cached"] > 0
    assert found["built"] == []
    assert found["threads"] == 1
    others = set(function_names()) - {name}
    loaded = {
        module.split(".")[1] for module in found["modules"] if module.startswith("functions.")
    }
    assert loaded.isdisjoint(others)


def test_loaded_objects_are_frozen_before_the_first_request() -> None:
    script = """
import gc, main
print(gc.isenabled(), gc.get_freeze_count(), len(gc.get_objects()))
"""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "FUNCTION_TARGET": "update_progress",
            "GOOGLE_CLOUD_PROJECT": "demo-practice",
            "PRACTICE_SEAL_KEYS": "k" * 43 + "=",
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    enabled, frozen, collected = ran.stdout.split()
    assert enabled == "True"
    assert int(frozen) > 100 * int(collected)


def test_the_first_refusal_loads_nothing() -> None:
    script = """
import sys
import functions.update_progress.main
from shared.domain.common.errors import FieldError, InvalidArgument
from shared.endpoint.problems import problem_response

loaded = set(sys.modules)
problem_response(InvalidArgument(errors=[FieldError("name", "is too long")]), request_id="any")
print(sorted(set(sys.modules) - loaded))
"""
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ran.stdout == "[]\n"
