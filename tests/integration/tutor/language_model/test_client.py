"""Calls to a model over HTTP: failures, retries and time limits."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from local.processes import ROOT
from local.stack import free_port
from shared.tutor.language_model.client import ModelClient, ModelOutput, TurnAllowance
from shared.tutor.language_model.model_call import ModelSettings, Prompt
from shared.tutor.ports import TutorFailed, Usage
from testkit import model_server as scripts
from testkit.model_server import ModelServer, ScriptedReply, completion, fails, replies_with, sends
from tests.integration.tutor.language_model.conftest import NewModel

FORMAT = {"type": "json_schema", "json_schema": {"name": "any", "strict": True, "schema": {}}}
PROMPT = Prompt("Do this.", '{"secret": "words"}', FORMAT)
TOKENS = Usage(model_calls=1, input_tokens=100, output_tokens=20)
SHORT = {"timeout_seconds": 0.8, "turn_seconds": 1.2}
PATIENCE = 4.0  # seconds that a loaded machine may take beyond a time limit


def ask(model: ModelClient) -> ModelOutput:
    return model.ask(PROMPT, TurnAllowance(model.settings))


def connected(model: ModelClient, server: ModelServer) -> ModelClient:
    """Builds the client and calls it once, so that its set-up is not in measured times."""
    server.plays(replies_with("text"))
    model.ask(PROMPT, TurnAllowance(ModelSettings(api_key="", model="", base_url="")))
    server.forget()
    return model


def failure(model: ModelClient) -> tuple[str, Usage]:
    with pytest.raises(TutorFailed) as failed:
        ask(model)
    return str(failed.value), failed.value.usage


def last_logged(caplog: pytest.LogCaptureFixture) -> str:
    """The last line logged by this project, after a check that none quotes texts or the key."""
    ours = [record.getMessage() for record in caplog.records if record.name == "practice.tutor"]
    assert not [line for line in ours if "secret" in line or "I won't" in line or "sk-" in line]
    return ours[-1]


def reports(**usage: object) -> ScriptedReply:
    return sends({**completion("text"), "usage": {**scripts.USAGE, **usage}})


def no_choices(value: object) -> ScriptedReply:
    return sends({**completion("text"), "choices": value})


FINAL: dict[str, tuple[ScriptedReply, str, Usage]] = {
    "no key": (fails(401), "status_401", Usage(model_calls=1)),
    "no permission": (fails(403), "status_403", Usage(model_calls=1)),
    "bad request": (fails(400), "status_400", Usage(model_calls=1)),
    "no such model": (fails(404), "status_404", Usage(model_calls=1)),
    "filtered prompt": (fails(400, code="content_filter"), "status_400", Usage(model_calls=1)),
    "no money": (fails(429, code="insufficient_quota"), "status_429", Usage(model_calls=1)),
    "long pause": (fails(429, Retry_After="60"), "status_429", Usage(model_calls=1)),
    "cut off": (replies_with('{"a": 1', finish_reason="length"), "too_long", TOKENS),
    "filtered": (replies_with("", finish_reason="content_filter"), "content_filter", TOKENS),
    "refusal": (replies_with(None, refusal="I won't."), "refused", TOKENS),
    "nothing said": (replies_with(None), "empty", TOKENS),
    "only spaces": (replies_with(" \n"), "empty", TOKENS),
    "empty choices": (no_choices([]), "unusable_reply (IndexError)", Usage(model_calls=1)),
    "null choices": (no_choices(None), "unusable_reply (TypeError)", Usage(model_calls=1)),
    "no completion": (sends({}), "unusable_reply (TypeError)", Usage(model_calls=1)),
    "a list": (sends([]), "unusable_reply (ValueError)", Usage(model_calls=1)),
    "an error with 200": (
        sends({"error": {"message": "secret"}}),
        "unusable_reply (ValueError)",
        Usage(model_calls=1),
    ),
    "a web page": (scripts.sends_html, "unusable_reply (ValueError)", Usage(model_calls=1)),
    "moved": (scripts.redirects(301), "status_301", Usage(model_calls=1)),
    "found elsewhere": (scripts.redirects(302), "status_302", Usage(model_calls=1)),
    "to be sent elsewhere": (scripts.redirects(307), "status_307", Usage(model_calls=1)),
    "moved for ever": (scripts.redirects(308), "status_308", Usage(model_calls=1)),
    "a negative input": (reports(prompt_tokens=-1), "absurd_usage", Usage(model_calls=1)),
    "a negative output": (reports(completion_tokens=-1), "absurd_usage", Usage(model_calls=1)),
    "too much input": (reports(prompt_tokens=10**30), "absurd_usage", Usage(model_calls=1)),
    "too much output": (reports(completion_tokens=1_000_001), "absurd_usage", Usage(model_calls=1)),
    "a usage in words": (reports(prompt_tokens="many"), "absurd_usage", Usage(model_calls=1)),
    "half a token": (reports(completion_tokens=0.5), "absurd_usage", Usage(model_calls=1)),
    "half a body": (
        scripts.sends_broken_json,
        "unusable_reply (JSONDecodeError)",
        Usage(model_calls=1),
    ),
}


@pytest.mark.parametrize("case", FINAL)
def test_a_permanent_failure_is_not_retried(
    case: str, server: ModelServer, model: ModelClient, caplog: pytest.LogCaptureFixture
) -> None:
    script, kind, usage = FINAL[case]
    server.plays(script)
    assert failure(model) == (kind, usage)
    assert server.calls == 1
    assert last_logged(caplog) == f"the model failed: {kind}, after 1 calls"


PASSING: dict[str, tuple[ScriptedReply, str]] = {
    "429": (fails(429), "status_429"),
    "429 and a pause": (fails(429, Retry_After="0"), "status_429"),
    "500": (fails(500), "status_500"),
    "502": (fails(502), "status_502"),
    "503": (fails(503), "status_503"),
    "529": (fails(529), "status_529"),
    "hung up": (scripts.hangs_up, "unreachable"),
    "hung up midway": (scripts.hangs_up_midway, "unreachable"),
}


@pytest.mark.parametrize("case", PASSING)
def test_a_transient_failure_is_retried_and_counted(
    case: str, server: ModelServer, model: ModelClient
) -> None:
    script, _ = PASSING[case]
    server.plays(script, replies_with("text"))
    assert ask(model) == ModelOutput("text", TOKENS.plus(Usage(model_calls=1)))
    assert server.calls == 2


@pytest.mark.parametrize("case", PASSING)
def test_a_persistent_failure_is_given_up(
    case: str, server: ModelServer, model: ModelClient, caplog: pytest.LogCaptureFixture
) -> None:
    script, kind = PASSING[case]
    server.plays(script)
    assert failure(model) == (kind, Usage(model_calls=3))
    assert server.calls == 3
    assert last_logged(caplog) == f"the model failed: {kind}, after 3 calls"


def test_retries_are_limited_per_turn_and_not_per_call(
    server: ModelServer, model: ModelClient
) -> None:
    budget = TurnAllowance(model.settings)
    server.plays(
        fails(500),
        replies_with("one"),
        fails(500),
        replies_with("two"),
        fails(500),
        replies_with("three"),
    )
    assert [model.ask(PROMPT, budget).text for _ in range(2)] == ["one", "two"]
    with pytest.raises(TutorFailed, match="status_500"):
        model.ask(PROMPT, budget)
    assert server.calls == 5


def test_an_unreachable_server_is_a_failure() -> None:
    settings = ModelSettings(
        api_key="sk-test",
        model="scripted",
        base_url=f"http://127.0.0.1:{free_port()}/v1",
        first_pause_seconds=0.01,
    )
    model = ModelClient(settings)
    assert failure(model) == ("unreachable", Usage(model_calls=3))
    model.close()


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_the_servers_retry_after_is_respected(
    form: str, server: ModelServer, new_model: NewModel
) -> None:
    in_a_while = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True)
    server.plays(
        fails(429, Retry_After="1" if form == "seconds" else in_a_while), replies_with("text")
    )
    started = time.monotonic()
    assert ask(new_model(longest_pause_seconds=3)).text == "text"
    # A date has no fractions of a second.
    assert time.monotonic() - started >= (1 if form == "seconds" else 0.9)


@pytest.mark.parametrize("header", ["soon", "-1", "", "1.5.2", "Wed, 99 Foo 2026"])
def test_an_invalid_retry_after_is_ignored(
    header: str, server: ModelServer, model: ModelClient
) -> None:
    server.plays(fails(503, Retry_After=header), replies_with("text"))
    assert ask(model).text == "text"


STALLS: dict[str, ScriptedReply] = {
    "never answers": scripts.stalls,
    "stops midway": scripts.stalls_midway,
    "drips its body": scripts.drips,
    "drips its headers": scripts.drips_headers,
}


@pytest.mark.parametrize("case", STALLS)
def test_a_call_ends_in_time_for_any_stall_of_the_server(
    case: str, server: ModelServer, new_model: NewModel
) -> None:
    model = connected(new_model(**SHORT), server)
    server.plays(STALLS[case])
    started = time.monotonic()
    assert failure(model) == ("timed_out", Usage(model_calls=1))
    assert SHORT["timeout_seconds"] <= time.monotonic() - started < PATIENCE
    server.plays(replies_with("text"))
    assert ask(model).text == "text"


def test_all_calls_of_a_turn_share_its_time(server: ModelServer, new_model: NewModel) -> None:
    model = connected(new_model(**SHORT), server)
    server.plays(scripts.stalls)
    budget = TurnAllowance(model.settings)
    started = time.monotonic()
    kinds = []
    for _ in range(3):
        with pytest.raises(TutorFailed) as failed:
            model.ask(PROMPT, budget)
        kinds.append(str(failed.value))
    assert time.monotonic() - started < PATIENCE
    assert kinds[-1] == "no_time_left"
    assert server.calls <= 2


def test_no_pause_begins_that_exceeds_the_turns_remaining_time(
    server: ModelServer, new_model: NewModel
) -> None:
    model = connected(new_model(turn_seconds=0.9), server)
    server.plays(fails(429, Retry_After="1"))
    assert failure(model) == ("status_429", Usage(model_calls=1))


def test_unreported_tokens_are_not_counted(server: ModelServer, model: ModelClient) -> None:
    server.plays(replies_with("text", usage=None))
    assert ask(model) == ModelOutput("text", Usage(model_calls=1))


def test_a_request_has_the_prompt_the_settings_and_the_key(
    server: ModelServer, new_model: NewModel
) -> None:
    server.plays(replies_with("text"))
    ask(new_model(model="some-model", max_output_tokens=123))
    assert server.requests[0].body == {
        "model": "some-model",
        "messages": [
            {"role": "system", "content": PROMPT.instructions},
            {"role": "user", "content": PROMPT.data},
        ],
        "response_format": FORMAT,
        "max_tokens": 123,
        "stream": False,
    }
    assert server.headers[0]["authorization"] == "Bearer sk-test"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://api.openai.com/v1", "max_completion_tokens"),
        ("https://eu.api.openai.com/v1", "max_completion_tokens"),
        ("https://school.openai.azure.com/openai/v1", "max_completion_tokens"),
        ("http://127.0.0.1:11434/v1", "max_tokens"),
        ("https://llm.example.org/api.openai.com/v1", "max_tokens"),
    ],
)
def test_the_bound_on_output_has_the_name_that_the_server_knows(url: str, name: str) -> None:
    settings = ModelSettings(api_key="sk-test", model="m", base_url=url, max_output_tokens=5)
    assert settings.token_limit == {name: 5}


def test_printed_settings_do_not_contain_the_key() -> None:
    assert "sk-test" not in repr(ModelSettings(api_key="sk-test", model="m", base_url=""))


def test_the_environment_changes_nothing(
    server: ModelServer, new_model: NewModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-other")
    server.plays(replies_with("text"))
    assert ask(new_model()).text == "text"
    assert server.headers[0]["authorization"] == "Bearer sk-test"


def test_many_threads_share_one_model(server: ModelServer, new_model: NewModel) -> None:
    model = new_model()
    server.plays(replies_with("text"))
    with ThreadPoolExecutor(8) as threads:
        written = list(threads.map(lambda _: ask(model), range(32)))
    assert written == [ModelOutput("text", TOKENS)] * 32
    assert server.calls == 32


def test_a_closed_client_is_built_again(server: ModelServer, model: ModelClient) -> None:
    model.close()
    server.plays(replies_with("one"), replies_with("two"))
    assert ask(model).text == "one"
    model.close()
    assert ask(model).text == "two"


LAZY = """
import sys
from shared.tutor.language_model.model_call import ModelSettings, Prompt
from shared.tutor.graph import graph
from shared.tutor.language_model.tutor import LanguageModelTutor
from shared.tutor.language_model.client import ModelClient, TurnAllowance
from shared.tutor.ports import TutorFailed
from tests.support.tutor.playing import Player, practice_on, right, template_with

HEAVY = ("langchain_openai", "openai")
settings = ModelSettings(api_key="sk-test", model="m", base_url=sys.argv[1], retries=0)
model = ModelClient(settings)
player = Player(practice_on(template_with()))
player.present()
player.tutor = lambda: LanguageModelTutor(model)
player.hint()
assert not [name for name in HEAVY if name in sys.modules]
try:
    model.ask(Prompt("", "{}", {}), TurnAllowance(settings))
except TutorFailed as failed:
    print(failed)
assert all(name in sys.modules for name in HEAVY)
"""


def test_the_client_is_loaded_at_the_first_call_and_lets_the_process_end() -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", LAZY, f"http://127.0.0.1:{free_port()}/v1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    line = "the model failed: unreachable, after 1 calls\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "unreachable\n", line)
