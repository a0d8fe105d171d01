"""Settings, and the refusal to start with invalid ones."""

import os
import re

import pytest

from shared.contract.operation import function_names, uses_of
from shared.endpoint.request_body import MAX_BODY_BYTES
from shared.environment import MIN_BYTES_PER_DAY, USUAL_USES, Use
from shared.settings import (
    COUNTED_LIMITS,
    EMULATOR_VARIABLES,
    FIELDS,
    TRACING_VARIABLES,
    VARIABLES,
    Settings,
    SettingsError,
    load_settings,
)
from shared.wiring import environment

DEMO = {"GOOGLE_CLOUD_PROJECT": "demo-practice"}
SEAL_KEY = "k" * 43 + "="
SEALED = {"PRACTICE_SEAL_KEYS": SEAL_KEY}
PRODUCTION = {
    "GOOGLE_CLOUD_PROJECT": "practice-prod",
    "K_SERVICE": "create-template",
    "PRACTICE_SEAL_KEYS": SEAL_KEY,
}
SWEEPING = frozenset({Use.SCHEDULER, Use.DATABASE})
CLEANUP = {
    "CLEANUP_AUDIENCE": "https://cleanup.example",
    "CLEANUP_SERVICE_ACCOUNT": "scheduler@practice-prod.iam.gserviceaccount.com",
}


def problems_of(environ: dict[str, str], uses: frozenset[Use] = USUAL_USES) -> list[str]:
    with pytest.raises(SettingsError) as refused:
        load_settings({**SEALED, **environ}, uses)
    return str(refused.value).splitlines()


def test_production_needs_its_project_id_and_seal_keys_and_nothing_else() -> None:
    settings = load_settings(PRODUCTION)
    assert settings.project_id == "practice-prod"
    assert settings.allowed_origins == ()
    assert settings.user_keys_url.startswith("https://www.googleapis.com/")
    assert settings.google_keys_url.startswith("https://www.googleapis.com/")
    assert not settings.accepts_emulator_tokens
    assert not settings.cleanup_behind_iam


def test_a_demo_project_on_this_machine_needs_nothing_else_either() -> None:
    settings = load_settings(DEMO)
    assert settings.allowed_origins == ("*",)
    assert settings.cleanup_service_account == "scheduler@demo-practice.iam.gserviceaccount.com"


@pytest.mark.parametrize(
    "environ",
    [
        {"GOOGLE_CLOUD_PROJECT": "practice-prod"},
        {"GOOGLE_CLOUD_PROJECT": "practice-demo-1"},
        {"GOOGLE_CLOUD_PROJECT": "DEMO-practice"},
        {"GOOGLE_CLOUD_PROJECT": "demo"},
        {**DEMO, "K_SERVICE": "create-template"},
        {**DEMO, "K_SERVICE": ""},
        DEMO,
        {**DEMO, **dict.fromkeys(EMULATOR_VARIABLES, "")},
        PRODUCTION,
    ],
)
def test_emulator_tokens_are_for_demo_projects_with_an_emulator_that_are_not_deployed(
    environ: dict[str, str],
) -> None:
    assert not load_settings({**SEALED, **environ}).accepts_emulator_tokens


@pytest.mark.parametrize("variable", EMULATOR_VARIABLES)
@pytest.mark.parametrize("value", ["127.0.0.1:8085", ""])
@pytest.mark.parametrize(
    "environ",
    [
        {"GOOGLE_CLOUD_PROJECT": "practice-prod"},
        {"GOOGLE_CLOUD_PROJECT": "practice-demo-1"},
        PRODUCTION,
        {**DEMO, "K_SERVICE": "create-template"},
    ],
)
def test_no_emulator_outside_a_demo_project_or_in_a_deployed_function(
    environ: dict[str, str], variable: str, value: str
) -> None:
    (problem,) = problems_of({**environ, variable: value})
    assert problem.startswith(f"{variable} must not be set")


