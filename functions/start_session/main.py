"""The deployed function start_session."""

from functools import cache

import functions_framework
from flask import Request, Response

from functions.start_session.contract import OPERATION
from functions.start_session.handler import Dependencies, handle
from shared.wiring.endpoints import user_endpoint
from shared.wiring.firestore import class_assignment_repository, session_repository
from shared.wiring.identifiers import random_id
from shared.wiring.limits import admit_session_start
from shared.wiring.sealing import practice_sealer, template_sealer


@functions_framework.http
def start_session(request: Request) -> Response:
    return user_endpoint().serve(
        request, OPERATION, handle, dependencies, admit=admit_session_start
    )


@cache
def dependencies() -> Dependencies:
    return Dependencies(
        sessions=session_repository(),
        assignments=class_assignment_repository(),
        practice_sealer=practice_sealer(),
        template_sealer=template_sealer(),
        new_id=random_id,
    )
