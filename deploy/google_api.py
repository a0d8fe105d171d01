"""Calls of Google's REST APIs for which gcloud has no command. gcloud gives the token."""

import subprocess
from collections.abc import Mapping
from typing import Any

import requests

TIMEOUT_SECONDS = 60


class GoogleApiError(Exception):
    """A call failed. The message is the answer, or the reason for which there is none."""


class GoogleApi:
    """One API, called as the account that is signed in to gcloud."""

    def __init__(self, endpoint: str, project: str, *, token: str) -> None:
        self._endpoint = endpoint.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "X-Goog-User-Project": project}

    def call(
        self, method: str, path: str, body: Any = None, *, query: Mapping[str, str] | None = None
    ) -> Any:
        """The JSON of the response; None for a GET of what does not exist.

        Raises GoogleApiError.
        """
        return self._request(method, f"{self._endpoint}/{path}", json=body, params=query)

    def upload(self, url: str, content: bytes) -> None:
        """Raises GoogleApiError."""
        self._request("POST", url, data=content)

    def _request(self, method: str, url: str, **options: Any) -> Any:
        try:
            response = requests.request(
                method, url, headers=self._headers, timeout=TIMEOUT_SECONDS, **options
            )
        except requests.RequestException as error:
            raise GoogleApiError(f"{method} {url}: {error}") from error
        if response.status_code == 404 and method == "GET":
            return None
        if not response.ok:
            raise GoogleApiError(f"{method} {url}: {response.status_code} {response.text}")
        return response.json() if response.content else None


def access_token() -> str:
    printed = subprocess.run(
        ["gcloud", "auth", "print-access-token", "--quiet"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return printed.stdout.strip()
