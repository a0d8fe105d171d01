"""The seals, with the keys from the settings."""

from functools import cache

from cryptography.fernet import Fernet

from shared.sealing.seals import Sealer
from shared.wiring.base import settings


@cache
def seals() -> Sealer:
    # Without keys, which the settings allow in local projects alone, what this process seals is
    # good for as long as it runs.
    return Sealer(settings().seal_keys or (Fernet.generate_key().decode(),))
