"""Chat completions by langchain_openai, bounded in time. Importing this module is slow.

The library is asked for plain text in a JSON schema, because its own parsers raise and lose the
text, or accept half of one. Its retries are off: client.py knows what a turn can still afford.
"""

import asyncio
import socket
import time
from collections.abc import Coroutine
from contextvars import Context
from email.utils import parsedate_to_datetime
from threading import Thread
from typing import Any, TypeVar

import openai
from langchain_core.messages import AIMessage
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from shared.tutor.language_model.connection_pool import ConnectionPool
from shared.tutor.language_model.model_call import CallFailed, Completion, ModelSettings, Prompt
from shared.tutor.ports import Usage

CONNECT_SECONDS = 5.0
# The extra time, beyond its own limit, for a call to end.
GRACE_SECONDS = 2.0
QUOTA_USED_UP = "insufficient_quota"  # a 429 that does not pass
# More than any server counts for a prompt and a reply of ours. Booked as spent, it would leave the
# students no tokens.
MAX_REPORTED_TOKENS = 1_000_000
# From a gateway that stopped waiting for the model, which may still have written.
GAVE_UP_WAITING = (502, 504)

T = TypeVar("T")


class OpenAIChat:
    """One per process, for all threads. Calls run on an event loop in a thread of its own: only a
    cancelled task ends in time even where the server sends a byte a second.
    """

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._http = openai.DefaultAsyncHttpxClient(
            timeout=openai.Timeout(settings.timeout_seconds, connect=CONNECT_SECONDS),
            transport=ConnectionPool(),
            # A redirect would take the prompt and the key to a server that nobody has chosen.
            follow_redirects=False,
        )
        self._model = ChatOpenAI(
            model=settings.model,
            api_key=SecretStr(settings.api_key),
            base_url=settings.base_url,
            http_async_client=self._http,
            max_retries=0,
            use_responses_api=False,
            stream_usage=True,
        )
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="model", daemon=True)
        self._thread.start()

    def complete(self, prompt: Prompt, *, seconds: float) -> Completion:
        """Raises CallFailed."""
        try:
            message = self._run(self._invoke(prompt, seconds), seconds + GRACE_SECONDS)
        except Exception as error:
            # A server that doesn't follow the protocol can cause any exception.
            raise _call_failed(error) from error
        return _completion(message)

    def close(self) -> None:
        self._run(self._http.aclose(), GRACE_SECONDS)
        self._run(self._loop.shutdown_default_executor(), GRACE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        # In an empty context. In the caller's, LangGraph would find the call and stream the model's
        # text, answer keys included, to clients that ask for messages.
        future = Context().run(asyncio.run_coroutine_threadsafe, work, self._loop)
        try:
            return future.result(seconds)
        finally:
            future.cancel()

    async def _invoke(self, prompt: Prompt, seconds: float) -> AIMessage:
        body = {"response_format": prompt.response_format, **self._settings.token_limit}
        async with asyncio.timeout(seconds):
            # In extra_body, because a `response_format` argument would bring in the SDK's parser.
            return await self._model.ainvoke(
                [("system", prompt.instructions), ("user", prompt.data)], extra_body=body
            )


def _completion(message: AIMessage) -> Completion:
    """Raises CallFailed."""
    text = message.content if isinstance(message.content, str) else ""
    return Completion(text, _usage(message), _failure(message, text))


def _usage(message: AIMessage) -> Usage:
    """The usage that the server reported, zeros where it reported none. Raises CallFailed."""
    tokens = message.usage_metadata
    if not tokens:
        return Usage()
    # LangChain takes the server's values as they are.
    counts = (tokens["input_tokens"], tokens["output_tokens"])
    if not all(isinstance(n, int) and 0 <= n <= MAX_REPORTED_TOKENS for n in counts):
        raise CallFailed("absurd_usage")
    return Usage(input_tokens=counts[0], output_tokens=counts[1])


def _failure(message: AIMessage, text: str) -> str | None:
    reason = message.response_metadata.get("finish_reason")
    if message.additional_kwargs.get("refusal"):
        return "refused"
    if reason == "content_filter":
        return "content_filter"
    if reason == "length":
        return "too_long"
    return None if text.strip() else "empty"


def _call_failed(error: Exception) -> CallFailed:
    match error:
        case TimeoutError() | openai.APITimeoutError():
            return CallFailed("timed_out")
        case openai.APIStatusError():
            status = error.status_code
            return CallFailed(
                f"status_{status}",
                transient=status >= 500 or (status == 429 and error.code != QUOTA_USED_UP),
                retry_after_seconds=_retry_after(error.response.headers.get("Retry-After")),
                cost_nothing=status not in GAVE_UP_WAITING,
            )
        case openai.APIConnectionError():
            return CallFailed("unreachable", transient=True, cost_nothing=_is_unconnected(error))
        case _:
            return CallFailed(f"unusable_reply ({type(error).__name__})")


def _is_unconnected(error: BaseException) -> bool:
    """Whether there was no connection at all, so that the server got no request."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ConnectionRefusedError | socket.gaierror):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _retry_after(header: str | None) -> float | None:
    """Seconds from now, from either form of the header (RFC 9110, section 10.2.3)."""
    if header is None:
        return None
    try:
        if header.strip().isdecimal():
            return float(header)
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return None
