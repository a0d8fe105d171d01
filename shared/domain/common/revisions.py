"""Changes of what was read: refused where it has changed since."""

from shared.domain.common.errors import RevisionMismatch, echoed


def require_same_revision(sent: int | None, stored: int, *, found: str) -> None:
    """Raises RevisionMismatch for another revision than the stored one; None is any.

    `found` begins its sentence: "The class is at version".
    """
    if sent is not None and sent != stored:
        raise RevisionMismatch(
            f"{found} {stored}, not {echoed(sent)}: read it again, then repeat your change."
        )
