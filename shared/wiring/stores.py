"""The stores, over one client a process."""

from functools import cache

from shared.firestore.client import Client
from shared.firestore.database import Database
from shared.firestore.sessions import SessionStore
from shared.firestore.sweep import StaleSessionSweep
from shared.firestore.templates import TemplateStore
from shared.firestore.tracing import TracingInterceptor
from shared.wiring.base import settings


@cache
def _database() -> Database:
    interceptors = [TracingInterceptor()] if settings().traces_endpoint else []
    client = Client(
        project=settings().project_id, database=settings().database, interceptors=interceptors
    )
    return Database(client)


@cache
def template_store() -> TemplateStore:
    return TemplateStore(_database())


@cache
def session_store() -> SessionStore:
    return SessionStore(_database())


@cache
def sweep() -> StaleSessionSweep:
    return StaleSessionSweep(_database())
