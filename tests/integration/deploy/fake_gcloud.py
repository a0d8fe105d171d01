"""A fake of gcloud: it stores the resources that commands create and returns them on request.

Its state and a record of all calls are in the folder that FAKE_GCLOUD names. FAKE_GCLOUD_FAILS is
the prefix of a command that fails, FAKE_GCLOUD_HANGS of one that never ends.
"""

import base64
import json
import os
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

FOLDER = Path(os.environ["FAKE_GCLOUD"])
STATE, CALLS = FOLDER / "state.json", FOLDER / "calls.jsonl"
TOKEN = "token-of-gcloud"
FROM_STDIN = "--data-file=-"

words = [word for word in sys.argv[1:] if not word.startswith("--")]
options: dict[str, list[str]] = {}
for word in sys.argv[1:]:
    if word.startswith("--"):
        name, _, value = word[2:].partition("=")
        options.setdefault(name, []).append(value)


def option(name: str, default: str = "") -> str:
    return options.get(name, [default])[0]


def fails(message: str) -> NoReturn:
    sys.exit(f"ERROR: (gcloud.{'.'.join(words[:-1])}) {message}")


def pairs(name: str) -> dict[str, str]:
    given, delimiter = option(name), ","
    if given.startswith("^"):
        delimiter, given = given[1], given[3:]
    return dict(pair.split("=", 1) for pair in given.split(delimiter) if pair)


def function() -> dict[str, Any]:
    secrets = [v.split("=") for v in option("set-secrets").split(",") if v]
    return {
        "state": "ACTIVE",
        "labels": {**pairs("update-labels"), "deployment-tool": "cli-gcloud"},
        "buildConfig": {"runtime": option("runtime"), "entryPoint": option("entry-point")},
        "serviceConfig": {
            "availableCpu": option("cpu"),
            "availableMemory": option("memory").removesuffix("i"),
            "maxInstanceRequestConcurrency": int(option("concurrency")),
            "timeoutSeconds": int(option("timeout")[:-1]),
            "maxInstanceCount": int(option("max-instances")),
            # Zero is left out, as Google's JSON leaves out every default.
            **({"minInstanceCount": n} if (n := int(option("min-instances"))) else {}),
            "serviceAccountEmail": option("service-account"),
            "ingressSettings": "ALLOW_ALL",
            "environmentVariables": {**pairs("set-env-vars"), "LOG_EXECUTION_ID": "true"},
            "secretEnvironmentVariables": [
                {"key": key, "secret": ref.split(":")[0], "version": ref.split(":")[1]}
                for key, ref in secrets
            ],
        },
    }


def job() -> dict[str, Any]:
    headers = option("headers") or option("update-headers")
    return {
        "state": "ENABLED",
        "schedule": option("schedule"),
        "timeZone": option("time-zone"),
        "attemptDeadline": option("attempt-deadline"),
        "httpTarget": {
            "uri": option("uri"),
            "httpMethod": option("http-method"),
            "body": base64.b64encode(option("message-body").encode()).decode(),
            "headers": {**dict([headers.split("=")]), "User-Agent": "Google-Cloud-Scheduler"},
            "oidcToken": {
                "serviceAccountEmail": option("oidc-service-account-email"),
                "audience": option("oidc-token-audience"),
            },
        },
    }


def index() -> dict[str, Any]:
    fields = []
    for config in options["field-config"]:
        parts = dict(part.split("=") for part in config.split(","))
        fields.append({"fieldPath": parts["field-path"], **mode(parts)})
    group = option("collection-group")
    return {
        "name": f"projects/p/databases/d/collectionGroups/{group}/indexes/{len(state)}",
        "queryScope": option("query-scope").upper().replace("-", "_"),
        "state": "CREATING",
        "fields": [*fields, {"fieldPath": "__name__", "order": fields[-1].get("order")}],
    }


def mode(parts: dict[str, str]) -> dict[str, str]:
    if "order" in parts:
        return {"order": parts["order"].upper()}
    return {"arrayConfig": parts["array-config"].upper()}


def field_indexes(path: str) -> dict[str, Any]:
    """Google's JSON has no indexes of an exempt field."""
    made = []
    for config in options.get("index", []):
        parts = dict(part.split("=") for part in config.split(","))
        made.append(
            {
                "queryScope": parts["query-scope"].upper().replace("-", "_"),
                "fields": [{"fieldPath": path, **mode(parts)}],
            }
        )
    return {"indexes": made} if made else {}


