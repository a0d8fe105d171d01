"""Seals: what a client carries for us and can neither read nor alter.

Authenticated encryption by cryptography's MultiFernet: the first key seals, every key opens, so
keys rotate by putting a new one in front and dropping the oldest when nothing sealed with it is
left.
Nothing is compressed: a seal's length would tell about secrets that stand next to a student's text.
"""

import hashlib
import json
import string
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic_core import to_json

from shared.domain.common.errors import SessionContextTampered
from shared.domain.common.json_object import is_same_json
from shared.domain.practice.source import Binding, Source
from shared.domain.practice.state import Block, BlockState, Practice, State, client_view
from shared.domain.questions.question import Question, restore_question
from shared.domain.templates.template import Template
from shared.lru_cache import LruCache

# Far above what a session's state may grow to; an attacker's megabytes are not decrypted.
MAX_SEAL_LENGTH = 512 * 1024
# Sources kept read in a process, each some hundred KB; students of one template share one.
SOURCES_KEPT = 32
ALPHABET = (string.ascii_letters + string.digits + "-_").encode()
# Between the two parts of a session's seal; in neither of their alphabets.
SEPARATOR = "."


class OpenedSeal(NamedTuple):
    """`latest_key` says whether it was sealed with the key that seals now."""

    text: bytes
    latest_key: bool


class _Kept(NamedTuple):
    """A source as read, its questions by id, and it sealed with the key that seals now, with the
    hash of that. The seal is empty until there is one.
    """

    source: Source
    questions: Mapping[str, Question]
    seal: str
    seal_hash: str

    @classmethod
    def of(cls, source: Source, seal: str = "") -> "_Kept":
        questions = {entry.question.question_id: entry.question for entry in source.bank}
        return cls(source, questions, seal, _hash(seal))


class _SealedBlock(BlockState):
    """The block at work. A question that is in the source goes by its id."""

    questions: list[str | dict[str, Any]]


class _SealedState(State):
    """A state as it is sealed: with the hash of its source's seal."""

    block: _SealedBlock | None
    source_seal_hash: str


