"""A deployment run against a fake gcloud on PATH and a fake server of Google's
Rules API: order, repetition, failure, interruption, and secrets.
"""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from rich.console import Console

from deploy.plan import plan
from deploy.project import load_project
from deploy.run import StepFailed, run
from local.emulator import RULES
from testkit.http_server import QuietHandler, serving
from tests.integration.deploy.fake_constants import READ_COMMANDS, TOKEN
from tests.support.dry_run import PROJECT, REGION, commands, doing, dry_run

TIMEOUT_SECONDS = 120
FAKE = Path(__file__).with_name("fake_gcloud.py")
ENDPOINT = "CLOUDSDK_API_ENDPOINT_OVERRIDES_FIREBASERULES"


class RulesServer:
    """The part of the Rules API that a deployment uses."""

    def __init__(self) -> None:
        self.url = ""
        self.rulesets: dict[str, Any] = {}
        self.releases: dict[str, Any] = {}
        self.tokens: set[str | None] = set()

    def answer(self, method: str, path: str, body: Any) -> Any:
        """None for a missing resource."""
        match method, path.partition("/v1/")[2].split("/", 2)[2].split("/", 1):
            case "GET", ["releases", name]:
                return self.releases.get(name)
            case "GET", ["rulesets", name]:
                return self.rulesets.get(name)
            case "POST", ["rulesets"]:
                name = f"ruleset-{len(self.rulesets)}"
                self.rulesets[name] = body
                return {"name": f"projects/{PROJECT}/rulesets/{name}"}
            case "POST", ["releases"]:
                self.releases[body["name"].split("/", 3)[3]] = body
                return body
            case "PATCH", ["releases", name]:
                self.releases[name] = body["release"]
                return body
        return None

    def texts(self) -> dict[str, str]:
        """The rules in force, by the name of their release."""
        return {
            name: self.rulesets[release["rulesetName"].rpartition("/")[2]]["source"]["files"][0][
                "content"
            ]
            for name, release in self.releases.items()
        }


@pytest.fixture
def rules_server() -> Iterator[RulesServer]:
    with serving_rules() as rules:
        yield rules


@contextmanager
def serving_rules() -> Iterator[RulesServer]:
    rules = RulesServer()

    class Handler(QuietHandler):
        def answer(self) -> None:
            body = json.loads(self.read_body() or b"null")
            rules.tokens.add(self.headers["Authorization"])
            answered = rules.answer(self.command, self.path, body)
            content = json.dumps(answered or {"error": "not there"}).encode()
            self.reply(404 if answered is None else 200, content)

        do_GET = do_POST = do_PATCH = answer

    with serving(Handler) as url:
        rules.url = f"{url}/"
        yield rules


@dataclass
class Cloud:
    """A project in the fake cloud."""

    folder: Path
    rules: RulesServer
    tree: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": str(self.folder),
            "FAKE_GCLOUD": str(self.folder),
            ENDPOINT: self.rules.url,
            "HOME": str(self.folder),
        }

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "deploy", f"--project={PROJECT}", f"--region={REGION}"]

    def deploy(self, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Starts a run, and records its calls from here on."""
        self.forget()
        return subprocess.run(
            self.command,
            cwd=self.tree,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )

    def forget(self) -> None:
        (self.folder / "calls.jsonl").unlink(missing_ok=True)

    def calls(self) -> list[list[str]]:
        lines = (self.folder / "calls.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def changes(self) -> list[list[str]]:
        """The calls that change something."""
        return [call for call in self.calls() if not set(READ_COMMANDS) & set(call)]

    @property
    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = json.loads((self.folder / "state.json").read_text())
        return state

    def change(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Applies a manual change."""
        state = self.state
        change(state)
        (self.folder / "state.json").write_text(json.dumps(state))


def new_cloud(folder: Path, rules: RulesServer, tree: Path) -> Cloud:
    gcloud = folder / "gcloud"
    gcloud.write_text(f"#!{sys.executable} -IS\n{FAKE.read_text()}")
    gcloud.chmod(gcloud.stat().st_mode | stat.S_IXUSR)
    return Cloud(folder, rules, tree)


@pytest.fixture
def cloud(tmp_path: Path, rules_server: RulesServer, unchanged_tree: Path) -> Cloud:
    """An empty project."""
    return new_cloud(tmp_path, rules_server, unchanged_tree)


@dataclass(frozen=True)
class First:
    """The first deployment, with the project's state after it."""

    folder: Path
    output: str
    calls: list[list[str]]
    rulesets: dict[str, Any]
    releases: dict[str, Any]
    tokens: set[str | None]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, unchanged_tree: Path) -> First:
    with serving_rules() as rules:
        cloud = new_cloud(tmp_path_factory.mktemp("cloud"), rules, unchanged_tree)
        ran = cloud.deploy()
    assert ran.returncode == 0, ran.stdout + ran.stderr
    output = ran.stdout + ran.stderr
    return First(cloud.folder, output, cloud.calls(), rules.rulesets, rules.releases, rules.tokens)


