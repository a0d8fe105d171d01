"""The codes that the local stack sends by e-mail: the links are printed and listed instead.

A link leads to the page of the app that asked for it, with the code in its query, as a link of
Firebase does where the app has a page for it.
"""

from collections import deque
from secrets import token_urlsafe
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

# Codes that were not used yet. The oldest are forgotten beyond these.
MAX_CODES = 1_000
EMAIL_SIGNIN, PASSWORD_RESET, VERIFY_EMAIL = "EMAIL_SIGNIN", "PASSWORD_RESET", "VERIFY_EMAIL"
MODES = {EMAIL_SIGNIN: "signIn", PASSWORD_RESET: "resetPassword", VERIFY_EMAIL: "verifyEmail"}


class ActionCode(NamedTuple):
    """A code in a link to an address; `request_type` is one of MODES."""

    email: str
    code: str
    request_type: str
    link: str


class ActionCodes:
    """The codes that were not used yet."""

    def __init__(self) -> None:
        self._codes: deque[ActionCode] = deque(maxlen=MAX_CODES)

    def send(self, email: str, request_type: str, continue_url: str) -> None:
        code = token_urlsafe(30)
        url = urlsplit(continue_url)
        query = dict(parse_qsl(url.query)) | {
            "mode": MODES[request_type],
            "lang": "en",
            "oobCode": code,
            "apiKey": "local",
        }
        link = urlunsplit(url._replace(query=urlencode(query)))
        self._codes.append(ActionCode(email, code, request_type, link))
        print(f"To {email} ({request_type}): {link}", flush=True)

    def find(self, code: str) -> ActionCode | None:
        return next((sent for sent in self.all() if sent.code == code), None)

    def use(self, code: ActionCode) -> bool:
        """False if another request has used it in the meantime."""
        try:
            self._codes.remove(code)
        except ValueError:
            return False
        return True

    def all(self) -> list[ActionCode]:
        """The oldest first."""
        return list(self._codes)
