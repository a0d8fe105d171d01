"""The functions called in process, with a separate database and a channel that can fail."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import count
from typing import Any

from shared.domain.practice.source import SentTemplate
from shared.domain.questions.algebra.port import NoAlgebra
from shared.environment import STALE_AFTER_MINUTES
from shared.firestore.class_assignments import FirestoreClassAssignmentRepository
from shared.firestore.classes import FirestoreClassRepository
from shared.firestore.client import Client
from shared.firestore.database import Database
from shared.firestore.documents import SESSIONS, STUDENTS
from shared.firestore.packs import FirestorePackRepository
from shared.firestore.question_reports import FirestoreQuestionReportRepository
from shared.firestore.regrading import FirestoreRegradingRepository
from shared.firestore.sessions import FirestoreSessionRepository
from shared.firestore.sweep import FirestoreStaleSessionSweeper
from shared.firestore.templates import FirestoreTemplateRepository
from shared.firestore.turns import FirestoreTurnRepository
from shared.ports.calls import Call, Caller, IdempotencyContext, Reply, StoredReply
from shared.ports.sealing import PracticeSealer, TemplateSealer
from shared.sealing.fernet_box import FernetBox, OpenedSeal
from shared.sealing.practice_sealer import FernetPracticeSealer
from shared.sealing.template_sealer import FernetTemplateSealer
from shared.tutor.offline import OfflineTutor
from tests.support.firestore.faulty_channel import FaultyChannel

TEACHER, STUDENT, SCHEDULER = "teacher", "student", "scheduler"
MORNING = datetime(2024, 2, 29, 8, 0, tzinfo=UTC)

Documents = dict[str, dict[str, Any]]


class SameSeals(FernetBox):
    """Deterministic seals: equal contents give equal seals, so that documents can be compared."""

    def __init__(self) -> None:
        super().__init__(["k" * 43 + "="])

    def seal(self, purpose: str, content: bytes) -> str:
        return urlsafe_b64encode(purpose.encode() + b"\n" + content).decode()

    def open(self, purpose: str, sealed: str) -> OpenedSeal:
        found, _, content = urlsafe_b64decode(sealed).partition(b"\n")
        assert found.decode() == purpose
        return OpenedSeal(content, latest_key=True)


class World:
    """One database, and the functions over it.

    Clock and ids are deterministic: the same calls in two worlds store the same documents.
    """

    def __init__(self, client: Client, channel: FaultyChannel, *, id_prefix: str = "id") -> None:
        self.client = client
        self.channel = channel
        self.now = MORNING
        self.practice_sealer: PracticeSealer = FernetPracticeSealer(SameSeals())
        self.template_sealer: TemplateSealer = FernetTemplateSealer(SameSeals())
        self._ids = (f"{id_prefix}-{number}" for number in count(1))
        self._codes = count(1)

    def call(
        self,
        function: str,
        body: Any,
        *,
        by: str = STUDENT,
        key: str | None = None,
        after: timedelta = timedelta(minutes=1),
    ) -> StoredReply:
        """Calls a function `after` that much time has passed since the last call.

        Returns the reply as it would be stored, `replayed` if it was a replay. Its JSON has
        sorted keys, because the database returns the keys of a map in no fixed order.
        """
        self.now += after
        now, text = self.now, json.dumps(body)
        operation = import_module(f"functions.{function}.contract").OPERATION
        handler = import_module(f"functions.{function}.handler")
        reply: Reply[Any] | StoredReply = handler.handle(
            operation.request.model_validate_json(text),
            Call(
                Caller(by, is_teacher=by.startswith(TEACHER)),
                IdempotencyContext(
                    by, function, key, hashlib.sha256(text.encode()).hexdigest(), now
                ),
                now,
            ),
            self.dependencies(function),
        )
        replayed = isinstance(reply, StoredReply) and reply.replayed
        content = reply.json and json.dumps(json.loads(reply.json), sort_keys=True)
        return StoredReply(reply.status, content, replayed=replayed)

    def dependencies(self, function: str) -> Any:
        """The dependencies of a function's handler, over this database."""
        database = Database(self.client)
        handler = import_module(f"functions.{function}.handler")
        available: dict[str, Callable[[], Any]] = {
            "sessions": lambda: FirestoreSessionRepository(database),
            "templates": lambda: FirestoreTemplateRepository(database),
            "reports": lambda: FirestoreQuestionReportRepository(database),
            "packs": lambda: FirestorePackRepository(database),
            "classes": lambda: FirestoreClassRepository(database),
            "assignments": lambda: FirestoreClassAssignmentRepository(database),
            "turns": lambda: FirestoreTurnRepository(database),
            "regrading": lambda: FirestoreRegradingRepository(database),
            "sweeper": lambda: FirestoreStaleSessionSweeper(database),
            "practice_sealer": lambda: self.practice_sealer,
            "template_sealer": lambda: self.template_sealer,
            "tutor_for": lambda: lambda _caller: OfflineTutor(),
            "offline_tutor": OfflineTutor,
            "algebra": lambda: NoAlgebra,
            "decode_template": lambda: SentTemplate,
            "new_id": lambda: self.new_id,
            "new_code": lambda: self.new_code,
            "new_session_id": lambda: self.new_id,
            "new_uuid": lambda: self.new_id,
            "stale_after_minutes": lambda: STALE_AFTER_MINUTES,
        }
        return handler.Dependencies(
            **{needed.name: available[needed.name]() for needed in fields(handler.Dependencies)}
        )

    def new_id(self) -> str:
        return next(self._ids)

    def new_code(self) -> str:
        return f"{next(self._codes):07}"

    def read(self, path: str) -> dict[str, Any]:
        found: dict[str, Any] | None = self.client.document(path).get().to_dict()
        assert found is not None, path
        return found

    def session(self, session_id: str) -> dict[str, Any]:
        return self.read(f"{SESSIONS}/{session_id}")

    def student(self, uid: str = STUDENT) -> dict[str, Any]:
        return self.read(f"{STUDENTS}/{uid}")

    def ids(self, collection: str) -> list[str]:
        return [document.id for document in self.client.collection_group(collection).stream()]

    def documents(self) -> Documents:
        """All stored documents."""
        every_collection = self.client.collection_group("")
        return {
            document.reference.path: document.to_dict() for document in every_collection.stream()
        }


def answer(reply: StoredReply) -> Any:
    """The JSON of a reply."""
    return None if reply.json is None else json.loads(reply.json)
