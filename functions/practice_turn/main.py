"""The deployed function practice_turn, with the paths below it for clients of LangGraph."""

from functools import cache

import functions_framework
from flask import Request, Response

from functions.practice_turn import runs, runs_contract
from functions.practice_turn.contract import OPERATION
from functions.practice_turn.handler import Dependencies, handle
from shared.contract.refusals import NotFound
from shared.wiring.endpoints import user_endpoint
from shared.wiring.identifiers import random_id, random_uuid
from shared.wiring.limits import admit
from shared.wiring.sealing import practice_sealer, template_sealer
from shared.wiring.source_data import decode_template
from shared.wiring.tutor import offline_tutor, tutor_for

PATHS = "/, /runs/wait, /runs/stream, /threads, /threads/{id}/runs/wait, /threads/{id}/runs/stream"


@functions_framework.http
def practice_turn(request: Request) -> Response:
    serve = user_endpoint().serve
    match [step for step in request.path.split("/") if step]:
        case []:
            return serve(request, OPERATION, handle, dependencies, admit=admit)
        case ["runs", "wait"] | ["threads", _, "runs", "wait"]:
            return serve(request, runs_contract.RUNS_WAIT, runs.wait, run_dependencies, admit=admit)
        case ["runs", "stream"] | ["threads", _, "runs", "stream"]:
            return serve(
                request, runs_contract.RUNS_STREAM, runs.stream, run_dependencies, admit=admit
            )
        case ["threads"]:
            return serve(request, runs_contract.THREADS, runs.create_thread, thread_dependencies)
        case _:
            refusal = NotFound(f"There are POST {PATHS}.")
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
    )


@cache
def run_dependencies() -> runs.RunDependencies:
    return runs.RunDependencies(turn=dependencies(), new_run_id=random_uuid)


@cache
def thread_dependencies() -> runs.ThreadDependencies:
    return runs.ThreadDependencies(new_thread_id=random_uuid)
