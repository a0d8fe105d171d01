"""Tokens are reserved before a call and settled after it, for every outcome."""

import json
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.examples import theory_template
from local.stack import free_port
from shared.tutor.language_model.client import ModelClient, TokenReservation, TurnAllowance
from shared.tutor.language_model.model_call import ModelSettings, Prompt, max_token_count
from shared.tutor.language_model.prompts import block_prompt, grading_prompt
from shared.tutor.language_model.tutor import LanguageModelTutor
from shared.tutor.ports import TutorFailed, Usage
from testkit import model_server as scripts
from testkit.model_server import USAGE, ModelServer, ScriptedReply, fails, replies_with
from tests.integration.tutor.language_model.conftest import NewModel
from tests.integration.tutor.language_model.test_tutor import (
    ANSWER,
    practice_with_free_text_pending,
)
from tests.support.tutor.playing import Player, calls, practice_on
from tests.support.tutor.writing import Writer, a_block, findings

PROMPT = Prompt("Be kind.", '{"answer": "42"}', {"type": "json_schema"})
SPENT = USAGE["total_tokens"]

Count = Callable[[str], int]


class RecordedQuota:
    """Grants a number of reservations, and records the tokens reserved and settled per call.

    A reservation that was not settled is None.
    """

    def __init__(self, calls: int = 1_000) -> None:
        self.open = calls
        self.reserved: list[int] = []
        self.settled: list[int | None] = []

    def __call__(self, tokens: int) -> TokenReservation | None:
        if len(self.reserved) == self.open:
            return None
        self.reserved.append(tokens)
        self.settled.append(None)
        return _RecordedReservation(self.settled, len(self.settled) - 1)


class _RecordedReservation:
    def __init__(self, settled: list[int | None], number: int) -> None:
        self._settled = settled
        self._number = number

    def settle(self, tokens: int) -> None:
        assert self._settled[self._number] is None, "settled twice"
        self._settled[self._number] = tokens


def ask(model: ModelClient, quota: RecordedQuota) -> str:
    return model.ask(PROMPT, TurnAllowance(model.settings, quota)).text


def max_call_tokens(model: ModelClient) -> int:
    return PROMPT.max_tokens + model.settings.max_output_tokens


@pytest.fixture(scope="module")
def counts() -> Sequence[Count]:
    """Functions that count the tokens of a text by real tokenizers."""
    with warnings.catch_warnings():
        # The package warns about how it reads its vocabularies.
        warnings.simplefilter("ignore", DeprecationWarning)
        import bpe_openai

        encodings = [bpe_openai.get_encoding(name) for name in ("cl100k_base", "o200k_base")]

    def counting(encoding: Any) -> Count:
        return lambda text: len(encoding.encode_ordinary(text))

    return [counting(encoding) for encoding in encodings]


@given(text=st.text(max_size=200))
def test_no_tokenizer_counts_more_tokens_for_a_text_than_are_reserved(
    counts: Sequence[Count], text: str
) -> None:
    assert all(count(text) <= max_token_count(text) for count in counts)


def test_a_lone_surrogate_counts_too() -> None:
    assert max_token_count("\ud800") > max_token_count("")


def test_no_tokenizer_counts_more_tokens_for_a_prompt_than_are_reserved(
    counts: Sequence[Count],
) -> None:
    practice, examined = practice_on(theory_template()), practice_with_free_text_pending().pending
    assert examined is not None
    for prompt in (
        block_prompt(practice, practice.skills[0], ["a fault"]),
        grading_prompt(examined, "𒈙" * 10_000, []),
    ):
        texts = [prompt.instructions, prompt.data, json.dumps(prompt.response_format)]
        for count in counts:
            assert sum(map(count, texts)) <= prompt.max_tokens


def test_a_call_settles_the_tokens_used(server: ModelServer, model: ModelClient) -> None:
    quota = RecordedQuota()
    server.plays(replies_with("text"))
    ask(model, quota)
    assert (quota.reserved, quota.settled) == ([max_call_tokens(model)], [SPENT])


def test_usage_beyond_the_reservation_is_settled_in_full(
    server: ModelServer, model: ModelClient
) -> None:
    quota = RecordedQuota()
    used = {"prompt_tokens": 90_000, "completion_tokens": 1, "total_tokens": 90_001}
    server.plays(replies_with("text", usage=used))
    ask(model, quota)
    assert quota.settled == [90_001]


@pytest.mark.parametrize("usage", [None, dict.fromkeys(USAGE, 0)], ids=["no usage", "zeros"])
def test_unreported_usage_is_settled_as_the_maximum(
    usage: dict[str, int] | None, server: ModelServer, model: ModelClient
) -> None:
    quota = RecordedQuota()
    server.plays(replies_with("twelve bytes", usage=usage))
    ask(model, quota)
    estimate = PROMPT.max_tokens + max_token_count("twelve bytes")
    assert quota.settled == [estimate]
    assert SPENT < estimate < quota.reserved[0]


