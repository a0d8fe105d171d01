"""The settings: each declared once, read from the environment, its mistakes reported together.

README.md's table (`make openapi`) and the deployment read the declarations.
pydantic-settings is not used: importing it takes as long as importing pydantic, about 60 ms.
"""

from collections.abc import Collection, Iterator, Mapping

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from shared.domain.common.validation import message_of
from shared.environment import (
    MIN_BYTES_PER_DAY,
    MIN_TOKENS,
    STALE_AFTER_MINUTES,
    USUAL_USES,
    AppIds,
    Boolean,
    JoinAttempts,
    KeysUrl,
    LogLevel,
    ModelName,
    OptionalUrl,
    PositiveMinutes,
    PositiveSeconds,
    ProjectNumber,
    Proxies,
    RequiredProjectId,
    SchedulerClaim,
    SealKeys,
    SetBy,
    StoredBytes,
    Surroundings,
    Tokens,
    Turns,
    Url,
    Use,
    Variable,
    WebOrigins,
    Writes,
    setting,
)

USER_KEYS_URL = (
    "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com"
)
OPENAI_URL = "https://api.openai.com/v1"
# The database where a deployment stores the counts of the limits, apart from all other data.
LIMITS_DATABASE = "practice-limits"
# The limits on requests in `demo-` projects: programs on one machine are faster than people.
UNLIMITED = "0"
# Descriptions that several variables share.
KEYS = "the URL of the public keys (JWKS) that verify tokens"
EMULATORS = (
    "emulators, with which unsigned tokens are accepted; "
    "allowed in `demo-` projects that are not deployed"
)
TRACING = "must stay unset: LangChain would send what students write to a tracing service"
SAMPLING = "the sampling of traces; read by OpenTelemetry's SDK"
PLATFORM = "the deployed function; set by the platform"


class SettingsError(Exception):
    """The process must not start. The message has a line for each problem."""


