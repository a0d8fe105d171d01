"""A client for demo, seeds and tests: calls functions over HTTP, reads documents over REST."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from local.stack import Stack
from local.tokens import user_token
from shared.contract.operation import main_operation
from shared.firestore.rest_format import decode_rest_fields

TIMEOUT_SECONDS = 30


@dataclass(frozen=True)
class User:
    """A person who is signed in on one stack."""

    stack: Stack
    uid: str
    teacher: bool = False

    @property
    def token(self) -> str:
        return user_token(self.uid, teacher=self.teacher, project_id=self.stack.project_id)

    def call(
        self, function: str, body: Any = None, *, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """Calls a function, or a path below one, with the method of the function.

        The fields travel in the query where the method has no body.
        """
        operation = main_operation(function.partition("/")[0])
        return requests.request(
            operation.method,
            f"{self.stack.url}/{function}",
            **({"json": body} if operation.has_body else {"params": body}),
            headers={"Authorization": f"Bearer {self.token}", **(headers or {})},
            timeout=TIMEOUT_SECONDS,
        )

    def get(self, path: str) -> requests.Response:
        """Reads a document under the rules, in Firestore's REST notation."""
        return requests.get(
            f"{self.stack.documents_url}/{path}",
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=TIMEOUT_SECONDS,
        )

    def read(self, path: str) -> dict[str, Any]:
        """Reads a document under the rules as plain values. Raises HTTPError if it is denied."""
        response = self.get(path)
        response.raise_for_status()
        return decode_rest_fields(response.json().get("fields", {}))

    def query(self, structured: Mapping[str, Any], *, parent: str = "") -> requests.Response:
        """Runs a structured query under the rules."""
        return requests.post(
            f"{self.stack.documents_url}{parent}:runQuery",
            json={"structuredQuery": structured},
            headers={"Authorization": f"Bearer {self.token}"},
            timeout=TIMEOUT_SECONDS,
        )


def found(response: requests.Response) -> list[dict[str, Any]]:
    """The documents a query found. Raises HTTPError when it was denied."""
    response.raise_for_status()
    documents = [row["document"] for row in response.json() if "document" in row]
    return [decode_rest_fields(document.get("fields", {})) for document in documents]
