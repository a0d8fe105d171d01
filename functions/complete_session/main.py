"""The deployed door of complete_session."""

import functions_framework
from flask import Request, Response

from functions.complete_session.contract import CompleteSession
from functions.complete_session.handler import handle
from shared import wiring


@functions_framework.http
def complete_session(request: Request) -> Response:
    return wiring.endpoint().serve(
        request, CompleteSession, handle, sessions=wiring.session_store(), now=wiring.utc_now()
    )
