"""A dry run prints every command; the commands are compared with the declared functions."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.functions import FUNCTIONS
from local.processes import ROOT
from shared.auth.signing_keys import KEYS_TIMEOUT_SECONDS
from shared.endpoint.server_sent_events import LIMIT_SECONDS
from shared.environment import Use
from shared.firestore.retry import DEADLINE_SECONDS
from shared.firestore.sweep import SWEEP_SECONDS
from tests.support.dry_run import PROJECT, REGION, ShownCommand, commands, doing, dry_run, faults
from tests.support.gcloud import unknown_to_gcloud


def test_a_dry_run_deploys_everything_declared_and_nothing_else(shown: str) -> None:
    assert faults(ROOT, shown) == []


def test_the_example_project_deploys_everything_declared_too(tree: Path) -> None:
    projects = tree / "deploy" / "projects"
    (projects / "my-practice.toml").write_text((projects / "example.toml").read_text())
    ran = dry_run(tree, project="my-practice")
    assert ran.returncode == 0, ran.stdout
    assert faults(tree, ran.stdout) == []
    turns = deployed(ran.stdout)["practice_turn"]
    assert turns.option("min-instances") == "1"
    assert set(turns.pairs("set-secrets")) == {"PRACTICE_SEAL_KEYS", "OPENAI_API_KEY"}
    settings = turns.pairs("set-env-vars")
    assert settings["ALLOWED_ORIGINS"].split(",") == [
        *("https://app.example", "https://teachers.example", "https://practice.example"),
        *("https://my-practice.web.app", "https://my-practice.firebaseapp.com"),
    ]
    # A single student can spend only a small part of the project's budget.
    assert (
        0 < 50 * int(settings["STUDENT_TOKENS_PER_DAY"]) <= int(settings["PROJECT_TOKENS_PER_DAY"])
    )


def test_a_dry_run_shows_what_the_web_app_will_be(tree: Path) -> None:
    (tree / "deploy" / "projects" / "my-practice.toml").write_text("[web]\napi_key = 'a-key'")
    ran = dry_run(tree, project="my-practice")
    assert ran.returncode == 0, ran.stdout
    assert faults(tree, ran.stdout) == []
    publishes = [c for c in commands(ran.stdout) if "deploy.hosting" in c.argv]
    assert [c.argv[2:] for c in publishes if c.when != "look"] == [
        ("deploy.hosting", "--project=my-practice", f"--region={REGION}")
    ]
    shown = {
        name: value
        for line in ran.stdout.splitlines()
        if line.startswith("#   ")
        for name, _, value in [line.removeprefix("#   ").partition(": ")]
    }
    config = json.loads(shown["/config.json"])
    assert config["apiKey"] == "a-key"
    origin = f"https://{REGION}-my-practice.cloudfunctions.net"
    assert config["functions"]["practice_turn"] == f"{origin}/practice_turn"
    assert origin in shown["Content-Security-Policy"]
    assert "make web" in ran.stdout, "the files are not built in this tree"
    (enabled,) = doing(commands(ran.stdout), "gcloud", "services", "enable")
    assert "firebasehosting.googleapis.com" in enabled.words


def test_without_a_web_app_nothing_of_it_is_deployed(shown: str) -> None:
    assert "hosting" not in shown


def deployed(text: str) -> dict[str, ShownCommand]:
    return {c.words[3]: c for c in doing(commands(text), "gcloud", "functions", "deploy")}


# Each is a change that a contributor may make without updating the deployment.
def add_function(tree: Path) -> None:
    folder = tree / "functions" / "export_student"
    folder.mkdir()
    (folder / "main.py").write_text('"""An entry point."""\n')


def drop_function(tree: Path) -> None:
    (tree / "functions" / "delete_template" / "main.py").unlink()


def change_json(tree: Path, change: Callable[[dict[str, Any]], object]) -> None:
    path = tree / "firestore.indexes.json"
    file = json.loads(path.read_text())
    change(file)
    path.write_text(json.dumps(file))


def read_undeclared_setting(tree: Path) -> None:
    replace(
        tree / "shared" / "settings.py",
        'is_local = "K_SERVICE" not in environ and is_demo',
        'is_local = "FALLBACK_MODEL" not in environ and "K_SERVICE" not in environ and is_demo',
    )


def misname_variable(tree: Path) -> None:
    for path in (tree / "shared" / "settings.py", tree / "deploy" / "project.py"):
        replace(path, '"THREADS"', '"THREAD_COUNT"')


def misname_setting(tree: Path) -> None:
    replace(tree / "deploy" / "project.py", '"GOOGLE_CLOUD_PROJECT"', '"GCLOUD_PROJECT"')
    # The deployment itself would refuse otherwise, which another test covers.
    replace(
        tree / "deploy" / "project.py",
        "            loaded.settings_of(function)",
        "            pass",
    )
    replace(
        tree / "deploy" / "project.py",
        "settings = self.settings_of(function)",
        "return True",
    )


def leave_threads(tree: Path) -> None:
    replace(tree / "deploy" / "project.py", "str(function.capacity.concurrency)", '"8"')


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


FIELD = {"fieldPath": "subject", "order": "ASCENDING"}
INDEX = {
    "collectionGroup": "practice_sessions",
    "queryScope": "COLLECTION",
    "fields": [FIELD, {"fieldPath": "started_at", "order": "DESCENDING"}],
}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (add_function, "function not deployed: export_student"),
        (drop_function, "function deployed and not there: delete_template"),
        (read_undeclared_setting, "setting not deployed: FALLBACK_MODEL"),
        (misname_variable, "create_template: no code reads THREAD_COUNT"),
        (misname_setting, "setting derived and not there: GCLOUD_PROJECT"),
        (misname_setting, "create_template: GOOGLE_CLOUD_PROJECT must name the project."),
        (leave_threads, "create_template: THREADS is 8, not its concurrency"),
    ],
)
def test_a_change_unknown_to_the_deployment_is_reported(
    tree: Path, change: Callable[[Path], None], fault: str
) -> None:
    change(tree)
    ran = dry_run(tree)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert fault in faults(tree, ran.stdout)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda file: file["indexes"].append(INDEX), "index not deployed: ('practice_sessions'"),
        (lambda file: file["indexes"].pop(), "index deployed and not there: ('members'"),
        (
            lambda file: file["fieldOverrides"].append(
                {"collectionGroup": "items", "fieldPath": "new", "indexes": []}
            ),
            "exemption not deployed: ('items', 'new')",
        ),
        (
            lambda file: file["fieldOverrides"][0]["indexes"].pop(),
            "index of a field deployed and not there: ('members', 'student_id', 'ascending', "
            "'collection-group')",
        ),
        (
            lambda file: file["fieldOverrides"].append(
                {"collectionGroup": "items", "fieldPath": "at", "ttl": True, "indexes": []}
            ),
            "TTL not deployed: ('items', 'at')",
        ),
    ],
)
def test_an_index_missing_from_the_dry_run_is_reported(
    tree: Path, shown: str, change: Callable[[dict[str, Any]], object], fault: str
) -> None:
    change_json(tree, change)
    assert any(found.startswith(fault) for found in faults(tree, shown))
    assert faults(tree, dry_run(tree).stdout) == []


def declare(tree: Path, field: str) -> None:
    before = "    practice_model: ModelName = setting("
    replace(tree / "shared" / "settings.py", before, f"    {field}\n{before}")


def test_a_declared_setting_is_deployed_where_it_is_used(tree: Path) -> None:
    declare(tree, 'fallback: str = setting("FALLBACK_MODEL", "another model", use=Use.TUTOR)')
    (tree / "deploy" / "projects" / "my-practice.toml").write_text(
        '[settings]\nFALLBACK_MODEL = "small"'
    )
    ran = dry_run(tree, project="my-practice")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert faults(tree, ran.stdout) == []
    given = {n: c.pairs("set-env-vars") for n, c in deployed(ran.stdout).items()}
    assert {n: v["FALLBACK_MODEL"] for n, v in given.items() if "FALLBACK_MODEL" in v} == {
        "practice_turn": "small",
        "assignment_turn": "small",
    }


def test_a_required_setting_without_a_value_stops_the_deployment(tree: Path) -> None:
    declare(tree, 'data: SchedulerClaim = setting("REGION_OF_DATA", "where the data is")')
    ran = dry_run(tree)
    assert ran.returncode == 2
    assert "Nothing was done" in ran.stdout
    assert "REGION_OF_DATA must be set" in ran.stdout


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ('[settings]\nALLOWED_ORIGIN = "*"', "ALLOWED_ORIGIN"),
        ('[settings]\nALLOWED_ORIGINS = "app.example"', "is not an origin"),
        ('[settings]\nTHREADS = "9"', "THREADS"),
        ('[settings]\nPRACTICE_MODEL = "m"', "go together"),
        ("[secrets]\nPRACTICE_SEAL_KEYS = 0", "PRACTICE_SEAL_KEYS"),
        ("[secrets]\nOPENAI_API_KEY = 1", "go together"),
        ("[min_instances]\nno_such_function = 1", "no_such_function"),
        ("regions = 3", "regions"),
        ("[web]", "web.api_key"),
        ("[web]\napi_key = 'a b'", "web.api_key"),
        ("[web]\napi_key = 'k'\nsite = 'https://x'", "web.site"),
        ("[web]\napi_key = 'k'\ndomains = ['https://app.example']", "web.domains"),
        ("[web]\napi_key = 'k'\nauth_domain = 'x; script-src *'", "web.auth_domain"),
        ("[web]\napi_key = 'k'\nsign_in = ['facebook']", "web.sign_in"),
        ("[web]\napi_key = 'k'\nsign_in = []", "web.sign_in"),
        ("[web]\napi_key = 'k'\npeople = []", "web.people"),
        ("database = 'other'\n[web]\napi_key = 'k'", "the database (default) alone"),
        (
            "[settings]\nAPP_CHECK_PROJECT_NUMBER = '1'\n[web]\napi_key = 'k'",
            "APP_CHECK_PROJECT_NUMBER",
        ),
        ("region = 'us-east1'", "us-east1"),
        ("region = ", "my-practice.toml"),
    ],
)
def test_an_invalid_project_file_is_refused_before_anything_is_done(
    tree: Path, file: str, message: str
) -> None:
    (tree / "deploy" / "projects" / "my-practice.toml").write_text(file)
    ran = dry_run(tree, project="my-practice")
    assert ran.returncode == 2
    assert "Nothing was done" in ran.stdout
    assert message in ran.stdout
    assert "gcloud" not in ran.stdout


@pytest.mark.parametrize("project", ["x", "Practice", "p; rm -rf /", "$(id)", "a" * 31, ""])
def test_an_invalid_project_id_reaches_no_command(project: str) -> None:
    assert dry_run(ROOT, project=project).returncode == 2


def test_every_command_and_flag_is_known_to_gcloud(shown: str) -> None:
    used = [command for command in commands(shown) if command.argv[0] == "gcloud"]
    assert len(used) > 100
    assert [command.argv for command in used if unknown_to_gcloud(command.argv)] == []


def test_the_dry_run_prints_a_valid_shell_script(shown: str) -> None:
    read = subprocess.run(
        ["bash", "-n"], input=shown, capture_output=True, text=True, check=False, timeout=20
    )
    assert (read.returncode, read.stderr) == (0, "")
    assert not re.search(r"\$|`", shown), "nothing is left for a shell to put in"


def test_make_passes_its_arguments_on() -> None:
    asked = ["make", "--dry-run", "--always-make", "--old-file=.venv/installed", "deploy"]
    # The tests run under make themselves; its variables must not reach this run.
    alone = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    for given, wanted in (
        (["PROJECT=p", "REGION=r"], '-m deploy --project "p" --region "r"'),
        (["PROJECT=p", "DRY_RUN=1"], '-m deploy --project "p"  --dry-run'),
    ):
        ran = subprocess.run(
            [*asked, *given],
            cwd=ROOT,
            env=alone,
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
        assert ran.stdout.splitlines()[-1].strip().endswith(wanted)


@pytest.mark.parametrize(
    ("file", "given", "builds"),
    [
        ("[web]\napi_key = 'k'", [], True),
        ("[web]\napi_key = 'k'", ["DRY_RUN=1"], False),
        ("# [web]", [], False),
    ],
)
def test_make_builds_the_web_app_of_projects_that_have_one(
    tree: Path, file: str, given: list[str], builds: bool
) -> None:
    shutil.copy(ROOT / "Makefile", tree)
    (tree / "web").mkdir()
    for name in ("package-lock.json", "index.html", "vite.config.ts", "tsconfig.json"):
        (tree / "web" / name).touch()
    (tree / "requirements-dev.txt").touch()
    (tree / "deploy" / "projects" / "my-practice.toml").write_text(file)
    ran = subprocess.run(
        ["make", "--dry-run", "deploy", "PROJECT=my-practice", *given],
        cwd=tree,
        env={k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")},
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    assert ("vite build" in ran.stdout) is builds
    assert "-m deploy" in ran.stdout


def test_cleanup_is_private_and_called_by_the_configured_scheduler(shown: str) -> None:
    functions = deployed(shown)
    cleanup = functions.pop("cleanup_stale_sessions")
    assert "--no-allow-unauthenticated" in cleanup.argv
    assert all("--allow-unauthenticated" in other.argv for other in functions.values())
    environment = cleanup.pairs("set-env-vars")
    url = f"https://{REGION}-{PROJECT}.cloudfunctions.net/cleanup_stale_sessions"
    (job,) = doing(commands(shown), "gcloud", "scheduler", "jobs", "create", "http")
    assert job.option("uri") == job.option("oidc-token-audience") == url
    assert environment["CLEANUP_AUDIENCE"] == url
    assert environment["CLEANUP_BEHIND_IAM"] == "true"
    assert environment["CLEANUP_SERVICE_ACCOUNT"] == job.option("oidc-service-account-email")
    callers = {
        c.words[3]: c.option("member")
        for c in doing(commands(shown), "gcloud", "functions", "add-invoker-policy-binding")
    }
    scheduler = f"serviceAccount:{environment['CLEANUP_SERVICE_ACCOUNT']}"
    assert callers.pop("cleanup_stale_sessions") == scheduler
    assert callers == dict.fromkeys(functions, "allUsers")


def test_each_function_has_exactly_the_necessary_roles(shown: str) -> None:
    roles: dict[str, set[tuple[str, str]]] = {}
    for command in doing(commands(shown), "gcloud", "projects", "add-iam-policy-binding"):
        account = (command.option("member") or "").partition("@")[0].partition(":")[2]
        grant = (command.option("role") or "", command.option("condition") or "")
        roles.setdefault(account, set()).add(grant)
    stored = f'expression=resource.name=="projects/{PROJECT}/databases/(default)"'
    limits = f'expression=resource.name=="projects/{PROJECT}/databases/practice-limits"'
    counts = {("roles/datastore.user", f"{limits},title=practice-limits")}
    assert roles.pop("fn-practice-turn") == counts
    assert {role for role, _ in roles.pop("practice-builder")} == {
        "roles/artifactregistry.writer",
        "roles/logging.logWriter",
        "roles/storage.objectViewer",
    }
    storing = {f.account for f in FUNCTIONS if Use.DATABASE in f.uses}
    own = {("roles/datastore.user", f"{stored},title=(default)")}
    limited = {f.account for f in FUNCTIONS if Use.WRITES in f.uses}
    assert len(limited) == 16
    reading = {("roles/datastore.viewer", f"{stored},title=(default)")}
    assert roles.pop("fn-get-next-item") == reading
    storing.remove("fn-get-next-item")
    assert roles.pop("fn-assignment-turn") == own | counts
    storing.remove("fn-assignment-turn")
    assert storing == limited | {"fn-cleanup-stale-sessions"}
    assert roles == dict.fromkeys(storing, own) | dict.fromkeys(limited, own | counts)
    readers = {
        (c.words[3], (c.option("member") or "").partition("@")[0].partition(":")[2])
        for c in doing(commands(shown), "gcloud", "secrets", "add-iam-policy-binding")
    }
    sealing = {f.account for f in FUNCTIONS if Use.SEALS in f.uses}
    assert readers == {("practice-seal-keys", account) for account in sealing}


def test_a_turn_without_shared_limits_reaches_no_database(tree: Path) -> None:
    (tree / "deploy" / "projects" / "my-practice.toml").write_text(
        '[settings]\nLIMITS_SHARED = "false"'
    )
    text = dry_run(tree, project="my-practice").stdout
    bound = [c.argv for c in doing(commands(text), "gcloud", "projects", "add-iam-policy-binding")]
    assert not any("fn-practice-turn" in word for argv in bound for word in argv)
    assert not any("practice-limits" in word for argv in bound for word in argv)
    (database,) = doing(commands(text), "gcloud", "firestore", "databases", "create")
    assert database.option("database") == "(default)"


def test_a_function_without_a_limit_has_no_role_for_its_counts(tree: Path) -> None:
    (tree / "deploy" / "projects" / "my-practice.toml").write_text(
        '[settings]\nTURNS_PER_MINUTE = "0"\nSESSION_STARTS_PER_DAY = "0"\n'
        'STORED_BYTES_PER_DAY = "0"'
    )
    text = dry_run(tree, project="my-practice").stdout
    assert faults(tree, text) == []
    counting = {
        (c.option("member") or "").partition("@")[0]
        for c in doing(commands(text), "gcloud", "projects", "add-iam-policy-binding")
        if "title=practice-limits" in (c.option("condition") or "")
    }
    assert counting == {
        "serviceAccount:fn-create-template",
        "serviceAccount:fn-update-template",
        "serviceAccount:fn-create-class",
        "serviceAccount:fn-update-class",
        "serviceAccount:fn-create-assignment",
        "serviceAccount:fn-update-assignment",
        "serviceAccount:fn-join-class",
    }


def test_one_database_for_data_and_counts_is_one_role(tree: Path) -> None:
    (tree / "deploy" / "projects" / "my-practice.toml").write_text('limits_database = "(default)"')
    text = dry_run(tree, project="my-practice").stdout
    assert faults(tree, text) == []
    bound = [
        c.option("member")
        for c in commands(text)
        if "add-iam-policy-binding" in c.argv and "roles/datastore.user" in " ".join(c.argv)
    ]
    limited = {f.account for f in FUNCTIONS if {Use.LIMITS, Use.DATABASE} & f.uses}
    limited.remove("fn-get-next-item")  # it only reads, and has no limit
    assert len(bound) == len(set(bound)) == len(limited)


def test_a_functions_timeout_exceeds_its_own_limits(shown: str) -> None:
    seconds = {n: int((c.option("timeout") or "0s")[:-1]) for n, c in deployed(shown).items()}
    sweep = seconds.pop("cleanup_stale_sessions")
    assert sweep > SWEEP_SECONDS + 15 + 2 * DEADLINE_SECONDS
    (job,) = doing(commands(shown), "gcloud", "scheduler", "jobs", "create", "http")
    assert job.option("attempt-deadline") == f"{sweep}s"
    assert seconds.pop("practice_turn") > LIMIT_SECONDS + KEYS_TIMEOUT_SECONDS
    assert min(seconds.values()) > DEADLINE_SECONDS + 2 * KEYS_TIMEOUT_SECONDS
