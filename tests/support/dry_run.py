"""Parser of a dry run's output, and a check that it deploys everything in the tree."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from local.processes import ROOT

PROJECT, REGION = "practice-prod", "europe-west1"
TIMEOUT_SECONDS = 60
# Read by functions-framework, main.py and OpenTelemetry, not by the settings.
READ_BY_OTHERS = {
    "THREADS",
    "FUNCTION_TARGET",
    "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG",
    "OTEL_EXPORTER_OTLP_HEADERS",
}

# Given the environments of functions, prints the problems of each as settings; and every variable
# that load_settings reads, for each function, with a model and without.
SETTINGS = """
import json, sys
from collections.abc import Mapping
from deploy.functions import FUNCTIONS
from deploy.project import Project
from shared.environment import SetBy
from shared.settings import VARIABLES, SettingsError, load_settings

class Asked(Mapping):
    def __init__(self, given): self.given, self.names = given, set()
    def __getitem__(self, name): self.names.add(name); return self.given[name]
    def __contains__(self, name): self.names.add(name); return name in self.given
    def __iter__(self): return iter(self.given)
    def __len__(self): return len(self.given)

read = set()
def wrong_with(environment, uses):
    asked = Asked(environment)
    try:
        load_settings(asked, uses)
    except SettingsError as error:
        return str(error)
    finally:
        read.update(asked.names)

for function in FUNCTIONS:
    for key in ({}, {"OPENAI_API_KEY": "k"}):
        wrong_with({"GOOGLE_CLOUD_PROJECT": "p", **key}, function.uses)
uses = {function.name: function.uses for function in FUNCTIONS}
project = Project(project="practice-prod", region="europe-west1")
print(json.dumps({
    "wrong": [wrong_with(e, uses[e["FUNCTION_TARGET"]]) for e in json.load(sys.stdin)],
    "read": sorted(read),
    "known": sorted({name for f in FUNCTIONS for name in (*f.settings, *f.secrets)}),
    "derived": sorted(project.derived_settings(FUNCTIONS[0])),
    "never": sorted(v.name for v in VARIABLES if v.set_by is not SetBy.DEPLOYMENT),
}))
"""


def dry_run(
    root: Path, *arguments: str, project: str = PROJECT
) -> "subprocess.CompletedProcess[str]":
    """A dry run with an empty PATH: no gcloud, nor any other program."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "deploy", f"--project={project}", f"--region={REGION}"),
            *("--dry-run", *arguments),
        ],
        cwd=root,
        env={"PATH": "/nonexistent", "COLUMNS": "80"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


@dataclass(frozen=True)
class ShownCommand:
    """One command: its words and its options."""

    argv: tuple[str, ...]
    when: str

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for word in self.argv if not word.startswith("--"))

    def option(self, name: str) -> str | None:
        values = self.options(name)
        return values[0] if values else None

    def options(self, name: str) -> list[str]:
        prefix = f"--{name}="
        return [word.removeprefix(prefix) for word in self.argv if word.startswith(prefix)]

    def pairs(self, name: str) -> dict[str, str]:
        given = self.option(name) or ""
        delimiter = ","
        if match := re.match(r"\^(.)\^", given):
            delimiter, given = match[1], given[3:]
        return dict(pair.split("=", 1) for pair in given.split(delimiter) if pair)


def commands(text: str) -> list[ShownCommand]:
    """Every command of a dry run. All other lines are comments."""
    found: list[ShownCommand] = []
    when = ""
    for line in text.splitlines():
        if line.startswith("# ") and line.endswith(":"):
            when = line[2:-1]
        elif line and not line.startswith("#"):
            piped = line.split(" | ")
            found.extend(ShownCommand(tuple(shlex.split(part)), when) for part in piped)
    return found


def doing(shown: Sequence[ShownCommand], *words: str) -> list[ShownCommand]:
    """The commands that begin with these words, read-only ones excepted, each once."""
    return list(
        dict.fromkeys(
            ShownCommand(command.argv, "")
            for command in shown
            if command.words[: len(words)] == words and command.when != "look"
        )
    )


def faults(root: Path, text: str) -> list[str]:
    """Every difference between this tree and the deployment shown, in either direction."""
    shown = commands(text)
    return [
        *_functions(root, shown),
        *_settings(root, shown),
        *_indexes(root, shown),
        *_databases(shown),
    ]


def _differ(what: str, wanted: set[Any], found: set[Any]) -> Iterator[str]:
    for missing in sorted(map(str, wanted - found)):
        yield f"{what} not deployed: {missing}"
    for unknown in sorted(map(str, found - wanted)):
        yield f"{what} deployed and not there: {unknown}"


