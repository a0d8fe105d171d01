"""Protocols and values through which use cases reach adapters."""
