"""Random identifiers."""

from secrets import token_hex
from uuid import uuid4


def random_id() -> str:
    """96 random bits in hex: documents spread evenly over the key space."""
    return token_hex(12)


def random_uuid() -> str:
    return str(uuid4())
