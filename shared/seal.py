"""Seals: what a client carries for us and can neither read nor alter.

Authenticated encryption by cryptography's MultiFernet: the first key seals, every key opens, so
keys rotate by putting a new one in front and dropping the oldest when nothing sealed with it is
left.
Nothing is compressed: a seal's length would tell about secrets that stand next to a student's text.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import ValidationError

from shared.domain.errors import SessionContextTampered
from shared.domain.freeform import same
from shared.domain.practice import Practice, visible
from shared.domain.source import Binding
from shared.domain.template import Template

# Far above what a session's state may grow to; an attacker's megabytes are not decrypted.
MAX_SEAL_LENGTH = 512 * 1024


class Seals:
    """Seals and opens. Raises ValueError for a key that is not 32 bytes in URL-safe base64."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("at least one seal key is needed")
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, kind: str, content: Mapping[str, Any]) -> str:
        """One opaque string. `kind` keeps a seal made for one purpose from serving another."""
        text = json.dumps({"kind": kind, **content}, ensure_ascii=False, separators=(",", ":"))
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, kind: str, sealed: str) -> dict[str, Any]:
        """What was sealed. Raises SessionContextTampered for anything but a seal of this kind.

        So is one with white space or other padding: the decoder would pass over it, and a seal that
        can be written in two ways can't be compared.
        """
        try:
            if len(sealed) > MAX_SEAL_LENGTH or not _is_canonical(sealed):
                raise SessionContextTampered
            content: dict[str, Any] = json.loads(self._fernet.decrypt(sealed.encode()))
        except (InvalidToken, ValueError) as error:
            raise SessionContextTampered from error
        if content.pop("kind", None) != kind:
            raise SessionContextTampered
        return content


def _is_canonical(sealed: str) -> bool:
    return urlsafe_b64encode(urlsafe_b64decode(sealed.encode("ascii"))).decode() == sealed


def stored_session(seals: Seals, practice: Practice) -> dict[str, Any]:
    """The state in the form that a client keeps: what it may see, and the seal over all of it."""
    sealed = seals.seal("session", practice.model_dump(mode="json"))
    return {**visible(practice), "seal": sealed}


def opened_session(seals: Seals, stored: Mapping[str, Any]) -> Practice:
    """The state that a client kept. Raises SessionContextTampered when anything in it differs.

    Numbers count by value: an SDK reads 1.0 as 1.
    """
    open_part = {name: value for name, value in stored.items() if name != "seal"}
    seal = stored.get("seal")
    if not isinstance(seal, str):
        raise SessionContextTampered("The session has no seal.")
    try:
        practice = Practice.model_validate(seals.open("session", seal))
    except ValidationError as error:
        raise SessionContextTampered("The session is of another version.") from error
    if not same(open_part, visible(practice)):
        raise SessionContextTampered
    return practice


def opened_own(
    seals: Seals, stored: Mapping[str, Any], *, student_id: str, session_id: str | None = None
) -> Practice:
    """The student's own state, and of this session where one is named.

    Raises SessionContextTampered for anybody else's, or another session's.
    """
    practice = opened_session(seals, stored)
    if practice.student_id != student_id or session_id not in (None, practice.session_id):
        raise SessionContextTampered
    return practice


def sealed(seals: Seals, template: Template, keys: Mapping[str, Mapping[str, Any]]) -> Template:
    """The template made genuine: its seal binds this version, and has the answer keys that are not
    in it, by question_id.
    """
    binding = template.model_dump(include=set(Binding.model_fields))
    seal = seals.seal("template", {**binding, "keys": keys})
    return template.model_copy(update={"seal": seal})


def opened_template(seals: Seals, seal: str) -> dict[str, Any]:
    """Raises SessionContextTampered for anything but a template's seal."""
    return seals.open("template", seal)
