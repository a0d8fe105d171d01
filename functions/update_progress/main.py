"""The deployed door of update_progress."""

import functions_framework
from flask import Request, Response

from functions.update_progress.contract import UpdateProgress
from functions.update_progress.handler import handle
from shared.wiring import base, seals, stores


@functions_framework.http
def update_progress(request: Request) -> Response:
    return base.endpoint().serve(
        request,
        UpdateProgress,
        handle,
        sessions=stores.session_store,
        practice_sealer=seals.practice_sealer,
        now=base.utc_now,
        new_id=lambda: base.random_id,
    )