def field_name(path: str) -> str:
    return f"projects/p/databases/d/collectionGroups/{option('collection-group')}/fields/{path}"


def from_file(name: str) -> dict[str, Any]:
    made: dict[str, Any] = without_defaults(json.loads(Path(option(name)).read_text()))
    return made


def without_defaults(value: Any) -> Any:
    """As Google's JSON leaves them out."""
    if isinstance(value, dict):
        return {k: without_defaults(v) for k, v in value.items() if v not in (0, "", False)}
    return [without_defaults(v) for v in value] if isinstance(value, list) else value


def bind(key: str, role: str, *, add: bool = True) -> None:
    bindings = state.setdefault(key, {"bindings": []})["bindings"]
    member = option("member")
    binding: dict[str, Any] = {"role": role, "members": [member]}
    condition = option("condition", "None")
    if condition != "None":
        expression, title = condition.removeprefix("expression=").split(",title=")
        binding["condition"] = {"expression": expression, "title": title}
    if add:
        bindings.append(binding)
        return
    for there in bindings:
        if (there["role"], there.get("condition")) == (role, binding.get("condition")):
            there["members"] = [m for m in there["members"] if m != member]


def policies() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = state.setdefault("policies", [])
    return found


def stored(key: str, default: Any = None) -> Any:
    if key not in state and default is None:
        fails(f"NOT_FOUND: {key} was not found")
    return state.get(key, default)


def database() -> str:
    return option("database", "(default)")


def add_version(secret: str) -> None:
    number = 1 + sum(key.startswith(f"secret {secret} ") for key in state)
    state[f"secret {secret} {number}"] = {"state": "ENABLED"}
    (FOLDER / f"{secret}.{number}").write_text(sys.stdin.read())


def projects() -> Any:
    match words:
        case ["auth", "print-access-token"]:
            sys.stdout.write(TOKEN)
            sys.exit(0)
        case ["projects", "describe", project]:
            return {"projectId": project, "lifecycleState": "ACTIVE"}
        case ["projects", "get-iam-policy", _]:
            return stored("policy", {"bindings": []})
        case ["projects", "add-iam-policy-binding", _]:
            lagging = state.get("lagging", [])
            if lagging:
                state["lagging"] = lagging[1:]
                STATE.write_text(json.dumps(state))
                fails(f"INVALID_ARGUMENT: Service account {lagging[0]} does not exist.")
            bind("policy", option("role"))
        case ["projects", "remove-iam-policy-binding", _]:
            bind("policy", option("role"), add=False)
        case ["services", "list"]:
            return [{"config": {"name": name}} for name in state.get("services", [])]
        case ["services", "enable", *names]:
            state["services"] = names
        case _:
            fails("Invalid choice.")
    return {}


def accounts() -> Any:
    match words:
        case ["iam", "service-accounts", "list"]:
            return stored("accounts", [])
        case ["iam", "service-accounts", "create", account]:
            email = f"{account}@{option('project')}.iam.gserviceaccount.com"
            state.setdefault("accounts", []).append({"email": email})
        case _:
            fails("Invalid choice.")
    return {}


def secrets() -> Any:
    match words:
        case ["secrets", "versions", "describe", version]:
            return stored(f"secret {option('secret')} {version}")
        case ["secrets", "create", secret] if FROM_STDIN in sys.argv:
            add_version(secret)
        case ["secrets", "versions", "add", secret] if FROM_STDIN in sys.argv:
            add_version(secret)
        case ["secrets", "versions", "access", version]:
            stored(f"secret {option('secret')} {version}")
            sys.stdout.write((FOLDER / f"{option('secret')}.{version}").read_text())
            sys.exit(0)
        case ["secrets", "versions", "destroy", version]:
            stored(f"secret {option('secret')} {version}")["state"] = "DESTROYED"
        case ["secrets", "get-iam-policy", secret]:
            return stored(f"policy of {secret}", {"etag": "ACAB"})
        case ["secrets", "add-iam-policy-binding", secret]:
            bind(f"policy of {secret}", option("role"))
        case _:
            fails("Invalid choice.")
    return {}


