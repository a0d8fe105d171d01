"""`make run` and `make demo`: their output, their end, and that they leave nothing behind."""

import os
import shutil
import signal
import socket
import sys
from pathlib import Path

import pytest
import requests

from local.emulator import Emulator
from local.people import PEOPLE
from local.processes import ROOT
from local.stack import free_port
from local.tokens import user_token
from tests.e2e.local.conftest import Make, MakeTarget

INTERRUPTED = 128 + signal.SIGINT
TERMINATED = 128 + signal.SIGTERM


def ready(make: Make) -> None:
    make.until_printed(f"ready {make.url}\n")
    assert make.running("local.run")
    assert make.running("local.server")


def test_make_run_serves_until_ctrl_c_and_leaves_nothing_behind(make: MakeTarget) -> None:
    run = make("run")
    ready(run)
    assert len(run.running("java", "CloudFirestore")) == 1
    health = requests.get(f"{run.url}/healthz", timeout=10)
    assert (health.status_code, health.text) == (200, "ok\n")
    created = requests.post(
        f"{run.url}/create_template",
        json={"name": "Lute", "template_data": {"sections": []}},
        headers={"Authorization": f"Bearer {user_token('somebody')}"},
        timeout=10,
    )
    assert created.status_code == 201
    for uid in PEOPLE:
        assert f"local.tokens {uid}" in run.printed
    assert f'connectAuthEmulator(auth, "{run.url}")' in run.printed

    run.ctrl_c()

    assert run.ended() in (0, INTERRUPTED)  # make reports the interrupt itself
    assert "Stopped." in run.printed
    assert "Traceback" not in run.printed
    assert run.left_behind() == []


def test_make_run_ends_cleanly_when_make_is_terminated(make: MakeTarget) -> None:
    run = make("run")
    ready(run)

    run.send(signal.SIGTERM)

    assert run.ended() in (0, TERMINATED)
    assert "Traceback" not in run.printed
    assert run.left_behind() == []


def test_no_process_outlives_a_killed_make_run(make: MakeTarget) -> None:
    run = make("run")
    ready(run)

    run.send(signal.SIGKILL, "local.run")

    assert run.ended() != 0
    assert run.left_behind() == []


def test_a_repeated_ctrl_c_does_not_interrupt_the_clean_up(
    make: MakeTarget, emulator: Emulator
) -> None:
    run = make("run", FIRESTORE_EMULATOR_HOST=emulator.host)
    ready(run)

    run.send_until_ended(signal.SIGINT, "local.run")

    assert run.ended() == 0
    assert run.printed.count("Stopped.") == 1
    assert "Traceback" not in run.printed
    assert run.left_behind() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_make_run_leaves_an_existing_emulator_running(
    make: MakeTarget, emulator: Emulator, number: signal.Signals
) -> None:
    run = make("run", FIRESTORE_EMULATOR_HOST=emulator.host)
    ready(run)
    assert run.running("java") == []

    run.send(number, "local.run")

    assert run.ended() == 0
    assert run.left_behind() == []
    assert requests.get(emulator.url, timeout=10).ok


def test_make_run_ends_with_a_message_when_the_functions_end(
    make: MakeTarget, emulator: Emulator
) -> None:
    run = make("run", FIRESTORE_EMULATOR_HOST=emulator.host)
    ready(run)

    (server, *_workers) = sorted(run.running("local.server"))
    os.kill(server, signal.SIGKILL)

    assert run.ended() != 0
    assert "The functions ended unexpectedly." in run.printed
    assert run.left_behind() == []


@pytest.mark.parametrize("moment", ["the search", "the emulator", "the functions"])
def test_ctrl_c_during_the_start_leaves_nothing_behind(make: MakeTarget, moment: str) -> None:
    run = make("run")
    match moment:
        case "the search":
            run.until_printed("Starting the Firestore emulator")
        case "the emulator":
            run.until(lambda: run.running("java", "CloudFirestore"))
        case "the functions":
            run.until(lambda: run.running("local.server"))

    run.ctrl_c()

    assert run.ended() in (0, INTERRUPTED)
    assert "ready" not in run.printed
    assert "Traceback" not in run.printed
    assert run.left_behind() == []


