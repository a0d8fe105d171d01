"""Finds Google's Firestore emulator and runs it with firestore.rules."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from local.processes import ROOT, spawn, stop

RULES = ROOT / "firestore.rules"
COMPONENT_JAR = "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar"
MAIN_CLASS = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
# Only the faster of Java's two compilers: a fresh emulator starts in two thirds of the time and
# takes half the processor time for its first hundred calls. Steady load is better off with both.
QUICK = ("-XX:TieredStopAtLevel=1",)
START_SECONDS = 90
DOWNLOAD_SECONDS = 300

MISSING = """\
No Firestore emulator was found. Get it in one of two ways, then try again:
  1. the gcloud component:  gcloud components install cloud-firestore-emulator
     (with gcloud from apt:  apt-get install google-cloud-cli-firestore-emulator)
  2. firebase-tools:        npm install -g firebase-tools && firebase setup:emulators:firestore
Or start one yourself and set FIRESTORE_EMULATOR_HOST to its host:port."""

NO_JAVA = "The Firestore emulator needs a Java runtime, and no `java` is on PATH: install a JRE."


class EmulatorError(Exception):
    """The emulator can't be used. The message says how to solve it."""


@dataclass(frozen=True)
class Emulator:
    """A running emulator; `host` is its host:port."""

    host: str

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def documents_url(self, project_id: str) -> str:
        """The documents of the project's default database, in Firestore's REST API."""
        return f"{self.url}/v1/{_default_database(project_id)}/documents"

    def load_rules(self, project_id: str, rules: str) -> None:
        """Sets the project's security rules. Raises EmulatorError if they do not compile."""
        response = requests.put(
            f"{self.url}/emulator/v1/projects/{project_id}:securityRules",
            json={"rules": {"files": [{"name": "firestore.rules", "content": rules}]}},
            timeout=30,
        )
        if not response.ok:
            raise EmulatorError(f"The emulator refuses the rules: {response.text}")

    def clear(self, project_id: str) -> None:
        """Deletes all documents of the project's default database."""
        requests.delete(
            f"{self.url}/emulator/v1/{_default_database(project_id)}/documents",
            timeout=30,
        ).raise_for_status()

    def export(self, project_id: str, *, folder: Path, name: str) -> None:
        """Writes all documents of the project's default database to `folder`/`name`.

        Raises EmulatorError, or requests.RequestException if the emulator does not answer.
        """
        response = requests.post(
            f"{self.url}/emulator/v1/projects/{project_id}:export",
            json={
                "database": _default_database(project_id),
                "export_directory": str(folder),
                "export_name": name,
            },
            timeout=60,
        )
        if not response.ok:
            raise EmulatorError(f"The emulator can't save its documents: {response.text}")


def _default_database(project_id: str) -> str:
    return f"projects/{project_id}/databases/(default)"


def find_jar() -> Path:
    """The emulator's jar: gcloud's component, else firebase-tools' cache, else its download.

    Raises EmulatorError if none of them has it.
    """
    for jar in (_gcloud_jar(), _firebase_jar()):
        if jar:
            return jar
    if firebase := shutil.which("firebase"):
        print("Asking firebase-tools to download the Firestore emulator ...", flush=True)
        subprocess.run(
            [firebase, "setup:emulators:firestore"], check=False, timeout=DOWNLOAD_SECONDS
        )
        if jar := _firebase_jar():
            return jar
    raise EmulatorError(MISSING)


def _gcloud_jar() -> Path | None:
    gcloud = shutil.which("gcloud")
    if not gcloud:
        return None
    # An installation has gcloud in its folder bin; asking gcloud takes most of a second.
    beside = Path(gcloud).resolve().parent.parent / COMPONENT_JAR
    if beside.is_file():
        return beside
    completed = subprocess.run(
        [gcloud, "info", "--format=value(installation.sdk_root)"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    jar = Path(completed.stdout.strip()) / COMPONENT_JAR
    return jar if completed.returncode == 0 and jar.is_file() else None


def _firebase_jar() -> Path | None:
    cache = os.environ.get("FIREBASE_EMULATORS_PATH", Path.home() / ".cache/firebase/emulators")
    jars = Path(cache).glob("cloud-firestore-emulator-v*.jar")
    return max(jars, key=lambda jar: jar.stat().st_mtime, default=None)


@contextmanager
def use_emulator(port: int, *, documents: Path | None = None) -> Iterator[Emulator]:
    """The running emulator at FIRESTORE_EMULATOR_HOST, or a new one on the port.

    Only the new one imports `documents`, the metadata file of an export, and is stopped at the end.
    Raises EmulatorError.
    """
    with launch_emulator(port, documents=documents) as (emulator, wait_until_ready):
        wait_until_ready()
        yield emulator


@contextmanager
def launch_emulator(
    port: int, *, documents: Path | None = None
) -> Iterator[tuple[Emulator, Callable[[], None]]]:
    """As use_emulator, but a new emulator is still starting.

    The second value waits until it is ready. Both raise EmulatorError.
    """
    if host := os.environ.get("FIRESTORE_EMULATOR_HOST"):
        emulator = Emulator(host)
        if not _is_ready(emulator):
            raise EmulatorError(f"FIRESTORE_EMULATOR_HOST is {host}, and nothing answers there.")
        yield emulator, lambda: None
        return
    with _launch(port, documents, QUICK) as launched:
        yield launched


@contextmanager
def start_emulator(port: int, *, java_options: Sequence[str] = QUICK) -> Iterator[Emulator]:
    """A new emulator with firestore.rules for every project, which is stopped at the end.

    Raises EmulatorError.
    """
    with _launch(port, None, java_options) as (emulator, wait_until_ready):
        wait_until_ready()
        yield emulator


@contextmanager
def _launch(
    port: int, documents: Path | None, java_options: Sequence[str]
) -> Iterator[tuple[Emulator, Callable[[], None]]]:
    java = shutil.which("java")
    if not java:
        raise EmulatorError(NO_JAVA)
    command = [java, *java_options, "-Duser.language=en", "-cp", str(find_jar()), MAIN_CLASS]
    options = ["start", "--host=127.0.0.1", f"--port={port}", f"--rules={RULES}"]
    if documents:
        options.append(f"--seed_from_export={documents}")
    with tempfile.TemporaryFile() as log:
        process = spawn([*command, *options], output=log)
        emulator = Emulator(f"127.0.0.1:{port}")
        deadline = time.monotonic() + START_SECONDS

        def wait_until_ready() -> None:
            while not _is_ready(emulator):
                if process.poll() is not None or time.monotonic() > deadline:
                    log.seek(0)
                    end_of_log = log.read().decode(errors="replace")[-2_000:]
                    raise EmulatorError(f"The Firestore emulator did not start:\n{end_of_log}")
                time.sleep(0.05)

        try:
            yield emulator, wait_until_ready
        finally:
            stop(process)


def _is_ready(emulator: Emulator) -> bool:
    try:
        return requests.get(emulator.url, timeout=2).ok
    except requests.RequestException:
        return False
