"""Join codes, and the places of a class that its code gives away."""

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from shared.domain.common.errors import FieldError, InvalidArgument
from shared.domain.common.fields import Id, Instant, ValueObject, WholeNumber

# Crockford's base 32 (https://www.crockford.com/base32.html): digits and letters without I, L, O
# and U, which are read as, or written like, others.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 7
LOOK_ALIKES = str.maketrans("OIL", "011")
SEPARATORS = re.compile(r"[\s\-\u2010-\u2015]+")
CODE = re.compile(f"[{ALPHABET}]{{{CODE_LENGTH}}}")

DEFAULT_MAX_STUDENTS = 40
# A class of which each student joins in one minute then writes each of its ten documents of places
# less than once in a second, which Firestore sustains.
MAX_STUDENTS = 500
SHARDS = 10
VALID_FOR = timedelta(days=30)
LONGEST_VALID_FOR = timedelta(days=366)

MaxStudents = Annotated[WholeNumber, Field(ge=1, le=MAX_STUDENTS)]


class JoinSettings(ValueObject):
    """How students join a class, for its teachers. Without a code nobody can."""

    schema_version: Literal[1] = 1
    code: Annotated[str, Field(pattern=f"^{CODE.pattern}$")] | None
    expires_at: Instant | None
    max_students: MaxStudents
    created_at: Instant | None


class JoinCode(ValueObject):
    """What a code stands for. Only functions read it."""

    schema_version: Literal[1] = 1
    class_id: Id
    expires_at: Instant
    created_at: Instant

    def is_valid(self, *, at: Instant) -> bool:
        return at < self.expires_at


def new_code(choose: Callable[[str], str]) -> str:
    """A random code. `choose` picks a symbol: 32 ** 7 codes, 35 bits."""
    return "".join(choose(ALPHABET) for _ in range(CODE_LENGTH))


def parse_code(text: str) -> str | None:
    """The code that somebody typed, in any case, with hyphens, or O for 0; None for no code."""
    code = SEPARATORS.sub("", text).upper().translate(LOOK_ALIKES)
    return code if CODE.fullmatch(code) else None


def shard_of(uid: str) -> int:
    """The document of places that this student takes one from, while it has any."""
    return int.from_bytes(hashlib.sha256(uid.encode()).digest()[:4], "big") % SHARDS


def share_out(places: int) -> list[int]:
    """The places of each document: equal shares, the first ones one more."""
    each, more = divmod(places, SHARDS)
    return [each + (shard < more) for shard in range(SHARDS)]


def find_place(left: Sequence[int], uid: str) -> int | None:
    """The document to take a place from, the student's own or the next that has one."""
    own = shard_of(uid)
    order = [(own + step) % SHARDS for step in range(SHARDS)]
    return next((shard for shard in order if left[shard] > 0), None)


def open_join(
    code: str, *, max_students: int, expires_at: Instant | None, at: Instant
) -> JoinSettings:
    """Settings with a new code, valid for thirty days unless an end is given."""
    return JoinSettings(
        code=code,
        expires_at=expires_at or at + VALID_FOR,
        max_students=max_students,
        created_at=at,
    )


def close_join(settings: JoinSettings) -> JoinSettings:
    """Settings without a code."""
    return settings.model_copy(update={"code": None, "expires_at": None, "created_at": None})


def code_of(settings: JoinSettings, class_id: str) -> JoinCode:
    """The document of the settings' code. Only for settings that have one."""
    return JoinCode.model_validate(
        {
            "class_id": class_id,
            "expires_at": settings.expires_at,
            "created_at": settings.created_at,
        }
    )


def require_valid_expiry(expires_at: Instant | None, *, at: Instant) -> None:
    """Raises InvalidArgument for an end that has passed, or is more than a year away."""
    if expires_at is None:
        return
    if not at < expires_at <= at + LONGEST_VALID_FOR:
        message = "must be in the future, and within a year"
        raise InvalidArgument(errors=[FieldError("join.expires_at", message)])


def places_left(max_students: int, active_members: int) -> int:
    """The places of a code. Raises InvalidArgument where the class has more students already."""
    if max_students < active_members:
        message = f"must be at least {active_members}, the number of students of the class"
        raise InvalidArgument(errors=[FieldError("join.max_students", message)])
    return max_students - active_members
