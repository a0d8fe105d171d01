"""The examples of the local stack are completed after an interruption."""

import os
import subprocess
import sys
from secrets import token_hex

import pytest
from cryptography.fernet import Fernet

from local.emulator import Emulator
from local.processes import ROOT
from shared.contract.examples import SESSION_ID
from shared.firestore.client import Client

# Ends the process before the first completion of a session, or of infinite practice.
INTERRUPTED = """
import sys
from datetime import UTC, datetime
from local import seed

call = seed._call

def interrupt(function, person, body, **others):
    if function == "complete_session" and {field!r} in body:
        sys.exit("interrupted")
    return call(function, person, body, **others)

seed._call = interrupt
seed.seed(datetime.now(UTC))
"""


def test_sessions_that_an_interruption_left_are_completed(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", emulator.host)
    project = f"demo-{token_hex(6)}"
    environment = {
        **os.environ,
        "GOOGLE_CLOUD_PROJECT": project,
        "PRACTICE_SEAL_KEYS": Fernet.generate_key().decode(),
    }

    def run(*arguments: str) -> str:
        ran = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return ran.stderr

    def active() -> list[str]:
        sessions = client.collection("practice_sessions").get()
        return [session.id for session in sessions if session.get("status") == "active"]

    client = Client(project=project)
    try:
        for field in ("session_id", "stored_session"):
            assert run("-c", INTERRUPTED.format(field=field)) == "interrupted\n"
            assert len(active()) == 1
        assert run("-m", "local.seed") == ""
        assert active() == [SESSION_ID]
        completed = len(client.collection("practice_sessions").get())
        assert run("-m", "local.seed") == ""
        assert len(client.collection("practice_sessions").get()) == completed > 10
    finally:
        client.close()