class Settings(BaseModel):
    """`accepts_emulator_tokens` is never true in production: see docs/adr/0004."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    accepts_emulator_tokens: bool
    project_id: RequiredProjectId = setting(
        "GOOGLE_CLOUD_PROJECT",
        "the project's id; an id that starts with `demo-` is that of a local project",
        default_words="required",
    )
    database: str = setting(
        "FIRESTORE_DATABASE", "the Firestore database", default="(default)", use=Use.DATABASE
    )
    allowed_origins: WebOrigins = setting(
        "ALLOWED_ORIGINS",
        "the origins of web clients, separated by commas, or `*`",
        default_words="none",
        demo_default="*",
        use=Use.USERS,
    )
    stale_after_minutes: PositiveMinutes = setting(
        "STALE_AFTER_MINUTES",
        "minutes without activity after which cleanup ends a session; until then it can be resumed",
        default=str(STALE_AFTER_MINUTES),
        use=Use.SCHEDULER,
    )
    cleanup_audience: SchedulerClaim = setting(
        "CLEANUP_AUDIENCE",
        "the audience in the scheduler's OIDC token",
        default_words="required by cleanup",
        demo_default="cleanup_stale_sessions",
        use=Use.SCHEDULER,
    )
    cleanup_service_account: SchedulerClaim = setting(
        "CLEANUP_SERVICE_ACCOUNT",
        "the e-mail address of the scheduler's service account",
        default_words="required by cleanup",
        demo_default="scheduler@{GOOGLE_CLOUD_PROJECT}.iam.gserviceaccount.com",
        use=Use.SCHEDULER,
    )
    cleanup_behind_iam: Boolean = setting(
        "CLEANUP_BEHIND_IAM",
        "`true` only where IAM guards the cleanup function and so removes the token's signature",
        default="false",
        use=Use.SCHEDULER,
    )
    seal_keys: SealKeys = setting(
        "PRACTICE_SEAL_KEYS",
        "the keys that seal answer keys and progress, separated by commas, the newest first: "
        "32 random bytes each in URL-safe base64",
        default_words="required by functions that seal; generated in `demo-` projects",
        use=Use.SEALS,
        secret=True,
    )
    openai_api_key: str = setting(
        "OPENAI_API_KEY",
        "the key of the model's server; any text for a server that asks for none",
        default_words="unset: the tutor works offline",
        use=Use.TUTOR,
        secret=True,
    )
    openai_base_url: Url = setting(
        "OPENAI_BASE_URL",
        "the model's server: any that has OpenAI's API, such as vLLM, Ollama or llama.cpp",
        default=OPENAI_URL,
        use=Use.TUTOR,
    )
    practice_model: ModelName = setting(
        "PRACTICE_MODEL",
        "the name of the model",
        default_words="required with `OPENAI_API_KEY`",
        use=Use.TUTOR,
    )
    model_timeout_seconds: PositiveSeconds = setting(
        "MODEL_TIMEOUT_SECONDS",
        "the limit for one call of the model; all calls of a turn may take 10 seconds more",
        default="30",
        use=Use.TUTOR,
    )
    solve_drafts: Boolean = setting(
        "SOLVE_DRAFTS",
        "`true`: a second call of the model solves the questions of a block that it wrote, and "
        "those whose answer it doesn't find are dropped ([docs/tutor.md](docs/tutor.md))",
        default="true",
        use=Use.TUTOR,
    )
    turns_per_minute: Turns = setting(
        "TURNS_PER_MINUTE",
        "turns of one student in a minute; `0` is no limit ([docs/limits.md](docs/limits.md))",
        default="60",
        demo_default=UNLIMITED,
        use=Use.TUTOR,
    )
    student_tokens_per_day: Tokens = setting(
        "STUDENT_TOKENS_PER_DAY",
        "tokens that one student may spend on the model in a day (UTC), input and output together; "
        f"`0` is no limit, any other value is at least {MIN_TOKENS}",
        default="0",
        use=Use.TUTOR,
    )
    project_tokens_per_day: Tokens = setting(
        "PROJECT_TOKENS_PER_DAY", "the same for all students together", default="0", use=Use.TUTOR
    )
    template_writes_per_day: Writes = setting(
        "TEMPLATE_WRITES_PER_DAY",
        "requests of one user in a day (UTC) that create or update a template or a class; "
        "`0` is no limit",
        default="1000",
        demo_default=UNLIMITED,
        use=Use.TEMPLATE_WRITES,
    )
    session_starts_per_day: Writes = setting(
        "SESSION_STARTS_PER_DAY",
        "requests of one user in a day (UTC) that start a session; `0` is no limit",
        default="500",
        demo_default=UNLIMITED,
        use=Use.SESSION_STARTS,
    )
    stored_bytes_per_day: StoredBytes = setting(
        "STORED_BYTES_PER_DAY",
        "bytes that one user may send in a day (UTC) to be stored, in templates and sessions; "
        f"`0` is no limit, any other value is at least {MIN_BYTES_PER_DAY}",
        default="100000000",
        demo_default=UNLIMITED,
        use=Use.WRITES,
    )
    join_attempts_per_hour: JoinAttempts = setting(
        "JOIN_ATTEMPTS_PER_HOUR",
        "join codes of one user in an hour that open no class; `0` is no limit",
        default="20",
        demo_default=UNLIMITED,
        use=Use.JOINS,
    )
    address_join_attempts_per_hour: JoinAttempts = setting(
        "ADDRESS_JOIN_ATTEMPTS_PER_HOUR",
        "the same for all users of one network address, such as a school's",
        default="500",
        demo_default=UNLIMITED,
        use=Use.JOINS,
    )
    proxies: Proxies = setting(
        "PROXIES",
        "the proxies before the function that add an address to `X-Forwarded-For`: Cloud Run's "
        "front end, and one more for a load balancer",
        default="1",
        demo_default="0",
        use=Use.JOINS,
    )
    limits_shared: Boolean = setting(
        "LIMITS_SHARED",
        "`false`: each process counts on its own, and the counts need no database",
        default="true",
        use=Use.LIMITS,
    )
    limits_database: str = setting(
        "LIMITS_DATABASE",
        "the Firestore database that holds the counts of the limits",
        default="{FIRESTORE_DATABASE}",
        default_words="that of `FIRESTORE_DATABASE`",
        use=Use.LIMITS,
    )
    app_check_project_number: ProjectNumber = setting(
        "APP_CHECK_PROJECT_NUMBER",
        "the project's number: requests of users need an App Check token of this project",
        default_words="unset: apps are not checked",
        use=Use.USERS,
    )
    app_check_app_ids: AppIds = setting(
        "APP_CHECK_APP_IDS",
        "the ids of the apps that are admitted, separated by commas",
        default_words="all apps of the project",
        use=Use.USERS,
    )
    log_level: LogLevel = setting(
        "LOG_LEVEL", "`DEBUG`, `INFO`, `WARNING` or `ERROR`", default="INFO"
    )
    user_keys_url: KeysUrl = setting(
        "USER_KEYS_URL", KEYS, default=USER_KEYS_URL, default_words="Google's", set_by=SetBy.TESTS
    )
    google_keys_url: KeysUrl = setting(
        "GOOGLE_KEYS_URL",
        KEYS,
        default="https://www.googleapis.com/oauth2/v3/certs",
        default_words="Google's",
        set_by=SetBy.TESTS,
    )
    app_check_keys_url: KeysUrl = setting(
        "APP_CHECK_KEYS_URL",
        KEYS,
        default="https://firebaseappcheck.googleapis.com/v1/jwks",
        default_words="Google's",
        set_by=SetBy.TESTS,
    )
    emulator_host: str = setting("FIRESTORE_EMULATOR_HOST", EMULATORS, set_by=SetBy.LOCAL_STACK)
    traces_endpoint: OptionalUrl = setting(
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "a collector that takes OTLP over HTTP",
        default_words="unset: no traces",
    )


FIELDS: Mapping[str, Variable] = {
    name: declared
    for name, field in Settings.model_fields.items()
    for declared in field.metadata
    if isinstance(declared, Variable)
}
# The settings of limits that are counted, each 0 for no limit.
COUNTED_LIMITS = (
    "turns_per_minute",
    "student_tokens_per_day",
    "project_tokens_per_day",
    "template_writes_per_day",
    "session_starts_per_day",
    "join_attempts_per_hour",
    "address_join_attempts_per_hour",
    "stored_bytes_per_day",
)
TRACING_VARIABLES = (
    "LANGSMITH_TRACING",
    "LANGSMITH_TRACING_V2",
    "LANGCHAIN_TRACING",
    "LANGCHAIN_TRACING_V2",
)
# Variables of no field: libraries or the platform read them, or they must stay unset.
OTHER_VARIABLES = (
    Variable("FIREBASE_AUTH_EMULATOR_HOST", EMULATORS, set_by=SetBy.LOCAL_STACK),
    *(Variable(name, TRACING, set_by=SetBy.NOBODY) for name in TRACING_VARIABLES),
    Variable(
        "OTEL_EXPORTER_OTLP_HEADERS",
        "headers for the collector, read by OpenTelemetry's SDK as other `OTEL_` variables are",
        secret=True,
    ),
    Variable("OTEL_TRACES_SAMPLER", SAMPLING, default_words="as the caller samples"),
    Variable("OTEL_TRACES_SAMPLER_ARG", SAMPLING, default_words="as the caller samples"),
    Variable(
        "THREADS",
        "threads of a process, one for each request at a time, read by functions-framework; "
        "a deployment sets it to the function's concurrency",
        default_words="4 per core; 32 locally",
    ),
    Variable("K_SERVICE", PLATFORM, set_by=SetBy.PLATFORM),
    Variable("FUNCTION_TARGET", PLATFORM, set_by=SetBy.PLATFORM),
)
VARIABLES = (*FIELDS.values(), *OTHER_VARIABLES)
EMULATOR_VARIABLES = tuple(v.name for v in VARIABLES if v.set_by is SetBy.LOCAL_STACK)


def load_settings(environ: Mapping[str, str], uses: Collection[Use] = USUAL_USES) -> Settings:
    """The settings of a process whose function has these uses.

    Raises SettingsError: a line for each variable that is missing, wrong or must not be set.
    """
    is_demo = environ.get("GOOGLE_CLOUD_PROJECT", "").startswith("demo-")
    is_local = "K_SERVICE" not in environ and is_demo
    texts = _texts(environ, is_demo=is_demo)
    problems = list(_forbidden(environ, is_local=is_local))
    values = {field: texts[variable.name] for field, variable in FIELDS.items()}
    try:
        settings = Settings.model_validate(
            {**values, "accepts_emulator_tokens": is_local and _has_emulator(environ)},
            context=Surroundings(texts, is_demo=is_demo, is_local=is_local, uses=frozenset(uses)),
        )
    except ValidationError as invalid:
        problems += [_problem(error) for error in invalid.errors()]
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def _has_emulator(environ: Mapping[str, str]) -> bool:
    """A real project may be called demo-something, so its name alone shows nothing."""
    return any(environ.get(name) for name in EMULATOR_VARIABLES)


def _texts(environ: Mapping[str, str], *, is_demo: bool) -> dict[str, str]:
    """The text of each setting, by its variable."""
    texts: dict[str, str] = {}
    for variable in FIELDS.values():
        default = variable.default
        if is_demo and variable.demo_default is not None:
            default = variable.demo_default
        texts[variable.name] = environ.get(variable.name, default.format_map(texts))
    return texts


def _forbidden(environ: Mapping[str, str], *, is_local: bool) -> Iterator[str]:
    for name in EMULATOR_VARIABLES:
        if name in environ and not is_local:
            yield (
                f"{name} must not be set here: emulators are for projects whose id starts with "
                "demo-, never for a deployed function."
            )
    for name in TRACING_VARIABLES:
        if environ.get(name, "").lower() not in ("", "false", "0"):
            yield f"{name} must not be set: it would send prompts and answers to a tracing service."


def _problem(error: ErrorDetails) -> str:
    """Only an item of a list is quoted."""
    field, *item = error["loc"]
    name = FIELDS[str(field)].name
    message = message_of(error)
    return f"{name}: {error['input']!r} {message}" if item else f"{name} {message}"
