"""A language model as the tutor asks it: loaded late, one layer of retries, bounded by the turn."""

import logging
import random
import time
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from shared.traces import spans
from shared.tutor.language_model.completion import (
    CallFailed,
    Completion,
    ModelSettings,
    Prompt,
    max_token_count,
)
from shared.tutor.language_model.token_reservation import ReserveTokens, unlimited
from shared.tutor.ports import TutorFailed, Usage

if TYPE_CHECKING:
    from shared.tutor.language_model.openai_chat import OpenAIChat

logger = logging.getLogger("practice.tutor")


class TurnAllowance:
    """What one turn may spend on the model: time from now on, calls made again, and tokens."""

    def __init__(self, settings: ModelSettings, reserve: ReserveTokens = unlimited) -> None:
        self.reserve = reserve
        self._settings = settings
        self._ends = time.monotonic() + settings.turn_seconds
        self._repeats = 0

    @property
    def remaining_seconds(self) -> float:
        return self._ends - time.monotonic()

    def pause(self, failed: CallFailed) -> bool:
        """Waits before another call is made. False where there is to be none."""
        settings = self._settings
        if not failed.passing or self._repeats == settings.repeats:
            return False
        # Half of it by chance, so that many who failed together don't come back together.
        most = settings.first_pause_seconds * 2**self._repeats
        seconds = random.uniform(most / 2, most)  # noqa: S311 - spreads load, guards nothing
        if failed.retry_after_seconds is not None:
            seconds = failed.retry_after_seconds
        if seconds >= min(settings.longest_pause_seconds, self.remaining_seconds):
            return False
        self._repeats += 1
        time.sleep(seconds)
        return True


class ModelOutput(NamedTuple):
    text: str
    usage: Usage


class ModelClient:
    """One per process, for all threads. Nothing is loaded or built before the first call."""

    def __init__(self, settings: ModelSettings) -> None:
        self.settings = settings
        self._lock = Lock()
        self._chat: OpenAIChat | None = None

    def ask(self, prompt: Prompt, budget: TurnAllowance) -> ModelOutput:
        """What the model wrote. Calls are repeated for passing faults alone: an answer that was cut
        off, filtered or refused would be so again. Raises TutorFailed.
        """
        usage = Usage()
        while budget.remaining_seconds > 0:
            reservation = budget.reserve(prompt.most_tokens + self.settings.max_output_tokens)
            if reservation is None:
                # No failure of the model's. Whoever refused has said so in the log.
                raise TutorFailed("no_tokens_left", usage)
            usage = usage.plus(Usage(model_calls=1))
            try:
                reply = self._asked(prompt, budget)
            except CallFailed as failed:
                if failed.cost_nothing:
                    reservation.settle(0)
                if budget.pause(failed):
                    logger.info("the model is asked again: %s", failed.kind)
                    continue
                raise _failed(failed.kind, usage) from failed
            # What a server does not tell is taken to be the most that it can be.
            reservation.settle(
                reply.usage.tokens or prompt.most_tokens + max_token_count(reply.text)
            )
            usage = usage.plus(reply.usage)
            if reply.fault:
                raise _failed(reply.fault, usage)
            return ModelOutput(reply.text, usage)
        raise _failed("no_time_left", usage)

    def _asked(self, prompt: Prompt, budget: TurnAllowance) -> Completion:
        chat = self._built()
        # Only now: to reserve and to load have taken time of the turn's too.
        seconds = min(self.settings.timeout_seconds, budget.remaining_seconds)
        attributes = {"gen_ai.operation.name": "chat", "gen_ai.request.model": self.settings.model}
        with spans.span("chat", attributes) as span:
            try:
                reply = chat.ask(prompt, seconds=seconds)
            except CallFailed as failed:
                span.note({"outcome": failed.kind})
                raise
            span.note(
                {
                    "outcome": reply.fault or "written",
                    "gen_ai.usage.input_tokens": reply.usage.input_tokens,
                    "gen_ai.usage.output_tokens": reply.usage.output_tokens,
                }
            )
            return reply

    def close(self) -> None:
        """Lets go of connections and thread; another call builds them anew."""
        with self._lock:
            if self._chat is not None:
                self._chat.close()
            self._chat = None

    def _built(self) -> "OpenAIChat":
        with self._lock:
            if self._chat is None:
                from shared.tutor.language_model.openai_chat import OpenAIChat  # noqa: PLC0415 - slow to load, seldom needed

                self._chat = OpenAIChat(self.settings)
            return self._chat


def _failed(kind: str, usage: Usage) -> TutorFailed:
    logger.warning("the model failed: %s, after %d calls", kind, usage.model_calls)
    return TutorFailed(kind, usage)
