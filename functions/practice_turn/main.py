"""The deployed door of practice_turn, and the doors below it for clients of LangGraph."""

from collections.abc import Callable
from typing import Any

import functions_framework
from flask import Request, Response

from functions.practice_turn import runs, runs_contract
from functions.practice_turn.contract import PracticeTurn
from functions.practice_turn.handler import handle
from shared.contract.refusals import NotFound
from shared.wiring import base, limits, seals, tutors

PATHS = "/, /runs/wait, /runs/stream, /threads, /threads/{id}/runs/wait, /threads/{id}/runs/stream"


@functions_framework.http
def practice_turn(request: Request) -> Response:
    endpoint = base.endpoint()
    of_a_turn: dict[str, Callable[[], Any]] = {
        "practice_sealer": seals.practice_sealer,
        "template_sealer": seals.template_sealer,
        "tutor_of": lambda: tutors.tutor,
        "offline": tutors.offline,
        "now": base.utc_now,
        "session_id": base.random_id,
    }
    match [step for step in request.path.split("/") if step]:
        case []:
            return endpoint.serve(request, PracticeTurn, handle, admit=limits.admit, **of_a_turn)
        case ["runs", "wait"] | ["threads", _, "runs", "wait"]:
            return endpoint.serve(
                request,
                runs_contract.Run,
                runs.wait,
                admit=limits.admit,
                run_id=base.random_uuid,
                **of_a_turn,
            )
        case ["runs", "stream"] | ["threads", _, "runs", "stream"]:
            return endpoint.serve(
                request,
                runs_contract.Run,
                runs.stream,
                admit=limits.admit,
                run_id=base.random_uuid,
                **of_a_turn,
            )
        case ["threads"]:
            return endpoint.serve(
                request,
                runs_contract.CreateThread,
                runs.create_thread,
                thread_id=base.random_uuid,
                now=base.utc_now,
            )
        case _:
            refusal = NotFound(f"There are POST {PATHS}.")
            return endpoint.refuse(request, refusal, function=PracticeTurn.function())
