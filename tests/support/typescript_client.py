"""The TypeScript client as an app has it: built, in the `node_modules` of a folder."""

import shutil
import subprocess
from pathlib import Path

from local.processes import ROOT

CLIENT = ROOT / "clients" / "typescript"
TSC = CLIENT / "node_modules" / ".bin" / "tsc"


def install_client(folder: Path) -> None:
    """Makes `import … from "practice-client"` and `"firebase/…"` work for scripts in the folder."""
    assert TSC.is_file(), "`make test` installs the client's packages first"
    modules = folder / "node_modules"
    package = modules / "practice-client"
    package.mkdir(parents=True)
    shutil.copy(CLIENT / "package.json", package)
    for name in ("firebase", "@firebase", "eventsource-parser"):
        (modules / name).symlink_to(CLIENT / "node_modules" / name)
    command: list[str | Path] = [TSC, "-p", CLIENT / "tsconfig.json", "--outDir", package / "dist"]
    built = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert built.returncode == 0, built.stdout
