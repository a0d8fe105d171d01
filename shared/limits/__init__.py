"""Limits against abuse and cost: requests of a user, tokens of models. See docs/limits.md."""
