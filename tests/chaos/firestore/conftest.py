"""Fixtures of empty databases whose connection can fail."""

from tests.support.firestore.fixtures import new_world, world

__all__ = ["new_world", "world"]
