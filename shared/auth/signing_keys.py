"""The public keys that sign tokens, fetched from their issuer (a JWKS)."""

import logging
import math
import threading
import time
from typing import Any

import jwt
from jwt import PyJWKClient

from shared.domain.common.errors import Unavailable

KEYS_LIFESPAN_SECONDS = 3_600
KEYS_RETRY_SECONDS = 30
KEYS_FIRST_RETRY_SECONDS = 2
KEYS_TIMEOUT_SECONDS = 3

logger = logging.getLogger("practice.auth")


class SigningKeys(PyJWKClient):
    """A key set fetched once an hour, at most twice a minute for unknown key ids.

    When a fetch fails the last good keys stay in use: an outage of the key server must not lock out
    every user. Without any keys yet, the requests that waited for a fetch fail with it, and the
    next is made after a pause.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url, lifespan=KEYS_LIFESPAN_SECONDS, timeout=KEYS_TIMEOUT_SECONDS)
        self._last_good: Any = None
        self._tried_at = -math.inf
        self._lock = threading.Lock()

    @property
    def version(self) -> float | None:
        """Identifies the keys in use: it changes with every attempt to fetch, and is None while a
        fetch is due. Before the first fetch none is due.
        """
        tried_at = self._tried_at
        is_due = math.isfinite(tried_at) and time.monotonic() - tried_at >= KEYS_LIFESPAN_SECONDS
        return None if is_due else tried_at

    def fetch_data(self) -> Any:
        with self._lock:
            pause = KEYS_RETRY_SECONDS if self._last_good else KEYS_FIRST_RETRY_SECONDS
            if time.monotonic() - self._tried_at >= pause:
                self._refresh()
            if self._last_good is None:
                raise Unavailable("The keys that sign tokens can't be fetched.")
            return self._last_good

    def _refresh(self) -> None:
        try:
            self._last_good = super().fetch_data()
        except (jwt.PyJWTError, OSError, ValueError) as error:
            logger.warning("signing keys could not be fetched: %s", type(error).__name__)
        finally:
            self._tried_at = time.monotonic()
