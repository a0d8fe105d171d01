"""Ends a student's membership of a class, and gives the place back."""

from dataclasses import dataclass

from functions.remove_member.contract import RemoveMember, RemoveMemberReply
from shared.domain.classes.membership import remove, require_removable
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.classes import ClassRepository, MemberChange, MemberReader


@dataclass(frozen=True)
class Dependencies:
    classes: ClassRepository


def handle(
    command: RemoveMember, call: Call, dependencies: Dependencies
) -> Reply[RemoveMemberReply] | StoredReply:
    def decide(found: MemberReader) -> MemberChange[RemoveMemberReply]:
        member = require_removable(
            found.school_class, found.member, command.student_id, by=call.caller.uid
        )
        removed = remove(member, at=call.received_at)
        reply = Reply(RemoveMemberReply(member=removed))
        return MemberChange(reply, removed if removed != member else None)

    return dependencies.classes.remove(
        command.class_id, command.student_id, decide, idempotency=call.idempotency
    )
