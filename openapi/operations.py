"""Every operation there is: where it answers, what it takes, what it gives, what it refuses."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from functions.cleanup_stale_sessions.contract import (
    CleanupStaleSessions,
    CleanupStaleSessionsReply,
)
from functions.complete_session.contract import CompleteSession, CompleteSessionReply
from functions.create_template.contract import CreateTemplate, CreateTemplateReply
from functions.delete_template.contract import DeleteTemplate
from functions.practice_turn.contract import PracticeTurn
from functions.practice_turn.runs_contract import CreateThread, Run, ThreadReply
from functions.start_session.contract import StartSession, StartSessionReply
from functions.update_progress.contract import UpdateProgress, UpdateProgressReply
from functions.update_template.contract import UpdateTemplate, UpdateTemplateReply
from openapi.messages import Turn
from shared.contract.command import Command
from shared.contract.refusals import STATUS_OF

TEMPLATES, SESSIONS, PRACTICE, LANGGRAPH, SCHEDULE = (
    "Templates",
    "Sessions",
    "Practice without end",
    "Practice for LangGraph's clients",
    "Schedule",
)
TAGS: Mapping[str, str] = {
    TEMPLATES: "What is practised, for whom, with answer keys that students never see.",
    SESSIONS: "Started from a template or blank, kept as they go, completed and paid out once.",
    PRACTICE: "One turn at a time: the session comes with the request and goes with the reply.",
    LANGGRAPH: "The same turn in the shape of a stateless LangGraph run.",
    SCHEDULE: "Called by a scheduler, never by people.",
}

# Possible whatever is called; the second ones wherever there is a body.
EVERYWHERE = (
    "UNAUTHENTICATED",
    "METHOD_NOT_ALLOWED",
    "INVALID_ARGUMENT",
    "UNAVAILABLE",
    "INTERNAL",
)
WITH_BODY = ("INVALID_JSON", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE")
STORING = ("IDEMPOTENCY_KEY_REUSED",)


class EventStream(BaseModel):
    """Server-sent events, one frame after another; docs/api.md says which there are."""


@dataclass(frozen=True)
class Operation:
    """`replies` are by status, None where there is no body. `refusals` are its own ones.

    `stores` is whether the same Idempotency-Key gives the first reply again.
    """

    id: str
    path: str
    tag: str
    summary: str
    command: type[Command]
    replies: Mapping[int, type[BaseModel] | None]
    refusals: tuple[str, ...] = ()
    stores: bool = True
    description: str = ""
    path_parameters: tuple[str, ...] = ()
    security: str = "user"
    reasons: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        reasons = [*EVERYWHERE, *self.refusals]
        reasons += WITH_BODY if self.has_body else ()
        reasons += STORING if self.stores else ()
        known = tuple(reason for reason in STATUS_OF if reason in reasons)
        object.__setattr__(self, "reasons", known)

    @property
    def method(self) -> str:
        return self.command.method.lower()

    @property
    def has_body(self) -> bool:
        return self.command.method != "DELETE"

    @property
    def function(self) -> str:
        return self.path.split("/")[1]


def _turn(
    id_: str,
    path: str,
    summary: str,
    reply: type[BaseModel],
    *,
    command: type[Command] = Run,
    tag: str = LANGGRAPH,
    refusals: tuple[str, ...] = ("SESSION_CONTEXT_TAMPERED", "RATE_LIMITED"),
    in_thread: bool = False,
    description: str = "",
) -> Operation:
    return Operation(
        id=id_,
        path=f"/practice_turn{path}",
        tag=tag,
        summary=summary,
        command=command,
        replies={200: reply},
        # An id that is empty makes another path of it, where nothing answers.
        refusals=(*refusals, "NOT_FOUND") if in_thread else refusals,
        stores=False,
        description=description,
        path_parameters=("thread_id",) if in_thread else (),
    )


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        id="create_template",
        path="/create_template",
        tag=TEMPLATES,
        summary="Write a template",
        description="Anyone signed in may own templates. Only a teacher (custom claim `role: "
        "teacher`) may set `student_ids`, or a `visibility` other than `private`.",
        command=CreateTemplate,
        replies={201: CreateTemplateReply},
        refusals=("PERMISSION_DENIED",),
    ),
    Operation(
        id="update_template",
        path="/update_template",
        tag=TEMPLATES,
        summary="Store the next version of a template",
        description="`template_data` replaces the whole. Repeating an update that is in place "
        "already answers 200.",
        command=UpdateTemplate,
        replies={200: UpdateTemplateReply},
        refusals=(
            "TEMPLATE_NOT_FOUND",
            "TEMPLATE_ARCHIVED",
            "REVISION_MISMATCH",
            "PERMISSION_DENIED",
        ),
    ),
    Operation(
        id="delete_template",
        path="/delete_template",
        tag=TEMPLATES,
        summary="Archive a template",
        description="Running sessions go on with their copy, new ones are refused. Deleting it "
        "again is 204 too.",
        command=DeleteTemplate,
        replies={204: None},
        refusals=("TEMPLATE_NOT_FOUND",),
    ),
    Operation(
        id="start_session",
        path="/start_session",
        tag=SESSIONS,
        summary="Start a session, or go on with the active one",
        description="201 with a new session. 200 with `resumed: true` and, as it is, the one that "
        "is active for this student and template already.",
        command=StartSession,
        replies={200: StartSessionReply, 201: StartSessionReply},
        refusals=(
            "TEMPLATE_NOT_FOUND",
            "TEMPLATE_ARCHIVED",
            "SESSION_CONTEXT_TAMPERED",
            "SESSION_NOT_ACTIVE",
        ),
    ),
    Operation(
        id="update_progress",
        path="/update_progress",
        tag=SESSIONS,
        summary="Keep a session's progress",
        command=UpdateProgress,
        replies={200: UpdateProgressReply},
        refusals=(
            "SESSION_NOT_FOUND",
            "SESSION_NOT_ACTIVE",
            "REVISION_MISMATCH",
            "SESSION_CONTEXT_TAMPERED",
            "CONTEXT_FORKED",
        ),
    ),
    Operation(
        id="complete_session",
        path="/complete_session",
        tag=SESSIONS,
        summary="Complete a session and pay it out, once",
        description="A repeat returns the stored summary. With other notes or scores it is a "
        "SESSION_NOT_ACTIVE, for they would be lost.",
        command=CompleteSession,
        replies={200: CompleteSessionReply},
        refusals=(
            "SESSION_NOT_FOUND",
            "SESSION_NOT_ACTIVE",
            "SESSION_CONTEXT_TAMPERED",
            "CONTEXT_FORKED",
        ),
    ),
    _turn(
        "practice_turn",
        "",
        "Take one turn of practice that never ends",
        Turn,
        command=PracticeTurn,
        tag=PRACTICE,
        description="Stores nothing and reads nothing: what it answers is for the client to keep, "
        "and for start_session, update_progress and complete_session to store.",
    ),
    _turn("practice_turn_runs_wait", "/runs/wait", "Take a turn, and wait for its end", Turn),
    _turn("practice_turn_runs_stream", "/runs/stream", "Take a turn, told as it goes", EventStream),
    _turn(
        "practice_turn_threads",
        "/threads",
        "Make up an id for a thread",
        ThreadReply,
        command=CreateThread,
        refusals=(),
        description="For clients that must have one. Nothing is kept under it: the session travels "
        "with the runs.",
    ),
    _turn(
        "practice_turn_thread_runs_wait",
        "/threads/{thread_id}/runs/wait",
        "Take a turn in a thread, and wait for its end",
        Turn,
        in_thread=True,
    ),
    _turn(
        "practice_turn_thread_runs_stream",
        "/threads/{thread_id}/runs/stream",
        "Take a turn in a thread, told as it goes",
        EventStream,
        in_thread=True,
    ),
    Operation(
        id="cleanup_stale_sessions",
        path="/cleanup_stale_sessions",
        tag=SCHEDULE,
        summary="End the sessions their students left",
        command=CleanupStaleSessions,
        replies={200: CleanupStaleSessionsReply},
        refusals=("PERMISSION_DENIED",),
        security="scheduler",
    ),
)
