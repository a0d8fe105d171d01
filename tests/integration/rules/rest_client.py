"""Calls Firestore by REST under the rules, as the SDKs of web and mobile do."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

import jwt
import requests

from local.api import TIMEOUT_SECONDS
from local.emulator import Emulator
from local.tokens import user_token
from tests.support.queries import Filter, Order

OPERATORS = {
    "==": "EQUAL",
    "<": "LESS_THAN",
    "<=": "LESS_THAN_OR_EQUAL",
    ">=": "GREATER_THAN_OR_EQUAL",
    "array-contains": "ARRAY_CONTAINS",
}
DIRECTIONS = {"asc": "ASCENDING", "desc": "DESCENDING"}


@dataclass(frozen=True)
class Caller:
    """A caller with or without a token. Every method returns the response, refusals included."""

    documents: str
    token: str | None
    http: requests.Session

    def get(self, path: str) -> requests.Response:
        return self._send("GET", f"/{quote(path)}")

    def list(self, collection: str) -> requests.Response:
        return self._send("GET", f"/{quote(collection)}")

    def create(self, path: str, fields: Mapping[str, Any]) -> requests.Response:
        collection, _, document_id = path.rpartition("/")
        return self._send(
            "POST",
            f"/{quote(collection)}?documentId={quote(document_id)}",
            {"fields": encoded_fields(fields)},
        )

    def update(self, path: str, fields: Mapping[str, Any]) -> requests.Response:
        mask = "&".join(f"updateMask.fieldPaths={field}" for field in fields)
        return self._send("PATCH", f"/{quote(path)}?{mask}", {"fields": encoded_fields(fields)})

    def delete(self, path: str) -> requests.Response:
        return self._send("DELETE", f"/{quote(path)}")

    def query(self, structured: Mapping[str, Any], *, parent: str = "") -> requests.Response:
        return self._send("POST", f"{parent}:runQuery", {"structuredQuery": structured})

    def count(self, structured: Mapping[str, Any]) -> requests.Response:
        asked = {
            "structuredQuery": structured,
            "aggregations": [{"alias": "documents", "count": {}}],
        }
        return self._send("POST", ":runAggregationQuery", {"structuredAggregationQuery": asked})

    def get_all(self, paths: Iterable[str]) -> requests.Response:
        root = self.documents.partition("/v1/")[2]
        return self._send("POST", ":batchGet", {"documents": [f"{root}/{p}" for p in paths]})

    def collections(self, parent: str = "") -> requests.Response:
        return self._send("POST", f"{parent}:listCollectionIds", {})

    def commit(self, *writes: Mapping[str, Any]) -> requests.Response:
        return self._send("POST", ":commit", {"writes": list(writes)})

    def name(self, path: str) -> str:
        """A document's full name."""
        return f"{self.documents.partition('/v1/')[2]}/{path}"

    def _send(self, method: str, path: str, body: Any = None) -> requests.Response:
        return self.http.request(
            method,
            f"{self.documents}{path}",
            json=body,
            headers={} if self.token is None else {"Authorization": f"Bearer {self.token}"},
            timeout=TIMEOUT_SECONDS,
        )


@dataclass(frozen=True)
class RulesProject:
    """One project of the emulator, with a factory of callers."""

    emulator: Emulator
    project_id: str
    http: requests.Session

    def signed_in(self, uid: str, *, teacher: bool = False) -> Caller:
        return self._caller(user_token(uid, teacher=teacher, project_id=self.project_id))

    def without_token(self) -> Caller:
        return self._caller(None)

    def without_uid(self) -> Caller:
        """A caller whose token is valid and has no uid."""
        now = int(time.time())
        claims = {
            "iss": f"https://securetoken.google.com/{self.project_id}",
            "aud": self.project_id,
            "iat": now,
            "exp": now + 3_600,
        }
        return self._caller(jwt.encode(claims, key="", algorithm="none"))

    def coverage(self) -> dict[str, Any]:
        """The values of each expression of the rules since they were loaded."""
        report: dict[str, Any] = self.http.get(
            f"{self.emulator.url}/emulator/v1/projects/{self.project_id}:ruleCoverage",
            timeout=TIMEOUT_SECONDS,
        ).json()
        return report

    def _caller(self, token: str | None) -> Caller:
        return Caller(self.emulator.documents_url(self.project_id), token, self.http)


def structured(
    collection_id: str,
    *,
    where: Iterable[Filter] = (),
    order_by: Iterable[Order] = (),
    limit: int | None = None,
    descendants: bool = False,
) -> dict[str, Any]:
    """A query in REST's notation. `descendants` asks for the whole collection group."""
    filters = [_filter(f) for f in where]
    asked: dict[str, Any] = {
        "from": [{"collectionId": collection_id, "allDescendants": descendants}],
        "orderBy": [
            {"field": {"fieldPath": o.field}, "direction": DIRECTIONS[o.direction]}
            for o in order_by
        ],
    }
    if filters:
        asked["where"] = {"compositeFilter": {"op": "AND", "filters": filters}}
    if limit is not None:
        asked["limit"] = limit
    return asked


def _filter(wanted: Filter) -> dict[str, Any]:
    field = {"fieldPath": wanted.field}
    if wanted.op == "==" and wanted.value is None:
        # EQUAL with a null value finds nothing; the SDKs turn it into this.
        return {"unaryFilter": {"field": field, "op": "IS_NULL"}}
    operation = {"op": OPERATORS[wanted.op], "value": encoded(wanted.value)}
    return {"fieldFilter": {"field": field, **operation}}


def encoded_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: encoded(value) for key, value in fields.items()}


def encoded(value: Any) -> dict[str, Any]:
    match value:
        case None:
            return {"nullValue": None}
        case str():
            return {"stringValue": str(value)}
        case datetime():
            return {"timestampValue": value.isoformat()}
        case list():
            return {"arrayValue": {"values": [encoded(entry) for entry in value]}}
        case _:
            raise TypeError(f"no query or write here holds a {type(value).__name__}")
