"""One call of a model: its settings, the prompt, the completion or the failure."""

import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from shared.tutor.ports import Usage

# These hosts refuse `max_tokens` for their newer models. Other servers of the same protocol know
# it, and some ignore its successor and write without end (ollama#7125, llama.cpp#13700).
MAX_COMPLETION_TOKENS_HOSTS = ("api.openai.com", ".openai.azure.com")
FRAME_TOKENS = 32


@dataclass(frozen=True)
class ModelSettings:
    """`timeout_seconds` bounds one call, `turn_seconds` all calls of a turn with their pauses.

    `retries` is the number of calls that a turn may repeat after transient failures. The first
    pause before a retry lasts up to `first_pause_seconds`, each later one twice as long. A call is
    not repeated where the server asks for a pause of `longest_pause_seconds` or more.
    `max_output_tokens` includes the tokens of a model's reasoning.
    """

    api_key: str = field(repr=False)
    model: str
    base_url: str
    timeout_seconds: float = 30.0
    turn_seconds: float = 40.0
    max_output_tokens: int = 8_000
    retries: int = 2
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 5.0

    @property
    def token_limit(self) -> dict[str, int]:
        """The bound on output tokens, under the name that the server expects."""
        host = urlsplit(self.base_url).hostname or ""
        modern = host.endswith(MAX_COMPLETION_TOKENS_HOSTS)
        return {"max_completion_tokens" if modern else "max_tokens": self.max_output_tokens}


@dataclass(frozen=True)
class Prompt:
    """`instructions` are constant. Everything that others wrote is in `data`, a JSON object.

    `response_format` is that of OpenAI's API: the JSON schema of the reply.
    """

    instructions: str
    data: str
    response_format: dict[str, Any]

    @property
    def max_tokens(self) -> int:
        """An upper bound of the prompt's tokens, for any model's tokeniser."""
        texts = (self.instructions, self.data, json.dumps(self.response_format))
        return sum(map(max_token_count, texts))


def max_token_count(text: str) -> int:
    """An upper bound of a text's tokens: one a byte, and some for the server's frame around it."""
    return len(text.encode(errors="surrogatepass")) + FRAME_TOKENS


class Completion(NamedTuple):
    """`failure` names the reason why the text can't be used, None where it can."""

    text: str
    usage: Usage
    failure: str | None


class CallFailed(Exception):
    """A call without a reply. `kind` names the failure and quotes nothing.

    A `transient` failure may be gone at the next call, but not before `retry_after_seconds`.
    `cost_nothing` is True where the model has certainly not written anything.
    """

    def __init__(
        self,
        kind: str,
        *,
        transient: bool = False,
        retry_after_seconds: float | None = None,
        cost_nothing: bool = False,
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.transient = transient
        self.retry_after_seconds = retry_after_seconds
        self.cost_nothing = cost_nothing
