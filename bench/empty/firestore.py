"""Firestore's client alone: one document read and one written, as in update_progress."""

from functools import cache
from typing import Any

import functions_framework
from flask import Request
from google.cloud import firestore as library


@functions_framework.http
def firestore(_request: Request) -> str:
    client = _client()
    session = client.document("empty/session")
    for snapshot in client.get_all([session]):
        snapshot.to_dict()
    batch = client.batch()
    batch.set(session, {"revision": 1})
    batch.commit()
    return "ok"


@cache
def _client() -> Any:
    return library.Client()
