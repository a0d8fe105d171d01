"""Limits against abuse and cost: turns a minute, model tokens a day. See docs/limits.md."""
