"""The deployed function assignment_turn, with paths for clients of LangGraph and AG-UI."""

from functools import cache
from typing import Any

import functions_framework
from flask import Request, Response

from functions.assignment_turn import agui, runs, runs_contract
from functions.assignment_turn.agui_contract import AGUI
from functions.assignment_turn.contract import OPERATION
from functions.assignment_turn.handler import Dependencies, handle
from shared.runs.run_events import create_thread
from shared.wiring.algebra import algebra
from shared.wiring.firestore import turn_repository
from shared.wiring.identifiers import random_id, random_uuid
from shared.wiring.routes import Route, serve_turns
from shared.wiring.sealing import practice_sealer
from shared.wiring.tutor import offline_tutor, tutor_for

ROUTES: tuple[Route[Any, Dependencies], ...] = (
    Route(OPERATION, handle),
    Route(runs_contract.RUNS_WAIT, runs.wait),
    Route(runs_contract.RUNS_STREAM, runs.stream),
    Route(runs_contract.THREADS, create_thread),
    Route(runs_contract.THREAD_RUNS_WAIT, runs.wait),
    Route(runs_contract.THREAD_RUNS_STREAM, runs.stream),
    Route(AGUI, agui.stream),
)


@functions_framework.http
def assignment_turn(request: Request) -> Response:
    return serve_turns(request, ROUTES, dependencies)


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
