"""The deployed function practice_turn, with paths for clients of LangGraph and AG-UI."""

from functools import cache
from typing import Any

import functions_framework
from flask import Request, Response

from functions.practice_turn.contract import OPERATION
from functions.practice_turn.handler import Dependencies, handle
from shared.wiring.algebra import algebra
from shared.wiring.identifiers import random_id, random_uuid
from shared.wiring.routes import Route, serve_turns
from shared.wiring.sealing import practice_sealer, template_sealer
from shared.wiring.source_data import decode_template
from shared.wiring.tutor import offline_tutor, tutor_for

NATIVE = Route(OPERATION, handle)


@functions_framework.http
def practice_turn(request: Request) -> Response:
    return serve_turns(request, NATIVE, doors, dependencies)


def doors() -> tuple[Route[Any, Dependencies], ...]:
    """The other paths. A process that has no client of theirs does not load them."""
    from functions.practice_turn.doors import DOORS

    return tuple(Route(operation, use_case) for operation, use_case in DOORS)


@cache
def dependencies() -> Dependencies:
    return Dependencies(
        practice_sealer=practice_sealer(),
        template_sealer=template_sealer(),
        algebra=algebra,
        tutor_for=tutor_for,
        offline_tutor=offline_tutor(),
        decode_template=decode_template,
        new_session_id=random_id,
        new_uuid=random_uuid,
    )
