"""Random identifiers."""

from secrets import choice, token_hex
from uuid import uuid4

from shared.domain.classes.join_code import new_code


def random_id() -> str:
    """96 random bits in hex: documents spread evenly over the key space."""
    return token_hex(12)


def random_uuid() -> str:
    return str(uuid4())


def random_join_code() -> str:
    return new_code(choice)