class Sealer:
    """Seals and opens. Raises ValueError for a key that is not 32 bytes in URL-safe base64."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise ValueError("at least one seal key is needed")
        self._latest, *_ = fernets = [Fernet(key) for key in keys]
        self._any = MultiFernet(fernets)
        self._sources: LruCache[_Kept] = LruCache(SOURCES_KEPT)

    def seal(self, kind: str, text: bytes) -> str:
        """One opaque string. `kind` keeps a seal made for one purpose from serving another."""
        return self._latest.encrypt(b"%b\n%b" % (kind.encode(), text)).decode()

    def open(self, kind: str, sealed: str) -> OpenedSeal:
        """What was sealed. Raises SessionContextTampered for anything but a seal of this kind.

        So is one with white space or other padding: the decoder would pass over it, and a seal that
        can be written in two ways can't be compared.
        """
        try:
            if len(sealed) > MAX_SEAL_LENGTH or not _is_canonical(sealed):
                raise SessionContextTampered
            opened = self._decrypted(sealed)
        except (InvalidToken, ValueError) as error:
            raise SessionContextTampered from error
        found, _, text = opened.text.partition(b"\n")
        if found != kind.encode():
            raise SessionContextTampered
        return opened._replace(text=text)

    def _decrypted(self, sealed: str) -> OpenedSeal:
        try:
            return OpenedSeal(self._latest.decrypt(sealed), latest_key=True)
        except InvalidToken:
            return OpenedSeal(self._any.decrypt(sealed), latest_key=False)

    def seal_practice(self, practice: Practice) -> str:
        """The state and, in a part of its own that only changes with the key, its source.

        Both are always sealed with the same key, and the state vouches for the source's seal.
        """
        kept = self._sources.get(practice.source_id)
        if kept is None or not kept.seal:
            text = practice.source.model_dump_json().encode()
            kept = _Kept.of(practice.source, self.seal("source", text))
            self._sources.put(practice.source_id, kept)
        state = to_json(_sealed_state(practice, kept))
        return f"{self.seal('session', state)}{SEPARATOR}{kept.seal}"

    def open_practice(self, sealed: str) -> Practice:
        """What seal_practice sealed. Raises SessionContextTampered.

        A source is read once, and kept under the id that the state knows it by. What comes along
        is looked at all the same: nothing depends on what happens to be kept.
        """
        if len(sealed) > MAX_SEAL_LENGTH:
            raise SessionContextTampered
        sealed_state, _, sealed_source = sealed.partition(SEPARATOR)
        opened = self.open("session", sealed_state)
        try:
            state = _SealedState.model_validate_json(opened.text)
            if _hash(sealed_source) != state.source_seal_hash:
                raise SessionContextTampered
            kept = self._sources.get(state.source_id)
            if kept is None:
                source = Source.model_validate_json(self.open("source", sealed_source).text)
                kept = _Kept.of(source, sealed_source if opened.latest_key else "")
                self._sources.put(state.source_id, kept)
            return _practice(state, kept)
        except (KeyError, TypeError, ValueError) as error:
            raise SessionContextTampered("The session is of another version.") from error


def _sealed_state(practice: Practice, kept: _Kept) -> dict[str, Any]:
    """What _SealedState reads."""
    block = None
    if practice.block:
        questions = [
            question.question_id
            if kept.questions.get(question.question_id) == question
            else question
            for question in practice.block.questions
        ]
        block = {**dict(practice.block), "questions": questions}
    fields = {name: value for name, value in practice if name != "source"}
    return {**fields, "block": block, "source_seal_hash": kept.seal_hash}


def _practice(state: _SealedState, kept: _Kept) -> Practice:
    """Without checking it again: the seal vouches for it."""
    block = None
    if state.block:
        questions = [
            kept.questions[entry] if isinstance(entry, str) else restore_question(entry)
            for entry in state.block.questions
        ]
        block = Block.model_construct(**{**dict(state.block), "questions": questions})
    fields = {name: value for name, value in state if name != "source_seal_hash"}
    return Practice.model_construct(**{**fields, "block": block, "source": kept.source})


def _is_canonical(sealed: str) -> bool:
    """Whether it is URL-safe base64 in the one spelling that there is."""
    last = sealed[-4:]
    return (
        sealed.isascii()
        and len(sealed) % 4 == 0
        and not sealed[:-4].encode().translate(None, ALPHABET)
        and urlsafe_b64encode(urlsafe_b64decode(last)).decode() == last
    )


def _hash(sealed: str) -> str:
    return hashlib.sha256(sealed.encode()).hexdigest()


def seal_session(seals: Sealer, practice: Practice) -> dict[str, Any]:
    """The state in the form that a client keeps: what it may see, and the seal over all of it."""
    return {**client_view(practice), "seal": seals.seal_practice(practice)}


def open_session(seals: Sealer, stored: Mapping[str, Any]) -> Practice:
    """The state that a client kept. Raises SessionContextTampered when anything in it differs.

    Numbers count by value: an SDK reads 1.0 as 1.
    """
    open_part = {name: value for name, value in stored.items() if name != "seal"}
    seal = stored.get("seal")
    if not isinstance(seal, str):
        raise SessionContextTampered("The session has no seal.")
    practice = seals.open_practice(seal)
    shown = client_view(practice)
    # Most clients send it just as they got it, and texts are compared in no time.
    if to_json(open_part) != to_json(shown) and not is_same_json(open_part, shown):
        raise SessionContextTampered
    return practice


def open_own_session(
    seals: Sealer, stored: Mapping[str, Any], *, student_id: str, session_id: str | None = None
) -> Practice:
    """The student's own state, and of this session where one is named.

    Raises SessionContextTampered for anybody else's, or another session's.
    """
    practice = open_session(seals, stored)
    if practice.student_id != student_id or session_id not in (None, practice.session_id):
        raise SessionContextTampered
    return practice


def seal_template(
    seals: Sealer, template: Template, keys: Mapping[str, Mapping[str, Any]]
) -> Template:
    """The template made genuine: its seal binds this version, and has the answer keys that are not
    in it, by question_id.
    """
    binding = template.model_dump(include=set(Binding.model_fields))
    seal = seals.seal("template", to_json({**binding, "keys": keys}))
    return template.model_copy(update={"seal": seal})


def open_template_seal(seals: Sealer, seal: str) -> dict[str, Any]:
    """Raises SessionContextTampered for anything but a template's seal."""
    content: dict[str, Any] = json.loads(seals.open("template", seal).text)
    return content
