"""The upload set is installed into an empty environment, compiled and started as in production.

The web server is that of functions-framework for production (gunicorn). Its environment has the
variables that a deployment sets and none of the checkout.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest
import requests

from deploy.upload import upload_set
from local.emulator import Emulator
from local.examples import theory_template
from local.processes import ROOT, STOP_SECONDS, stop
from local.stack import free_port
from local.tokens import user_token
from shared.contract.operation import function_names, main_operation
from tests.support.dry_run import commands, doing, environment_of

PROJECT_ID = "demo-uploaded"
UV = Path(sys.executable).with_name("uv")
START_SECONDS = 90
TIMEOUT_SECONDS = 20
# Settings of production with which the functions would refuse the emulator.
PRODUCTION_ONLY = ("K_SERVICE", "CLEANUP_BEHIND_IAM", "LIMITS_DATABASE")
# Imports the entry point of deployments and every function, and prints the modules that were loaded
# from the checkout.
PRINT_CHECKOUT_MODULES = """
import importlib, os, sys
checkout, *names = sys.argv[1:]
os.environ["FUNCTION_TARGET"] = names[0]
import main
for name in names:
    importlib.import_module(f"functions.{name}.main")
for name, module in sorted(sys.modules.items()):
    if (getattr(module, "__file__", None) or "").startswith(checkout):
        print(name, module.__file__)
"""


@pytest.fixture(scope="module")
def uploaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The upload set in a folder of its own, compiled as the buildpack does."""
    to = tmp_path_factory.mktemp("workspace")
    for path in upload_set():
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, to / path)
    return to


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, uploaded: Path) -> Path:
    """An empty environment with requirements.txt in it, each file checked against its hash."""
    venv = tmp_path_factory.mktemp("environment") / "venv"
    uv = [str(UV), "--quiet", "--no-config"]
    subprocess.run([*uv, "venv", "--python", sys.executable, str(venv)], check=True)
    subprocess.run(
        [
            *(*uv, "pip", "install", "--require-hashes", "--python", str(venv / "bin" / "python")),
            *("-r", str(uploaded / "requirements.txt")),
        ],
        check=True,
        timeout=300,
    )
    compiling = ["-m", "compileall", "-q", "-j", "2", "--invalidation-mode", "unchecked-hash"]
    for folder in (uploaded, venv / "lib"):
        python = [str(venv / "bin" / "python"), "-I", *compiling, str(folder)]
        compiled = subprocess.run(python, capture_output=True, text=True, check=False)
        assert compiled.returncode == 0, compiled.stdout[-2_000:]
    return venv


@dataclass(frozen=True)
class Running:
    urls: Mapping[str, str]

    def call(self, name: str, body: Any = None, *, token: str = "") -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.request(
            main_operation(name).method,
            self.urls[name],
            json=body,
            headers=headers,
            timeout=TIMEOUT_SECONDS,
        )


@pytest.fixture(scope="module")
def running(uploaded: Path, installed: Path, emulator: Emulator, shown: str) -> Iterator[Running]:
    """Every function in a process of its own, with the settings that a deployment gives it."""
    urls, processes = {}, []
    with ExitStack() as ending:
        output = ending.enter_context(tempfile.TemporaryFile("a+b"))
        for command in doing(commands(shown), "gcloud", "functions", "deploy"):
            name, port = command.words[3], free_port()
            urls[name] = f"http://127.0.0.1:{port}"
            settings = environment_of(command)
            environment = {k: v for k, v in settings.items() if k not in PRODUCTION_ONLY}
            process = start(
                uploaded,
                installed,
                {
                    **environment,
                    "GOOGLE_CLOUD_PROJECT": PROJECT_ID,
                    "FIRESTORE_EMULATOR_HOST": emulator.host,
                    "PORT": str(port),
                },
                output,
            )
            ending.callback(stop, process)
            processes.append(process)
        ending.callback(end, processes)
        deadline = time.monotonic() + START_SECONDS
        for url in urls.values():
            while not answers(url):
                assert time.monotonic() < deadline, text_of(output)
                assert all(process.poll() is None for process in processes), text_of(output)
                time.sleep(0.05)
        yield Running(urls)


