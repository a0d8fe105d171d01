"""The deployed door of cleanup_stale_sessions."""

import functions_framework
from flask import Request, Response

from functions.cleanup_stale_sessions.contract import CleanupStaleSessions
from functions.cleanup_stale_sessions.handler import handle
from shared import wiring


@functions_framework.http
def cleanup_stale_sessions(request: Request) -> Response:
    return wiring.scheduler_endpoint().serve(
        request,
        CleanupStaleSessions,
        handle,
        sweep=wiring.sweep(),
        now=wiring.utc_now(),
        stale_after_minutes=wiring.settings().stale_after_minutes,
    )
