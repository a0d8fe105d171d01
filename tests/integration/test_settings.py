"""Start of a process with invalid settings."""

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryFile

from local.processes import spawn, stop

DEMO = {"GOOGLE_CLOUD_PROJECT": "demo-practice"}
COMMAND = [
    str(Path(sys.executable).with_name("functions-framework")),
    *("--target", "cleanup_stale_sessions", "--host", "127.0.0.1", "--port", "0"),
]


def test_a_process_with_invalid_settings_does_not_start_and_reports_the_reason() -> None:
    wrong = {
        ("FIRESTORE_EMULATOR_HOST must not be set", "CLEANUP_AUDIENCE must be set"): {
            "GOOGLE_CLOUD_PROJECT": "practice-prod",
            "FIRESTORE_EMULATOR_HOST": "127.0.0.1:1",
        },
        ("FIREBASE_AUTH_EMULATOR_HOST must not be set",): {
            **DEMO,
            "K_SERVICE": "cleanup",
            "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:1",
        },
    }
    with ExitStack() as ending:
        started = []
        for messages, environ in wrong.items():
            output = ending.enter_context(TemporaryFile("a+b"))
            process = spawn(COMMAND, env={"PATH": os.environ["PATH"], **environ}, output=output)
            ending.callback(stop, process)
            started.append((messages, process, output))
        for messages, process, output in started:
            assert process.wait(timeout=60) == 1
            output.seek(0)
            output_text = output.read().decode()
            assert all(message in output_text for message in messages)
