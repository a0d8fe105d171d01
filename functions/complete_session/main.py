"""The deployed door of complete_session."""

import functions_framework
from flask import Request, Response

from functions.complete_session.contract import CompleteSession
from functions.complete_session.handler import handle
from shared.wiring import base, seals, stores


@functions_framework.http
def complete_session(request: Request) -> Response:
    return base.endpoint().serve(
        request,
        CompleteSession,
        handle,
        sessions=stores.session_store,
        practice_sealer=seals.practice_sealer,
        now=base.utc_now,
    )
