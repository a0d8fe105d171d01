"""All settings, read from the environment once, every mistake reported together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

USER_KEYS_URL = (
    "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com"
)
OPENAI_URL = "https://api.openai.com/v1"
GOOGLE_KEYS_URL = "https://www.googleapis.com/oauth2/v3/certs"
APP_CHECK_KEYS_URL = "https://firebaseappcheck.googleapis.com/v1/jwks"
EMULATOR_VARIABLES = ("FIRESTORE_EMULATOR_HOST", "FIREBASE_AUTH_EMULATOR_HOST")
# LangChain reads these itself, and then tells a service of its makers all that a model is told.
TRACING_VARIABLES = (
    "LANGSMITH_TRACING",
    "LANGSMITH_TRACING_V2",
    "LANGCHAIN_TRACING",
    "LANGCHAIN_TRACING_V2",
)
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
MAX_MINUTES = 365 * 24 * 60
MAX_SECONDS = 300
MAX_TURNS = 10_000
MAX_TOKENS = 10**12
# One call of the model reserves about as much: of less nothing could ever be spent.
MIN_TOKENS = 20_000
TURNS_PER_MINUTE = 60
# Where a deployment keeps the limits' counts, apart from all else.
LIMITS_DATABASE = "practice-limits"

SEAL_NOTHING = ("delete_template", "cleanup_stale_sessions")
PROJECT_NUMBER = re.compile(r"[0-9]{1,20}")
APP_ID = re.compile(r"1:[0-9]+:[a-z]+:[0-9a-f]+")
SEAL_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")

HOST = r"([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?"
ORIGIN = re.compile(rf"https?://{HOST}")
HTTPS_URL = re.compile(rf"https://{HOST}/\S*")
HTTP_URL = re.compile(rf"https?://{HOST}/\S*")


class SettingsError(Exception):
    """The process must not start: one line for each thing that is wrong."""


@dataclass(frozen=True)
class Settings:
    """`accepts_emulator_tokens` is never true in production: see docs/adr/0004."""

    project_id: str
    database: str
    accepts_emulator_tokens: bool
    allowed_origins: tuple[str, ...]
    user_keys_url: str
    google_keys_url: str
    app_check_project_number: str
    app_check_app_ids: tuple[str, ...]
    app_check_keys_url: str
    cleanup_audience: str
    cleanup_service_account: str
    cleanup_behind_iam: bool
    stale_after_minutes: int
    log_level: str
    seal_keys: tuple[str, ...] = field(repr=False)
    openai_api_key: str = field(repr=False)
    openai_base_url: str
    practice_model: str
    model_timeout_seconds: int
    turns_per_minute: int
    student_tokens_per_day: int
    project_tokens_per_day: int
    limits_shared: bool
    limits_database: str
    emulator_host: str
    traces_endpoint: str


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Raises SettingsError naming every variable that is missing, wrong or out of place."""
    problems: list[str] = []
    project_id = environ.get("GOOGLE_CLOUD_PROJECT", "")
    if not project_id:
        problems.append("GOOGLE_CLOUD_PROJECT must name the project.")
    demo = project_id.startswith("demo-")
    deployed = "K_SERVICE" in environ
    for variable in EMULATOR_VARIABLES:
        if variable in environ and (deployed or not demo):
            problems.append(
                f"{variable} must not be set here: emulators are for projects whose id starts "
                "with demo-, never for a deployed function."
            )
    settings = Settings(
        project_id=project_id,
        database=environ.get("FIRESTORE_DATABASE", "(default)"),
        accepts_emulator_tokens=demo and not deployed,
        allowed_origins=_origins(environ.get("ALLOWED_ORIGINS", "*" if demo else ""), problems),
        user_keys_url=_keys_url(environ, "USER_KEYS_URL", USER_KEYS_URL, demo, problems),
        google_keys_url=_keys_url(environ, "GOOGLE_KEYS_URL", GOOGLE_KEYS_URL, demo, problems),
        app_check_project_number=environ.get("APP_CHECK_PROJECT_NUMBER", ""),
        app_check_app_ids=_listed(environ.get("APP_CHECK_APP_IDS", "")),
        app_check_keys_url=_keys_url(
            environ, "APP_CHECK_KEYS_URL", APP_CHECK_KEYS_URL, demo, problems
        ),
        cleanup_audience=environ.get("CLEANUP_AUDIENCE", "cleanup_stale_sessions" if demo else ""),
        cleanup_service_account=environ.get(
            "CLEANUP_SERVICE_ACCOUNT",
            f"scheduler@{project_id}.iam.gserviceaccount.com" if demo else "",
        ),
        cleanup_behind_iam=_flag(environ, "CLEANUP_BEHIND_IAM", problems),
        stale_after_minutes=_minutes(environ, "STALE_AFTER_MINUTES", 24 * 60, problems),
        log_level=environ.get("LOG_LEVEL", "INFO").upper(),
        seal_keys=_seal_keys(environ, demo and not deployed, problems),
        openai_api_key=environ.get("OPENAI_API_KEY", ""),
        openai_base_url=environ.get("OPENAI_BASE_URL", OPENAI_URL),
        practice_model=environ.get("PRACTICE_MODEL", ""),
        model_timeout_seconds=_seconds(environ, "MODEL_TIMEOUT_SECONDS", 30, problems),
        # One machine's programs are quicker than any student.
        turns_per_minute=_turns(environ, 0 if demo else TURNS_PER_MINUTE, problems),
        student_tokens_per_day=_tokens(environ, "STUDENT_TOKENS_PER_DAY", problems),
        project_tokens_per_day=_tokens(environ, "PROJECT_TOKENS_PER_DAY", problems),
        limits_shared=_flag(environ, "LIMITS_SHARED", problems, default="true"),
        limits_database=environ.get(
            "LIMITS_DATABASE", environ.get("FIRESTORE_DATABASE", "(default)")
        ),
        emulator_host=environ.get("FIRESTORE_EMULATOR_HOST", ""),
        traces_endpoint=environ.get("OTEL_EXPORTER_OTLP_ENDPOINT", ""),
    )
    _check_together(settings, environ, problems)
    _check_apps(settings.app_check_project_number, settings.app_check_app_ids, problems)
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def _check_together(settings: Settings, environ: Mapping[str, str], problems: list[str]) -> None:
    """What one variable asks of another, and what must not be set at all."""
    for variable in TRACING_VARIABLES:
        if environ.get(variable, "").lower() not in ("", "false", "0"):
            problems.append(f"{variable} must not be set: it would send prompts and answers away.")
    if settings.openai_api_key and not settings.practice_model:
        problems.append("PRACTICE_MODEL must name the model that OPENAI_API_KEY is for.")
    if not HTTP_URL.fullmatch(f"{settings.openai_base_url}/"):
        problems.append("OPENAI_BASE_URL must be an http or https address.")
    if settings.traces_endpoint and not HTTP_URL.fullmatch(f"{settings.traces_endpoint}/"):
        problems.append("OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https address.")
    if settings.log_level not in LOG_LEVELS:
        problems.append(f"LOG_LEVEL must be one of {', '.join(LOG_LEVELS)}.")
    if environ.get("FUNCTION_TARGET") == "cleanup_stale_sessions":
        for variable, value in (
            ("CLEANUP_AUDIENCE", settings.cleanup_audience),
            ("CLEANUP_SERVICE_ACCOUNT", settings.cleanup_service_account),
        ):
            if not value:
                problems.append(f"{variable} must be set: it tells the scheduler from others.")