@pytest.mark.parametrize("variable", EMULATOR_VARIABLES)
def test_emulators_are_allowed_in_a_demo_project(variable: str) -> None:
    assert load_settings({**DEMO, variable: "127.0.0.1:8085"}).accepts_emulator_tokens


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GOOGLE_CLOUD_PROJECT", ""),
        ("ALLOWED_ORIGINS", "app.example"),
        ("ALLOWED_ORIGINS", "https://app.example/"),
        ("ALLOWED_ORIGINS", "https://app.example/path"),
        ("ALLOWED_ORIGINS", "https://App.example"),
        ("ALLOWED_ORIGINS", "https://"),
        ("ALLOWED_ORIGINS", "https://*.example"),
        ("ALLOWED_ORIGINS", "https://ann@app.example"),
        ("ALLOWED_ORIGINS", "http://["),
        ("ALLOWED_ORIGINS", "https://app.example\r\nX-Evil: 1"),
        ("ALLOWED_ORIGINS", "null"),
        ("ALLOWED_ORIGINS", "https://app.example; https://b.example"),
        ("USER_KEYS_URL", "http://keys.example/keys"),
        ("USER_KEYS_URL", "https:"),
        ("USER_KEYS_URL", "https:///keys"),
        ("USER_KEYS_URL", "file:///etc/keys"),
        ("GOOGLE_KEYS_URL", "http://keys.example/keys"),
        ("GOOGLE_KEYS_URL", ""),
        ("CLEANUP_BEHIND_IAM", "yes"),
        ("CLEANUP_BEHIND_IAM", "1"),
        ("STALE_AFTER_MINUTES", "0"),
        ("STALE_AFTER_MINUTES", "-5"),
        ("STALE_AFTER_MINUTES", "1.5"),
        ("STALE_AFTER_MINUTES", "a day"),
        ("STALE_AFTER_MINUTES", "525601"),
        ("STALE_AFTER_MINUTES", "9" * 5_000),
        ("STALE_AFTER_MINUTES", "٣"),
        ("STALE_AFTER_MINUTES", ""),
        ("LOG_LEVEL", "loud"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "grpc://collector"),
    ],
    ids=lambda value: value[:30],
)
def test_a_wrong_value_is_refused_by_the_variable_s_name(variable: str, value: str) -> None:
    (problem,) = problems_of({**PRODUCTION, variable: value})
    assert variable in problem


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        ("", ()),
        (" , ", ()),
        ("*", ("*",)),
        ("https://app.example", ("https://app.example",)),
        (
            "https://app.example, http://localhost:5173,http://[::1]:3000",
            ("https://app.example", "http://localhost:5173", "http://[::1]:3000"),
        ),
    ],
)
def test_origins_are_a_list_with_commas(origins: str, expected: tuple[str, ...]) -> None:
    assert load_settings({**PRODUCTION, "ALLOWED_ORIGINS": origins}).allowed_origins == expected


def test_all_problems_are_listed_at_once() -> None:
    problems = problems_of(
        {
            "K_SERVICE": "cleanup",
            "FIRESTORE_EMULATOR_HOST": "127.0.0.1:8085",
            "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099",
            "ALLOWED_ORIGINS": "app.example,teachers.example",
            "USER_KEYS_URL": "http://keys.example/keys",
            "GOOGLE_KEYS_URL": "ftp://keys.example/keys",
            "CLEANUP_BEHIND_IAM": "perhaps",
            "STALE_AFTER_MINUTES": "soon",
            "LOG_LEVEL": "loud",
        },
        SWEEPING,
    )
    named = [
        "GOOGLE_CLOUD_PROJECT",
        "FIRESTORE_EMULATOR_HOST",
        "FIREBASE_AUTH_EMULATOR_HOST",
        "ALLOWED_ORIGINS: 'app.example'",
        "ALLOWED_ORIGINS: 'teachers.example'",
        "USER_KEYS_URL",
        "GOOGLE_KEYS_URL",
        "CLEANUP_BEHIND_IAM",
        "STALE_AFTER_MINUTES",
        "LOG_LEVEL",
        "CLEANUP_AUDIENCE",
        "CLEANUP_SERVICE_ACCOUNT",
    ]
    assert len(problems) == len(named)
    for name in named:
        assert any(problem.startswith(name) for problem in problems), name


@pytest.mark.parametrize("missing", ["CLEANUP_AUDIENCE", "CLEANUP_SERVICE_ACCOUNT"])
def test_cleanup_does_not_start_in_production_without_its_scheduler(missing: str) -> None:
    environ = {**PRODUCTION, **CLEANUP}
    assert load_settings(environ, SWEEPING).cleanup_audience == "https://cleanup.example"
    for value in (None, ""):
        changed = {k: v for k, v in {**environ, missing: value}.items() if v is not None}
        (problem,) = problems_of(changed, SWEEPING)
        assert problem.startswith(missing)


def test_the_other_functions_need_no_scheduler() -> None:
    assert load_settings(PRODUCTION, frozenset(Use) - {Use.SCHEDULER}).cleanup_audience == ""


def missing_at_start() -> set[str]:
    """The variables that a process of this environment reports."""
    try:
        environment.settings.__wrapped__()
    except SettingsError as error:
        return {problem.split()[0] for problem in str(error).splitlines()}
    return set()


