"""A message of a chat, in the shapes in which LangGraph's and AG-UI's clients send it."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shared.domain.common.json_object import ParsedJson

MAX_TOOL_CALLS = 100
TYPE_OF_ROLE = {"user": "human", "assistant": "ai"}


class ClientMessage(BaseModel):
    """A message as a client sends it; its other fields are kept."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)

    id: str | None = None
    type: str | None = None
    role: str | None = None
    content: ParsedJson = None
    tool_call_id: str | None = None
    tool_calls: Annotated[list[dict[str, ParsedJson]], Field(max_length=MAX_TOOL_CALLS)] | None = (
        None
    )

    @property
    def author(self) -> str:
        """`human`, `ai` or `tool`, from either of the fields that may say so."""
        name = self.type or self.role or ""
        return TYPE_OF_ROLE.get(name, name)

    @property
    def text(self) -> str:
        """The text of the content, which is a text or a list of parts."""
        parts = self.content if isinstance(self.content, list) else [self.content]
        texts = [part.get("text") if isinstance(part, dict) else part for part in parts]
        return "\n".join(text for text in texts if isinstance(text, str)).strip()
