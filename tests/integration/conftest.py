"""Fixtures of a stack with its own key server, for the tests of endpoint and authentication."""

from tests.support.edge import edge, key_server, post

__all__ = ["edge", "key_server", "post"]
