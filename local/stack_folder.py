"""The data of the local stack from one run to the next: seal keys and Firestore's documents."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from cryptography.fernet import Fernet

from local.emulator import Emulator
from local.processes import ROOT

DEFAULT_FOLDER = ROOT / ".stack"


class FolderInUse(Exception):
    """Another stack uses the folder."""


class StackFolder:
    """The files: `seal_keys`, the folders `documents-*`, and `latest`, which names one of these."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._latest = path / "latest"

    def seal_keys(self) -> str:
        """The value of PRACTICE_SEAL_KEYS, made at the first run.

        Stored seals open only with the keys that made them.
        """
        file = self._path / "seal_keys"
        if not file.exists():
            partial = file.with_suffix(".partial")
            descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w") as out:
                out.write(Fernet.generate_key().decode())
            partial.replace(file)
        return file.read_text().strip()

    def documents(self) -> Path | None:
        """The newest saved documents, for the emulator to import; None before the first save."""
        with suppress(FileNotFoundError):
            name = self._latest.read_text()
            return self._path / name / f"{name}.overall_export_metadata"
        return None

    def save(self, emulator: Emulator, project_id: str) -> None:
        """Saves all documents. They replace those saved before once they are complete.

        Raises EmulatorError or requests.RequestException.
        """
        name = f"documents-{token_hex(4)}"
        emulator.export(project_id, folder=self._path, name=name)
        partial = self._path / "latest.partial"
        partial.write_text(name)
        partial.replace(self._latest)
        for folder in self._path.glob("documents-*"):
            if folder.name != name:
                shutil.rmtree(folder, ignore_errors=True)

    def clear(self) -> None:
        """Deletes the documents and the keys."""
        for entry in self._path.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry.name != "lock":
                entry.unlink()


@contextmanager
def open_folder(path: Path) -> Iterator[StackFolder]:
    """The folder, made if there is none, for this process alone. Raises FolderInUse."""
    path.mkdir(parents=True, exist_ok=True)
    with (path / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderInUse(
                f"Another `make run` uses {path}: end it, or choose another folder with "
                "STACK_FOLDER=."
            ) from error
        yield StackFolder(path)
