"""Takes a question out of an assignment, and grades its work without it, as far as time allows."""

from dataclasses import dataclass

from functions.void_item.contract import VoidItem, VoidItemReply
from shared.domain.classes.assignment import require_assignment, void_question
from shared.domain.classes.school_class import require_current, require_taught
from shared.domain.gradebook.voiding import QuestionChange, require_question
from shared.ports.calls import Call, Reply
from shared.ports.regrading import RegradingRepository, VoidChange, VoidReader

# Less than half of a function's time, so that the last session is done when it ends.
WORKS_FOR_SECONDS = 10.0


@dataclass(frozen=True)
class Dependencies:
    regrading: RegradingRepository


def handle(command: VoidItem, call: Call, dependencies: Dependencies) -> Reply[VoidItemReply]:
    now, uid = call.received_at, call.caller.uid

    def decide(found: VoidReader) -> VoidChange:
        school_class = require_current(require_taught(found.school_class, by=uid))
        before = require_assignment(found.assignment)
        if command.question_id in before.voided:
            return VoidChange(before)
        require_question(found.template, before, command.question_id)
        after = void_question(before, command.question_id, sessions=found.count_sessions(), at=now)
        entry = QuestionChange(
            class_id=school_class.class_id,
            assignment_id=before.assignment_id,
            question_id=command.question_id,
            by=uid,
            at=now,
            note=command.note,
        )
        return VoidChange(after, entry)

    ids = (command.class_id, command.assignment_id)
    dependencies.regrading.void(*ids, decide, idempotency=call.idempotency)
    assignment = dependencies.regrading.regrade(*ids, at=now, seconds=WORKS_FOR_SECONDS)
    return Reply(VoidItemReply(assignment=assignment))
