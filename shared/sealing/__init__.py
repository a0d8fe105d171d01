"""Seals: data that a client carries and can neither read nor alter."""