def firestore() -> Any:
    match words:
        case ["firestore", "databases", "describe"]:
            return stored(f"database {database()}")
        case ["firestore", "databases", "create"]:
            native = {"type": "FIRESTORE_NATIVE", "locationId": option("location")}
            state[f"database {database()}"] = native
        case ["firestore", "indexes", "composite", "list"]:
            return stored(f"indexes of {database()}", [])
        case ["firestore", "indexes", "composite", "create"]:
            state.setdefault(f"indexes of {database()}", []).append(index())
        case ["firestore", "indexes", "fields", "list"]:
            return stored(f"fields of {database()}", [])
        case ["firestore", "indexes", "fields", "update", path]:
            configured = {"name": field_name(path), "indexConfig": field_indexes(path)}
            state.setdefault(f"fields of {database()}", []).append(configured)
        case ["firestore", "fields", "ttls", "list"]:
            return stored(f"ttls of {database()}", [])
        case ["firestore", "fields", "ttls", "update", path]:
            aged = {"name": field_name(path), "ttlConfig": {"state": "CREATING"}}
            state.setdefault(f"ttls of {database()}", []).append(aged)
        case _:
            fails("Invalid choice.")
    return {}


def functions() -> Any:
    match words:
        case ["functions", "describe", name]:
            return stored(f"function {name}")
        case ["functions", "deploy", name]:
            state[f"function {name}"] = function()
            if "allow-unauthenticated" in options:
                options["member"] = ["allUsers"]
                bind(f"callers of {name.replace('_', '-')}", "roles/run.invoker")
        case ["functions", "add-invoker-policy-binding", name]:
            bind(f"callers of {name.replace('_', '-')}", "roles/run.invoker")
        case ["functions", "remove-invoker-policy-binding", name]:
            bind(f"callers of {name.replace('_', '-')}", "roles/run.invoker", add=False)
        case ["run", "services", "get-iam-policy", service]:
            return stored(f"callers of {service}", {"etag": "ACAB"})
        case _:
            fails("Invalid choice.")
    return {}


def jobs() -> Any:
    match words:
        case ["scheduler", "jobs", "describe", name]:
            return stored(f"job {name}")
        case ["scheduler", "jobs", "create" | "update", "http", name]:
            state[f"job {name}"] = job()
        case ["scheduler", "jobs", "run", name]:
            stored(f"job {name}")
        case ["scheduler", "jobs", "resume", name]:
            state[f"job {name}"]["state"] = "ENABLED"
        case _:
            fails("Invalid choice.")
    return {}


def monitoring() -> Any:
    match words:
        case ["logging", "read", _]:
            return []
        case ["logging", "metrics", "list"]:
            return list(stored("metrics", {}).values())
        case ["logging", "metrics", "create" | "update", name]:
            metric = from_file("config-from-file")
            for label in metric["metricDescriptor"]["labels"]:
                del label["valueType"]  # text is the default
            state.setdefault("metrics", {})[name] = metric
        case ["alpha", "monitoring", "policies", "list"]:
            return policies()
        case ["alpha", "monitoring", "policies", "create"]:
            name = f"projects/p/alertPolicies/{len(policies())}"
            policies().append({**from_file("policy-from-file"), "name": name})
        case ["alpha", "monitoring", "policies", "update", name]:
            policy = {**from_file("policy-from-file"), "name": name}
            state["policies"] = [policy if p["name"] == name else p for p in policies()]
        case _:
            fails("Invalid choice.")
    return {}


SERVICES = {
    "auth": projects,
    "projects": projects,
    "services": projects,
    "iam": accounts,
    "secrets": secrets,
    "firestore": firestore,
    "functions": functions,
    "run": functions,
    "scheduler": jobs,
    "logging": monitoring,
    "alpha": monitoring,
}

with CALLS.open("a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + "\n")
command = " ".join(words)
if (hanging := os.environ.get("FAKE_GCLOUD_HANGS")) and command.startswith(hanging):
    (FOLDER / "hanging").touch()
    time.sleep(60)
if (failing := os.environ.get("FAKE_GCLOUD_FAILS")) and command.startswith(failing):
    fails("PERMISSION_DENIED: you may not do this")
state: dict[str, Any] = json.loads(STATE.read_text()) if STATE.exists() else {}
answered = SERVICES[words[0]]()
STATE.write_text(json.dumps(state))
json.dump(answered, sys.stdout)
