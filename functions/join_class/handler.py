"""Makes a student a member of the class that a code stands for."""

from dataclasses import dataclass

from functions.join_class.contract import JoinClass, JoinClassReply
from shared.domain.classes.join_code import parse_code
from shared.domain.classes.membership import Entry, entry_of, join, rename
from shared.domain.classes.school_class import SchoolClass
from shared.domain.common.errors import JoinCodeNotValid
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.classes import ClassRepository, JoinReader, MemberChange


@dataclass(frozen=True)
class Dependencies:
    classes: ClassRepository


def handle(
    command: JoinClass, call: Call, dependencies: Dependencies
) -> Reply[JoinClassReply] | StoredReply:
    code = parse_code(command.code)
    if code is None:
        raise JoinCodeNotValid
    uid, now = call.caller.uid, call.received_at

    def decide(found: JoinReader) -> MemberChange[JoinClassReply]:
        if found.member and found.school_class and found.member.joined_at == now:
            # This very request made the member, in a commit whose response got lost.
            return MemberChange(_reply(found.school_class, is_resumed=False))
        try:
            entry = entry_of(uid, found.code, found.school_class, found.member, at=now)
        except JoinCodeNotValid:
            found.search_places()  # as for a code that is used up, so that both take as long
            raise
        school_class, member = found.school_class, found.member
        assert school_class is not None
        if entry is Entry.MEMBER and member is not None:
            renamed = rename(member, command.display_name)
            changed = renamed if renamed != member else None
            return MemberChange(_reply(school_class, is_resumed=True), changed)
        if not found.take_place():
            raise JoinCodeNotValid
        joined = join(school_class.class_id, uid, command.display_name, at=now)
        return MemberChange(_reply(school_class, is_resumed=False), joined)

    return dependencies.classes.join(code, uid, decide, idempotency=call.idempotency)


def _reply(school_class: SchoolClass, *, is_resumed: bool) -> Reply[JoinClassReply]:
    body = JoinClassReply.model_validate({"class": school_class, "resumed": is_resumed})
    return Reply(body, status=200 if is_resumed else 201)
