"""The commands in the documents: their programs, targets, modules and flags exist."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import takewhile

import pytest

from local.processes import ROOT
from tests.support.documents import DOCUMENTS, Example, code, examples
from tests.support.gcloud import unknown_to_gcloud

MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
# `make run` passes its variables on to local/.
READ_BY_MAKE = MAKEFILE + "".join(path.read_text() for path in (ROOT / "local").glob("*.py"))
ALL_CODE = [text for document in DOCUMENTS for text in code(document)]
FOLDERS = "|".join(path.name for path in ROOT.iterdir() if (path / "__init__.py").exists())
PATH = re.compile(
    rf"(?<![\w./-])(main\.py|firestore\.[a-z.]+|(?:{FOLDERS}|clients|docs)/[\w./-]*)(?![\w<{{*-])"
)
# Made by the reader.
A_PROJECTS_FILE = "deploy/projects/my-project.toml"
SHELL = [
    example
    for document in DOCUMENTS
    for language in ("sh", "bash")
    for example in examples(document, language)
]


def commands(program: str) -> Iterator[list[str]]:
    """The words of each command of a program, in all documents, up to a pipe or its end."""
    for text in ALL_CODE:
        without_comments = re.sub(r"(?m)(^|\s)#.*", "", text)
        for found in re.finditer(rf"(?<![\w./-]){program} [^\n]*", without_comments):
            lexer = shlex.shlex(found[0], posix=True, punctuation_chars=True)
            yield list(takewhile(lambda word: not set(word) <= set("|;&<>()"), lexer))


@pytest.mark.parametrize("example", SHELL, ids=lambda example: example.heading)
def test_a_shell_block_is_valid(example: Example) -> None:
    read = subprocess.run(
        ["bash", "-n"], input=example.text, capture_output=True, text=True, check=False, timeout=20
    )
    assert (read.returncode, read.stderr) == (0, "")


def test_make_has_the_targets_and_variables() -> None:
    asked = [word for command in commands("make") for word in command[1:]]
    variables = {word.partition("=")[0] for word in asked if "=" in word}
    assert len(set(asked)) > 15
    assert {word for word in asked if "=" not in word} <= TARGETS
    assert {name for name in variables if not re.search(rf"\b{name}\b", READ_BY_MAKE)} == set()


def test_every_module_that_is_run_exists() -> None:
    modules = {name for text in ALL_CODE for name in re.findall(r"python -m ([\w.]+)", text)}
    assert {"admin", "deploy", "local.tokens", "bench.mastery"} <= modules
    assert {name for name in modules if find_spec(name) is None} == set()


def test_a_path_of_the_project_exists() -> None:
    paths = {path.rstrip("./") for text in ALL_CODE for path in PATH.findall(text)}
    assert {"main.py", "shared/domain", "firestore.rules"} <= paths
    assert {path for path in paths if not (ROOT / path).exists()} == {A_PROJECTS_FILE}


def test_gcloud_knows_every_command_and_flag() -> None:
    used = list(commands("gcloud"))
    assert len(used) > 10
    assert [command for command in used if unknown_to_gcloud(command)] == []
