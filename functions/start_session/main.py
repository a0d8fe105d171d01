"""The deployed door of start_session."""

import functions_framework
from flask import Request, Response

from functions.start_session.contract import StartSession
from functions.start_session.handler import handle
from shared import wiring


@functions_framework.http
def start_session(request: Request) -> Response:
    return wiring.endpoint().serve(
        request,
        StartSession,
        handle,
        sessions=wiring.session_store(),
        now=wiring.utc_now(),
        session_id=wiring.random_id(),
    )
