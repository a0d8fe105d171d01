"""The upload of a deployment has all necessary files and no others."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from deploy.upload import source_hash, upload_set
from local.processes import ROOT

REQUIREMENTS = (ROOT / "requirements.txt").read_text()
# Other files in the project's folder are not uploaded.
STRAY = (
    ".env",
    ".env.production",
    "service-account.json",
    "key.pem",
    "notes.txt",
    ".git/config",
    ".venv/lib/python3.11/site-packages/x.py",
    "bench/x.py",
    "deploy/projects/x.toml",
    "docs/x.md",
    "local/x.py",
    "tests/functions/x.py",
    "tests/shared/x.py",
    "web/functions/x.py",
    "node_modules/functions/x.py",
    "functions/__pycache__/x.cpython-311.pyc",
    "functions/start_session/__pycache__/x.py",
    "shared/x.pyc",
    "requirements-dev.txt",
    "main.pyc",
    "mainly.py",
)


def test_everything_a_function_needs_is_uploaded_and_nothing_more() -> None:
    uploaded = {path.as_posix() for path in upload_set()}
    code = {
        path.relative_to(ROOT).as_posix()
        for folder in ("functions", "shared")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"
    }
    assert uploaded == {"main.py", "requirements.txt", *code}
    assert {Path(name).suffix for name in uploaded} == {".py", ".txt", ".typed"}


def test_stray_files_are_not_uploaded(tree: Path) -> None:
    before = upload_set(tree)
    for name in STRAY:
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("secret")
    assert upload_set(tree) == before


def by_git(tree: Path) -> set[str]:
    """The files that git selects by the patterns, in a repository without other patterns."""
    with tempfile.TemporaryDirectory() as repository:
        git = ["git", f"--git-dir={repository}", f"--work-tree={tree}"]
        subprocess.run([*git, "init", "--quiet"], cwd=tree, check=True)
        listed = subprocess.run(
            [*git, "ls-files", "--others", f"--exclude-from={tree}/.gcloudignore", "-z"],
            cwd=tree,
            capture_output=True,
            text=True,
            check=True,
        )
    return set(filter(None, listed.stdout.split("\0")))


def by_gcloud(tree: Path) -> set[str]:
    """The files that gcloud selects, if it is installed; no network is needed."""
    listed = subprocess.run(
        ["gcloud", "meta", "list-files-for-upload", str(tree)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "CLOUDSDK_CORE_DISABLE_PROMPTS": "1"},
    )
    return set(listed.stdout.split())


def test_git_and_gcloud_interpret_the_patterns_alike(tree: Path) -> None:
    for name in STRAY:
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("secret")
    shutil.rmtree(tree / ".git")
    ours = {path.as_posix() for path in upload_set(tree)}
    others = [by_git, *([by_gcloud] if shutil.which("gcloud") else [])]
    for other in others:
        assert other(tree) == ours, other.__name__


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: (tree / "shared" / "new.py").write_text(""),
        lambda tree: (tree / "main.py").rename(tree / "functions" / "main.py"),
        lambda tree: (tree / "requirements.txt").write_text(REQUIREMENTS + "\n"),
    ],
)
def test_any_change_of_the_upload_changes_its_hash(tree: Path, change: object) -> None:
    assert callable(change)
    before = source_hash(tree)
    (tree / ".env").write_text("not uploaded")
    assert source_hash(tree) == before
    change(tree)
    assert source_hash(tree) != before
    assert re.fullmatch("[0-9a-f]{40}", before), "a label takes 63 characters"


def test_the_buildpack_sees_the_framework_and_every_requirement_has_its_hashes() -> None:
    assert re.search(r"^functions-framework==\d", REQUIREMENTS, re.MULTILINE)
    assert "://" not in REQUIREMENTS, "no index is named"
    pinned = re.split(r"^(?=\S)", REQUIREMENTS, flags=re.MULTILINE)[1:]
    assert len(pinned) > 30
    assert [pin.split()[0] for pin in pinned if "--hash=sha256:" not in pin] == []
