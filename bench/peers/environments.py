"""The peers' environments, made when a benchmark first needs them.

To renew a peer's pins:

    .venv/bin/uv pip compile --universal --generate-hashes --no-header --upgrade \\
        bench/peers/PEER/requirements.in --output-file bench/peers/PEER/requirements.txt
"""

import subprocess
import sys
from pathlib import Path
from shutil import rmtree

HERE = Path(__file__).parent
INSTALL_SECONDS = 600


def environment(peer: str) -> Path:
    """The folder with the peer's programs, pinned by hash as ours are."""
    requirements = HERE / peer / "requirements.txt"
    made = HERE / ".venvs" / peer
    installed = made / "installed"  # holds what was asked for, so that new pins are noticed
    if not installed.is_file() or installed.read_text() != requirements.read_text():
        print(f"Installing {peer}, pinned, into {made.relative_to(HERE.parent.parent)} ...")
        rmtree(made, ignore_errors=True)
        _uv("venv", "--python", sys.executable, str(made))
        chosen = ["--python", str(made / "bin" / "python")]
        _uv("pip", "install", *chosen, "--require-hashes", "--requirements", str(requirements))
        installed.write_text(requirements.read_text())
    return made / "bin"


def _uv(*arguments: str) -> None:
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "--quiet", *arguments], check=True, timeout=INSTALL_SECONDS)
