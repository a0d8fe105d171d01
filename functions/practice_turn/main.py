"""The deployed door of practice_turn."""

import functions_framework
from flask import Request, Response

from functions.practice_turn.contract import PracticeTurn
from functions.practice_turn.handler import handle
from shared.wiring import base, seals, tutors


@functions_framework.http
def practice_turn(request: Request) -> Response:
    return base.endpoint().serve(
        request,
        PracticeTurn,
        handle,
        seals=seals.seals,
        tutor=tutors.tutor,
        offline=tutors.offline,
        now=base.utc_now,
        session_id=base.random_id,
    )
