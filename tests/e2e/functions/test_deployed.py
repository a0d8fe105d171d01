"""Each function in its own process, started by functions-framework as in production."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import IO

import pytest
import requests

from local.emulator import Emulator
from local.processes import ROOT, spawn, stop
from local.stack import free_port
from local.tokens import scheduler_token, user_token
from shared.auth.verification import SIGNATURE_REMOVED
from shared.contract.operation import function_names, main_operation
from tests.support.edge import APP_ORIGIN, PROJECT_ID, TIMEOUT_SECONDS, assert_problem
from tests.support.key_server import Signer, claims_of_scheduler, claims_of_user

FUNCTIONS_FRAMEWORK = Path(sys.executable).with_name("functions-framework")
START_SECONDS = 60
PRODUCTION = "production"
SEAL_KEY = "k" * 43 + "="


@dataclass(frozen=True)
class Deployed:
    """The addresses of all functions, and of one with the settings of production."""

    urls: Mapping[str, str]
    output: IO[bytes]

    def call(
        self, name: str, token: str = "", *, body: object = None, method: str | None = None
    ) -> requests.Response:
        return requests.request(
            method or main_operation(name).method,
            self.urls[name],
            json=body,
            headers={"Authorization": f"Bearer {token}", "Origin": APP_ORIGIN},
            timeout=TIMEOUT_SECONDS,
        )


@pytest.fixture(scope="module")
def signer() -> Signer:
    return Signer("key")


@pytest.fixture(scope="module")
def deployed(emulator: Emulator, signer: Signer) -> Iterator[Deployed]:
    # No server answers at this address: the functions have no keys.
    keys_url = f"http://127.0.0.1:{free_port()}/keys"
    local = {
        "GOOGLE_CLOUD_PROJECT": PROJECT_ID,
        "PRACTICE_SEAL_KEYS": SEAL_KEY,
        "FIRESTORE_EMULATOR_HOST": emulator.host,
        "ALLOWED_ORIGINS": APP_ORIGIN,
        "USER_KEYS_URL": keys_url,
        "GOOGLE_KEYS_URL": keys_url,
        "CLEANUP_BEHIND_IAM": "true",
    }
    with ExitStack() as running, tempfile.NamedTemporaryFile("w+") as credentials:
        json.dump(service_account(signer), credentials)
        credentials.flush()
        production = {
            "GOOGLE_CLOUD_PROJECT": "practice-prod",
            "PRACTICE_SEAL_KEYS": SEAL_KEY,
            "GOOGLE_APPLICATION_CREDENTIALS": credentials.name,
        }
        output = running.enter_context(tempfile.TemporaryFile("a+b"))
        environments = {PRODUCTION: production, **dict.fromkeys(function_names(), local)}
        urls = {name: f"http://127.0.0.1:{free_port()}" for name in environments}
        # Each takes seconds to start and to stop, so they do it in parallel.
        processes = []
        for name, environment in environments.items():
            # gunicorn's control socket. There can be one for each runtime directory.
            sockets = running.enter_context(tempfile.TemporaryDirectory())
            settings = {**environment, "XDG_RUNTIME_DIR": sockets}
            process = start(name, urls[name], settings, output)
            running.callback(stop, process)
            processes.append(process)
        running.callback(end, processes)
        deadline = time.monotonic() + START_SECONDS
        for url in urls.values():
            while not answers(url):
                if time.monotonic() > deadline:
                    output.seek(0)
                    pytest.fail(f"{url} did not start:\n{output.read().decode()[-2_000:]}")
                time.sleep(0.05)
        yield Deployed(urls, output)


def start(name: str, url: str, environment: Mapping[str, str], output: IO[bytes]) -> "Popen[bytes]":
    target = "create_template" if name == PRODUCTION else name
    port = url.rpartition(":")[2]
    return spawn(
        [str(FUNCTIONS_FRAMEWORK), "--target", target, "--host", "127.0.0.1", "--port", port],
        env={"PATH": os.environ["PATH"], **environment},
        output=output,
    )


def end(processes: Sequence["Popen[bytes]"]) -> None:
    for process in processes:
        process.terminate()


def answers(url: str) -> bool:
    try:
        return requests.options(url, timeout=TIMEOUT_SECONDS).ok
    except requests.ConnectionError:
        return False


def service_account(signer: Signer) -> dict[str, str]:
    """Invalid credentials, for a client that is created and never used."""
    return {
        "type": "service_account",
        "project_id": "practice-prod",
        "private_key_id": "key",
        "private_key": signer.private_pem.decode(),
        "client_email": "functions@practice-prod.iam.gserviceaccount.com",
        "token_uri": "https://127.0.0.1:1/token",
    }


def test_every_entry_point_is_a_function() -> None:
    assert {m.parent.name for m in (ROOT / "functions").glob("*/main.py")} == set(function_names())


@pytest.mark.parametrize("name", function_names())
def test_a_function_answers_a_preflight(deployed: Deployed, name: str) -> None:
    answered = deployed.call(name, method="OPTIONS")
    assert answered.status_code == 204
    assert main_operation(name).method in answered.headers["Access-Control-Allow-Methods"]
    allowed_origin = answered.headers.get("Access-Control-Allow-Origin")
    # Browsers do not call the function of the scheduler.
    assert allowed_origin == (None if name == "cleanup_stale_sessions" else APP_ORIGIN)


@pytest.mark.parametrize("name", function_names())
def test_a_function_asks_for_a_token(deployed: Deployed, name: str) -> None:
    refused = deployed.call(name)
    assert_problem(refused, 401, "UNAUTHENTICATED")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("name", function_names())
def test_a_function_has_one_method(deployed: Deployed, name: str) -> None:
    other = "POST" if main_operation(name).method == "GET" else "GET"
    refused = deployed.call(name, method=other)
    assert_problem(refused, 405, "METHOD_NOT_ALLOWED")
    assert refused.headers["Allow"] == f"{main_operation(name).method}, OPTIONS"


@pytest.mark.parametrize("name", function_names())
def test_a_signed_token_gets_503_without_keys(
    deployed: Deployed, name: str, signer: Signer
) -> None:
    by_scheduler = name == "cleanup_stale_sessions"
    of_user = claims_of_user("ann", project_id=PROJECT_ID)
    claims = claims_of_scheduler(project_id=PROJECT_ID) if by_scheduler else of_user
    refused = deployed.call(name, signer.sign(claims))
    assert_problem(refused, 503, "UNAVAILABLE")
    assert int(refused.headers["Retry-After"]) > 0


def test_a_whole_session_across_processes(deployed: Deployed) -> None:
    ann = user_token("ann-deployed", project_id=PROJECT_ID)
    scales = {"sections": [{"name": "Warm-up", "exercises": [{"name": "Scales"}]}]}
    template = deployed.call(
        "create_template", ann, body={"name": "Guitar", "template_data": scales}
    )
    assert template.status_code == 201
    template_id = template.json()["template"]["template_id"]
    change = {"template_id": template_id, "version": 1, "name": "Guitar, daily"}
    assert deployed.call("update_template", ann, body=change).status_code == 200
    session = deployed.call("start_session", ann, body={"template_id": template_id})
    assert session.status_code == 201
    session_id = session.json()["session"]["session_id"]
    done = {"session_id": session_id, "items": [{"node_id": "Scales"}]}
    assert deployed.call("update_progress", ann, body=done).json()["next_item"] is None
    completed = deployed.call("complete_session", ann, body={"session_id": session_id})
    assert completed.json()["summary"]["items_completed"] == 1
    deleted = requests.delete(
        deployed.urls["delete_template"],
        params={"template_id": template_id},
        headers={"Authorization": f"Bearer {ann}"},
        timeout=TIMEOUT_SECONDS,
    )
    assert deleted.status_code == 204
    sweep = deployed.call(
        "cleanup_stale_sessions", scheduler_token(project_id=PROJECT_ID), body={"dry_run": True}
    )
    assert sweep.status_code == 200


def test_cleanup_behind_iam_takes_a_token_whose_signature_was_removed(
    deployed: Deployed, signer: Signer
) -> None:
    claims = claims_of_scheduler(project_id=PROJECT_ID)
    verified = f"{signer.sign(claims).rpartition('.')[0]}.{SIGNATURE_REMOVED}"
    assert deployed.call("cleanup_stale_sessions", verified, body={"dry_run": True}).ok
    stranger = claims_of_scheduler(project_id=PROJECT_ID, email="stranger@example.com")
    another = f"{signer.sign(stranger).rpartition('.')[0]}.{SIGNATURE_REMOVED}"
    assert_problem(deployed.call("cleanup_stale_sessions", another), 403, "PERMISSION_DENIED")


def test_tokens_without_a_valid_signature_are_refused_outside_demo_projects(
    deployed: Deployed, signer: Signer
) -> None:
    claims = claims_of_user("ann", project_id="practice-prod", role="teacher")
    rs256 = signer.sign(claims)
    tokens = [
        user_token("ann", teacher=True, project_id="practice-prod"),
        user_token("ann", project_id=PROJECT_ID),
        f"{rs256.rpartition('.')[0]}.{SIGNATURE_REMOVED}.",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2ln",
        "",
    ]
    for token in tokens:
        refused = deployed.call(PRODUCTION, token, body={}, method="POST")
        assert_problem(refused, 401, "UNAUTHENTICATED")
        assert "Access-Control-Allow-Origin" not in refused.headers


def test_a_function_prints_nothing_but_its_log(deployed: Deployed) -> None:
    deployed.call("create_template")
    deployed.output.seek(0)
    lines = [json.loads(line) for line in deployed.output.read().splitlines()]
    assert {line["function"] for line in lines} >= {"create_template"}
