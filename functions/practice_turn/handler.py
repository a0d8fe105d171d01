"""One turn: the session is opened, runs through the graph, and is sealed again.

A turn reads no database and keeps no state.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from functions.practice_turn.contract import (
    PracticeTurn,
    PracticeTurnReply,
    SessionContext,
    SessionContextReply,
)
from shared.domain.common.errors import SessionContextTampered
from shared.domain.practice.source import SentTemplate, source_from_template
from shared.domain.practice.state import require_client_state
from shared.domain.practice.transitions import start_practice
from shared.domain.questions.algebra.port import Algebra
from shared.ports.calls import Call, Caller, Reply
from shared.ports.sealing import PracticeSealer, TemplateSealer
from shared.tutor.actions import choose_action
from shared.tutor.graph import run_turn
from shared.tutor.ports import Tutor
from shared.tutor.state import Turn, TurnContext, usage_so_far


@dataclass(frozen=True)
class Dependencies:
    """`tutor_for` returns the tutor of one turn. `decode_template` returns the plain fields of a
    template that a client read by an SDK or REST, or raises InvalidArgument. `new_uuid` makes ids
    of runs and threads. `algebra` compares answers in mathematics.
    """

    practice_sealer: PracticeSealer
    template_sealer: TemplateSealer
    algebra: Callable[[], Algebra]
    tutor_for: Callable[[Caller], Tutor]
    offline_tutor: Tutor
    decode_template: Callable[[Mapping[str, Any]], SentTemplate]
    new_session_id: Callable[[], str]
    new_uuid: Callable[[], str]


def handle(
    command: PracticeTurn, call: Call, dependencies: Dependencies
) -> Reply[PracticeTurnReply]:
    context = turn_context(call, dependencies)
    turn = open_turn(command.session_context, call, dependencies, context.tutor)
    turn = {**turn, **choose_action(turn["practice"], command.input, dependencies.algebra)}
    return Reply(build_reply(run_turn(turn, context), context))


def turn_context(call: Call, dependencies: Dependencies) -> TurnContext:
    return TurnContext(
        tutor=dependencies.tutor_for(call.caller),
        fallback=dependencies.offline_tutor,
        now=call.received_at,
        sealer=dependencies.practice_sealer,
    )


def open_turn(
    context: SessionContext, call: Call, dependencies: Dependencies, tutor: Tutor
) -> Turn:
    """The beginning of a turn: the client's practice, or a new one.

    Raises SessionContextTampered, or InvalidArgument for a template that can't be practised.
    """
    student_id = call.caller.uid
    if context.stored_session is not None:
        opened = dependencies.practice_sealer.open(context.stored_session, student_id=student_id)
        require_client_state(opened.practice)
        return {"practice": opened.practice, "state_hash": opened.state_hash}
    template = dependencies.decode_template(context.source_data or {})
    seal = template.fields.get("seal")
    if seal is not None and not isinstance(seal, str):
        raise SessionContextTampered
    sealed = dependencies.template_sealer.open(seal) if seal else None
    practice = start_practice(
        source_from_template(template.fields, sealed, locate=template.locate),
        session_id=dependencies.new_session_id(),
        student_id=student_id,
        tutor=tutor.name,
        at=call.received_at,
    )
    return {"practice": practice}


def build_reply(turn: Turn, context: TurnContext) -> PracticeTurnReply:
    """The reply of a turn after its last node."""
    stored_session = turn.get("stored_session") or context.sealer.seal(turn["practice"])
    return PracticeTurnReply(
        session_context=SessionContextReply(stored_session=stored_session),
        messages=turn["messages"],
        usage=usage_so_far(turn),
    )
