"""Virtual environments for production and for peers, created when first needed.

To update a peer's pinned versions:

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


def production_programs() -> Path:
    """The bin folder of an environment with only the packages that a function is deployed with."""
    return _install("production", ROOT / "requirements.txt")


def peer_programs(peer: str) -> Path:
    """The bin folder of the peer's environment."""
    return _install(peer, BENCH / "peers" / peer / "requirements.txt")


def _install(name: str, requirements: Path) -> Path:
    folder = ENVIRONMENTS / name
    installed = folder / "installed"  # a copy of the requirements, to notice when they change
    if not installed.is_file() or installed.read_text() != requirements.read_text():
        print(f"Installing {name} into {folder.relative_to(ROOT)} ...")
        rmtree(folder, ignore_errors=True)
        _uv("venv", "--python", sys.executable, str(folder))
        options = ["--python", str(folder / "bin" / "python"), "--compile-bytecode"]
        _uv("pip", "install", *options, "--require-hashes", "--requirements", str(requirements))
        installed.write_text(requirements.read_text())
    return folder / "bin"


def _uv(*arguments: str) -> None:
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "--quiet", *arguments], check=True, timeout=INSTALL_SECONDS)
