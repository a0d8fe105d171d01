"""A copy of what a deployment reads, to be changed; and the dry run of the project as it is."""

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
    "firestore.rules",
    "firestore.indexes.json",
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The project, where a test may change it."""
    return copied(tmp_path)


@pytest.fixture(scope="session")
def steady_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, where nobody changes it while the tests run."""
    return copied(tmp_path_factory.mktemp("tree"))


def copied(to: Path) -> Path:
    for folder in READ:
        shutil.copytree(ROOT / folder, to / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, to / name)
    return to
