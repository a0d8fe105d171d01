"""Firebase's Auth emulator, from the pinned firebase-tools."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

import requests

from local.processes import ROOT, spawn, stop
from local.stack import free_port

FIREBASE = ROOT / "tests/e2e/auth_emulator/js/node_modules/firebase-tools/lib/bin/firebase.js"
START_SECONDS = 120


@dataclass(frozen=True)
class RunningAuthEmulator:
    """A running emulator; `host` is its host:port, `ports` are all that it took."""

    host: str
    ports: tuple[int, ...]
    process: "Popen[bytes]"

    @property
    def url(self) -> str:
        return f"http://{self.host}"


@contextmanager
def start_auth_emulator(project_id: str) -> Iterator[RunningAuthEmulator]:
    """Starts the emulator alone, without its page, and stops it at the end.

    It has the settings of firebase.json, but for its ports, and a temporary folder for its home.
    There it finds no consent to analytics, so it sends none; CI keeps it from asking for
    announcements and newer versions. With no PATH it runs no other program, such as Java.
    """
    node = shutil.which("node")
    assert node
    assert FIREBASE.is_file(), "`make test-auth-emulator` installs firebase-tools first"
    ports = auth, hub, logging = free_port(), free_port(), free_port()
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        tempfile.TemporaryFile() as log,
    ):
        config = Path(folder, "firebase.json")
        config.write_text(json.dumps(_config(auth=auth, hub=hub, logging=logging)))
        command = [node, str(FIREBASE), "emulators:start", "--only", "auth"]
        process = spawn(
            [*command, "--project", project_id, "--config", str(config)],
            env={"PATH": "", "HOME": folder, "TMPDIR": folder, "CI": "1"},
            output=log,
            folder=Path(folder),
        )
        try:
            running = RunningAuthEmulator(f"127.0.0.1:{auth}", ports, process)
            deadline = time.monotonic() + START_SECONDS
            while not _is_ready(running):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    printed = log.read().decode(errors="replace")[-2_000:]
                    raise AssertionError(f"The Auth emulator did not start:\n{printed}")
                time.sleep(0.05)
            yield running
        finally:
            stop(process)


def _config(*, auth: int, hub: int, logging: int) -> dict[str, object]:
    emulators = json.loads((ROOT / "firebase.json").read_text())["emulators"]
    others = {"hub": {"port": hub}, "logging": {"port": logging}}
    return {"emulators": {**emulators, **others, "auth": {**emulators["auth"], "port": auth}}}


def _is_ready(emulator: RunningAuthEmulator) -> bool:
    try:
        return requests.get(emulator.url, timeout=2).ok
    except requests.RequestException:
        return False
