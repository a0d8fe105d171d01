"""The app's own unit tests, by vitest."""

import subprocess

from local.processes import ROOT


def test_the_unit_tests_of_the_app_pass() -> None:
    vitest = ROOT / "web" / "node_modules" / ".bin" / "vitest"
    done = subprocess.run(
        [vitest, "run"],
        cwd=ROOT / "web",
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
