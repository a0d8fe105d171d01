"""Classes and their members as use cases read and store them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol

from shared.domain.classes.join_code import JoinCode, JoinSettings
from shared.domain.classes.membership import Member
from shared.domain.classes.school_class import SchoolClass
from shared.ports.calls import IdempotencyContext, R, R_co, Reply, StoredReply


@dataclass(frozen=True)
class NewClass(Generic[R_co]):
    """The reply, and the class to store before it is given, with the places of its code."""

    reply: Reply[R_co]
    school_class: SchoolClass
    join: JoinSettings


@dataclass(frozen=True)
class ClassChange(Generic[R_co]):
    """The reply, and the class to store before it is given; None where nothing changes.

    `places` are shared out anew, unless it is None.
    """

    reply: Reply[R_co]
    school_class: SchoolClass | None = None
    join: JoinSettings | None = None
    places: int | None = None


@dataclass(frozen=True)
class MemberChange(Generic[R_co]):
    """The reply, and the member to store before it is given; None where nothing changes."""

    reply: Reply[R_co]
    member: Member | None = None


class ClassReader(Protocol):
    """A class as it was read for one decision. `join` is of a class that exists."""

    @property
    def school_class(self) -> SchoolClass | None: ...

    @property
    def join(self) -> JoinSettings: ...

    def unused_code(self) -> str:
        """A new code that no class has, the same at each attempt unless one took it meanwhile."""

    def count_students(self) -> int:
        """The active members. If one joins or leaves before the change is stored, it is decided
        again.
        """

    def students_among(self, uids: Sequence[str]) -> list[str]:
        """Those who are active members."""


class JoinReader(Protocol):
    """What a code stands for, and the student's membership, as read for one decision."""

    @property
    def code(self) -> JoinCode | None: ...

    @property
    def school_class(self) -> SchoolClass | None: ...

    @property
    def member(self) -> Member | None: ...

    def take_place(self) -> bool:
        """Whether there is a place; it is taken when the change is stored."""

    def search_places(self) -> None:
        """Does the work of looking for a place where none is left."""


class MemberReader(Protocol):
    @property
    def school_class(self) -> SchoolClass | None: ...

    @property
    def member(self) -> Member | None: ...


# Takes a code that no class has.
DecideNewClass = Callable[[str], NewClass[R]]
DecideClass = Callable[[ClassReader], ClassChange[R]]
DecideJoin = Callable[[JoinReader], MemberChange[R]]
DecideRemoval = Callable[[MemberReader], MemberChange[R]]


class ClassRepository(Protocol):
    """Stores classes, with the reply where the request has an Idempotency-Key.

    A decision is made again when another request was faster. Its refusals are raised, and
    IdempotencyKeyReused or Unavailable.
    """

    def add(
        self,
        class_id: str,
        decide: DecideNewClass[R],
        *,
        new_code: Callable[[], str],
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        """Stores a new class."""

    def change(
        self,
        class_id: str,
        decide: DecideClass[R],
        *,
        new_code: Callable[[], str],
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        """Decides on a class and its join code, and stores the change."""

    def join(
        self, code: str, student_id: str, decide: DecideJoin[R], *, idempotency: IdempotencyContext
    ) -> Reply[R] | StoredReply:
        """Decides on a student who has a code, and stores the member and the place taken."""

    def remove(
        self,
        class_id: str,
        student_id: str,
        decide: DecideRemoval[R],
        *,
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        """Decides on a member, and stores the removal and the place given back."""