def _check_apps(project_number: str, app_ids: tuple[str, ...], problems: list[str]) -> None:
    if project_number and not PROJECT_NUMBER.fullmatch(project_number):
        problems.append("APP_CHECK_PROJECT_NUMBER must be the project's number, not its id.")
    if app_ids and not project_number:
        problems.append("APP_CHECK_PROJECT_NUMBER must be set where APP_CHECK_APP_IDS is.")
    for app_id in app_ids:
        if not APP_ID.fullmatch(app_id):
            problems.append(f"APP_CHECK_APP_IDS: {app_id!r} is not an app id like 1:123:web:4a5b.")


def _origins(text: str, problems: list[str]) -> tuple[str, ...]:
    origins = _listed(text)
    for origin in origins:
        if origin != "*" and not ORIGIN.fullmatch(origin):
            problems.append(
                f"ALLOWED_ORIGINS: {origin!r} is not an origin like https://example.com."
            )
    return origins


def _keys_url(
    environ: Mapping[str, str], variable: str, default: str, demo: bool, problems: list[str]
) -> str:
    url = environ.get(variable, default)
    if not (HTTP_URL if demo else HTTPS_URL).fullmatch(url):
        problems.append(f"{variable} must be an https address.")
    return url


def _seal_keys(environ: Mapping[str, str], optional: bool, problems: list[str]) -> tuple[str, ...]:
    """The keys, the newest first. A stack on one machine may do without: see wiring.seals."""
    text = environ.get("PRACTICE_SEAL_KEYS", "")
    keys = _listed(text)
    if any(not SEAL_KEY.fullmatch(key) for key in keys):
        # Not which one: a key that is almost right is a secret too.
        problems.append("PRACTICE_SEAL_KEYS must be keys of 32 bytes in URL-safe base64.")
    sealing = environ.get("FUNCTION_TARGET") not in SEAL_NOTHING
    if not keys and sealing and not optional:
        problems.append("PRACTICE_SEAL_KEYS must hold the keys that seal answer keys and progress.")
    return keys


