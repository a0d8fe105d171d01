"""Functions that do nothing of ours: what each part that we build on costs by itself."""

import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import functions_framework
from flask import Request


@functions_framework.http
def empty(_request: Request) -> str:
    """The framework and its server."""
    return "ok"


@functions_framework.http
def graph(_request: Request) -> str:
    """LangGraph besides: as many steps as an answer takes, each doing nothing."""
    for _ in _graph().stream({"step": 0}, stream_mode="updates"):
        pass
    return "ok"


@functions_framework.http
def firestore(_request: Request) -> str:
    """Firestore's client besides: one document read, one written, as update_progress does."""
    client = _client()
    session = client.document("empty/session")
    for snapshot in client.get_all([session]):
        snapshot.to_dict()
    batch = client.batch()
    batch.set(session, {"revision": 1})
    batch.commit()
    return "ok"


@functions_framework.http
def waiting(_request: Request) -> str:
    """As long as a model takes, and nothing but that."""
    time.sleep(float(os.environ["WAITING_SECONDS"]))
    return "ok"


@contextmanager
def _uncollected() -> Iterator[None]:
    """Loads what our functions load in the way they do, without collecting garbage."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


@cache
@_uncollected()
def _graph() -> Any:
    from langgraph.graph import END, START, StateGraph  # noqa: PLC0415 - what others don't need
    from typing_extensions import TypedDict  # noqa: PLC0415

    class State(TypedDict):
        step: int

    builder = StateGraph(State)
    for step in range(3):
        builder.add_node(str(step), lambda state: {"step": state["step"] + 1})
    for before, after in ((START, "0"), ("0", "1"), ("1", "2"), ("2", END)):
        builder.add_edge(before, after)
    return builder.compile()


@cache
@_uncollected()
def _client() -> Any:
    from google.cloud import firestore as library  # noqa: PLC0415

    return library.Client()
