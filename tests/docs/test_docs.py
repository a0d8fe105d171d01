"""The documents name everything there is, and what they print works as printed."""

import re
import subprocess
from collections.abc import Iterator
from secrets import token_hex

import pytest

from local.emulator import RULES, Emulator
from local.processes import ROOT
from local.settings_table import with_table
from local.stack import Stack, free_port, start_functions
from shared.contract.operation import function_names
from shared.contract.refusals import STATUS_OF
from shared.domain.common.errors import all_refusals
from shared.domain.questions.kinds import KINDS
from shared.settings import VARIABLES

README = (ROOT / "README.md").read_text()
API = (ROOT / "docs" / "api.md").read_text()
SEEDED_PROJECT = "demo-practice"


@pytest.mark.parametrize("function", function_names())
def test_every_function_is_in_the_readme_and_has_its_chapter(function: str) -> None:
    assert f"`{function}`" in README
    assert f"\n## {function}\n" in API


@pytest.mark.parametrize("reason", sorted({refusal.reason for refusal in all_refusals()}))
def test_every_refusal_is_documented_with_its_status(reason: str) -> None:
    assert re.search(rf"^\| `{reason}` \| {STATUS_OF[reason].value} \|", API, re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_question_is_documented(kind: str) -> None:
    assert re.search(rf"^\| `{kind}` \| .* \|$", API, re.MULTILINE)


def test_every_setting_is_in_the_readme() -> None:
    assert len(VARIABLES) > 30
    assert [variable.name for variable in VARIABLES if f"`{variable.name}`" not in README] == []


def test_the_table_of_settings_is_what_their_declarations_make() -> None:
    assert with_table(README) == README, "run `make docs`"


def test_links_between_documents_lead_somewhere() -> None:
    documents = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        (document.name, target)
        for document in documents
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text())
        if not (document.parent / target).exists()
    ]
    assert broken == []


@pytest.fixture
def walk_through_stack(emulator: Emulator) -> Iterator[Stack]:
    emulator.load_rules(SEEDED_PROJECT, RULES.read_text())
    port = free_port()
    with start_functions(emulator, port=port, project_id=SEEDED_PROJECT, quiet=True) as running:
        yield running


def test_the_readmes_walk_through_works_as_printed(walk_through_stack: Stack) -> None:
    block = next(b for b in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) if "curl" in b)
    # An emulator that was there before may know a Sam with a streak.
    script = re.sub(r"\bsam\b", f"sam-{token_hex(4)}", block)
    script = script.replace("http://127.0.0.1:8080", walk_through_stack.url)
    script = script.replace("http://127.0.0.1:8085", walk_through_stack.emulator.url)
    assert walk_through_stack.url in script
    assert walk_through_stack.emulator.url in script
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines() == [
        "a-minor",
        "{'items': 2, 'session_bonus': 0, 'streak_bonus': 5, 'total': 7}",
        "{'stringValue': 'completed'}",
        "PERMISSION_DENIED",
        "infinite",
        "0.325",
        "100.0",
    ]
