"""The functions, their permitted callers, and the scheduler job that calls one of them.

They are deployed with `gcloud functions deploy --gen2`, not `gcloud run deploy --function`: the
functions then keep their names and share one host, REGION-PROJECT.cloudfunctions.net/<function>,
as on the local stack, and a function's URL is known before it exists, which is the audience of
cleanup. A Cloud Run service runs the function either way.
"""

import base64
from collections.abc import Iterator

from deploy.access import secret_id
from deploy.commands import ShellCommand, gcloud, look, pairs
from deploy.functions import FUNCTIONS, RUNTIME, Function
from deploy.project import BUILDER, SCHEDULER, Project, function_named
from deploy.steps import Found, Step, always, holds

INVOKER = "roles/run.invoker"
ANYONE = "allUsers"
# Everybody, or everybody with a Google account.
OPEN = (ANYONE, "allAuthenticatedUsers")
JOB = "cleanup-stale-sessions"
# Twice an hour, but not on the hour, when most jobs of other projects run.
SCHEDULE = "7,37 * * * *"
# Variables that gcloud adds.
SET_BY_GCLOUD = ("LOG_EXECUTION_ID",)


def steps(project: Project, *, source: str) -> Iterator[Step]:
    for function in FUNCTIONS:
        yield _function(project, function, source)
        yield _invoker(project, function)
    yield _job(project)


def mebibytes(memory: str) -> int:
    """512Mi and 512M mean the same to Cloud Functions; 1Gi is 1024Mi."""
    amount, unit = memory.removesuffix("i")[:-1], memory.removesuffix("i")[-1]
    return int(amount) * {"M": 1, "G": 1024}[unit]


def _function(project: Project, function: Function, source: str) -> Step:
    capacity = function.capacity
    environment, secrets = project.environment(function), project.secrets_of(function)
    references = {name: f"{secret_id(name)}:{version}" for name, version in secrets.items()}
    least = project.min_instances.get(function.name, capacity.min_instances)
    most = project.max_instances.get(function.name, capacity.max_instances)
    account, builder = project.email(function.account), project.email(BUILDER)
    deploy = gcloud(
        *(project.project, "functions", "deploy", function.name, "--gen2"),
        *(f"--region={project.region}", f"--runtime={RUNTIME}", "--source=."),
        *(f"--entry-point={function.name}", "--trigger-http"),
        f"--build-service-account=projects/{project.project}/serviceAccounts/{builder}",
        f"--service-account={account}",
        *(f"--memory={capacity.memory}", f"--cpu={capacity.cpu}"),
        *(f"--concurrency={capacity.concurrency}", f"--timeout={capacity.timeout_seconds}s"),
        *(f"--min-instances={least}", f"--max-instances={most}", "--ingress-settings=all"),
        # Traffic that was sent back to an older revision goes to the new one again.
        "--serve-all-traffic-latest-revision",
        "--allow-unauthenticated" if function.is_public else "--no-allow-unauthenticated",
        f"--set-env-vars={pairs(environment)}",
        f"--set-secrets={pairs(references)}" if references else "--clear-secrets",
        f"--update-labels=source={source}",
    )
    wanted = {
        "state": "ACTIVE",
        "labels": {"source": source},
        "buildConfig": {"runtime": RUNTIME, "entryPoint": function.name},
        "serviceConfig": {
            "availableCpu": capacity.cpu,
            "maxInstanceRequestConcurrency": capacity.concurrency,
            "timeoutSeconds": capacity.timeout_seconds,
            "maxInstanceCount": most,
            "serviceAccountEmail": account,
            "ingressSettings": "ALLOW_ALL",
        },
    }

    def is_done(found: Found) -> bool:
        config = (found or {}).get("serviceConfig", {})
        has_secrets = {
            s["key"]: f"{s['secret']}:{s['version']}"
            for s in config.get("secretEnvironmentVariables", [])
        }
        return (
            holds(found, wanted)
            and {
                k: v
                for k, v in config.get("environmentVariables", {}).items()
                if k not in SET_BY_GCLOUD
            }
            == environment
            and has_secrets == references
            and config.get("minInstanceCount", 0) == least
            and mebibytes(config.get("availableMemory", "0M")) == mebibytes(capacity.memory)
        )

    return Step(
        title=f"Function {function.name}",
        why=f"{capacity.memory}, {capacity.concurrency} requests an instance, {least} to {most} "
        "instances. A build takes a minute or two.",
        look=look(
            *(project.project, "functions", "describe", function.name),
            f"--region={project.region}",
        ),
        is_done=is_done,
        create=(deploy,),
        repair=always(deploy),
        advice="The log of the build is named above. You need the roles Cloud Functions Developer, "
        "Cloud Run Admin and Service Account User. After an interruption an older deployment may "
        "still be running: wait for it, then run this again.",
    )


