"""The deployed function assignment_turn, with paths for clients of LangGraph and AG-UI."""

from functools import cache
from typing import Any

import functions_framework
from flask import Request, Response

from functions.assignment_turn.contract import OPERATION
from functions.assignment_turn.handler import Dependencies, handle
from shared.wiring.algebra import algebra
from shared.wiring.firestore import turn_repository
from shared.wiring.identifiers import random_id, random_uuid
from shared.wiring.routes import Route, serve_turns
from shared.wiring.sealing import practice_sealer
from shared.wiring.tutor import offline_tutor, tutor_for

NATIVE = Route(OPERATION, handle)


@functions_framework.http
def assignment_turn(request: Request) -> Response:
    return serve_turns(request, NATIVE, doors, dependencies)


def doors() -> tuple[Route[Any, Dependencies], ...]:
    """The other paths. A process that has no client of theirs does not load them."""
    from functions.assignment_turn.doors import DOORS

    return tuple(Route(operation, use_case) for operation, use_case in DOORS)


@cache
def dependencies() -> Dependencies:
    return Dependencies(
        turns=turn_repository(),
        practice_sealer=practice_sealer(),
        algebra=algebra,
        tutor_for=tutor_for,
        offline_tutor=offline_tutor(),
        new_id=random_id,
        new_uuid=random_uuid,
    )
