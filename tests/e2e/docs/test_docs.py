"""The README's walk-through, run as printed."""

import re
import subprocess
from collections.abc import Iterator
from secrets import token_hex

import pytest

from local.emulator import RULES, Emulator
from local.processes import ROOT
from local.stack import Stack, free_port, start_functions

README = (ROOT / "README.md").read_text()
SEEDED_PROJECT = "demo-practice"


@pytest.fixture
def walk_through_stack(emulator: Emulator) -> Iterator[Stack]:
    emulator.load_rules(SEEDED_PROJECT, RULES.read_text())
    port = free_port()
    with start_functions(emulator, port=port, project_id=SEEDED_PROJECT, quiet=True) as running:
        yield running


def test_the_readmes_walk_through_works_as_printed(walk_through_stack: Stack) -> None:
    block = next(b for b in re.findall(r"```bash\n(.*?)```", README, re.DOTALL) if "curl" in b)
    # In an emulator used before, the student Sam may have a streak.
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
