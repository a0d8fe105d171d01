"""`make test` shares its work among two processes, and a module's tests stay together."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from local.processes import ROOT

MODULE = """
import os
from pathlib import Path

import pytest


@pytest.fixture(scope="module", autouse=True)
def costly():
    with Path("set_up").open("a") as lines:
        print(__name__, os.getpid(), file=lines)


@pytest.mark.parametrize("number", range(4))
def test_one_of_several(number):
    pass
"""


def test_a_module_is_set_up_once(tmp_path: Path) -> None:
    (options,) = re.findall(
        r"^PYTEST = \$\(BIN\)/python -m pytest (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    names = ["test_a", "test_b"]
    for name in names:
        (tmp_path / f"{name}.py").write_text(MODULE)
    subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "xdist", *shlex.split(options)],
        cwd=tmp_path,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        check=True,
        capture_output=True,
        timeout=60,
    )
    lines = [line.split() for line in (tmp_path / "set_up").read_text().splitlines()]
    assert sorted(module for module, _ in lines) == names
    assert len({process for _, process in lines}) == 2
