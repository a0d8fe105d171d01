"""Returns the student's pack of the local day, made once, or draws its next portion."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from functions.daily_pack.collection import collect_contents
from functions.daily_pack.contract import DailyPack, DailyPackReply
from shared.domain.packs.contents import PackContents
from shared.domain.packs.pack import Pack, PackStatus, pack_id_of
from shared.domain.packs.session import begin_pack
from shared.domain.sessions.session import Session, Status
from shared.domain.students.student import Student, change_day_begins, change_time_zone
from shared.ports.calls import Call, Reply, StoredReply
from shared.ports.packs import PackChange, PackReader, PackRepository
from shared.ports.sealing import PracticeSealer, TemplateSealer, seal_new


@dataclass(frozen=True)
class Dependencies:
    packs: PackRepository
    practice_sealer: PracticeSealer
    template_sealer: TemplateSealer
    new_id: Callable[[], str]


def handle(
    command: DailyPack, call: Call, dependencies: Dependencies
) -> Reply[DailyPackReply] | StoredReply:
    student_id, now = call.caller.uid, call.received_at
    session_id = dependencies.new_id()

    def decide(stored: Student | None, reader: PackReader) -> PackChange[DailyPackReply]:
        student = stored or Student(student_id=student_id)
        if command.timezone is not None:
            student = change_time_zone(student, command.timezone, at=now)
        if command.day_begins is not None:
            student = change_day_begins(student, command.day_begins, at=now)
        changed = student if student != (stored or Student(student_id=student_id)) else None
        days = student.local_days
        today = days.date_of(now)
        known = reader.pack(pack_id_of(today))
        if known is not None:
            pack, session = known
            is_active = session is not None and session.status is Status.ACTIVE
            if is_active or not command.more:
                return PackChange(_resumed(pack, session), student=changed)
        collected = collect_contents(
            command, reader, dependencies.template_sealer, days=days, at=now
        )
        if not collected.contents.entries:
            if known is not None:
                return PackChange(_resumed(*known), student=changed)
            empty = _empty(command, student, collected.contents, today, call)
            return PackChange(empty, student=changed)
        portion = known[0].portion + 1 if known else 1
        begun = begin_pack(
            collected.contents,
            collected.sources,
            blocks=collected.blocks,
            student=student,
            session_id=session_id,
            portion=portion,
            subject=command.subject,
            seal=partial(seal_new, dependencies.practice_sealer),
            at=now,
        )
        body = DailyPackReply(
            pack=begun.pack, stored_session=begun.session.stored_session, resumed=False
        )
        return PackChange(
            Reply(body, status=201),
            pack=begun.pack,
            session=begun.session,
            student=changed,
        )

    return dependencies.packs.change(
        decide, student_id=student_id, session_id=session_id, idempotency=call.idempotency
    )


def _resumed(pack: Pack, session: Session | None) -> Reply[DailyPackReply]:
    """The pack with the status that its session has: a sweep may just be ending it."""
    status = PackStatus(session.status) if session else pack.status
    stored = session.stored_session if session else None
    current = pack.model_copy(update={"status": status})
    return Reply(DailyPackReply(pack=current, stored_session=stored, resumed=True), status=200)


def _empty(
    command: DailyPack, student: Student, contents: PackContents, today: date, call: Call
) -> Reply[DailyPackReply]:
    pack = Pack(
        pack_id=pack_id_of(today),
        session_id=None,
        portion=0,
        local_date=today.isoformat(),
        timezone=student.timezone,
        subject=command.subject,
        status=PackStatus.EMPTY,
        due_total=contents.due_total,
        deferred=contents.due_total,
        created_at=call.received_at,
    )
    return Reply(DailyPackReply(pack=pack, stored_session=None, resumed=False), status=200)
