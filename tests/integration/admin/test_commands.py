"""The common behaviour of all commands, and the completeness of docs/admin.md."""

import re
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from io import StringIO

import pytest
import typer

from admin.app import app
from admin.errors import CommandFailed
from admin.target import Target
from local.processes import ROOT
from shared.settings import EMULATOR_VARIABLES
from tests.integration.admin.command import run

DOCUMENT = (ROOT / "docs" / "admin.md").read_text()


def options() -> Iterator[tuple[str, str]]:
    for name, command in typer.main.get_group(app).commands.items():
        for parameter in command.params:
            for spelling in parameter.opts:
                if spelling.startswith("--"):
                    yield name, spelling


def test_the_document_has_a_chapter_on_each_command_and_names_each_option() -> None:
    found = list(options())
    assert len({command for command, _ in found}) == 11
    missing = [
        (command, option)
        for command, option in found
        if option not in ("--help", "--project", "--database", "--yes")
        and option not in chapter(command)
    ]
    assert missing == []
    assert {"--project", "--database", "--yes"} <= set(re.findall(r"--[a-z-]+", DOCUMENT))


def chapter(command: str) -> str:
    _, _, rest = DOCUMENT.partition(f"\n## {command}\n")
    assert rest, f"no chapter on {command}"
    return rest.partition("\n## ")[0]


def test_every_command_in_the_document_exists() -> None:
    lines = re.findall(r"python -m admin (.+)", DOCUMENT)
    assert len(lines) > 5
    known = set(options())
    for line in lines:
        command, *words = line.split("#")[0].split()
        if command == "--help":
            continue
        used = {word for word in words if word.startswith("--")}
        assert {(command, option) for option in used} <= known


@pytest.mark.parametrize(
    "arguments", [(), ("nonsense",), ("erase",), ("erase", "sam", "--nonsense")]
)
def test_a_wrong_command_line_exits_with_2_and_prints_nothing_on_stdout(
    arguments: tuple[str, ...],
) -> None:
    ran = run(*arguments, env={"GOOGLE_CLOUD_PROJECT": "demo-school"})
    assert ran.code == 2
    assert ran.out == "" or not arguments


class TerminalInput(StringIO):
    """A terminal with this input."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("typed", "answer", "done"),
    [
        ("y\n", "y", True),
        ("sam\n", "sam", True),
        ("y\n", "sam", False),
        ("n\n", "y", False),
        ("", "y", False),
    ],
)
def test_a_real_project_is_changed_only_after_the_exact_confirmation(
    monkeypatch: pytest.MonkeyPatch, typed: str, answer: str, done: bool
) -> None:
    for variable in EMULATOR_VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(sys, "stdin", TerminalInput(typed))
    with nullcontext() if done else pytest.raises(CommandFailed, match="Nothing was changed"):
        Target("school").confirm("All will be gone.", yes=False, answer=answer)


def test_a_project_must_be_named() -> None:
    ran = run("erase", "sam", env={})
    assert (ran.code, ran.out) == (2, "")
    assert "--project" in ran.err


def test_a_local_project_without_an_emulator_is_never_sought_in_the_cloud() -> None:
    ran = run("erase", "sam", env={"GOOGLE_CLOUD_PROJECT": "demo-school"})
    assert (ran.code, ran.out) == (2, "")
    assert "FIRESTORE_EMULATOR_HOST" in ran.err
