"""Daily packs as their use case reads and stores them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol

from shared.domain.packs.pack import Pack
from shared.domain.sessions.session import Session
from shared.domain.students.skills import Skill
from shared.domain.students.student import Student
from shared.domain.templates.template import Template
from shared.ports.calls import IdempotencyContext, R, R_co, Reply, StoredReply

# The most documents that one request reads.
MAX_READS = 70


class PackReader(Protocol):
    """Reads for one decision, at most MAX_READS documents: with few left, a list is shorter."""

    reads_left: int

    def pack(self, pack_id: str) -> tuple[Pack, Session | None] | None:
        """The stored pack, and the session of its latest portion with its state."""

    def due_skills(self, before: datetime, limit: int) -> list[Skill]:
        """Skills whose review is due before the instant, those due longest first."""

    def recent_skills(self, limit: int) -> list[Skill]:
        """The skills practised last."""

    def assigned_template_ids(self, limit: int) -> list[str]:
        """Templates assigned to the student, the newest first."""

    def own_template_ids(self, limit: int) -> list[str]:
        """Templates that the student wrote, the latest first."""

    def skills(self, skill_ids: Sequence[str]) -> dict[str, Skill | None]:
        """The stored skills by skill_id, None for one that was never practised."""

    def templates(self, template_ids: Sequence[str]) -> list[Template]:
        """Those of the templates that the student may start from."""


@dataclass(frozen=True)
class PackChange(Generic[R_co]):
    """The reply, and what to store before it is given: the pack with its new session, or neither;
    the student where a setting of theirs changed.
    """

    reply: Reply[R_co]
    pack: Pack | None = None
    session: Session | None = None
    student: Student | None = None


DecidePack = Callable[[Student | None, PackReader], PackChange[R]]


class PackRepository(Protocol):
    def change(
        self,
        decide: DecidePack[R],
        *,
        student_id: str,
        session_id: str,
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        """Decides on a student's pack and stores the decision atomically.

        The decision is made again from fresh documents when another request was faster. A pack is
        stored on condition that it is as the decision read it. A new session has `session_id`.
        Raises the refusals of the decision, IdempotencyKeyReused, or Unavailable.
        """
