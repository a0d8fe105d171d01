"""The deployed function practice_turn, with the paths below it for clients of LangGraph."""

from collections.abc import Callable
from functools import cache
from typing import Any

import functions_framework
from flask import Request, Response

from functions.practice_turn import runs, runs_contract
from functions.practice_turn.contract import OPERATION
from functions.practice_turn.handler import Dependencies, handle
from shared.contract.operation import Operation
from shared.contract.refusals import NotFound
from shared.domain.common.errors import RateLimited
from shared.ports.calls import Call, Reply, StreamingReply
from shared.wiring.endpoints import user_endpoint
from shared.wiring.identifiers import random_id, random_uuid
from shared.wiring.limits import admit_turn
from shared.wiring.sealing import practice_sealer, template_sealer
from shared.wiring.source_data import decode_template
from shared.wiring.tutor import offline_tutor, tutor_for

Handle = Callable[[Any, Call, Dependencies], Reply[Any] | StreamingReply]

ROUTES: tuple[tuple[Operation[Any], Handle], ...] = (
    (OPERATION, handle),
    (runs_contract.RUNS_WAIT, runs.wait),
    (runs_contract.RUNS_STREAM, runs.stream),
    (runs_contract.THREADS, runs.create_thread),
    (runs_contract.THREAD_RUNS_WAIT, runs.wait),
    (runs_contract.THREAD_RUNS_STREAM, runs.stream),
)


@functions_framework.http
def practice_turn(request: Request) -> Response:
    for operation, handle_operation in ROUTES:
        if operation.matches(request.path):
            guard = admit_turn if RateLimited in operation.refusals else None
            return user_endpoint().serve(
                request, operation, handle_operation, dependencies, admit=guard
            )
    paths = ", ".join(operation.path or "/" for operation, _ in ROUTES)
    refusal = NotFound(f"There are POST {paths}.")
    return user_endpoint().refuse(request, refusal, function=OPERATION.function)


@cache
def dependencies() -> Dependencies:
    return Dependencies(
        practice_sealer=practice_sealer(),
        template_sealer=template_sealer(),
        tutor_for=tutor_for,
        offline_tutor=offline_tutor(),
        decode_template=decode_template,
        new_session_id=random_id,
        new_uuid=random_uuid,
    )
