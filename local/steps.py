"""The steps of a walk-through: each is printed, and one that doesn't hold ends it."""

from typing import Any

import requests


class DemoError(Exception):
    """Something did not hold."""


def title(text: str) -> None:
    print(f"\n{text}", flush=True)


def told(text: str) -> None:
    print(f"    {text}", flush=True)


def answer(response: requests.Response, status: int) -> Any:
    """The reply's JSON. Raises DemoError when the status is another."""
    request = response.request
    told(f"{request.method} {request.path_url.split('?')[0]} -> {response.status_code}")
    if response.status_code != status:
        raise DemoError(f"expected {status}, got {response.status_code}: {response.text}")
    return response.json() if response.content else None


def held(what: str, truth: bool) -> None:
    if not truth:
        raise DemoError(f"it does not hold that {what}")
    told(f"ok: {what}")
