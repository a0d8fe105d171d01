"""What goes into a call to a model, and what comes of it."""

import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from shared.settings import OPENAI_URL
from shared.tutor.ports import Usage

# These refuse `max_tokens` for their newer models. Servers that only speak the same protocol know
# it, and some pass over its successor and write without end (ollama#7125, llama.cpp#13700).
MAX_COMPLETION_TOKENS_HOSTS = ("api.openai.com", ".openai.azure.com")
FRAME_TOKENS = 32


@dataclass(frozen=True)
class ModelSettings:
    """`timeout_seconds` bounds one call, `turn_seconds` all calls of a turn with their pauses.

    `repeats` is how often a turn may make a call again that met a passing fault. A server that
    asks for a longer pause than `longest_pause_seconds` is not asked again. What a model thinks
    before it writes counts as output.
    """

    api_key: str = field(repr=False)
    model: str
    base_url: str = OPENAI_URL
    timeout_seconds: float = 30.0
    turn_seconds: float = 40.0
    max_output_tokens: int = 8_000
    repeats: int = 2
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 5.0

    @property
    def token_limit(self) -> dict[str, int]:
        """The bound on output, by the name that the server knows it."""
        host = urlsplit(self.base_url).hostname or ""
        modern = host.endswith(MAX_COMPLETION_TOKENS_HOSTS)
        return {"max_completion_tokens" if modern else "max_tokens": self.max_output_tokens}


@dataclass(frozen=True)
class Prompt:
    """`instructions` are ours alone. All that others wrote is in `data`, a JSON object."""

    instructions: str
    data: str
    response_format: dict[str, Any]

    @property
    def most_tokens(self) -> int:
        """What it can count for at most, whatever the model's tokens are."""
        schema = json.dumps(self.response_format)
        return (
            max_token_count(self.instructions)
            + max_token_count(self.data)
            + max_token_count(schema)
        )


def max_token_count(text: str) -> int:
    """A token stands for a byte at least. The rest is what a server writes around a text."""
    return len(text.encode(errors="surrogatepass")) + FRAME_TOKENS


class Completion(NamedTuple):
    """`fault` says why the text is not to be used, None where it is."""

    text: str
    usage: Usage
    fault: str | None


class CallFailed(Exception):
    """No reply. `kind` names the failure and quotes nothing.

    A passing fault may be gone at the next attempt, though not before `retry_after_seconds`. Of one
    that `cost_nothing` it is sure that the model has not written; else it may have.
    """

    def __init__(
        self,
        kind: str,
        *,
        passing: bool = False,
        retry_after_seconds: float | None = None,
        cost_nothing: bool = False,
    ) -> None:
        super().__init__(kind)
        self.cost_nothing = cost_nothing
        self.kind = kind
        self.passing = passing
        self.retry_after_seconds = retry_after_seconds
