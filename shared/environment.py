"""Environment variables and the types of their values: the parts of a setting's declaration."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

MAX_MINUTES = 365 * 24 * 60
# A weekend between two lessons: a session can be resumed for that long.
STALE_AFTER_MINUTES = 72 * 60
MAX_SECONDS = 300
MAX_TURNS_PER_MINUTE = 10_000
MAX_TOKENS = 10**12
# One call of the model reserves about as much, so a smaller budget could never be spent.
MIN_TOKENS = 20_000
MAX_WRITES = 1_000_000
MAX_JOIN_ATTEMPTS = 100_000
MAX_PROXIES = 9
MAX_BYTES_PER_DAY = 10**12
# The largest body, which could otherwise never be stored.
MIN_BYTES_PER_DAY = 1024 * 1024
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
HOST = r"([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?"
URL = rf"https?://{HOST}(/\S*)?"


class Use(StrEnum):
    """A part of the back end that a function uses, with settings, secrets and roles of its own."""

    USERS = "requests of users"
    SCHEDULER = "requests of the scheduler"
    DATABASE = "templates, sessions and students in Firestore"
    SEALS = "seals of answer keys and progress"
    TUTOR = "the tutor, with its model and its limits"
    LIMITS = "counts of the limits"
    WRITES = "requests that store"
    TEMPLATE_WRITES = "writes of templates and classes"
    SESSION_STARTS = "starts of sessions"
    JOINS = "attempts to join a class"


# Those of a function that stores what users send.
USUAL_USES = frozenset({Use.DATABASE, Use.SEALS, Use.LIMITS, Use.WRITES})


class SetBy(StrEnum):
    """The party that sets a variable."""

    DEPLOYMENT = "a deployment"
    PLATFORM = "Cloud Run or Cloud Functions"
    LOCAL_STACK = "the local stack; a deployed function does not start with it"
    TESTS = "tests; elsewhere the default is the only right value"
    NOBODY = "nobody; a function does not start with it"


@dataclass(frozen=True)
class Variable:
    """An environment variable.

    `default` is the value of an unset variable, `demo_default` the one in projects whose id starts
    with `demo-`, where it differs. Both may refer to a setting declared before, as in
    `{FIRESTORE_DATABASE}`. `default_words` describe the default in README.md where its text does
    not. Functions with this `use` need the variable; all functions do if it is None. The value of a
    `secret` is in Secret Manager.
    """

    name: str
    description: str
    default: str = ""
    demo_default: str | None = None
    default_words: str = ""
    use: Use | None = None
    set_by: SetBy = SetBy.DEPLOYMENT
    secret: bool = False


def setting(name: str, description: str, **details: Any) -> Any:
    """A model's field for the value of a variable. The arguments are those of Variable."""
    variable = Variable(name, description, **details)
    field = Field(repr=not variable.secret)
    field.metadata.append(variable)
    return field


@dataclass(frozen=True)
class Surroundings:
    """The values besides its own that a rule may depend on.

    `texts` are the values of all settings, by variable. A process is local if its project's id
    starts with `demo-` and no platform runs it. `uses` are those of its function.
    """

    texts: Mapping[str, str]
    is_demo: bool
    is_local: bool
    uses: frozenset[Use]


Info = ValidationInfo[Surroundings]


def whole_number(least: int, most: int, message: str, *, or_zero: bool = False) -> BeforeValidator:
    # The length is bounded before int(), which refuses thousands of digits in its own words.
    digits = re.compile(f"[0-9]{{1,{max(6, len(str(most)))}}}")

    def parse(text: str) -> int:
        if not digits.fullmatch(text):
            raise ValueError(message)
        number = int(text)
        if not (least <= number <= most or (or_zero and number == 0)):
            raise ValueError(message)
        return number

    return BeforeValidator(parse)