def test_make_demo_completes_successfully(make: MakeTarget) -> None:
    demo = make("demo")
    demo.until(lambda: demo.running("local.server"))
    demo.until_printed("The student starts a session")
    demo.processes()

    assert demo.ended() == 0
    assert demo.printed.rstrip().endswith("Everything held.")
    assert "Practice without end" in demo.printed
    assert demo.left_behind() == []


def test_ctrl_c_during_the_demo_leaves_nothing_behind(make: MakeTarget) -> None:
    demo = make("demo")
    demo.until_printed("The teacher writes a template")

    demo.ctrl_c()

    assert demo.ended() != 0
    assert "Stopped." in demo.printed
    assert "Traceback" not in demo.printed
    assert demo.left_behind() == []


# Without Node.js


NOT_COPIED = ("node_modules", "dist", "screenshots", "bench", ".*", "__pycache__")


@pytest.fixture
def unbuilt(tmp_path: Path) -> Path:
    """A copy of the checkout that lacks the built web app, with the same .venv."""
    copy = tmp_path / "checkout"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED), symlinks=True)
    copy.joinpath(".venv").symlink_to(ROOT / ".venv")
    return copy


def path_without(folder: Path, *programs: str) -> str:
    """A PATH with every program but these."""
    folder.mkdir()
    for entry in os.environ["PATH"].split(os.pathsep):
        for program in Path(entry).glob("*"):
            if program.name not in programs and not folder.joinpath(program.name).exists():
                folder.joinpath(program.name).unlink(missing_ok=True)
                folder.joinpath(program.name).symlink_to(program)
    return str(folder)


def test_without_node_the_stack_runs_and_says_what_is_missing(
    make: MakeTarget, unbuilt: Path, tmp_path: Path
) -> None:
    run = make("run", unbuilt, PATH=path_without(tmp_path / "bin", "node", "npm"))
    ready(run)

    assert "left out: Node.js 20.19 or newer, and npm, are not installed." in run.printed
    assert "app   not built: `make web` builds it, with Node.js 20.19 or newer" in run.printed
    answer = requests.get(f"{run.url}/", timeout=10)
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "text/plain")
    assert "not built: `make web` builds it, with Node.js 20.19 or newer" in answer.text
    assert requests.get(f"{run.url}/healthz", timeout=10).ok
    run.ctrl_c()
    run.ended()
    assert run.left_behind() == []


def test_without_node_the_demo_goes_on_and_says_what_is_missing(
    make: MakeTarget, unbuilt: Path, tmp_path: Path
) -> None:
    demo = make("demo", unbuilt, PATH=path_without(tmp_path / "bin", "node", "npm"))

    assert demo.ended() == 0, demo.printed
    assert "left out: Node.js 20.19 or newer, and npm, are not installed." in demo.printed
    assert "It is not built: `make web` builds it, with Node.js 20.19 or newer." in demo.printed
    assert demo.printed.rstrip().endswith("Everything held.")


# Errors at the start


def output_of_failure(run: Make) -> str:
    """The output of a run that must fail without a traceback."""
    run.processes()
    assert run.ended() != 0
    assert "Traceback" not in run.printed
    assert run.left_behind() == []
    return run.printed


