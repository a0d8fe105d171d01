"""One turn: the session opened, the graph run, the session sealed. No database, no state kept."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

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
from shared.ports.calls import Call, Caller, Reply
from shared.ports.sealing import PracticeSealer, TemplateSealer
from shared.tutor.graph import RECURSION_LIMIT, graph
from shared.tutor.ports import Tutor
from shared.tutor.state import Turn, TurnContext, usage_so_far

CONFIG = {"recursion_limit": RECURSION_LIMIT}


@dataclass(frozen=True)
class Dependencies:
    """`decode_template` gives the plain fields of a template as a client read it by an SDK or REST;
    it raises InvalidArgument.
    """

    practice_sealer: PracticeSealer
    template_sealer: TemplateSealer
    tutor_for: Callable[[Caller], Tutor]
    offline_tutor: Tutor
    decode_template: Callable[[Mapping[str, Any]], Mapping[str, Any]]
    new_session_id: Callable[[], str]


def handle(
    command: PracticeTurn, call: Call, dependencies: Dependencies
) -> Reply[PracticeTurnReply]:
    context = turn_context(call, dependencies)
    turn = opened(command.session_context, call, dependencies, context.tutor)
    turn = {**turn, **asked(turn["practice"], command.input)}
    return Reply(answer(run(turn, context), context))


def turn_context(call: Call, dependencies: Dependencies) -> TurnContext:
    return TurnContext(
        tutor=dependencies.tutor_for(call.caller),
        fallback=dependencies.offline_tutor,
        now=call.received_at,
        sealer=dependencies.practice_sealer,
    )


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
            return {"do": "answer", "answer": pending.parse_answer(raw)}
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


def opened(context: SessionContext, call: Call, dependencies: Dependencies, tutor: Tutor) -> Turn:
    """The practice the client holds, or a new one. Raises SessionContextTampered."""
    student_id = call.caller.uid
    if context.stored_session is not None:
        found = dependencies.practice_sealer.open(context.stored_session, student_id=student_id)
        return {"practice": found.practice, "state_hash": found.state_hash}
    data = dependencies.decode_template(context.source_data or {})
    seal = data.get("seal")
    if seal is not None and not isinstance(seal, str):
        raise SessionContextTampered
    source = source_from_template(data, dependencies.template_sealer.open(seal) if seal else None)
    practice = start_practice(
        source,
        session_id=dependencies.new_session_id(),
        student_id=student_id,
        tutor=tutor.name,
    )
    return {"practice": practice}
