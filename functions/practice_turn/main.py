"""The deployed function practice_turn, with paths for clients of LangGraph and AG-UI."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

import functions_framework
from flask import Request, Response
from pydantic import BaseModel

from functions.practice_turn import agui, runs, runs_contract
from functions.practice_turn.agui_contract import AGUI, AgUiRun
from functions.practice_turn.contract import OPERATION, PracticeTurn
from functions.practice_turn.handler import Dependencies, handle
from functions.practice_turn.runs_contract import CreateThread, Run
from shared.contract.command import Command
from shared.contract.operation import Operation
from shared.contract.refusals import NotFound
from shared.domain.common.errors import RateLimited
from shared.ports.calls import Call, Reply, StreamingReply
from shared.wiring.algebra import algebra
from shared.wiring.endpoints import user_endpoint
from shared.wiring.identifiers import random_id, random_uuid
from shared.wiring.limits import admit_turn
from shared.wiring.sealing import practice_sealer, template_sealer
from shared.wiring.source_data import decode_template
from shared.wiring.tutor import offline_tutor, tutor_for

C = TypeVar("C", bound=Command)


@dataclass(frozen=True)
class Route(Generic[C]):
    """An operation, and the use case that handles its command."""

    operation: Operation[C]
    handle: Callable[[C, Call, Dependencies], Reply[BaseModel] | StreamingReply]

    def serve(self, request: Request) -> Response:
        admit = admit_turn if RateLimited in self.operation.refusals else None
        return user_endpoint().serve(
            request, self.operation, self.handle, dependencies, admit=admit
        )


ROUTES: tuple[Route[PracticeTurn] | Route[Run] | Route[CreateThread] | Route[AgUiRun], ...] = (
    Route(OPERATION, handle),
    Route(runs_contract.RUNS_WAIT, runs.wait),
    Route(runs_contract.RUNS_STREAM, runs.stream),
    Route(runs_contract.THREADS, runs.create_thread),
    Route(runs_contract.THREAD_RUNS_WAIT, runs.wait),
    Route(runs_contract.THREAD_RUNS_STREAM, runs.stream),
    Route(AGUI, agui.stream),
)


@functions_framework.http
def practice_turn(request: Request) -> Response:
    for route in ROUTES:
        if route.operation.matches(request.path):
            return route.serve(request)
    paths = ", ".join(route.operation.path or "/" for route in ROUTES)
    refusal = NotFound(f"There are POST {paths}.")
    return user_endpoint().refuse(request, refusal, function=OPERATION.function)


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
