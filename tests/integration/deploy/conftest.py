"""Fixtures of a copy of the files a deployment reads, and of the unchanged project's dry run."""

import shutil
from pathlib import Path

import pytest

from local.processes import ROOT
from tests.support.dry_run import shown

__all__ = ["shown"]

READ = ("deploy", "functions", "shared")
FILES = (
    "main.py",
    "requirements.txt",
    ".gcloudignore",
    "firebase.json",
    "firestore.rules",
    "firestore.indexes.json",
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the project that a test may change."""
    return copied(tmp_path)


@pytest.fixture(scope="session")
def unchanged_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project that does not change while the tests run."""
    return copied(tmp_path_factory.mktemp("tree"))


def copied(to: Path) -> Path:
    for folder in READ:
        shutil.copytree(ROOT / folder, to / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, to / name)
    return to
