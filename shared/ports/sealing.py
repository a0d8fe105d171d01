"""Sealing, as use cases see it: sessions and templates that clients carry but can't alter."""

from collections.abc import Mapping
from typing import Any, Protocol

from shared.domain.practice.client_view import (
    ResealedPractice,
    StoredFields,
    StoredSession,
    hash_of,
)
from shared.domain.practice.source import TemplateSealContent
from shared.domain.practice.state import OpenedPractice, Practice, require_client_state, trim_log
from shared.domain.templates.template import Template


class PracticeSealer(Protocol):
    """Turns the state of infinite practice into the form that its client keeps, and back."""

    def seal(self, practice: Practice) -> StoredFields:
        """The visible state, with a seal over the whole state."""

    def open(
        self, stored: Mapping[str, Any], *, student_id: str, session_id: str | None = None
    ) -> OpenedPractice:
        """The state of a session that a client kept, if it belongs to this student.

        Raises SessionContextTampered for a session that was altered, another student's, or not the
        one named by `session_id`.
        """


def seal_new(sealer: PracticeSealer, practice: Practice) -> ResealedPractice:
    """A state that no client has sent, in the form to be stored in."""
    return ResealedPractice(
        opened=OpenedPractice(practice, hash_of(practice)),
        stored_session=StoredSession.model_validate(sealer.seal(practice)),
    )


def reseal(
    sealer: PracticeSealer,
    stored: Mapping[str, Any],
    *,
    student_id: str,
    session_id: str | None = None,
) -> ResealedPractice:
    """The state of a client's session, opened and sealed again to be stored.

    Raises SessionContextTampered, as PracticeSealer.open does, and StrictSession.
    """
    opened = sealer.open(stored, student_id=student_id, session_id=session_id)
    require_client_state(opened.practice)
    trimmed = sealer.seal(trim_log(opened.practice))
    return ResealedPractice(opened, StoredSession.model_validate(trimmed))


def reseal_if_sent(
    sealer: PracticeSealer, stored: Mapping[str, Any] | None, *, student_id: str, session_id: str
) -> ResealedPractice | None:
    """See reseal. None for a request without practice."""
    if stored is None:
        return None
    return reseal(sealer, stored, student_id=student_id, session_id=session_id)


class TemplateSealer(Protocol):
    """Seals the answer keys of a template together with its version and content hash."""

    def seal(self, template: Template, keys: Mapping[str, Mapping[str, Any]]) -> Template:
        """The template with a new seal. `keys` holds the answer keys by question_id."""

    def open(self, seal: str) -> TemplateSealContent:
        """The content of a template's seal. Raises SessionContextTampered for any other text."""
