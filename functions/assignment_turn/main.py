"""The deployed function assignment_turn."""

from functools import cache

import functions_framework
from flask import Request, Response

from functions.assignment_turn.contract import OPERATION
from functions.assignment_turn.handler import Dependencies, handle
from shared.wiring.algebra import algebra
from shared.wiring.endpoints import user_endpoint
from shared.wiring.firestore import turn_repository
from shared.wiring.identifiers import random_id
from shared.wiring.limits import admit_turn
from shared.wiring.sealing import practice_sealer
from shared.wiring.tutor import offline_tutor, tutor_for


@functions_framework.http
def assignment_turn(request: Request) -> Response:
    return user_endpoint().serve(request, OPERATION, handle, dependencies, admit=admit_turn)


@cache
def dependencies() -> Dependencies:
    return Dependencies(
        turns=turn_repository(),
        practice_sealer=practice_sealer(),
        algebra=algebra,
        tutor_for=tutor_for,
        offline_tutor=offline_tutor(),
        new_id=random_id,
    )
