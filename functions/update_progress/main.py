"""The deployed door of update_progress."""

import functions_framework
from flask import Request, Response

from functions.update_progress.contract import UpdateProgress
from functions.update_progress.handler import handle
from shared import wiring


@functions_framework.http
def update_progress(request: Request) -> Response:
    return wiring.endpoint().serve(
        request,
        UpdateProgress,
        handle,
        sessions=wiring.session_store(),
        now=wiring.utc_now(),
        new_id=wiring.random_id,
    )
