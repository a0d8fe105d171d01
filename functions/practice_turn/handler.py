"""One turn: the session opened, the graph run, the session sealed. No database, no state kept."""

from collections.abc import Callable, Iterator
from datetime import datetime

from functions.practice_turn.contract import (
    AnswerInput,
    HintInput,
    Input,
    PracticeTurn,
    PracticeTurnReply,
    SessionContext,
    SessionContextReply,
)
from shared.domain.common.errors import FieldError, InvalidArgument, SessionContextTampered
from shared.domain.practice.source import source_from_template
from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import start_practice
from shared.domain.questions.answers import parse_answer
from shared.firestore.rest_format import plain_template_fields
from shared.ports.calls import Caller, IdempotencyContext, Reply, reply
from shared.ports.sealing import PracticeSealer, TemplateSealer
from shared.tutor.graph import RECURSION_LIMIT, graph
from shared.tutor.ports import Tutor
from shared.tutor.state import Turn, TurnContext, usage_so_far

CONFIG = {"recursion_limit": RECURSION_LIMIT}


def handle(
    command: PracticeTurn,
    *,
    caller: Caller,
    once: IdempotencyContext,
    practice_sealer: PracticeSealer,
    template_sealer: TemplateSealer,
    tutor_of: Callable[[Caller], Tutor],
    offline: Tutor,
    now: datetime,
    session_id: str,
) -> Reply:
    tutor = tutor_of(caller)
    turn = opened(
        command.session_context,
        caller=caller,
        practice_sealer=practice_sealer,
        template_sealer=template_sealer,
        tutor=tutor,
        session_id=session_id,
    )
    turn = {**turn, **asked(turn["practice"], command.input)}
    collaborators = TurnContext(tutor=tutor, fallback=offline, now=now, sealer=practice_sealer)
    return reply(answer(run(turn, collaborators), collaborators))


def run(turn: Turn, collaborators: TurnContext) -> Turn:
    """The turn at its end, put together from what changes: `invoke` reads all of it each step."""
    for _, change in steps(turn, collaborators):
        turn = {**turn, **change}
    return turn


def steps(turn: Turn, collaborators: TurnContext) -> Iterator[tuple[str, Turn]]:
    """The nodes as they come, each with what it changed."""
    updates = graph().stream(turn, context=collaborators, config=CONFIG, stream_mode="updates")
    for update in updates:
        yield from update.items()


def asked(practice: Practice, given: Input | None) -> Turn:
    """What goes into the graph. Raises InvalidArgument, with paths below `input`."""
    match given:
        case AnswerInput(question_id=question_id, answer=raw):
            pending = practice.pending
            if pending is None or pending.question_id != question_id:
                message = "is not the question that waits for an answer"
                raise InvalidArgument(errors=[FieldError("input.question_id", message)])
            return {"do": "answer", "answer": parse_answer(pending, raw)}
        case HintInput() if practice.pending is not None:
            return {"do": "hint"}
        case _:
            return {"do": "present"}


def answer(done: Turn, collaborators: TurnContext) -> PracticeTurnReply:
    stored = done.get("stored_session") or collaborators.sealer.seal(done["practice"])
    return PracticeTurnReply(
        session_context=SessionContextReply(stored_session=stored),
        messages=done["messages"],
        usage=usage_so_far(done),
    )


def opened(
    context: SessionContext,
    *,
    caller: Caller,
    practice_sealer: PracticeSealer,
    template_sealer: TemplateSealer,
    tutor: Tutor,
    session_id: str,
) -> Turn:
    """The practice the client holds, or a new one. Raises SessionContextTampered."""
    if context.stored_session is not None:
        found = practice_sealer.open(context.stored_session, student_id=caller.uid)
        return {"practice": found.practice, "state_hash": found.state_hash}
    data = plain_template_fields(context.source_data or {})
    seal = data.get("seal")
    if seal is not None and not isinstance(seal, str):
        raise SessionContextTampered
    source = source_from_template(data, template_sealer.open(seal) if seal else None)
    practice = start_practice(
        source, session_id=session_id, student_id=caller.uid, tutor=tutor.name
    )
    return {"practice": practice}