def matching(pattern: str, message: str) -> AfterValidator:
    def require_match(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(message)
        return text

    return AfterValidator(require_match)


def required(message: str, use: Use | None = None) -> AfterValidator:
    """Refuses an empty text in functions with this use, in all functions if it is None."""

    def require_text(text: str, info: Info) -> str:
        if not text and (use is None or use in info.context.uses):
            raise ValueError(message)
        return text

    return AfterValidator(require_text)


def split_list(text: str) -> tuple[str, ...]:
    """The parts between commas, stripped, without empty ones."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _parse_boolean(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError("must be true or false.")
    return text.lower() == "true"


def _parse_log_level(text: str) -> str:
    if text.upper() not in LOG_LEVELS:
        raise ValueError(f"must be one of {', '.join(LOG_LEVELS)}.")
    return text.upper()


def _require_keys_url(url: str, info: Info) -> str:
    scheme = "https?" if info.context.is_demo else "https"
    if not re.fullmatch(rf"{scheme}://{HOST}/\S*", url):
        raise ValueError("must be an https address.")
    return url


def _require_seal_keys(keys: tuple[str, ...], info: Info) -> tuple[str, ...]:
    if any(not re.fullmatch("[A-Za-z0-9_-]{43}=", key) for key in keys):
        # Without quoting it: a key that is almost right is a secret too.
        raise ValueError("must be keys of 32 bytes in URL-safe base64.")
    if not keys and Use.SEALS in info.context.uses and not info.context.is_local:
        raise ValueError("must hold the keys that seal answer keys and progress.")
    return keys


def _require_model_for_key(model: str, info: Info) -> str:
    if not model and info.context.texts["OPENAI_API_KEY"]:
        raise ValueError("must name the model that OPENAI_API_KEY is for.")
    return model


def _require_project_number(number: str, info: Info) -> str:
    if number and not re.fullmatch("[0-9]{1,20}", number):
        raise ValueError("must be the project's number, not its id.")
    if not number and split_list(info.context.texts["APP_CHECK_APP_IDS"]):
        raise ValueError("must be set where APP_CHECK_APP_IDS is.")
    return number


RequiredProjectId = Annotated[str, required("must name the project.")]
WebOrigin = Annotated[
    str, matching(rf"\*|https?://{HOST}", "is not an origin like https://example.com.")
]
WebOrigins = Annotated[tuple[WebOrigin, ...], BeforeValidator(split_list)]
PositiveMinutes = Annotated[
    int,
    whole_number(1, MAX_MINUTES, f"must be a whole number of minutes from 1 to {MAX_MINUTES}."),
]
PositiveSeconds = Annotated[
    int,
    whole_number(1, MAX_SECONDS, f"must be a whole number of seconds from 1 to {MAX_SECONDS}."),
]
Turns = Annotated[
    int,
    whole_number(
        0, MAX_TURNS_PER_MINUTE, f"must be 0, for no limit, or 1 to {MAX_TURNS_PER_MINUTE}."
    ),
]
Tokens = Annotated[
    int,
    whole_number(
        MIN_TOKENS,
        MAX_TOKENS,
        f"must be 0, for no limit, or {MIN_TOKENS} to {MAX_TOKENS} tokens.",
        or_zero=True,
    ),
]
Writes = Annotated[
    int, whole_number(0, MAX_WRITES, f"must be 0, for no limit, or 1 to {MAX_WRITES}.")
]
JoinAttempts = Annotated[
    int,
    whole_number(0, MAX_JOIN_ATTEMPTS, f"must be 0, for no limit, or 1 to {MAX_JOIN_ATTEMPTS}."),
]
Proxies = Annotated[
    int, whole_number(0, MAX_PROXIES, f"must be a number of proxies from 0 to {MAX_PROXIES}.")
]
StoredBytes = Annotated[
    int,
    whole_number(
        MIN_BYTES_PER_DAY,
        MAX_BYTES_PER_DAY,
        f"must be 0, for no limit, or {MIN_BYTES_PER_DAY} to {MAX_BYTES_PER_DAY} bytes.",
        or_zero=True,
    ),
]
SchedulerClaim = Annotated[
    str, required("must be set: it identifies the scheduler.", Use.SCHEDULER)
]
Boolean = Annotated[bool, BeforeValidator(_parse_boolean)]
LogLevel = Annotated[str, BeforeValidator(_parse_log_level)]
SealKeys = Annotated[
    tuple[str, ...], BeforeValidator(split_list), AfterValidator(_require_seal_keys)
]
ModelName = Annotated[str, AfterValidator(_require_model_for_key)]
Url = Annotated[str, matching(URL, "must be an http or https address.")]
OptionalUrl = Annotated[str, matching(f"({URL})?", "must be an http or https address.")]
KeysUrl = Annotated[str, AfterValidator(_require_keys_url)]
ProjectNumber = Annotated[str, AfterValidator(_require_project_number)]
AppId = Annotated[
    str, matching("1:[0-9]+:[a-z]+:[0-9a-f]+", "is not an app id like 1:123:web:4a5b.")
]
AppIds = Annotated[tuple[AppId, ...], BeforeValidator(split_list)]
