"""Firebase's emulators of Auth and of Hosting, from the pinned firebase-tools."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any

import requests

from local.processes import ROOT, spawn, stop
from local.stack import free_port

FIREBASE = ROOT / "tests/e2e/auth_emulator/js/node_modules/firebase-tools/lib/bin/firebase.js"
START_SECONDS = 120


@dataclass(frozen=True)
class RunningEmulator:
    """A running emulator; `host` is its host:port, `ports` are all that it took."""

    host: str
    ports: tuple[int, ...]
    process: "Popen[bytes]"

    @property
    def url(self) -> str:
        return f"http://{self.host}"


@contextmanager
def start_auth_emulator(project_id: str) -> Iterator[RunningEmulator]:
    """Starts the emulator alone, without its page, and stops it at the end.

    It has the settings of firebase.json, but for its ports.
    """
    with start_firebase("auth", project_id) as running:
        yield running


@contextmanager
def start_hosting_emulator(project_id: str, *, public: Path) -> Iterator[RunningEmulator]:
    """Starts the emulator of Hosting with the settings of firebase.json and a copy of `public`."""
    with start_firebase("hosting", project_id, public=public) as running:
        yield running


@contextmanager
def start_firebase(
    emulator: str, project_id: str, *, public: Path | None = None
) -> Iterator[RunningEmulator]:
    """Starts one emulator of firebase-tools in a temporary folder, its home.

    There it finds no consent to analytics, so it sends none; CI keeps it from asking for
    announcements and newer versions. With no PATH it runs no other program, such as Java.
    """
    node = shutil.which("node")
    assert node
    assert FIREBASE.is_file(), "`make test-auth-emulator` installs firebase-tools first"
    ports = own, _, _ = free_port(), free_port(), free_port()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        tempfile.TemporaryFile() as log,
    ):
        given = json.loads((ROOT / "firebase.json").read_text())
        config: dict[str, Any] = {"emulators": _with_ports(given["emulators"], emulator, ports)}
        if public:
            config["hosting"] = given["hosting"]
            shutil.copytree(public, Path(folder, given["hosting"]["public"]))
        file = Path(folder, "firebase.json")
        file.write_text(json.dumps(config))
        command = [node, str(FIREBASE), "emulators:start", "--only", emulator]
        process = spawn(
            [*command, "--project", project_id, "--config", str(file)],
            env={"PATH": "", "HOME": folder, "TMPDIR": folder, "CI": "1"},
            output=log,
            folder=Path(folder),
        )
        try:
            running = RunningEmulator(f"127.0.0.1:{own}", ports, process)
            deadline = time.monotonic() + START_SECONDS
            while not _is_ready(running):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    printed = log.read().decode(errors="replace")[-2_000:]
                    raise AssertionError(f"The {emulator} emulator did not start:\n{printed}")
                time.sleep(0.05)
            yield running
        finally:
            stop(process)


def _with_ports(
    emulators: dict[str, Any], name: str, ports: tuple[int, int, int]
) -> dict[str, object]:
    own, hub, logging = ports
    others = {"hub": {"port": hub}, "logging": {"port": logging}}
    return {**emulators, **others, name: {**emulators[name], "port": own}}


def _is_ready(emulator: RunningEmulator) -> bool:
    try:
        return requests.get(emulator.url, timeout=2).ok
    except requests.RequestException:
        return False
