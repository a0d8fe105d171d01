"""Limits against abuse and cost: turns per minute, model tokens per day. See docs/limits.md."""
