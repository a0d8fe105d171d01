"""The deployed function cleanup_stale_sessions."""

from functools import cache

import functions_framework
from flask import Request, Response

from functions.cleanup_stale_sessions.contract import OPERATION
from functions.cleanup_stale_sessions.handler import Dependencies, handle
from shared.wiring.endpoints import scheduler_endpoint
from shared.wiring.environment import settings
from shared.wiring.firestore import stale_session_sweeper


@functions_framework.http
def cleanup_stale_sessions(request: Request) -> Response:
    return scheduler_endpoint().serve(request, OPERATION, handle, dependencies)


@cache
def dependencies() -> Dependencies:
    return Dependencies(
        sweeper=stale_session_sweeper(), stale_after_minutes=settings().stale_after_minutes
    )
