"""The endpoints, with their authentication, logs and traces."""

from functools import cache

from shared.auth.signing_keys import SigningKeys
from shared.auth.tokens import AppTokens, CheckApp, SchedulerTokens, UserTokens
from shared.endpoint import logs
from shared.endpoint.endpoint import Endpoint
from shared.traces import spans
from shared.wiring.environment import settings


@cache
def user_endpoint() -> Endpoint:
    """For users, with a Firebase ID token."""
    chosen = settings()
    _configure_logs()
    _configure_traces()
    return Endpoint(
        authenticate=UserTokens(
            chosen.project_id,
            SigningKeys(chosen.user_keys_url),
            unsigned=chosen.accepts_emulator_tokens,
        ),
        allowed_origins=chosen.allowed_origins,
        check_app=_check_app(),
    )


@cache
def scheduler_endpoint() -> Endpoint:
    """For the scheduler alone, with its service account's OIDC token."""
    chosen = settings()
    _configure_logs()
    _configure_traces()
    return Endpoint(
        authenticate=SchedulerTokens(
            SigningKeys(chosen.google_keys_url),
            audience=chosen.cleanup_audience,
            service_account=chosen.cleanup_service_account,
            behind_iam=chosen.cleanup_behind_iam,
            unsigned=chosen.accepts_emulator_tokens,
        ),
        allowed_origins=(),
    )


def _check_app() -> CheckApp | None:
    chosen = settings()
    if not chosen.app_check_project_number:
        return None
    return AppTokens(
        SigningKeys(chosen.app_check_keys_url),
        project_number=chosen.app_check_project_number,
        app_ids=chosen.app_check_app_ids,
    )


@cache
def _configure_logs() -> None:
    logs.configure(project_id=settings().project_id, level=settings().log_level)


@cache
def _configure_traces() -> None:
    if endpoint := settings().traces_endpoint:
        from shared.traces.otel import OpenTelemetry

        spans.record_with(OpenTelemetry(endpoint=endpoint))
