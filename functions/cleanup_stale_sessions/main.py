"""The deployed door of cleanup_stale_sessions."""

import functions_framework
from flask import Request, Response

from functions.cleanup_stale_sessions.contract import CleanupStaleSessions
from functions.cleanup_stale_sessions.handler import handle
from shared.wiring import base, stores


@functions_framework.http
def cleanup_stale_sessions(request: Request) -> Response:
    return base.scheduler_endpoint().serve(
        request,
        CleanupStaleSessions,
        handle,
        sweep=stores.sweep,
        now=base.utc_now,
        stale_after_minutes=lambda: base.settings().stale_after_minutes,
    )
