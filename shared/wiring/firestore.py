"""The repositories, over one Firestore client a process."""

from functools import cache

from shared.firestore.class_assignments import FirestoreClassAssignmentRepository
from shared.firestore.classes import FirestoreClassRepository
from shared.firestore.client import Client
from shared.firestore.database import Database
from shared.firestore.packs import FirestorePackRepository
from shared.firestore.question_reports import FirestoreQuestionReportRepository
from shared.firestore.regrading import FirestoreRegradingRepository
from shared.firestore.sessions import FirestoreSessionRepository
from shared.firestore.sweep import FirestoreStaleSessionSweeper
from shared.firestore.templates import FirestoreTemplateRepository
from shared.firestore.tracing import TracingInterceptor
from shared.firestore.turns import FirestoreTurnRepository
from shared.ports.class_assignments import ClassAssignmentRepository
from shared.ports.classes import ClassRepository
from shared.ports.packs import PackRepository
from shared.ports.question_reports import QuestionReportRepository
from shared.ports.regrading import RegradingRepository
from shared.ports.sessions import SessionRepository, StaleSessionSweeper
from shared.ports.templates import TemplateRepository
from shared.ports.turns import TurnRepository
from shared.wiring.environment import settings


def session_repository() -> SessionRepository:
    return FirestoreSessionRepository(_database())


def template_repository() -> TemplateRepository:
    return FirestoreTemplateRepository(_database())


def question_report_repository() -> QuestionReportRepository:
    return FirestoreQuestionReportRepository(_database())


def pack_repository() -> PackRepository:
    return FirestorePackRepository(_database())


def class_repository() -> ClassRepository:
    return FirestoreClassRepository(_database())


def class_assignment_repository() -> ClassAssignmentRepository:
    return FirestoreClassAssignmentRepository(_database())


def regrading_repository() -> RegradingRepository:
    return FirestoreRegradingRepository(_database())


def turn_repository() -> TurnRepository:
    return FirestoreTurnRepository(_database())


def stale_session_sweeper() -> StaleSessionSweeper:
    return FirestoreStaleSessionSweeper(_database())


@cache
def _database() -> Database:
    interceptors = [TracingInterceptor()] if settings().traces_endpoint else []
    client = Client(
        project=settings().project_id, database=settings().database, interceptors=interceptors
    )
    return Database(client)
