"""The picture of a question: an address, or the picture itself, and what it shows in words."""

import re
from typing import Annotated

from pydantic import AfterValidator, JsonValue, StringConstraints

from shared.domain.common.fields import ValueObject
from shared.domain.common.json_object import JsonObject
from shared.domain.common.json_schema import Check
from shared.domain.questions.visible_text import NOT_INVISIBLE

# Of a picture in the question itself: a file of 6 KB. It travels with every turn, in the question
# bank of 30 KB; one at an address costs its address.
MAX_URL = 8_220
MAX_ALT = 500

# Without user names, white space and what would have to be escaped in HTML.
_ADDRESS = (
    r"https://[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?"
    r"(?:[/?#][^\s\u0000-\u0020\u007f-\u00a0\u0022<>\\\u2028\u2029\ufeff]{0,1700})?"
)
# An SVG in an <img> runs no script and loads nothing, and a drawing is smallest as one.
_DATA = (
    r"data:image/(?:png|jpeg|webp|gif|svg\+xml);base64,(?=.)"
    r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?"
)
_URL = re.compile(f"{_ADDRESS}|{_DATA}")


def _require_picture(value: str) -> str:
    if not _URL.fullmatch(value):
        raise ValueError(
            "must be an https address, or a picture as data:image/png;base64,… "
            "(png, jpeg, webp, gif or svg+xml)"
        )
    return value


A_PICTURE = Check(
    AfterValidator(_require_picture),
    pattern=rf"(?=(?:{_ADDRESS}|{_DATA})(?![\s\S]))",
    description="An https address, or the picture itself in base64: data:image/png;base64,…",
)


class LoggedImage(ValueObject):
    """A picture as the log keeps it: `url` is None where the picture had no address."""

    alt: str
    url: str | None = None


class Image(JsonObject):
    """`alt` says what the picture shows, to those who can't see it and where it doesn't load."""

    url: Annotated[str, StringConstraints(max_length=MAX_URL), A_PICTURE]
    alt: Annotated[str, StringConstraints(max_length=MAX_ALT), NOT_INVISIBLE]

    def public_view(self) -> dict[str, JsonValue]:
        return {"url": self.url, "alt": self.alt}

    def logged(self) -> LoggedImage:
        """Without a picture in the question itself: every client carries the log."""
        is_address = self.url.startswith("https:")
        return LoggedImage(alt=self.alt, url=self.url if is_address else None)
