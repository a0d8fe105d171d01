"""A copy of what a deployment reads, to be changed; and the dry run of the project as it is."""

import shutil
from pathlib import Path

import pytest

from local.processes import ROOT
from tests.deploy.shown import dry_run

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
    for folder in READ:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture(scope="session")
def shown() -> str:
    ran = dry_run(ROOT)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
