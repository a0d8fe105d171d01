"""The client of a language model: retries, bounds on time and tokens, and spans."""

import logging
import time
from collections.abc import Callable
from random import SystemRandom
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple, Protocol

from shared.traces import spans
from shared.tutor.language_model.model_call import (
    CallFailed,
    Completion,
    ModelSettings,
    Prompt,
    max_token_count,
)
from shared.tutor.ports import TutorFailed, Usage

if TYPE_CHECKING:
    from shared.tutor.language_model.openai_chat import OpenAIChat

logger = logging.getLogger("practice.tutor")
_random = SystemRandom()


class TokenReservation(Protocol):
    """Tokens set aside for one call. Until it is settled, all of them count as spent."""

    def settle(self, tokens: int) -> None:
        """Replaces the reserved tokens by those that the call has cost."""


# Reserves the tokens that a call can cost at most. None: the call must not be made.
ReserveTokens = Callable[[int], TokenReservation | None]


class _UnlimitedReservation:
    def settle(self, tokens: int) -> None:
        pass


def unlimited(_tokens: int) -> TokenReservation:
    """The ReserveTokens of a deployment without token quotas."""
    return _UnlimitedReservation()


class TurnAllowance:
    """The time, retries and tokens that one turn may spend on the model. Its time begins now."""

    def __init__(self, settings: ModelSettings, reserve: ReserveTokens = unlimited) -> None:
        self.reserve = reserve
        self._settings = settings
        self._ends = time.monotonic() + settings.turn_seconds
        self._retries = 0

    @property
    def remaining_seconds(self) -> float:
        return self._ends - time.monotonic()

    def wait_for_retry(self, failed: CallFailed) -> bool:
        """Waits before another call. False, at once, where there must be none."""
        settings = self._settings
        if not failed.transient or self._retries == settings.retries:
            return False
        # Half of the pause is random, so that calls that failed together are not repeated together.
        most = settings.first_pause_seconds * 2**self._retries
        seconds = _random.uniform(most / 2, most)
        if failed.retry_after_seconds is not None:
            seconds = failed.retry_after_seconds
        if seconds >= min(settings.longest_pause_seconds, self.remaining_seconds):
            return False
        self._retries += 1
        time.sleep(seconds)
        return True


class ModelOutput(NamedTuple):
    """A usable text, and what it cost together with the failed calls before it."""

    text: str
    usage: Usage


class ModelClient:
    """One per process, for all threads. Nothing is loaded or connected before the first call."""

    def __init__(self, settings: ModelSettings) -> None:
        self.settings = settings
        self._lock = Lock()
        self._chat: OpenAIChat | None = None

    def ask(self, prompt: Prompt, allowance: TurnAllowance) -> ModelOutput:
        """The model's text. Raises TutorFailed.

        Only transient failures are retried: a reply that was cut off, filtered or refused would be
        so again.
        """
        usage = Usage()
        while allowance.remaining_seconds > 0:
            reservation = allowance.reserve(prompt.max_tokens + self.settings.max_output_tokens)
            if reservation is None:
                # Not a failure of the model. The quota that refused has logged it.
                raise TutorFailed("no_tokens_left", usage)
            usage = usage.plus(Usage(model_calls=1))
            try:
                completion = self._complete(prompt, allowance)
            except CallFailed as failed:
                if failed.cost_nothing:
                    reservation.settle(0)
                if allowance.wait_for_retry(failed):
                    logger.info("model call retried: %s", failed.kind)
                    continue
                raise _failure(failed.kind, usage) from failed
            # A server that doesn't report usage is assumed to have used the most possible.
            reservation.settle(
                completion.usage.tokens or prompt.max_tokens + max_token_count(completion.text)
            )
            usage = usage.plus(completion.usage)
            if completion.failure:
                raise _failure(completion.failure, usage)
            return ModelOutput(completion.text, usage)
        raise _failure("no_time_left", usage)

    def close(self) -> None:
        """Closes connections and thread; another call opens them again."""
        with self._lock:
            if self._chat is not None:
                self._chat.close()
            self._chat = None

    def _complete(self, prompt: Prompt, allowance: TurnAllowance) -> Completion:
        chat = self._open_chat()
        # Computed here, because reserving and loading have taken time of the turn as well.
        seconds = min(self.settings.timeout_seconds, allowance.remaining_seconds)
        attributes = {"gen_ai.operation.name": "chat", "gen_ai.request.model": self.settings.model}
        with spans.span("chat", attributes) as span:
            try:
                completion = chat.complete(prompt, seconds=seconds)
            except CallFailed as failed:
                span.note({"outcome": failed.kind})
                raise
            span.note(
                {
                    "outcome": completion.failure or "written",
                    "gen_ai.usage.input_tokens": completion.usage.input_tokens,
                    "gen_ai.usage.output_tokens": completion.usage.output_tokens,
                }
            )
            return completion

    def _open_chat(self) -> "OpenAIChat":
        with self._lock:
            if self._chat is None:
                from shared.tutor.language_model.openai_chat import OpenAIChat

                self._chat = OpenAIChat(self.settings)
            return self._chat


def _failure(kind: str, usage: Usage) -> TutorFailed:
    logger.warning("the model failed: %s, after %d calls", kind, usage.model_calls)
    return TutorFailed(kind, usage)
