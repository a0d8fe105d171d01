"""Ids made of several texts."""

import hashlib


def digest(*parts: str) -> str:
    """Forty hex digits. Lengths distinguish ("a", "bc") from ("ab", "c")."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:40]
