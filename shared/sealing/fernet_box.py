"""Authenticated encryption of bytes, each for one purpose, with keys that can be rotated.

MultiFernet of the cryptography package (AES-128-CBC, HMAC-SHA256): the first key seals, every key
opens. A new key is put in front; the oldest is dropped once nothing sealed with it is left.
Nothing is compressed: the length of a seal would reveal secrets that stand next to student's text.
Answer keys are padded, because their length alone would tell how many choices are right.
"""

import string
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import NamedTuple

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from shared.domain.common.errors import SessionContextTampered

# Far above the size of any session's state; longer seals are refused before they are decrypted.
MAX_SEAL_LENGTH = 512 * 1024
ALPHABET = (string.ascii_letters + string.digits + "-_").encode()


# In bytes. Large beside the keys of a question, so that few keys differ in their padded length.
PADDED_TO = 4096


def padded(content: bytes) -> bytes:
    """JSON with white space after it, which its parser skips, up to a multiple of PADDED_TO."""
    return content + b" " * (-len(content) % PADDED_TO)


class OpenedSeal(NamedTuple):
    """`latest_key` is True where the content was sealed with the key that seals now."""

    content: bytes
    latest_key: bool


class FernetBox:
    """Seals and opens. Raises ValueError for a key that is not 32 bytes in URL-safe base64."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("at least one seal key is needed")
        self._latest, *_ = fernets = [Fernet(key) for key in keys]
        self._any = MultiFernet(fernets)

    def seal(self, purpose: str, content: bytes) -> str:
        """One opaque string. A seal made for one purpose doesn't open for another."""
        return self._latest.encrypt(b"%b\n%b" % (purpose.encode(), content)).decode()

    def open(self, purpose: str, sealed: str) -> OpenedSeal:
        """The sealed content. Raises SessionContextTampered unless sealed for this purpose.

        White space and other padding are refused as well: the decoder would skip them, and a seal
        that can be written in two ways can't be compared.
        """
        try:
            if len(sealed) > MAX_SEAL_LENGTH or not _is_canonical(sealed):
                raise SessionContextTampered
            opened = self._decrypt(sealed)
        except (InvalidToken, ValueError) as error:
            raise SessionContextTampered from error
        found, _, content = opened.content.partition(b"\n")
        if found != purpose.encode():
            raise SessionContextTampered
        return opened._replace(content=content)

    def _decrypt(self, sealed: str) -> OpenedSeal:
        try:
            return OpenedSeal(self._latest.decrypt(sealed), latest_key=True)
        except InvalidToken:
            return OpenedSeal(self._any.decrypt(sealed), latest_key=False)


def _is_canonical(sealed: str) -> bool:
    """Whether the text is URL-safe base64 in its only canonical spelling."""
    last = sealed[-4:]
    return (
        sealed.isascii()
        and len(sealed) % 4 == 0
        and not sealed[:-4].encode().translate(None, ALPHABET)
        and urlsafe_b64encode(urlsafe_b64decode(last)).decode() == last
    )
