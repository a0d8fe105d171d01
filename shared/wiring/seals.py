"""The seals, with the keys from the settings."""

from functools import cache

from cryptography.fernet import Fernet

from shared.seal import Seals
from shared.wiring.base import settings


@cache
def seals() -> Seals:
    # Without keys, which the settings allow in local projects alone, what this process seals is
    # good for as long as it runs.
    return Seals(settings().seal_keys or (Fernet.generate_key().decode(),))