@pytest.mark.parametrize("variable", ["PORT", "FIRESTORE_PORT"])
def test_a_port_in_use_is_named_with_its_variable(make: MakeTarget, variable: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        run = make("run", **{variable: str(port)})
        run.ports.pop(variable)
        output = output_of_failure(run)
    assert f"Port {port} is taken: choose another with {variable}=." in output
    assert "Starting" not in output


@pytest.mark.parametrize("port", ["0", "65536", "99999", "8080.5"])
@pytest.mark.parametrize("variable", ["PORT", "FIRESTORE_PORT"])
def test_an_invalid_port_is_named_with_its_variable(
    make: MakeTarget, environment: dict[str, str], variable: str, port: str
) -> None:
    output = output_of_failure(make("run", **{variable: port}))
    assert f"{variable} must be a port from 1 to 65535, not '{port}'." in output


def test_one_port_for_both_is_refused(make: MakeTarget, environment: dict[str, str]) -> None:
    output = output_of_failure(make("run", FIRESTORE_PORT=environment["PORT"]))
    assert "choose two" in output


def path_with(folder: Path, *programs: str) -> str:
    """A PATH that contains only these programs."""
    folder.mkdir()
    for program in programs:
        found = shutil.which(program)
        assert found
        folder.joinpath(program).symlink_to(found)
    return str(folder)


@pytest.mark.parametrize("target", ["run", "demo"])
def test_a_missing_emulator_is_reported_with_the_two_ways_to_install_it(
    make: MakeTarget, tmp_path: Path, target: str
) -> None:
    output = output_of_failure(
        make(target, PATH=path_with(tmp_path / "bin", "java"), HOME=str(tmp_path))
    )
    assert "gcloud components install cloud-firestore-emulator" in output
    assert "firebase setup:emulators:firestore" in output


@pytest.mark.parametrize("target", ["run", "demo"])
def test_a_missing_java_runtime_is_reported(make: MakeTarget, tmp_path: Path, target: str) -> None:
    output = output_of_failure(make(target, PATH=path_with(tmp_path / "bin"), HOME=str(tmp_path)))
    assert "needs a Java runtime" in output


@pytest.mark.parametrize("target", ["run", "demo"])
def test_a_configured_emulator_that_does_not_answer_is_named(
    make: MakeTarget, environment: dict[str, str], target: str
) -> None:
    host = f"127.0.0.1:{environment['FIRESTORE_PORT']}"
    output = output_of_failure(make(target, FIRESTORE_EMULATOR_HOST=host))
    assert f"FIRESTORE_EMULATOR_HOST is {host}, and nothing answers there." in output


def test_an_auth_emulator_that_does_not_answer_is_named(make: MakeTarget) -> None:
    host = f"127.0.0.1:{free_port()}"
    output = output_of_failure(make("run", FIREBASE_AUTH_EMULATOR_HOST=host))
    assert f"FIREBASE_AUTH_EMULATOR_HOST is {host}, and nothing answers there." in output
    assert "Starting" not in output


def test_what_is_no_auth_emulator_is_named(make: MakeTarget, emulator: Emulator) -> None:
    output = output_of_failure(make("run", FIREBASE_AUTH_EMULATOR_HOST=emulator.host))
    assert f"{emulator.host}, and what answers there is no Auth emulator." in output


def test_the_output_of_an_emulator_that_does_not_start_is_shown(
    make: MakeTarget, tmp_path: Path
) -> None:
    path = path_with(tmp_path / "bin", "gcloud", "python3", "sh", "bash", "dirname", "readlink")
    java = tmp_path / "bin" / "java"
    java.write_text(f"#!{sys.executable}\nraise SystemExit('No room for a heap')\n")
    java.chmod(0o755)
    run = make("run", PATH=path + os.pathsep + os.environ["PATH"])
    output = output_of_failure(run)
    assert "The Firestore emulator did not start" in output
    assert "No room for a heap" in output


def test_functions_that_do_not_start_report_the_reason_and_stop_the_emulator(
    make: MakeTarget,
) -> None:
    run = make("run", LOG_LEVEL="LOUD")
    run.until(lambda: run.running("java", "CloudFirestore"))
    output = output_of_failure(run)
    assert "LOG_LEVEL" in output
    assert "The functions did not start." in output