def _invoker(project: Project, function: Function) -> Step:
    """Functions for users are open: IAM does not know Firebase tokens, they verify them."""
    member = ANYONE if function.is_public else f"serviceAccount:{project.email(SCHEDULER)}"
    of = (function.name, f"--region={project.region}")

    def callers(found: Found) -> set[str]:
        bindings = (found or {}).get("bindings", [])
        return {m for b in bindings if b["role"] == INVOKER for m in b["members"]}

    add = gcloud(
        project.project, "functions", "add-invoker-policy-binding", *of, f"--member={member}"
    )
    forbidden = () if function.is_public else OPEN

    def removals(found: Found) -> list[ShellCommand]:
        return [
            gcloud(
                *(project.project, "functions", "remove-invoker-policy-binding", *of),
                f"--member={other}",
            )
            for other in forbidden
            if other in callers(found)
        ]

    return Step(
        title=f"Invokers of {function.name}",
        why="Anyone, with a Firebase token that the function verifies."
        if function.is_public
        else "The scheduler only: IAM refuses all other callers.",
        look=look(
            *(project.project, "run", "services", "get-iam-policy", function.service),
            f"--region={project.region}",
        ),
        is_done=lambda found: member in callers(found) and not removals(found),
        create=(add,),
        repair=lambda found: (*removals(found), add),
        advice="You need the role Cloud Run Admin. Where the organization forbids allUsers "
        "(iam.allowedPolicyMemberDomains), the project needs an exception.",
    )


def _job(project: Project) -> Step:
    cleanup = function_named("cleanup_stale_sessions")
    url, account = project.url(cleanup), project.email(SCHEDULER)
    body, deadline = "{}", f"{cleanup.capacity.timeout_seconds}s"
    common = (
        *(JOB, f"--location={project.region}", f"--schedule={SCHEDULE}", "--time-zone=Etc/UTC"),
        *(f"--uri={url}", "--http-method=POST", f"--message-body={body}"),
        *(f"--oidc-service-account-email={account}", f"--oidc-token-audience={url}"),
        *(f"--attempt-deadline={deadline}", "--max-retry-attempts=1"),
    )
    headers = "Content-Type=application/json"
    wanted = {
        "state": "ENABLED",
        "schedule": SCHEDULE,
        "timeZone": "Etc/UTC",
        "attemptDeadline": deadline,
        "httpTarget": {
            "uri": url,
            "httpMethod": "POST",
            "body": base64.b64encode(body.encode()).decode(),
            "headers": {"Content-Type": "application/json"},
            "oidcToken": {"serviceAccountEmail": account, "audience": url},
        },
    }
    return Step(
        title=f"Scheduler job {JOB}",
        why="Ends abandoned sessions twice an hour, with a token for this function only.",
        look=look(
            *(project.project, "scheduler", "jobs", "describe", JOB),
            f"--location={project.region}",
        ),
        is_done=lambda found: holds(found, wanted),
        create=(
            gcloud(
                *(project.project, "scheduler", "jobs", "create", "http"),
                *(*common, f"--headers={headers}"),
            ),
        ),
        repair=always(
            gcloud(
                *(project.project, "scheduler", "jobs", "update", "http"),
                *(*common, f"--update-headers={headers}"),
            ),
            gcloud(
                *(project.project, "scheduler", "jobs", "resume", JOB),
                f"--location={project.region}",
            ),
        ),
        advice="You need the roles Cloud Scheduler Admin and Service Account User.",
    )
