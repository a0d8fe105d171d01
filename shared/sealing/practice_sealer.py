"""Sealed sessions of infinite practice: the visible state, and a seal over the whole state.

A seal has two parts: the state, which changes with every turn, and its source, which never does.
The state holds the hash of the source's seal, and both are sealed with the same key.

The state is one JSON object without line breaks, except around the entries of its log, which is the
last field. So a turn cuts the log out and puts it back without parsing it.
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

from shared.domain.common.errors import SessionContextTampered
from shared.domain.common.json_object import is_same_json
from shared.domain.practice.attempt_log import Attempt, AttemptLog
from shared.domain.practice.client_view import StoredFields, client_view, state_hash
from shared.domain.practice.question_bank import BankQuestion, QuestionOrigin
from shared.domain.practice.source import Source
from shared.domain.practice.state import (
    Block,
    BlockState,
    OpenedPractice,
    Practice,
    PracticeState,
)
from shared.domain.questions.any_question import restore_question
from shared.domain.questions.question import Question
from shared.lru_cache import LruCache
from shared.sealing.fernet_box import MAX_SEAL_LENGTH, FernetBox, padded

Decode = Callable[[Mapping[str, Any]], Mapping[str, Any]]

# Sources cached in a process, each some hundred KB; students of one template share one.
SOURCES_CACHED = 32
# Between the two parts of a seal; not in the alphabet of either.
SEPARATOR = "."
# Around the log in a state. JSON has no other line breaks: in a text they are escaped.
BEFORE_LOG, BETWEEN_ENTRIES, AFTER_LOG = b',"log":[\n', b",\n", b"\n]}"


class FernetPracticeSealer:
    """The PracticeSealer of shared/ports/sealing.py, over a FernetBox.

    `decode` gives the plain fields of a session that a client sent in another notation.
    """

    def __init__(self, box: FernetBox, *, decode: Decode = lambda sent: sent) -> None:
        self._box = box
        self._decode = decode
        self._sources: LruCache[_CachedSource] = LruCache(SOURCES_CACHED)

    def seal(self, practice: Practice) -> StoredFields:
        return {**client_view(practice), "seal": self._sealed(practice)}

    def open(
        self, stored: Mapping[str, Any], *, student_id: str, session_id: str | None = None
    ) -> OpenedPractice:
        stored = self._decode(stored)
        seal = stored.get("seal")
        if not isinstance(seal, str):
            raise SessionContextTampered("The session has no seal.")
        practice = self._unsealed(seal)
        view_json = to_json(client_view(practice))
        if not _is_view(stored, view_json):
            raise SessionContextTampered
        if practice.student_id != student_id or session_id not in (None, practice.session_id):
            raise SessionContextTampered
        return OpenedPractice(practice, state_hash(view_json))

    def _sealed(self, practice: Practice) -> str:
        cached = self._sources.get(practice.source_id)
        if cached is None or not cached.seal:
            seal = self._box.seal("source", padded(practice.source.model_dump_json().encode()))
            cached = _CachedSource.of(practice.source, seal)
            self._sources.put(practice.source_id, cached)
        state = _with_log(to_json(_sealed_state(practice, cached)), practice.log)
        return f"{self._box.seal('session', state)}{SEPARATOR}{cached.seal}"

    def _unsealed(self, sealed: str) -> Practice:
        """Raises SessionContextTampered.

        A source is opened once and then cached. The sealed source in the request is compared even
        if it is cached, so the outcome doesn't depend on the cache.
        """
        if len(sealed) > MAX_SEAL_LENGTH:
            raise SessionContextTampered
        sealed_state, _, sealed_source = sealed.partition(SEPARATOR)
        opened = self._box.open("session", sealed_state)
        try:
            content, log = _without_log(opened.content)
            state = _SealedState.model_validate_json(content)
            cached = self._sources.get(state.source_id)
            if cached and cached.seal == sealed_source:
                seal_hash = cached.seal_hash
            else:
                seal_hash = _hash(sealed_source)
            if seal_hash != state.source_seal_hash:
                raise SessionContextTampered
            if cached is None:
                source = _source(self._box.open("source", sealed_source).content)
                cached = _CachedSource.of(source, sealed_source if opened.latest_key else "")
                self._sources.put(state.source_id, cached)
            return _restored(state, log or AttemptLog.of(state.log), cached)
        except (KeyError, TypeError, ValueError) as error:
            raise SessionContextTampered("The session is of another version.") from error


class _CachedSource(NamedTuple):
    """A source with its questions by id, its seal with the key that seals now, and that seal's
    hash. The seal is empty until it is made.
    """

    source: Source
    questions: Mapping[str, Question]
    seal: str
    seal_hash: str

    @classmethod
    def of(cls, source: Source, seal: str) -> "_CachedSource":
        questions = {entry.question.question_id: entry.question for entry in source.bank}
        return cls(source, questions, seal, _hash(seal))


class _SealedBlock(BlockState):
    """The current block. A question of the source is sealed as its id, others in full."""

    questions: list[str | dict[str, Any]]


class _SealedState(PracticeState):
    """A state as it is sealed: with the hash of its source's seal instead of the source.

    `log` is that of a state sealed by a version that did not keep the log apart.
    """

    block: _SealedBlock | None
    log: list[Attempt] = []
    source_seal_hash: str


def _sealed_state(practice: Practice, cached: _CachedSource) -> dict[str, Any]:
    """The fields of a _SealedState, without the log."""
    block = None
    if practice.block:
        questions = [
            question.question_id if _is_of_source(question, cached) else question
            for question in practice.block.questions
        ]
        block = {**vars(practice.block), "questions": questions}
    fields = {**vars(practice), "block": block, "source_seal_hash": cached.seal_hash}
    del fields["source"], fields["log"]
    return fields


def _with_log(state: bytes, log: AttemptLog) -> bytes:
    """The state, a JSON object, with the log as its last field."""
    if not log.entries:
        return state
    return b"%b%b%b%b" % (
        state.removesuffix(b"}"),
        BEFORE_LOG,
        BETWEEN_ENTRIES.join(log.entries),
        AFTER_LOG,
    )


def _without_log(content: bytes) -> tuple[bytes, AttemptLog | None]:
    """The state without its log, and the log; None where the log is not apart or is empty."""
    state, found, log = content.partition(BEFORE_LOG)
    if not found:
        return content, None
    entries = log.removesuffix(AFTER_LOG).split(BETWEEN_ENTRIES)
    return state + b"}", AttemptLog(tuple(entries))


def _is_of_source(question: Question, cached: _CachedSource) -> bool:
    known = cached.questions.get(question.question_id)
    return known is question or known == question


def _restored(state: _SealedState, log: AttemptLog, cached: _CachedSource) -> Practice:
    """The practice, not validated again: the seal authenticates it."""
    block = None
    if state.block:
        questions = [
            cached.questions[entry] if isinstance(entry, str) else restore_question(entry)
            for entry in state.block.questions
        ]
        block = Block.model_construct(**{**vars(state.block), "questions": questions})
    fields = {**vars(state), "block": block, "log": log, "source": cached.source}
    del fields["source_seal_hash"]
    return Practice.model_construct(**fields)


def _source(content: bytes) -> Source:
    """The source, its questions not validated again: the seal authenticates them."""
    fields = from_json(content)
    bank = [
        BankQuestion.model_construct(
            skill_id=entry["skill_id"],
            question=restore_question(entry["question"]),
            origin=QuestionOrigin(**entry["origin"]) if "origin" in entry else None,
        )
        for entry in fields["bank"]
    ]
    return Source.model_validate({**fields, "bank": bank})


def _is_view(stored: Mapping[str, Any], view_json: bytes) -> bool:
    """Whether the client sent back the view. Numbers count by value: an SDK reads 1.0 as 1."""
    visible = {name: value for name, value in stored.items() if name != "seal"}
    # Most clients send it back unchanged, and comparing texts is fast.
    return to_json(visible) == view_json or is_same_json(visible, from_json(view_json))


def _hash(sealed: str) -> str:
    return hashlib.sha256(sealed.encode()).hexdigest()
