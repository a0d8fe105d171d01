"""One call to a model, bounded in time. Importing this loads langchain_openai, which is slow.

The library is asked for plain text in a JSON schema: its own parsers raise and lose the text, or
take half of one for all of it. Its retries are off, for ours know what a turn can still afford.
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

from shared.tutor.language_model.completion import CallFailed, Completion, ModelSettings, Prompt
from shared.tutor.language_model.connection_pool import ConnectionPool
from shared.tutor.ports import Usage

CONNECT_SECONDS = 5.0
# How long after its own time limit a call is waited for to wind up.
GRACE_SECONDS = 2.0
QUOTA_USED_UP = "insufficient_quota"  # a 429 that no waiting helps
# A gateway that did not wait for the model, which may have gone on writing.
GAVE_UP_WAITING = (502, 504)

T = TypeVar("T")


class OpenAIChat:
    """One per process, for all threads. Calls run on an event loop of its own: only a task that is
    cancelled ends in time whatever the server does, be it that it sends a byte a second.
    """

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._http = openai.DefaultAsyncHttpxClient(
            timeout=openai.Timeout(settings.timeout_seconds, connect=CONNECT_SECONDS),
            transport=ConnectionPool(),
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

    def ask(self, prompt: Prompt, *, seconds: float) -> Completion:
        """Raises CallFailed."""
        try:
            message = self._run(self._asked(prompt, seconds), seconds + GRACE_SECONDS)
        except Exception as error:
            # Anything can come of a server that only claims to speak the protocol.
            raise _failure(error) from error
        return _reply(message)

    def close(self) -> None:
        self._run(self._http.aclose(), GRACE_SECONDS)
        self._run(self._loop.shutdown_default_executor(), GRACE_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        # In an empty context. In the caller's own, LangGraph would find the call and stream what
        # the model writes, answer keys and all, to clients that ask for messages.
        future = Context().run(asyncio.run_coroutine_threadsafe, work, self._loop)
        try:
            return future.result(seconds)
        finally:
            future.cancel()

    async def _asked(self, prompt: Prompt, seconds: float) -> AIMessage:
        body = {"response_format": prompt.response_format, **self._settings.token_limit}
        async with asyncio.timeout(seconds):
            # In the body's own terms: a response format given by name brings the SDK's parser in.
            return await self._model.ainvoke(
                [("system", prompt.instructions), ("user", prompt.data)], extra_body=body
            )


def _reply(message: AIMessage) -> Completion:
    tokens = message.usage_metadata
    usage = Usage(
        input_tokens=tokens["input_tokens"] if tokens else 0,
        output_tokens=tokens["output_tokens"] if tokens else 0,
    )
    text = message.content if isinstance(message.content, str) else ""
    return Completion(text, usage, _fault(message, text))


def _fault(message: AIMessage, text: str) -> str | None:
    reason = message.response_metadata.get("finish_reason")
    if message.additional_kwargs.get("refusal"):
        return "refused"
    if reason == "content_filter":
        return "content_filter"
    if reason == "length":
        return "too_long"
    return None if text.strip() else "empty"


def _failure(error: Exception) -> CallFailed:
    match error:
        case TimeoutError() | openai.APITimeoutError():
            return CallFailed("timed_out")
        case openai.APIStatusError():
            status = error.status_code
            return CallFailed(
                f"status_{status}",
                passing=status >= 500 or (status == 429 and error.code != QUOTA_USED_UP),
                retry_after_seconds=_retry_after(error.response.headers.get("Retry-After")),
                cost_nothing=status not in GAVE_UP_WAITING,
            )
        case openai.APIConnectionError():
            return CallFailed("unreachable", passing=True, cost_nothing=_nobody_there(error))
        case _:
            return CallFailed(f"unusable_reply ({type(error).__name__})")


def _nobody_there(error: BaseException) -> bool:
    """Whether there was no connection to begin with, so that nothing was asked."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ConnectionRefusedError | socket.gaierror):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _retry_after(header: str | None) -> float | None:
    """Seconds from now, of either form (RFC 9110, section 10.2.3)."""
    if header is None:
        return None
    try:
        if header.strip().isdecimal():
            return float(header)
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return None
