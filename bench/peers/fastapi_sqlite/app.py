"""The routes. Each reads, decides with our domain and stores in one transaction."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex
from typing import Annotated, Any, TypeVar

import jwt
from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from sqlalchemy.orm import Session as Transaction

from bench.peers.fastapi_sqlite.tables import (
    ItemRow,
    LockRow,
    ReplyRow,
    SessionRow,
    StudentRow,
    TemplateRow,
    sessions,
)
from functions.complete_session.contract import CompleteSession, CompleteSessionReply
from functions.start_session.contract import StartSession, StartSessionReply
from functions.update_progress.contract import UpdateProgress, UpdateProgressReply
from shared.contract.refusals import IdempotencyKeyReused
from shared.domain.common.errors import Refusal, TemplateNotFound
from shared.domain.sessions.completion import (
    Closing,
    is_repeated_closing,
    summarise,
)
from shared.domain.sessions.completion import complete_session as complete
from shared.domain.sessions.items import LoggedItem
from shared.domain.sessions.next_item import next_item
from shared.domain.sessions.session import (
    Mode,
    Session,
    Status,
    apply_update,
    recount_items,
    require_active,
    require_owned,
)
from shared.domain.sessions.session_data import (
    SessionContent,
    content_from_template,
    require_storable_size,
)
from shared.domain.students.student import Origin, Student
from shared.domain.templates.template import Template

INTO_SESSION_DATA = {"notes", "focus_score", "energy_level", "actual_duration_minutes"}

M = TypeVar("M", bound=BaseModel)
Decide = Callable[[Transaction, str, datetime], tuple[int, BaseModel]]

app = FastAPI()


@dataclass(frozen=True)
class Call:
    """The caller, the body and the idempotency key of a request."""

    uid: str
    body: bytes
    key: str | None


async def authenticate(
    request: Request,
    authorization: Annotated[str, Header()],
    idempotency_key: Annotated[str | None, Header()] = None,
) -> Call:
    project = os.environ["GOOGLE_CLOUD_PROJECT"]
    claims = jwt.decode(
        authorization.removeprefix("Bearer "),
        options={"verify_signature": False, "verify_exp": True, "verify_aud": True},
        audience=project,
        issuer=f"https://securetoken.google.com/{project}",
    )
    return Call(claims["sub"], await request.body(), idempotency_key)


AuthenticatedCall = Annotated[Call, Depends(authenticate)]


@app.exception_handler(Refusal)
async def refused(_request: Request, refusal: Exception) -> Response:
    return JSONResponse({"reason": type(refusal).__name__}, status_code=409)


@app.exception_handler(ValidationError)
async def invalid(_request: Request, error: Exception) -> Response:
    return JSONResponse({"reason": "INVALID_ARGUMENT", "detail": str(error)}, status_code=422)


@app.get("/healthz")
def healthz() -> str:
    return "ok"


@app.post("/templates")
def store_template(call: AuthenticatedCall) -> Response:
    """Stores a template that our function created. Not measured."""
    template = Template.model_validate_json(call.body)
    with sessions().begin() as transaction:
        transaction.merge(
            TemplateRow(template_id=template.template_id, body=template.model_dump_json())
        )
    return Response(status_code=204)


@app.post("/start_session")
def start_session(call: AuthenticatedCall) -> Response:
    command = StartSession.model_validate_json(call.body)

    def decide(transaction: Transaction, uid: str, now: datetime) -> tuple[int, BaseModel]:
        template = _read(transaction, TemplateRow, command.template_id, Template)
        if template is None or not template.is_readable_by(uid):
            raise TemplateNotFound
        lock = transaction.get(LockRow, (uid, template.template_id))
        if lock is not None:
            session = require_active(
                require_owned(_read(transaction, SessionRow, lock.session_id, Session), by=uid)
            )
            return 200, _started(session, resumed=True)
        session = _new_session(command, template, student_id=uid, now=now)
        _write(transaction, session)
        transaction.add(
            LockRow(student_id=uid, template_id=template.template_id, session_id=session.session_id)
        )
        return 201, _started(session, resumed=False)

    return _reply_once(call, command, decide)


@app.post("/update_progress")
def update_progress(call: AuthenticatedCall) -> Response:
    command = UpdateProgress.model_validate_json(call.body)

    def decide(transaction: Transaction, uid: str, now: datetime) -> tuple[int, BaseModel]:
        stored = _read(transaction, SessionRow, command.session_id, Session)
        session, logged = apply_update(
            require_active(require_owned(stored, by=uid)),
            change=command.session_data,
            items=command.items,
            item_ids=[token_hex(12) for _ in command.items],
            revision=command.revision,
            at=now,
        )
        _write(transaction, session, logged)
        return 200, UpdateProgressReply(session=session, next_item=next_item(session))

    return _reply_once(call, command, decide)


@app.post("/complete_session")
def complete_session(call: AuthenticatedCall) -> Response:
    command = CompleteSession.model_validate_json(call.body)
    closing = Closing(
        content=SessionContent(**command.model_dump(include=INTO_SESSION_DATA, exclude_none=True)),
        topic=command.topic,
        time_spent_seconds=command.time_spent_seconds,
    )

    def decide(transaction: Transaction, uid: str, now: datetime) -> tuple[int, BaseModel]:
        session = require_owned(_read(transaction, SessionRow, command.session_id, Session), by=uid)
        if not is_repeated_closing(session, closing):
            known = _read(transaction, StudentRow, uid, Student) or Student(student_id=uid)
            session, student = complete(session, known, closing, at=now)
            _write(transaction, session)
            transaction.merge(StudentRow(student_id=uid, body=student.model_dump_json()))
            if lock := transaction.get(LockRow, (uid, session.template_id)):
                transaction.delete(lock)
        return 200, CompleteSessionReply(session=session, summary=summarise(session))

    return _reply_once(call, command, decide)


def _reply_once(call: Call, command: BaseModel, decide: Decide) -> Response:
    """Commits the effect with the first reply to the key. A repeated key gets that reply again."""
    function = type(command).__name__
    parsed = json.loads(call.body)
    canonical = json.dumps(parsed, sort_keys=True, separators=(",", ":"))
    request_hash = hashlib.sha256(canonical.encode()).hexdigest()
    now = datetime.now(UTC)
    with sessions().begin() as transaction:
        if call.key is not None:
            record = transaction.get(ReplyRow, (call.uid, function, call.key))
            if record is not None:
                if record.request_hash != request_hash:
                    raise IdempotencyKeyReused
                return _json(record.reply, record.status)
        status, body = decide(transaction, call.uid, now)
        reply = body.model_dump_json()
        if call.key is not None:
            transaction.add(
                ReplyRow(
                    uid=call.uid,
                    function=function,
                    key=call.key,
                    request_hash=request_hash,
                    status=status,
                    reply=reply,
                    created_at=now,
                )
            )
    return _json(reply, status)


def _json(body: str, status: int) -> Response:
    return Response(body, status_code=status, media_type="application/json")


def _read(transaction: Transaction, row: type[Any], key: str | None, model: type[M]) -> M | None:
    found = transaction.get(row, key)
    return None if found is None else model.model_validate_json(found.body)


def _write(
    transaction: Transaction, session: Session, logged: list[LoggedItem] | None = None
) -> None:
    transaction.merge(
        SessionRow(
            session_id=session.session_id,
            student_id=session.student_id,
            status=session.status,
            last_activity_at=session.last_activity_at,
            body=session.model_dump_json(),
        )
    )
    for item in logged or []:
        transaction.add(
            ItemRow(
                item_id=item.item_id, session_id=session.session_id, body=item.model_dump_json()
            )
        )


def _started(session: Session, *, resumed: bool) -> StartSessionReply:
    return StartSessionReply(session=session, next_item=next_item(session), resumed=resumed)


def _new_session(
    command: StartSession, template: Template, *, student_id: str, now: datetime
) -> Session:
    assigned = template.is_assigned_to(student_id)
    content = content_from_template(template)
    if command.session_data is not None:
        content = content.overlaid(command.session_data)
    return recount_items(
        Session(
            session_id=token_hex(12),
            student_id=student_id,
            teacher_id=template.owner_id if assigned else None,
            template_id=template.template_id,
            template_name=template.name,
            template_version=template.version,
            origin=Origin.ASSIGNED if assigned else Origin.SELF_PRACTICE,
            mode=Mode(command.mode),
            name=command.name or template.name,
            description=command.description or template.description,
            root_id=command.root_id or template.root_id,
            parent_ids=command.parent_ids,
            subject=command.subject or template.subject,
            topic=command.topic or template.topic,
            grade_level=command.grade_level or template.grade_level,
            timezone=command.timezone or "UTC",
            status=Status.ACTIVE,
            started_at=now,
            last_activity_at=now,
            session_data=require_storable_size(content),
        )
    )
