"""APIs, service accounts, roles and secrets: each function has the rights it needs, no more."""

from collections.abc import Iterator
from typing import Any

from deploy.commands import ShellCommand, gcloud, look, python
from deploy.functions import FUNCTIONS, Function
from deploy.project import BUILDER, SCHEDULER, Project
from deploy.steps import Found, Step, always
from shared.environment import Use

APIS = (
    "artifactregistry.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudfunctions.googleapis.com",
    "cloudscheduler.googleapis.com",
    "firebaserules.googleapis.com",
    "firestore.googleapis.com",
    "iam.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
)
# Needed where there is a web app.
WEB_APIS = ("firebasehosting.googleapis.com",)
# A build reads the uploaded source and writes its log and the image.
BUILDER_ROLES = (
    "roles/artifactregistry.writer",
    "roles/logging.logWriter",
    "roles/storage.objectViewer",
)
STORING_ROLE = "roles/datastore.user"
READING_ROLE = "roles/datastore.viewer"
READING_SECRETS = "roles/secretmanager.secretAccessor"

RETRY_SOON = "A new service account is known everywhere after a minute: then run this again."


def steps(project: Project) -> Iterator[Step]:
    yield _project(project)
    yield _apis(project)
    for account, purpose in _accounts():
        yield _account(project, account, purpose)
    for role in BUILDER_ROLES:
        yield _role(project, BUILDER, role)
    for function in FUNCTIONS:
        for database in _databases(project, function):
            role = STORING_ROLE if function.stores else READING_ROLE
            yield _role(project, function.account, role, database=database)
    for name, version in project.secrets.items():
        yield _secret(project, name, version)
    for function in FUNCTIONS:
        for name in project.secrets_of(function):
            yield _reader(project, function, name)


def _databases(project: Project, function: Function) -> list[str]:
    """The function's own database and that of its limits' counts, which may be one."""
    own = [project.database] if Use.DATABASE in function.uses else []
    counts = [project.limits_database] if project.shares_limits_of(function) else []
    return list(dict.fromkeys([*own, *counts]))


def secret_id(name: str) -> str:
    """The secret of PRACTICE_SEAL_KEYS is practice-seal-keys."""
    return name.lower().replace("_", "-")


def _project(project: Project) -> Step:
    return Step(
        title=f"Project {project.project}",
        why="It must exist, with billing, and you must be signed in.",
        look=look(project.project, "projects", "describe", project.project),
        is_done=lambda found: bool(found) and found.get("lifecycleState") == "ACTIVE",
        advice="Sign in with `gcloud auth login`; create the project and link it to billing.",
    )


def _apis(project: Project) -> Step:
    wanted = (*APIS, *(WEB_APIS if project.web else ()))

    def is_enabled(found: Found) -> bool:
        return set(wanted) <= {service["config"]["name"] for service in found}

    return Step(
        title="APIs",
        why="The steps below use them.",
        look=look(project.project, "services", "list", "--enabled"),
        is_done=is_enabled,
        repair=always(gcloud(project.project, "services", "enable", *wanted)),
        advice="You need the role Service Usage Admin, and a project with billing.",
    )


def _accounts() -> Iterator[tuple[str, str]]:
    for function in FUNCTIONS:
        yield function.account, f"Runs {function.name}"
    yield SCHEDULER, "Calls cleanup_stale_sessions"
    yield BUILDER, "Builds the functions"


def _account(project: Project, account: str, purpose: str) -> Step:
    email = project.email(account)
    create = gcloud(
        *(project.project, "iam", "service-accounts", "create", account),
        f"--display-name={purpose}",
    )

    def ours(found: Found) -> list[Any]:
        return [one for one in found or [] if one["email"] == email]

    return Step(
        title=f"Service account {account}",
        why=f"{purpose}, and nothing else.",
        look=look(project.project, "iam", "service-accounts", "list"),
        is_done=lambda found: any(not one.get("disabled", False) for one in ours(found)),
        repair=lambda found: () if ours(found) else (create,),
        advice="You need the role Service Account Admin. Enable a disabled account by hand.",
    )


def _role(project: Project, account: str, role: str, *, database: str = "") -> Step:
    """A role in the whole project, or for one database only."""
    member = f"serviceAccount:{project.email(account)}"
    expression = f'resource.name=="projects/{project.project}/databases/{database}"'
    condition = f"expression={expression},title={database}" if database else "None"

    def is_bound(found: Found, expression: str | None) -> bool:
        return any(
            binding["role"] == role
            and member in binding["members"]
            and binding.get("condition", {}).get("expression") == expression
            for binding in found.get("bindings", [])
        )

    def change(verb: str, condition: str) -> ShellCommand:
        return gcloud(
            *(project.project, "projects", f"{verb}-iam-policy-binding", project.project),
            *(f"--member={member}", f"--role={role}", f"--condition={condition}"),
        )

    def is_too_wide(found: Found) -> bool:
        """Bound in the whole project, although wanted for one database."""
        return bool(database and found) and is_bound(found, None)

    return Step(
        title=f"{account} has {role}" + (f" in {database}" if database else ""),
        why="For this database only." if database else "Its work needs this role.",
        look=look(project.project, "projects", "get-iam-policy", project.project),
        is_done=lambda found: (
            is_bound(found, expression if database else None) and not is_too_wide(found)
        ),
        repair=lambda found: (
            change("add", condition),
            *([change("remove", "None")] if is_too_wide(found) else []),
        ),
        advice=f"You need the role Project IAM Admin. {RETRY_SOON}",
    )


def _secret(project: Project, name: str, version: int) -> Step:
    secret = secret_id(name)
    create = gcloud(
        *(project.project, "secrets", "create", secret),
        *("--replication-policy=automatic", "--data-file=-"),
        piped_from=python("deploy.seal_key"),
    )
    is_generated = name == "PRACTICE_SEAL_KEYS" and version == 1
    return Step(
        title=f"Secret {secret}, version {version}",
        why="The value of "
        f"{name}, pinned by version so that a rotation happens when you deploy it.",
        look=look(
            *(project.project, "secrets", "versions", "describe", str(version)),
            f"--secret={secret}",
        ),
        is_done=lambda found: bool(found) and found.get("state") == "ENABLED",
        create=(create,) if is_generated else (),
        advice=f"Create it from a file that you delete afterwards:  gcloud secrets create "
        f"{secret} --replication-policy=automatic --data-file=FILE --project={project.project}  "
        f"or, if the secret exists without this version:  gcloud secrets versions add "
        f"{secret} --data-file=FILE --project={project.project}",
    )


def _reader(project: Project, function: Function, name: str) -> Step:
    member = f"serviceAccount:{project.email(function.account)}"

    def is_bound(found: Found) -> bool:
        return any(
            binding["role"] == READING_SECRETS and member in binding["members"]
            for binding in found.get("bindings", [])
        )

    return Step(
        title=f"{function.account} may read {secret_id(name)}",
        why="For this secret only.",
        look=look(project.project, "secrets", "get-iam-policy", secret_id(name)),
        is_done=is_bound,
        repair=always(
            gcloud(
                *(project.project, "secrets", "add-iam-policy-binding", secret_id(name)),
                *(f"--member={member}", f"--role={READING_SECRETS}"),
            )
        ),
        advice=f"You need the role Secret Manager Admin. {RETRY_SOON}",
    )