@pytest.fixture
def deployed(
    first: First, tmp_path: Path, rules_server: RulesServer, unchanged_tree: Path
) -> Cloud:
    """A fully deployed project that a test may change."""
    shutil.copy(first.folder / "state.json", tmp_path)
    rules_server.rulesets = dict(first.rulesets)
    rules_server.releases = dict(first.releases)
    return new_cloud(tmp_path, rules_server, unchanged_tree)


# Commands that change existing resources, or callers that a first deployment admits anyway.
ONLY_LATER = (
    "scheduler jobs update",
    "scheduler jobs resume",
    "logging metrics update",
    "alpha monitoring policies update",
    "functions add-invoker-policy-binding",
)


def test_a_first_run_executes_the_commands_of_the_dry_run_in_order(
    first: First, unchanged_tree: Path
) -> None:
    made = [call for call in first.calls if not set(READ_COMMANDS) & set(call)]
    shown = commands(dry_run(unchanged_tree).stdout)
    known = [list(command.argv[1:]) for command in doing(shown, "gcloud")]
    positions = [known.index(call) for call in made]
    assert positions == sorted(positions)
    left = [" ".join(known[n][:4]) for n in set(range(len(known))) - set(positions)]
    assert [words for words in left if not words.startswith(ONLY_LATER)] == []


def test_the_rules_are_published_to_every_database(first: First) -> None:
    rules = RulesServer()
    rules.rulesets, rules.releases = first.rulesets, first.releases
    text = RULES.read_text()
    assert rules.texts() == {
        "cloud.firestore": text,
        "cloud.firestore/practice-limits": text,
    }
    assert first.tokens == {f"Bearer {TOKEN}"}


def test_secrets_are_on_no_command_line_and_in_no_output(first: First) -> None:
    key = (first.folder / "practice-seal-keys.1").read_text()
    Fernet(key)
    recorded = json.dumps(first.calls)
    for secret in (key, TOKEN):
        assert secret not in recorded
        assert secret not in first.output
        assert secret not in (first.folder / "state.json").read_text()


def test_a_second_run_changes_nothing(deployed: Cloud) -> None:
    before = deployed.state
    ran = deployed.deploy()
    assert ran.returncode == 0, ran.stdout
    assert deployed.changes() == []
    assert deployed.state == before
    assert "0 of " in ran.stdout
    assert f"https://{REGION}-{PROJECT}.cloudfunctions.net/practice_turn" in ran.stdout


def open_cleanup(state: dict[str, Any]) -> None:
    state["callers of cleanup-stale-sessions"]["bindings"].append(
        {"role": "roles/run.invoker", "members": ["allUsers", "allAuthenticatedUsers"]}
    )


def config(name: str, **changes: Any) -> Callable[[dict[str, Any]], object]:
    return lambda state: state[f"function {name}"]["serviceConfig"].update(changes)


def binding_of(state: dict[str, Any], account: str) -> dict[str, Any]:
    bindings: list[dict[str, Any]] = state["policy"]["bindings"]
    return next(b for b in bindings if any(account in member for member in b["members"]))


