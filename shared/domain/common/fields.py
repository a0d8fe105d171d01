"""The types that contracts and documents share: texts, ids, minutes, instants, time zones."""

import re
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PlainValidator,
    StringConstraints,
)
from pydantic_core import CoreSchema

from shared.domain.common.json_schema import Check

# `__x__` is reserved as the id of a document, and a slash would address another document.
ID_PATTERN = r"^[A-Za-z0-9_-]{1,128}$"
CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")

# Lookaheads of JSON schema. JavaScript's \s lacks some of what Python strips as white space.
NOT_RESERVED_PATTERN = r"(?!__(.*__)?$|___$)"
NOT_BLANK_PATTERN = r"(?=[\s\S]*[^\s\u001c-\u001f\u0085])"


def _require_not_reserved(value: str) -> str:
    if value.startswith("__") and value.endswith("__"):
        raise ValueError("names of the form __x__ are reserved")
    return value


NOT_RESERVED = Check(AfterValidator(_require_not_reserved), pattern=NOT_RESERVED_PATTERN)


def _require_not_a_path(value: str) -> str:
    if value in (".", ".."):
        raise ValueError("must not be . or ..")
    return value


NOT_A_PATH = Check(AfterValidator(_require_not_a_path), pattern=r"(?!\.{1,2}$)")


def _require_not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be blank")
    return value


NOT_BLANK = Check(AfterValidator(_require_not_blank), pattern=NOT_BLANK_PATTERN)


def _require_no_control_characters(value: str) -> str:
    if CONTROL_CHARACTER.search(value):
        raise ValueError("must not contain control characters")
    return value


NO_CONTROL_CHARACTERS = Check(
    AfterValidator(_require_no_control_characters), pattern=r"(?=[^\u0000-\u001f\u007f]*$)"
)


DATE_AND_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:")
PHONE_NUMBER = re.compile(r"\+[0-9]+")


def _require_no_name_or_address(value: str) -> str:
    if (
        "@" in value
        or any(character.isspace() for character in value)
        or PHONE_NUMBER.fullmatch(value)
    ):
        raise ValueError(
            "must be a user id (uid), not a name, an e-mail address or a phone number: "
            "an operator finds uids with `python -m admin uid EMAIL`"
        )
    return value


# A lookahead of JSON schema; see the ones above.
NOT_A_NAME_OR_ADDRESS = Check(
    AfterValidator(_require_no_name_or_address),
    pattern=r"(?=[^@\s\u001c-\u001f\u0085]*$)(?!\+[0-9]+$)",
)


def _require_unique(values: list[str]) -> list[str]:
    if len(set(values)) != len(values):
        raise ValueError("must not repeat an entry")
    return values


UNIQUE = Check(AfterValidator(_require_unique), uniqueItems=True)


def _require_number(value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number")
    return value


def _whole(value: object) -> object:
    """JSON has one kind of number, so 5.0 is a whole one; Dart writes it so."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _require_date_and_time(value: object) -> object:
    """Without it a number would be taken as seconds since 1970."""
    if not isinstance(value, str) or not DATE_AND_TIME.match(value):
        raise ValueError("must be a date and time with a time zone, as 2026-03-02T17:00:00Z")
    return value


@cache
def _time_zones() -> frozenset[str]:
    """The names in the list of the time zone database.

    A search for files would also find others, such as "localtime", the zone of the machine.
    """
    return frozenset(files("tzdata").joinpath("zones").read_text().split()) - {"Factory"}


def _require_time_zone(name: str) -> str:
    if name not in _time_zones():
        raise ValueError("must be an IANA time zone name, such as Europe/Paris")
    return name


IANA_TIME_ZONE = Check(
    AfterValidator(_require_time_zone), description="A name of the IANA time zone database."
)


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN), NOT_RESERVED]
# A uid is the id of a document (students/{uid}), so it must be valid as one.
UserId = Annotated[
    str,
    StringConstraints(pattern=r"^[^/]{1,128}$"),
    NOT_RESERVED,
    NOT_A_PATH,
    NO_CONTROL_CHARACTERS,
]
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=120),
    NOT_BLANK,
    NO_CONTROL_CHARACTERS,
]
PracticeMode = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60),
    NOT_BLANK,
    NO_CONTROL_CHARACTERS,
]
ExerciseName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    NOT_BLANK,
    NO_CONTROL_CHARACTERS,
]
# A label may become the key of a map in a document, as a subject does in a student's totals.
Label = Annotated[Name, NOT_RESERVED]
Text = Annotated[str, StringConstraints(max_length=2_000)]
LongText = Annotated[str, StringConstraints(max_length=10_000)]
# The target of a log entry: an exercise's id or, where it has none, its name.
NodeId = Annotated[str, StringConstraints(min_length=1, max_length=200), NOT_BLANK]
# One check, so that a wrong value is reported once and not for each member of a union.
Number = Annotated[int | float, Check(PlainValidator(_require_number), type="number")]
Minutes = Annotated[Number, Field(ge=0, le=100_000)]
UnitInterval = Annotated[Number, Field(ge=0, le=1)]
WholeNumber = Annotated[int, BeforeValidator(_whole)]
Milliseconds = Annotated[WholeNumber, Field(ge=0, le=86_400_000)]
Seconds = Annotated[WholeNumber, Field(ge=0, le=6_000_000)]
ScoreOutOfTen = Annotated[WholeNumber, Field(ge=1, le=10)]
TimeZone = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_+/-]{0,63}$"),
    IANA_TIME_ZONE,
]
UserIds = Annotated[list[UserId], Field(max_length=1_000), UNIQUE]
# Firebase makes uids of letters and digits. A project may choose its own, but a list with an e-mail
# address or a name in it is far more likely a mistake, which nobody would notice.
StudentIds = Annotated[
    list[Annotated[UserId, NOT_A_NAME_OR_ADDRESS]], Field(max_length=1_000), UNIQUE
]
Ids = Annotated[list[Id], Field(max_length=50), UNIQUE]
Instant = AwareDatetime
# Strict models take texts in requests for texts alone.
SentInstant = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_require_date_and_time)]


class JsonEnum(StrEnum):
    """An enumeration that JSON carries by value: strict models accept the value too."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return {**handler(source), "strict": False}


class ValueObject(BaseModel):
    """An immutable part of a document; a transition returns a changed copy.

    Unknown fields are ignored: a newer version of a function may have written them, and an update
    changes known fields only.
    """

    # Validators are built at their first use: no function uses all models that it imports.
    model_config = ConfigDict(frozen=True, defer_build=True)
