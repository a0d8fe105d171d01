"""docs/architecture.md: the command that makes a seal key."""

import subprocess

from local.processes import ROOT
from shared.environment import Use
from shared.settings import load_settings
from tests.support.documents import example


def test_the_command_makes_a_valid_key() -> None:
    command = example("docs/architecture.md", "sh")
    keys = {
        subprocess.run(
            ["bash", "-euc", command],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        ).stdout.strip()
        for _ in range(2)
    }
    assert len(keys) == 2
    environment = {"GOOGLE_CLOUD_PROJECT": "practice", "PRACTICE_SEAL_KEYS": ",".join(keys)}
    settings = load_settings(environment, uses=[Use.SEALS])
    assert set(settings.seal_keys) == keys