# Manual changes and the commands that revert them, in the order of the steps.
CHANGED: list[tuple[Callable[[dict[str, Any]], object], list[str]]] = [
    (lambda state: state["services"].pop(), ["services enable"]),
    (
        lambda state: binding_of(state, "fn-cleanup-stale-sessions").pop("condition"),
        [
            "projects add-iam-policy-binding practice-prod",
            "projects remove-iam-policy-binding practice-prod",
        ],
    ),
    (config("start_session", availableMemory="1Gi"), ["functions deploy start_session"]),
    (config("create_template", maxInstanceCount=3), ["functions deploy create_template"]),
    (config("update_template", minInstanceCount=3), ["functions deploy update_template"]),
    (config("delete_template", environmentVariables={}), ["functions deploy delete_template"]),
    (
        lambda state: state["function update_progress"]["labels"].update(source="older"),
        ["functions deploy update_progress"],
    ),
    (
        lambda state: state["function complete_session"].update(state="FAILED"),
        ["functions deploy complete_session"],
    ),
    (
        config("practice_turn", secretEnvironmentVariables=[]),
        ["functions deploy practice_turn"],
    ),
    (
        open_cleanup,
        [
            "functions remove-invoker-policy-binding cleanup_stale_sessions",
            "functions remove-invoker-policy-binding cleanup_stale_sessions",
            "functions add-invoker-policy-binding cleanup_stale_sessions",
        ],
    ),
    (
        lambda state: state["job cleanup-stale-sessions"].update(state="PAUSED"),
        [
            "scheduler jobs update http cleanup-stale-sessions",
            "scheduler jobs resume cleanup-stale-sessions",
        ],
    ),
    (
        lambda state: state["metrics"]["practice_errors"].update(filter="other"),
        ["logging metrics update practice_errors"],
    ),
    (
        lambda state: state["policies"][2].update(displayName="other"),
        ["alpha monitoring policies update projects/p/alertPolicies/2"],
    ),
]
REMOVED: list[tuple[Callable[[dict[str, Any]], object], list[str]]] = [
    (lambda state: state["accounts"].pop(2), ["iam service-accounts create fn-update-template"]),
    (
        lambda state: state.pop("policy of practice-seal-keys"),
        ["secrets add-iam-policy-binding practice-seal-keys"] * 9,
    ),
    (
        lambda state: state["indexes of (default)"].pop(3),
        ["firestore indexes composite create"],
    ),
    (
        lambda state: state["fields of (default)"].pop(3),
        ["firestore indexes fields update"],
    ),
    (
        lambda state: state["ttls of practice-limits"].pop(),
        ["firestore fields ttls update expire_at"],
    ),
    (
        lambda state: state.pop("callers of start-session"),
        ["functions add-invoker-policy-binding start_session"],
    ),
    (
        lambda state: state.pop("job cleanup-stale-sessions"),
        ["scheduler jobs create http cleanup-stale-sessions"],
    ),
    (
        lambda state: state["metrics"].pop("practice_errors"),
        ["logging metrics create practice_errors"],
    ),
    (lambda state: state["policies"].pop(2), ["alpha monitoring policies create"]),
]


@pytest.mark.parametrize("by_hand", [CHANGED, REMOVED], ids=["changed", "removed"])
def test_only_manual_changes_are_reverted(
    deployed: Cloud, by_hand: list[tuple[Callable[[dict[str, Any]], object], list[str]]]
) -> None:
    for change, _ in by_hand:
        deployed.change(change)
    ran = deployed.deploy()
    assert ran.returncode == 0, ran.stdout
    done = [" ".join(w for w in call if not w.startswith("--")) for call in deployed.changes()]
    wanted = [command for _, mended in by_hand for command in mended]
    assert [d[: len(w)] for d, w in zip(done, wanted, strict=True)] == wanted
    callers = deployed.state["callers of cleanup-stale-sessions"]["bindings"]
    turns = f"serviceAccount:fn-practice-turn@{PROJECT}.iam.gserviceaccount.com"
    granted = [b for b in deployed.state["policy"]["bindings"] if turns in b["members"]]
    assert [b["condition"]["title"] for b in granted] == ["practice-limits"]
    scheduler = f"serviceAccount:practice-scheduler@{PROJECT}.iam.gserviceaccount.com"
    assert {member for binding in callers for member in binding["members"]} == {scheduler}


