"""Environments of their own, for what is not to be measured in ours, made when first needed.

To renew a peer's pins:

    .venv/bin/uv pip compile --universal --generate-hashes --no-header --upgrade \\
        bench/peers/PEER/requirements.in --output-file bench/peers/PEER/requirements.txt
"""

import subprocess
import sys
from pathlib import Path
from shutil import rmtree

from local.processes import ROOT

BENCH = Path(__file__).parent
ENVIRONMENTS = BENCH / ".venvs"
INSTALL_SECONDS = 600


def of_production() -> Path:
    """The folder with the programs of what a function is deployed with, and nothing else."""
    return _environment("production", ROOT / "requirements.txt")


def of_peer(peer: str) -> Path:
    """The folder with the peer's programs."""
    return _environment(peer, BENCH / "peers" / peer / "requirements.txt")


def _environment(name: str, requirements: Path) -> Path:
    made = ENVIRONMENTS / name
    installed = made / "installed"  # holds what was asked for, so that new pins are noticed
    if not installed.is_file() or installed.read_text() != requirements.read_text():
        print(f"Installing {name}, pinned, into {made.relative_to(ROOT)} ...")
        rmtree(made, ignore_errors=True)
        _uv("venv", "--python", sys.executable, str(made))
        chosen = ["--python", str(made / "bin" / "python"), "--compile-bytecode"]
        _uv("pip", "install", *chosen, "--require-hashes", "--requirements", str(requirements))
        installed.write_text(requirements.read_text())
    return made / "bin"


def _uv(*arguments: str) -> None:
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "--quiet", *arguments], check=True, timeout=INSTALL_SECONDS)
