"""The deployed door of start_session."""

import functions_framework
from flask import Request, Response

from functions.start_session.contract import StartSession
from functions.start_session.handler import handle
from shared.wiring import base, seals, stores


@functions_framework.http
def start_session(request: Request) -> Response:
    return base.endpoint().serve(
        request,
        StartSession,
        handle,
        sessions=stores.session_store,
        practice_sealer=seals.practice_sealer,
        now=base.utc_now,
        session_id=base.random_id,
    )
