"""The documents as rows: columns for the fields in queries, JSON for the whole document.

Commits are as durable as Firestore's: the write-ahead log is on disk before a commit returns.
"""

import os
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Engine, String, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker


class Base(DeclarativeBase):
    type_annotation_map = {str: String}


class TemplateRow(Base):
    __tablename__ = "session_templates"
    template_id: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str]


class SessionRow(Base):
    __tablename__ = "practice_sessions"
    session_id: Mapped[str] = mapped_column(primary_key=True)
    student_id: Mapped[str] = mapped_column(index=True)
    status: Mapped[str]
    last_activity_at: Mapped[datetime]
    body: Mapped[str]


class ItemRow(Base):
    __tablename__ = "items"
    item_id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str] = mapped_column(index=True)
    body: Mapped[str]


class StudentRow(Base):
    __tablename__ = "students"
    student_id: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[str]


class LockRow(Base):
    """Makes the active session of a student and template unique."""

    __tablename__ = "active_sessions"
    student_id: Mapped[str] = mapped_column(primary_key=True)
    template_id: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[str]


class ReplyRow(Base):
    """The first reply to an idempotency key."""

    __tablename__ = "idempotency"
    uid: Mapped[str] = mapped_column(primary_key=True)
    function: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    status: Mapped[int]
    reply: Mapped[str]
    created_at: Mapped[datetime]


@cache
def sessions() -> sessionmaker[Any]:
    """Sessions of the database file in DATABASE, with missing tables created."""
    engine = create_engine(f"sqlite:///{os.environ['DATABASE']}")
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    _create_tables(engine)
    return sessionmaker(engine)


def _create_tables(engine: Engine) -> None:
    Base.metadata.create_all(engine)


def _on_connect(connection: Any, _record: object) -> None:
    # The driver starts transactions too late: turn it off, and start them with BEGIN IMMEDIATE.
    connection.isolation_level = None
    for setting in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 30000"):
        connection.execute(f"PRAGMA {setting}")