def _listed(text: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _flag(
    environ: Mapping[str, str], variable: str, problems: list[str], *, default: str = "false"
) -> bool:
    text = environ.get(variable, default).lower()
    if text not in ("true", "false"):
        problems.append(f"{variable} must be true or false.")
    return text == "true"


def _turns(environ: Mapping[str, str], default: int, problems: list[str]) -> int:
    text = environ.get("TURNS_PER_MINUTE", str(default))
    if not re.fullmatch("[0-9]{1,6}", text) or int(text) > MAX_TURNS:
        problems.append(f"TURNS_PER_MINUTE must be 0, for no limit, or 1 to {MAX_TURNS}.")
        return default
    return int(text)


def _tokens(environ: Mapping[str, str], variable: str, problems: list[str]) -> int:
    """A budget; 0 is none."""
    text = environ.get(variable, "0")
    if re.fullmatch("[0-9]{1,13}", text) and (
        int(text) == 0 or MIN_TOKENS <= int(text) <= MAX_TOKENS
    ):
        return int(text)
    problems.append(f"{variable} must be 0, for no limit, or {MIN_TOKENS} to {MAX_TOKENS} tokens.")
    return 0


def _minutes(environ: Mapping[str, str], variable: str, default: int, problems: list[str]) -> int:
    return _whole(environ, variable, problems, default=default, most=MAX_MINUTES, unit="minutes")


def _seconds(environ: Mapping[str, str], variable: str, default: int, problems: list[str]) -> int:
    return _whole(environ, variable, problems, default=default, most=MAX_SECONDS, unit="seconds")


def _whole(
    environ: Mapping[str, str],
    variable: str,
    problems: list[str],
    *,
    default: int,
    most: int,
    unit: str,
) -> int:
    text = environ.get(variable, str(default))
    if not re.fullmatch("[0-9]{1,6}", text) or not 1 <= int(text) <= most:
        problems.append(f"{variable} must be a whole number of {unit} from 1 to {most}.")
        return default
    return int(text)