@pytest.mark.parametrize(
    ("function", "needed"),
    [
        ("create_template", {"PRACTICE_SEAL_KEYS"}),
        ("practice_turn", {"PRACTICE_SEAL_KEYS"}),
        ("delete_template", set()),
        ("cleanup_stale_sessions", {"CLEANUP_AUDIENCE", "CLEANUP_SERVICE_ACCOUNT"}),
        (None, {"PRACTICE_SEAL_KEYS"}),
    ],
)
def test_a_process_needs_what_its_function_uses(
    monkeypatch: pytest.MonkeyPatch, function: str | None, needed: set[str]
) -> None:
    environ = {"FUNCTION_TARGET": function} if function else {}
    monkeypatch.setattr(os, "environ", {"GOOGLE_CLOUD_PROJECT": "practice-prod", **environ})
    assert missing_at_start() == needed


@pytest.mark.parametrize("keys", ["short", f"{SEAL_KEY},short", SEAL_KEY[:-1], "k" * 44])
def test_an_invalid_seal_key_stops_the_process_and_is_not_printed(keys: str) -> None:
    (problem,) = problems_of({**PRODUCTION, "PRACTICE_SEAL_KEYS": keys})
    assert problem.startswith("PRACTICE_SEAL_KEYS")
    assert keys not in problem


def test_seal_keys_are_needed_by_functions_that_seal_outside_a_demo_project() -> None:
    bare = {"GOOGLE_CLOUD_PROJECT": "practice-prod"}
    with pytest.raises(SettingsError, match="PRACTICE_SEAL_KEYS"):
        load_settings(bare, {Use.SEALS, Use.TUTOR})
    with pytest.raises(SettingsError, match="PRACTICE_SEAL_KEYS"):
        load_settings({**bare, "PRACTICE_SEAL_KEYS": " , "})
    assert load_settings(bare, {Use.DATABASE}).seal_keys == ()
    assert load_settings(DEMO).seal_keys == ()
    with pytest.raises(SettingsError, match="PRACTICE_SEAL_KEYS"):
        load_settings({**DEMO, "K_SERVICE": "practice-turn"})
    rotated = f"{SEAL_KEY}, {'o' * 43}="
    assert load_settings({**PRODUCTION, "PRACTICE_SEAL_KEYS": rotated}).seal_keys == (
        SEAL_KEY,
        "o" * 43 + "=",
    )


def test_a_model_needs_a_name_and_an_address_and_its_key_is_never_shown() -> None:
    keyed = {**PRODUCTION, "OPENAI_API_KEY": "sk-secret"}
    (problem,) = problems_of(keyed)
    assert problem.startswith("PRACTICE_MODEL")
    (problem,) = problems_of(
        {**keyed, "PRACTICE_MODEL": "some-model", "OPENAI_BASE_URL": "model.example"}
    )
    assert problem.startswith("OPENAI_BASE_URL")
    settings = load_settings({**keyed, "PRACTICE_MODEL": "some-model"})
    assert "sk-secret" not in repr(settings)
    assert SEAL_KEY not in repr(settings)


@pytest.mark.parametrize(
    "variable",
    ["LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"],
)
def test_nothing_that_students_write_is_sent_to_a_tracing_service(variable: str) -> None:
    assert variable in TRACING_VARIABLES
    (problem,) = problems_of({**PRODUCTION, variable: "true"})
    assert problem.startswith(f"{variable} must not be set")
    load_settings({**PRODUCTION, variable: "false"})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TURNS_PER_MINUTE", "-1"),
        ("TURNS_PER_MINUTE", "10001"),
        ("TURNS_PER_MINUTE", "many"),
        ("TURNS_PER_MINUTE", ""),
        ("STUDENT_TOKENS_PER_DAY", "19999"),
        ("STUDENT_TOKENS_PER_DAY", "1e6"),
        ("STUDENT_TOKENS_PER_DAY", ""),
        ("PROJECT_TOKENS_PER_DAY", "1"),
        ("PROJECT_TOKENS_PER_DAY", "1000000000001"),
        ("PROJECT_TOKENS_PER_DAY", "9" * 5_000),
        ("TEMPLATE_WRITES_PER_DAY", "-1"),
        ("TEMPLATE_WRITES_PER_DAY", "1000001"),
        ("SESSION_STARTS_PER_DAY", "many"),
        ("SESSION_STARTS_PER_DAY", ""),
        ("STORED_BYTES_PER_DAY", "1048575"),
        ("STORED_BYTES_PER_DAY", "1000000000001"),
        ("STORED_BYTES_PER_DAY", "100MB"),
        ("LIMITS_SHARED", "firestore"),
        ("APP_CHECK_PROJECT_NUMBER", "practice-prod"),
        ("APP_CHECK_KEYS_URL", "http://keys.example/keys"),
        ("APP_CHECK_APP_IDS", "1:123:web:4a5b"),
    ],
    ids=lambda value: value[:30],
)
def test_a_wrong_limit_is_refused_by_the_variable_s_name(variable: str, value: str) -> None:
    (problem,) = problems_of({**PRODUCTION, variable: value})
    assert variable in problem


