"""Fixtures of a practising student, and of a template as clients read it."""

from tests.support.practice_client import room
from tests.support.run_messages import source

__all__ = ["room", "source"]