UNUSABLE: dict[str, ScriptedReply] = {
    "cut off": replies_with('{"a": 1', finish_reason="length"),
    "filtered": replies_with("", finish_reason="content_filter"),
    "refusal": replies_with(None, refusal="I won't."),
}
REJECTED: dict[str, ScriptedReply] = {
    "no key": fails(401),
    "bad request": fails(400),
    "too many": fails(429, Retry_After="60"),
    "quota": fails(429, code="insufficient_quota"),
    "broken": fails(500),
    "busy": fails(503),
}
UNKNOWN_OUTCOME: dict[str, ScriptedReply] = {
    "gateway": fails(502),
    "gateway time-out": fails(504),
    "hung up": scripts.hangs_up,
    "hung up midway": scripts.hangs_up_midway,
    "half a body": scripts.sends_broken_json,
    "a web page": scripts.sends_html,
    "time-out": scripts.stalls,
}


def settled_after(
    script: ScriptedReply, server: ModelServer, model: ModelClient
) -> Sequence[int | None]:
    quota = RecordedQuota()
    server.plays(script)
    with pytest.raises(TutorFailed):
        ask(model, quota)
    assert len(quota.reserved) == server.calls
    return quota.settled


@pytest.fixture
def impatient_model(new_model: NewModel) -> ModelClient:
    """A client without retries and with a short time limit."""
    return new_model(retries=0, timeout_seconds=1.0)


@pytest.mark.parametrize("case", UNUSABLE)
def test_an_unusable_reply_is_settled_like_a_usable_one(
    case: str, server: ModelServer, impatient_model: ModelClient
) -> None:
    assert settled_after(UNUSABLE[case], server, impatient_model) == [SPENT]


@pytest.mark.parametrize("case", REJECTED)
def test_a_rejected_call_costs_nothing(
    case: str, server: ModelServer, impatient_model: ModelClient
) -> None:
    assert settled_after(REJECTED[case], server, impatient_model) == [0]


@pytest.mark.parametrize("case", UNKNOWN_OUTCOME)
def test_a_call_with_unknown_outcome_stays_reserved(
    case: str, server: ModelServer, impatient_model: ModelClient
) -> None:
    assert settled_after(UNKNOWN_OUTCOME[case], server, impatient_model) == [None]


def test_an_unreachable_server_costs_nothing() -> None:
    settings = ModelSettings(
        api_key="k", model="m", base_url=f"http://127.0.0.1:{free_port()}/v1", retries=0
    )
    model, quota = ModelClient(settings), RecordedQuota()
    with pytest.raises(TutorFailed, match="unreachable"):
        ask(model, quota)
    assert quota.settled == [0]
    model.close()


def test_each_attempt_is_a_call_of_its_own(server: ModelServer, new_model: NewModel) -> None:
    model, quota = new_model(), RecordedQuota()
    server.plays(fails(500), scripts.hangs_up, replies_with("text"))
    ask(model, quota)
    assert quota.reserved == [max_call_tokens(model)] * 3
    assert quota.settled == [0, None, SPENT]


@pytest.mark.parametrize("left", [0, 1])
def test_no_call_is_made_without_tokens_left(
    left: int, server: ModelServer, new_model: NewModel, caplog: pytest.LogCaptureFixture
) -> None:
    model = new_model()
    server.plays(fails(500))
    with pytest.raises(TutorFailed, match="no_tokens_left") as failed:
        ask(model, RecordedQuota(left))
    assert failed.value.usage == Usage(model_calls=left)
    assert server.calls == left
    assert "the model failed" not in caplog.text
    # A refused call does not wait for the client to load.
    assert (model._chat is None) is (left == 0)


def test_a_turn_without_tokens_left_continues_offline(
    server: ModelServer, model: ModelClient
) -> None:
    server.plays(replies_with(a_block(0)))
    quota = RecordedQuota(1)
    player = Player(practice_on(theory_template()), lambda: LanguageModelTutor(model, quota))
    player.present()
    assert (player.practice.tutor, player.practice.degraded) == ("model", False)

    broke = Player(practice_on(theory_template()), lambda: LanguageModelTutor(model, quota))
    broke.present()
    assert (broke.practice.tutor, broke.practice.degraded) == ("offline", True)
    assert broke.pending.prompt
    assert server.calls == 1


def test_a_block_is_served_unsolved_when_no_tokens_are_left(
    server: ModelServer, model: ModelClient
) -> None:
    server.plays(Writer())
    quota = RecordedQuota(1)
    player = Player(practice_on(theory_template()), lambda: LanguageModelTutor(model, quota))
    player.present()
    assert (player.practice.tutor, player.practice.degraded) == ("model", False)
    assert player.usage.model_calls == server.calls == 1


def test_free_text_without_tokens_left_counts_for_nothing(
    server: ModelServer, model: ModelClient
) -> None:
    server.plays(replies_with(findings("nobody asks")))
    player = Player(
        practice_with_free_text_pending(), lambda: LanguageModelTutor(model, RecordedQuota(0))
    )
    (feedback,) = calls(player.answer(ANSWER), "feedback_presentation")
    assert (feedback["correct"], feedback["score"]) == (None, None)
    assert player.practice.degraded is True
    assert player.practice.totals.questions_answered == 0
    assert server.calls == 0


def test_a_doubtful_finding_is_not_asked_again_when_only_one_call_is_left(
    server: ModelServer, model: ModelClient
) -> None:
    server.plays(replies_with(findings("not in the answer")))
    player = Player(
        practice_with_free_text_pending(), lambda: LanguageModelTutor(model, RecordedQuota(1))
    )
    (feedback,) = calls(player.answer(ANSWER), "feedback_presentation")
    assert feedback["correct"] is False
    assert server.calls == 1