def test_rules_that_were_changed_by_hand_are_published_again(deployed: Cloud) -> None:
    for ruleset in deployed.rules.rulesets.values():
        ruleset["source"] = {"files": [{"name": "x", "content": "allow read, write;"}]}
    assert deployed.deploy().returncode == 0
    assert set(deployed.rules.texts().values()) == {RULES.read_text()}
    assert deployed.changes() == []


def test_the_first_failure_ends_the_run_and_the_next_run_continues_from_there(cloud: Cloud) -> None:
    failed = cloud.deploy(FAKE_GCLOUD_FAILS="functions deploy update_template")
    assert failed.returncode == 1
    assert "PERMISSION_DENIED: you may not do this" in failed.stdout
    assert "Advice:" in failed.stdout
    assert "Cloud Functions Developer" in failed.stdout
    assert "run the same command again" in failed.stdout
    done = cloud.calls()
    assert done[-1][:3] == ["functions", "deploy", "update_template"]
    assert ["functions", "deploy", "create_template"] in [call[:3] for call in done]
    again = cloud.deploy()
    assert again.returncode == 0, again.stdout
    first_change, *_ = cloud.changes()
    assert first_change[:3] == ["functions", "deploy", "update_template"]


def test_a_failed_read_is_not_taken_for_a_missing_resource(deployed: Cloud) -> None:
    failed = deployed.deploy(FAKE_GCLOUD_FAILS="firestore databases describe")
    assert failed.returncode == 1
    assert "PERMISSION_DENIED" in failed.stdout
    assert deployed.changes() == []


def test_a_secret_that_only_the_operator_knows_is_prompted_for(deployed: Cloud) -> None:
    deployed.change(lambda state: state["secret practice-seal-keys 1"].update(state="DISABLED"))
    failed = deployed.deploy()
    assert failed.returncode == 1
    assert "gcloud secrets versions add practice-seal-keys --data-file=FILE" in failed.stdout
    assert deployed.changes() == []


def test_ctrl_c_ends_the_run_and_the_next_run_continues_from_there(deployed: Cloud) -> None:
    deployed.change(lambda state: state.pop("function start_session"))
    started = subprocess.Popen(
        deployed.command,
        cwd=deployed.tree,
        env={**deployed.environment, "FAKE_GCLOUD_HANGS": "functions deploy"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not (deployed.folder / "hanging").exists():
        assert time.monotonic() < deadline
        assert started.poll() is None
    os.killpg(started.pid, signal.SIGINT)
    output, _ = started.communicate(timeout=20)
    assert started.returncode == 130
    assert "run the same command again" in output
    assert "Traceback" not in output
    again = deployed.deploy()
    assert again.returncode == 0
    assert [call[:3] for call in deployed.changes()] == [["functions", "deploy", "start_session"]]


@pytest.mark.parametrize(("lags", "ends"), [(2, None), (9, StepFailed)])
def test_the_wait_for_a_new_service_account_is_bounded(
    deployed: Cloud, monkeypatch: pytest.MonkeyPatch, lags: int, ends: type[StepFailed] | None
) -> None:
    def forgotten(state: dict[str, Any]) -> None:
        state["policy"]["bindings"] = []
        state["lagging"] = ["fn-x@p.iam.gserviceaccount.com"] * lags

    deployed.change(forgotten)
    for name, value in deployed.environment.items():
        monkeypatch.setenv(name, value)
    steps = plan(load_project(PROJECT, REGION))
    console = Console(file=StringIO())
    if ends is None:
        assert run(steps, console, pause_seconds=0) > 0
    else:
        with pytest.raises(ends, match="does not exist"):
            run(steps, console, pause_seconds=0)


def test_a_missing_gcloud_is_reported_and_nothing_is_done(cloud: Cloud) -> None:
    (cloud.folder / "gcloud").unlink()
    ran = cloud.deploy()
    assert ran.returncode == 2
    assert "gcloud is not installed" in ran.stdout
