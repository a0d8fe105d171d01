"""The commands of docs/deploy.md, run as printed against the fake gcloud.

Not tried here: gcloud and Google's services themselves, such as IAM's own refusal with 403.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from local.processes import ROOT
from local.stack import Stack
from tests.integration.deploy.test_run import Cloud, new_cloud, serving_rules
from tests.support.documents import example, examples

TIMEOUT_SECONDS = 120
DEPLOY = example("docs/deploy.md", "sh", under="Deployment")


def run_bash(script: str, cloud: Cloud, **more: str) -> "subprocess.CompletedProcess[str]":
    """Runs the script in the project's folder, with the fake gcloud as the first of its name."""
    path = os.pathsep.join((str(cloud.folder), os.environ["PATH"]))
    # The tests run under make themselves; its variables must not reach this run.
    alone = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=ROOT,
        env={**alone, **cloud.environment, "PATH": path, **more},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A project that the printed commands deployed, after a first run that failed."""
    with serving_rules() as rules:
        cloud = new_cloud(tmp_path_factory.mktemp("cloud"), rules, ROOT)
        failed = run_bash(DEPLOY, cloud, FAKE_GCLOUD_FAILS="functions deploy update_template")
        assert failed.returncode != 0
        assert "function update_template" not in cloud.state
        ran = run_bash(DEPLOY, cloud)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert "gcloud functions deploy update_template" in ran.stdout  # of the dry run
        yield cloud


def test_a_project_is_deployed_as_printed(deployed: Cloud) -> None:
    before = deployed.state
    assert "function cleanup_stale_sessions" in before
    deployed.forget()
    again = run_bash(DEPLOY, deployed)
    assert again.returncode == 0
    assert (deployed.changes(), deployed.state) == ([], before)
    in_the_first_app, _ = (
        block.text
        for block in examples("docs/first-app.md", "sh", under="5. In a Firebase project")
    )
    assert in_the_first_app.splitlines() == [
        line.partition("#")[0].strip() for line in DEPLOY.splitlines()
    ]


def test_a_deployment_is_verified_as_printed(deployed: Cloud, stack: Stack) -> None:
    printed = example("docs/deploy.md", "sh", under="Verify the deployment")
    script = printed.replace("https://REGION-PROJECT.cloudfunctions.net", stack.url)
    deployed.forget()
    ran = run_bash(script.replace("REGION", "europe-west1"), deployed)
    assert ran.returncode == 0, ran.stderr
    started, swept, job, logged, indexes, ttls = values_of(ran.stdout)
    assert (started["status"], started["reason"]) == (401, "UNAUTHENTICATED")
    assert swept["status"] in (401, 403)
    assert (job, logged) == ({}, [])
    assert [index["state"] for index in indexes]
    assert [ttl["name"] for ttl in ttls if ttl["name"].endswith("/idempotency/fields/expire_at")]


def values_of(printed: str) -> list[Any]:
    """JSON values, one after the other."""
    values, rest = [], printed.lstrip()
    while rest:
        value, end = json.JSONDecoder().raw_decode(rest)
        values.append(value)
        rest = rest[end:].lstrip()
    return values


def test_the_seal_key_is_rotated_as_printed(deployed: Cloud) -> None:
    script = example("docs/deploy.md", "sh", under="Secrets")
    ran = run_bash(script, deployed)
    assert ran.returncode == 0, ran.stderr
    old, *versions = (read_version(deployed.folder, number) for number in range(1, 5))
    new = versions[-1]
    Fernet(new)
    assert versions == [f"{old},{new}", f"{new},{old}", new]
    states = [deployed.state[f"secret practice-seal-keys {n}"]["state"] for n in range(1, 5)]
    assert states == ["DESTROYED", *["ENABLED"] * 3]
    recorded = json.dumps(deployed.calls())
    assert old not in recorded
    assert new not in recorded


def read_version(folder: Path, number: int) -> str:
    return (folder / f"practice-seal-keys.{number}").read_text()
