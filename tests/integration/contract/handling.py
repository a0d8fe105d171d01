"""Requests answered in process: parsed, handled over a database of their own, and replied to."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from importlib import import_module
from secrets import token_hex
from typing import Any, NamedTuple

from flask import Flask, Response

from functions.assignment_turn.doors import DOORS as ASSIGNMENT_DOORS
from functions.create_template.contract import OPERATION as CREATE_TEMPLATE
from functions.practice_turn.contract import OPERATION as PRACTICE_TURN
from functions.practice_turn.contract import PracticeTurn
from functions.practice_turn.doors import DOORS
from functions.practice_turn.handler import Dependencies as TurnDependencies
from functions.practice_turn.handler import handle as take_turn
from functions.update_progress.contract import OPERATION as UPDATE_PROGRESS
from functions.update_template.contract import OPERATION as UPDATE_TEMPLATE
from shared.contract.command import Command
from shared.contract.examples import (
    ASSIGNMENT_ID,
    CLASS_ID,
    SESSION_ID,
    TEMPLATE_DATA,
    TEMPLATE_ID,
)
from shared.contract.operation import Operation
from shared.contract.refusals import InvalidJson, PayloadTooLarge
from shared.domain.common.errors import Refusal, Unavailable
from shared.endpoint.problems import problem_response
from shared.endpoint.request_parser import parse_request
from shared.endpoint.server_sent_events import event_stream_frames
from shared.firestore.client import Client
from shared.ports.calls import Call, Caller, IdempotencyContext, StreamingReply
from tests.integration.contract.floods import SEAL, Flood
from tests.support.firestore.faulty_channel import FaultyChannel
from tests.support.firestore.world import SCHEDULER, STUDENT, TEACHER, World
from tests.support.tutor.turns import a_call, dependencies
from tests.unit.domain.samples import a_template

APP = Flask("floods")
TURNS: dict[str, Callable[[Any, Call, TurnDependencies], Any]] = {
    PRACTICE_TURN.operation_id: take_turn,
    **{operation.operation_id: use_case for operation, use_case in DOORS},
}
# The use cases that are not their function's own.
OF_DOORS: dict[str, Callable[[Any, Call, Any], Any]] = {
    operation.operation_id: use_case for operation, use_case in ASSIGNMENT_DOORS
}
REPOSITORIES = (
    *("sessions", "templates", "packs", "reports", "classes", "assignments", "turns", "regrading"),
    "sweeper",
)

# The ids of the first documents that are stored in a World.
FIRST, SECOND, THIRD = "id-1", "id-2", "id-3"


class NotPrepared(Exception):
    """A call that prepares a database was refused. The refusal is the cause."""


class Answered(NamedTuple):
    """How a request ended.

    `outcome` is the reply's status, or the reason of the refusal. `apart_seconds` is the processor
    time that making its database took.
    """

    outcome: str
    apart_seconds: float


class Before(NamedTuple):
    """A caller, and the calls before that make what the floods change and load what they need."""

    by: str
    calls: list[tuple[str, Mapping[str, Any]]]


START: tuple[str, Mapping[str, Any]] = ("start_session", {"timezone": "UTC"})
CREATE: tuple[str, Mapping[str, Any]] = ("create_template", CREATE_TEMPLATE.example)
CREATE_OWN = ("create_template", {"name": "Mine", "template_data": TEMPLATE_DATA})
CHANGE = {**UPDATE_TEMPLATE.example, "template_id": SECOND, "template_data": TEMPLATE_DATA}
PROGRESS = {**UPDATE_PROGRESS.example, "session_id": SECOND}
CREATE_CLASS = ("create_class", {"name": "Guitar"})
RENAME_CLASS = ("update_class", {"class_id": SECOND, "name": "Lute"})
OF_CLASS = [CREATE_CLASS, CREATE]
IDS_OF_CLASS = {CLASS_ID: FIRST, TEMPLATE_ID: SECOND, ASSIGNMENT_ID: THIRD}
ASSIGN = ("create_assignment", {"class_id": FIRST, "template_id": SECOND})
BEFORE = {
    "create_template": Before(TEACHER, [CREATE]),
    "update_template": Before(TEACHER, [CREATE, CREATE, ("update_template", CHANGE)]),
    "start_session": Before(STUDENT, [START]),
    "update_progress": Before(STUDENT, [START, START, ("update_progress", PROGRESS)]),
    "complete_session": Before(
        STUDENT, [START, START, ("complete_session", {"session_id": SECOND})]
    ),
    "daily_pack": Before(STUDENT, [CREATE_OWN]),
    "report_question": Before(STUDENT, [START, START]),
    "create_class": Before(TEACHER, [CREATE_CLASS]),
    "update_class": Before(TEACHER, [CREATE_CLASS, CREATE_CLASS, RENAME_CLASS]),
    "join_class": Before(STUDENT, []),
    "remove_member": Before(STUDENT, []),
    "create_assignment": Before(TEACHER, OF_CLASS),
    "update_assignment": Before(TEACHER, [*OF_CLASS, ASSIGN]),
    "override_grade": Before(TEACHER, [*OF_CLASS, ASSIGN]),
    "void_item": Before(TEACHER, [*OF_CLASS, ASSIGN]),
    "assignment_turn": Before(STUDENT, [START]),
    "cleanup_stale_sessions": Before(SCHEDULER, []),
}


@cache
def seals() -> Mapping[str, str]:
    """A genuine seal of a template and one of a session."""
    made = dependencies()
    begun = take_turn(PracticeTurn.model_validate(PRACTICE_TURN.example), a_call(), made)
    template = made.template_sealer.seal(a_template(), {})
    return {
        "template": template.seal or "",
        "session": begun.body.session_context.stored_session["seal"],
    }


def body_of(flood: Flood) -> bytes:
    """The flood, with a genuine seal and the id of a document that exists."""
    body = flood.body().replace(SEAL, seals()[flood.sealed])
    ids = IDS_OF_CLASS if f'"{CLASS_ID}"' in body else {SESSION_ID: FIRST, TEMPLATE_ID: FIRST}
    for example, stored in ids.items():
        body = body.replace(f'"{example}"', f'"{stored}"')
    return body.encode()


class Preparation:
    """The database of a function, made when it is first used.

    `seconds` is the processor time that this took. Without a network it is never there. Raises
    NotPrepared where a call that prepares it is refused.
    """

    def __init__(self, function: str, *, network: bool) -> None:
        self.seconds = 0.0
        self.before = BEFORE[function]
        self._function = function
        self._network = network
        self._repositories: Any = None

    @property
    def repositories(self) -> Any:
        if not self._network:
            raise Unavailable
        if self._repositories is None:
            began = time.process_time()
            world = _world()
            for name, body in self.before.calls:
                try:
                    world.call(name, body, by=self.before.by)
                except Refusal as refusal:
                    raise NotPrepared(name) from refusal
            self._repositories = world.dependencies(self._function)
            self.seconds = time.process_time() - began
        return self._repositories

    def dependencies(self) -> Any:
        made = _world().dependencies(self._function)
        needed = [name for name in REPOSITORIES if hasattr(made, name)]
        ids = {"new_id": lambda: token_hex(12)} if hasattr(made, "new_id") else {}
        return replace(made, **ids, **{name: _WhenUsed(self, name) for name in needed})


class _WhenUsed:
    def __init__(self, preparation: Preparation, name: str) -> None:
        self._preparation, self._name = preparation, name

    def __getattr__(self, method: str) -> Any:
        return getattr(getattr(self._preparation.repositories, self._name), method)


def _world() -> World:
    channel = FaultyChannel()
    world = World(Client(project=f"demo-{token_hex(6)}", interceptors=[channel]), channel)
    world.practice_sealer = dependencies().practice_sealer
    world.template_sealer = dependencies().template_sealer
    return world


def answer(operation: Operation[Command], body: bytes, *, network: bool = True) -> Answered:
    """Answers the request, with an Idempotency-Key.

    Raises NotPrepared and, with a network, Unavailable: neither says what the request costs.
    """
    preparation: Preparation | None = None
    try:
        with APP.test_request_context(
            "/", method=operation.method, data=body, content_type="application/json"
        ) as context:
            parsed = parse_request(context.request, operation)
        request_hash = parsed.hash()
        if take := TURNS.get(operation.operation_id):
            reply = take(parsed.command, a_call(), dependencies())
        else:
            preparation = Preparation(operation.function, network=network)
            by, now = preparation.before.by, a_call().received_at
            call = Call(
                Caller(by, is_teacher=by == TEACHER),
                IdempotencyContext(by, operation.function, "key", request_hash, now),
                now,
            )
            handler = import_module(f"functions.{operation.function}.handler")
            use_case = OF_DOORS.get(operation.operation_id, handler.handle)
            reply = use_case(parsed.command, call, preparation.dependencies())
        if isinstance(reply, StreamingReply):
            list(event_stream_frames(reply))
            outcome = "stream"
        else:
            Response(reply.json, status=reply.status)
            outcome = str(int(reply.status))
    except (InvalidJson, PayloadTooLarge):
        raise  # a flood that reaches nothing
    except Refusal as refusal:
        if network and isinstance(refusal, Unavailable):
            raise
        problem_response(refusal, request_id="r")
        outcome = refusal.reason
    return Answered(outcome, preparation.seconds if preparation else 0.0)


def load(operation: Operation[Command]) -> None:
    """Loads and builds what is loaded and built once.

    The channel to the database is not: it would not work in copies of this process.
    """
    seals()
    answer(operation, json.dumps(operation.example).encode(), network=False)
