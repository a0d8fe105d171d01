"""The stores, over one client a process."""

from functools import cache

from shared.store.client import Client
from shared.store.database import Database
from shared.store.sessions import SessionStore
from shared.store.sweep import Sweep
from shared.store.templates import TemplateStore
from shared.store.traced import Traced
from shared.wiring.base import settings


@cache
def _database() -> Database:
    interceptors = [Traced()] if settings().traces_endpoint else []
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
def sweep() -> Sweep:
    return Sweep(_database())
