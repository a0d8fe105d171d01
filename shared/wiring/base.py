"""What every function needs: settings, its endpoint, the clock and ids."""

import os
from datetime import UTC, datetime
from functools import cache
from secrets import token_hex
from uuid import uuid4

from shared.auth import AppTokens, CheckApp, SchedulerTokens, SigningKeys, UserTokens
from shared.contract.operation import uses_of
from shared.endpoint import logs
from shared.endpoint.endpoint import Endpoint
from shared.environment import USUAL_USES
from shared.settings import Settings, load_settings
from shared.traces import spans


@cache
def settings() -> Settings:
    """The settings that the process's function needs. Raises SettingsError.

    main.py calls it first, so that a process with wrong settings does not start.
    """
    function = os.environ.get("FUNCTION_TARGET")
    return load_settings(os.environ, uses_of(function) if function else USUAL_USES)


@cache
def endpoint() -> Endpoint:
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


@cache
def _configure_logs() -> None:
    logs.configure(project_id=settings().project_id, level=settings().log_level)


@cache
def _configure_traces() -> None:
    if endpoint := settings().traces_endpoint:
        from shared.traces.otel import OpenTelemetry  # noqa: PLC0415 - slow to load, off by default

        spans.record_with(OpenTelemetry(endpoint=endpoint))


def utc_now() -> datetime:
    return datetime.now(UTC)


def random_id() -> str:
    """96 random bits: documents spread evenly over the key space."""
    return token_hex(12)


def random_uuid() -> str:
    return str(uuid4())
