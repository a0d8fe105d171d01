"""The session of a daily pack: infinite practice's turns on a fixed plan."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from shared.domain.common.fields import Instant
from shared.domain.packs.contents import PackContents, PackEntry, Sources, pack_source
from shared.domain.packs.pack import (
    Pack,
    PackBlocks,
    PackItem,
    PackStatus,
    pack_id_of,
)
from shared.domain.practice.client_view import ResealedPractice, shown_stem
from shared.domain.practice.history import add_history
from shared.domain.practice.planned_blocks import planned_draft
from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import add_block, begin_turn, start_practice
from shared.domain.sessions.session import Mode, Session, SessionPack, Status
from shared.domain.sessions.session_data import SessionContent
from shared.domain.sessions.synchronisation import synchronise
from shared.domain.students.reviews import retrievability
from shared.domain.students.student import Origin, Student

NAME = "Daily pack"
# The questions are the templates' own, as those of the tutor without a model.
TUTOR = "offline"


class BegunPack(NamedTuple):
    pack: Pack
    session: Session


def begin_pack(
    contents: PackContents,
    sources: Sources,
    *,
    blocks: PackBlocks,
    student: Student,
    session_id: str,
    portion: int,
    subject: str | None,
    seal: Callable[[Practice], ResealedPractice],
    at: Instant,
) -> BegunPack:
    """A portion of the student's pack of this local day, and its session with the first question
    pending.
    """
    subject = subject or _common_subject(contents, sources)
    practice = start_practice(
        pack_source(contents.entries, sources, name=NAME, subject=subject),
        session_id=session_id,
        student_id=student.student_id,
        tutor=TUTOR,
        at=at,
    )
    practice = add_history(practice, {e.skill_id: e.skill for e in contents.entries}, at=at)
    practice = begin_turn(practice, state_hash=None)
    practice = add_block(practice, planned_draft(practice), tutor=TUTOR, degraded=False)
    today = student.local_days.date_of(at)
    session = Session(
        session_id=session_id,
        student_id=student.student_id,
        teacher_id=None,
        template_id=None,
        template_name=None,
        template_version=None,
        origin=Origin.SELF_PRACTICE,
        mode=Mode.DAILY,
        name=NAME,
        description="",
        root_id=None,
        parent_ids=[],
        subject=subject,
        topic=None,
        grade_level=None,
        timezone=student.timezone,
        day_begins=student.day_begins,
        status=Status.ACTIVE,
        started_at=at,
        last_activity_at=at,
        session_data=_ticked(blocks),
        pack=SessionPack(
            pack_id=pack_id_of(today),
            local_date=today.isoformat(),
            questions=len(practice.source.bank),
        ),
    )
    step = synchronise(session, seal(practice), {}, at=at)
    if step is None:
        raise AssertionError("a session without a state takes any")
    pack = Pack(
        pack_id=pack_id_of(today),
        session_id=session_id,
        portion=portion,
        local_date=today.isoformat(),
        timezone=student.timezone,
        subject=subject,
        status=PackStatus.ACTIVE,
        due_total=contents.due_total,
        deferred=contents.due_total - len(contents.reviews),
        review_items=_items(contents.reviews, practice, at=at),
        new_items=_items(contents.new, practice, at=at),
        blocks=blocks,
        created_at=at,
    )
    return BegunPack(pack, step.session.model_copy(update={"revision": 1}))


def _items(entries: Sequence[PackEntry], practice: Practice, *, at: Instant) -> list[PackItem]:
    return [
        PackItem(
            item_id=question.question.question_id,
            skill_id=entry.skill_id,
            skill=entry.name,
            template_id=entry.binding.template_id,
            node_id=question.origin.node_id,
            question=practice.as_shown(question.question).public_view(),
            stem=shown_stem(practice, question.question),
            due_at=entry.skill.due_at if entry.skill else None,
            retrievability=retrievability(entry.skill.card, at) if entry.skill else 0.0,
        )
        for entry in entries
        for question in entry.questions
        if question.origin
    ]


def _ticked(blocks: PackBlocks) -> SessionContent:
    """The blocks as exercises that can be ticked."""
    exercises = [
        {"id": name, "name": name, "completed": False, "notes": ""}
        for name, block in blocks
        if block is not None
    ]
    sections = [{"name": NAME, "exercises": exercises}] if exercises else []
    return SessionContent.model_validate({"sections": sections})


def _common_subject(contents: PackContents, sources: Sources) -> str | None:
    """The subject of all the pack's templates, where they have one."""
    subjects = {sources[entry.binding.template_id].subject for entry in contents.entries}
    return subjects.pop() if len(subjects) == 1 else None
