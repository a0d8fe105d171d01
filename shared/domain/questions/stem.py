"""What several questions share: the text, and perhaps a picture, that their steps ask about."""

from typing import Annotated

from pydantic import JsonValue

from shared.domain.common.fields import LongText, NodeId, ValueObject
from shared.domain.common.json_object import JsonObject
from shared.domain.questions.image import Image, LoggedImage
from shared.domain.questions.visible_text import NOT_INVISIBLE

# A stem and its steps are asked in one block.
MAX_STEPS_OF_STEM = 20
MAX_LOGGED_TEXT = 1_000


class LoggedStem(ValueObject):
    """A stem as the log keeps it with each of its steps, the text cut."""

    text: str
    image: LoggedImage | None = None


class Stem(JsonObject):
    """A question is a step of it where its `stem` is this `stem_id`."""

    stem_id: NodeId
    text: Annotated[LongText, NOT_INVISIBLE]
    image: Image | None = None

    def public_view(self) -> dict[str, JsonValue]:
        return {
            "stem_id": self.stem_id,
            "text": self.text,
            **({"image": self.image.public_view()} if self.image else {}),
        }

    def logged(self) -> LoggedStem:
        return LoggedStem(
            text=self.text[:MAX_LOGGED_TEXT], image=self.image.logged() if self.image else None
        )
