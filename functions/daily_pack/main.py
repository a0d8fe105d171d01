"""The deployed function daily_pack."""

from functools import cache

import functions_framework
from flask import Request, Response

from functions.daily_pack.contract import OPERATION
from functions.daily_pack.handler import Dependencies, handle
from shared.wiring.endpoints import user_endpoint
from shared.wiring.firestore import pack_repository
from shared.wiring.identifiers import random_id
from shared.wiring.limits import admit_session_start
from shared.wiring.sealing import practice_sealer, template_sealer


@functions_framework.http
def daily_pack(request: Request) -> Response:
    return user_endpoint().serve(
        request, OPERATION, handle, dependencies, admit=admit_session_start
    )


@cache
def dependencies() -> Dependencies:
    return Dependencies(
        packs=pack_repository(),
        practice_sealer=practice_sealer(),
        template_sealer=template_sealer(),
        new_id=random_id,
    )