def start(
    uploaded: Path, installed: Path, environment: Mapping[str, str], output: IO[bytes]
) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [str(installed / "bin" / "functions-framework"), "--host", "127.0.0.1"],
        cwd=uploaded,
        env={"PATH": str(installed / "bin"), **environment},
        stdout=output,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    )


def end(processes: Sequence["subprocess.Popen[bytes]"]) -> None:
    """Terminates all of them at once, so that they end in parallel."""
    for process in processes:
        process.terminate()


def text_of(output: IO[bytes]) -> str:
    output.seek(0)
    return output.read().decode()[-2_000:]


def answers(url: str) -> bool:
    try:
        return requests.options(url, timeout=TIMEOUT_SECONDS).ok
    except requests.ConnectionError:
        return False


def test_every_function_starts_and_asks_for_a_token(running: Running) -> None:
    assert sorted(running.urls) == function_names()
    for name in running.urls:
        refused = running.call(name)
        assert refused.status_code == 401
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert refused.json()["reason"] == "UNAUTHENTICATED"


def test_a_template_is_stored_and_practised_offline(running: Running) -> None:
    token = user_token("ann-uploaded", project_id=PROJECT_ID)
    created = running.call("create_template", theory_template(), token=token)
    assert created.status_code == 201, created.text
    template = created.json()["template"]
    turn = running.call(
        "practice_turn", {"session_context": {"source_data": template}}, token=token
    )
    assert turn.status_code == 200, turn.text
    context = turn.json()["session_context"]["stored_session"]
    assert context["tutor"] == "offline"
    assert context["current"]["question_id"]
    stored = running.call("start_session", {"stored_session": context}, token=token)
    assert stored.status_code == 201, stored.text


def test_no_module_is_loaded_from_the_checkout(uploaded: Path, installed: Path) -> None:
    python = str(installed / "bin" / "python")
    ran = subprocess.run(
        [python, "-c", PRINT_CHECKOUT_MODULES, str(ROOT), *function_names()],
        cwd=uploaded,
        env={"GOOGLE_CLOUD_PROJECT": PROJECT_ID, "PATH": "/nonexistent"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert ran.stdout == ""


def test_every_uploaded_module_is_compiled(uploaded: Path) -> None:
    """A function that starts from uncompiled source takes several times as long."""
    sources = [path for path in upload_set() if path.suffix == ".py"]
    tag = sys.implementation.cache_tag
    compiled = [(uploaded / p).parent / "__pycache__" / f"{p.stem}.{tag}.pyc" for p in sources]
    assert [path for path in compiled if not path.exists()] == []
    unchecked_hash = 1  # PEP 552: the source is not checked again
    assert {int.from_bytes(path.read_bytes()[4:8], "little") for path in compiled} == {
        unchecked_hash
    }


def test_a_process_ends_on_sigterm(uploaded: Path, installed: Path) -> None:
    environment = {"GOOGLE_CLOUD_PROJECT": PROJECT_ID, "FUNCTION_TARGET": "delete_template"}
    port = free_port()
    with tempfile.TemporaryFile("a+b") as output:
        process = start(uploaded, installed, {**environment, "PORT": str(port)}, output)
        try:
            deadline = time.monotonic() + START_SECONDS
            while not answers(f"http://127.0.0.1:{port}"):
                assert time.monotonic() < deadline, text_of(output)
                time.sleep(0.05)
            process.terminate()
            assert process.wait(STOP_SECONDS) == 0
        finally:
            stop(process)
        assert os.fstat(output.fileno()).st_size == 0 or "Traceback" not in text_of(output)