def _functions(root: Path, shown: Sequence[ShownCommand]) -> Iterator[str]:
    deployed = doing(shown, "gcloud", "functions", "deploy")
    there = {entry_point.parent.name for entry_point in (root / "functions").glob("*/main.py")}
    yield from _differ("function", there, {command.words[3] for command in deployed})
    for command in deployed:
        name = command.words[3]
        threads = command.pairs("set-env-vars").get("THREADS")
        if threads != command.option("concurrency"):
            yield f"{name}: THREADS is {threads}, not its concurrency"
        if command.option("entry-point") != name:
            yield f"{name}: its entry point is another"
        if threads != "1" and float(command.option("cpu") or 0) < 1:
            yield f"{name}: less than one CPU serves one request at a time"


def environment_of(command: ShownCommand) -> dict[str, str]:
    """The environment in which the function starts; secrets have an arbitrary value."""
    name = command.words[3]
    return {
        "K_SERVICE": name,
        "FUNCTION_TARGET": name,
        **command.pairs("set-env-vars"),
        **dict.fromkeys(command.pairs("set-secrets"), "k" * 43 + "="),
    }


def _settings(root: Path, shown: Sequence[ShownCommand]) -> Iterator[str]:
    deployed = {
        c.words[3]: environment_of(c) for c in doing(shown, "gcloud", "functions", "deploy")
    }
    ran = subprocess.run(
        [sys.executable, "-c", SETTINGS],
        cwd=root,
        env={"PATH": "/nonexistent"},
        input=json.dumps(list(deployed.values())),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=True,
    )
    reported = json.loads(ran.stdout)
    read, known, never = set(reported["read"]), set(reported["known"]), set(reported["never"])
    yield from _differ("setting", read - never, known - READ_BY_OTHERS)
    for name in sorted(set(reported["derived"]) - known):
        yield f"setting derived and not there: {name}"
    for (name, environment), wrong in zip(deployed.items(), reported["wrong"], strict=True):
        for variable in sorted(set(environment) - read - READ_BY_OTHERS):
            yield f"{name}: no code reads {variable}"
        if wrong:
            yield f"{name}: {wrong}"


def _indexes(root: Path, shown: Sequence[ShownCommand]) -> Iterator[str]:
    file = json.loads((root / "firestore.indexes.json").read_text())
    firestore = ("gcloud", "firestore")
    yield from _differ(
        "index",
        {
            (
                index["collectionGroup"],
                _scope(index),
                *((f["fieldPath"], _mode(f)) for f in index["fields"]),
            )
            for index in file["indexes"]
        },
        {
            (
                command.option("collection-group"),
                command.option("query-scope"),
                *(_field(config) for config in command.options("field-config")),
            )
            for command in doing(shown, *firestore, "indexes", "composite", "create")
        },
    )
    overrides = file["fieldOverrides"]
    for what, wanted, words, flag in (
        (
            "exemption",
            [o for o in overrides if not o["indexes"]],
            ("indexes", "fields", "update"),
            "--disable-indexes",
        ),
        (
            "TTL",
            [o for o in overrides if o.get("ttl")],
            ("fields", "ttls", "update"),
            "--enable-ttl",
        ),
    ):
        yield from _differ(
            what,
            {(o["collectionGroup"], o["fieldPath"]) for o in wanted},
            {
                (command.option("collection-group"), command.words[5])
                for command in doing(shown, *firestore, *words)
                if flag in command.argv
            },
        )

    yield from _differ(
        "index of a field",
        {
            (o["collectionGroup"], o["fieldPath"], _mode(index), _scope(index))
            for o in overrides
            for index in o["indexes"]
        },
        {
            (
                command.option("collection-group"),
                command.words[5],
                *(part.partition("=")[2] for part in config.split(",")),
            )
            for command in doing(shown, *firestore, "indexes", "fields", "update")
            for config in command.options("index")
        },
    )


def _scope(index: Mapping[str, Any]) -> str:
    scope: str = index["queryScope"].lower().replace("_", "-")
    return scope


def _mode(index: Mapping[str, Any]) -> str:
    mode: str = index.get("order") or index["arrayConfig"]
    return mode.lower()


def _field(config: str) -> tuple[str, str]:
    parts = dict(part.split("=") for part in config.split(","))
    return parts["field-path"], parts.get("order") or parts["array-config"]


def _databases(shown: Sequence[ShownCommand]) -> Iterator[str]:
    """Each database has rules, and no command uses a database that is not created."""
    made = {
        c.option("database") for c in doing(shown, "gcloud", "firestore", "databases", "create")
    }
    guarded = {
        command.option("database")
        for command in shown
        if "deploy.rules" in command.argv and command.when != "look"
    }
    used = {c.option("database") for c in doing(shown, "gcloud", "firestore")}
    for command in doing(shown, "gcloud", "functions", "deploy"):
        environment = command.pairs("set-env-vars")
        used |= {
            environment[n] for n in ("FIRESTORE_DATABASE", "LIMITS_DATABASE") if n in environment
        }
    yield from _differ("rules", made, guarded)
    yield from _differ("database", used, made)


@pytest.fixture(scope="session")
def shown() -> str:
    ran = dry_run(ROOT)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