def test_each_invalid_app_id_is_named() -> None:
    apps = {"APP_CHECK_PROJECT_NUMBER": "123", "APP_CHECK_APP_IDS": "1:123:web:4a5b,web,1:2:ios"}
    problems = problems_of({**PRODUCTION, **apps})
    assert [problem.partition(" is ")[0] for problem in problems] == [
        "APP_CHECK_APP_IDS: 'web'",
        "APP_CHECK_APP_IDS: '1:2:ios'",
    ]


def test_the_defaults_limit_turns_in_production_and_leave_token_budgets_to_the_owner() -> None:
    settings = load_settings(PRODUCTION)
    assert (settings.turns_per_minute, load_settings(DEMO).turns_per_minute) == (60, 0)
    assert (settings.student_tokens_per_day, settings.project_tokens_per_day) == (0, 0)
    assert (settings.limits_shared, settings.limits_database) == (True, "(default)")
    assert (settings.app_check_project_number, settings.app_check_app_ids) == ("", ())


def test_the_defaults_limit_writes_in_production_and_not_in_demo_projects() -> None:
    deployed, demo = load_settings(PRODUCTION), load_settings(DEMO)
    for name, default in (
        ("template_writes_per_day", 1_000),
        ("session_starts_per_day", 500),
        ("stored_bytes_per_day", 100_000_000),
    ):
        assert (getattr(deployed, name), getattr(demo, name)) == (default, 0)
        off = load_settings({**PRODUCTION, name.upper(): "0"})
        assert getattr(off, name) == 0


def test_the_largest_body_fits_into_the_smallest_limit() -> None:
    assert MIN_BYTES_PER_DAY == MAX_BODY_BYTES


def test_every_limit_that_counts_is_a_setting_of_a_function_that_counts() -> None:
    per_period = {
        name for name, v in FIELDS.items() if v.name.endswith(("_DAY", "_HOUR", "_MINUTE"))
    }
    assert set(COUNTED_LIMITS) == per_period
    for name in COUNTED_LIMITS:
        having = [uses_of(f) for f in function_names() if FIELDS[name].use in uses_of(f)]
        assert having
        assert all(Use.LIMITS in uses for uses in having)


def test_limits_have_their_configured_values() -> None:
    settings = load_settings(
        {
            **PRODUCTION,
            "FIRESTORE_DATABASE": "practice",
            "TURNS_PER_MINUTE": "0",
            "STUDENT_TOKENS_PER_DAY": "20000",
            "PROJECT_TOKENS_PER_DAY": "1000000000000",
            "TEMPLATE_WRITES_PER_DAY": "1000000",
            "SESSION_STARTS_PER_DAY": "1",
            "STORED_BYTES_PER_DAY": "1048576",
            "LIMITS_SHARED": "false",
            "APP_CHECK_PROJECT_NUMBER": "123",
            "APP_CHECK_APP_IDS": "1:123:web:4a5b, 1:123:ios:77",
        }
    )
    assert settings.turns_per_minute == 0
    assert settings.student_tokens_per_day == 20_000
    assert settings.project_tokens_per_day == 10**12
    assert settings.template_writes_per_day == 1_000_000
    assert settings.session_starts_per_day == 1
    assert settings.stored_bytes_per_day == 2**20
    assert (settings.limits_shared, settings.limits_database) == (False, "practice")
    assert settings.app_check_app_ids == ("1:123:web:4a5b", "1:123:ios:77")
    apart = load_settings(
        {**PRODUCTION, "FIRESTORE_DATABASE": "practice", "LIMITS_DATABASE": "limits"}
    )
    assert (apart.database, apart.limits_database) == ("practice", "limits")


def test_every_field_declares_its_variable() -> None:
    assert set(Settings.model_fields) - set(FIELDS) == {"accepts_emulator_tokens"}


def test_every_variable_is_declared_once_and_described() -> None:
    names = [variable.name for variable in VARIABLES]
    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[A-Z]+(_[A-Z0-9]+)*", name)] == []
    assert [v.name for v in VARIABLES if not v.description or "|" in v.description] == []


def test_secrets_are_hidden_by_their_declaration() -> None:
    hidden = {name for name, field in Settings.model_fields.items() if not field.repr}
    assert hidden == {"seal_keys", "openai_api_key"}
    assert hidden == {name for name, variable in FIELDS.items() if variable.secret}
