"""The output and the checks of a demonstration. The first check that fails ends it."""

from typing import Any

import requests


class CheckFailed(Exception):
    """The message names the claim or the status that was expected."""


def print_heading(text: str) -> None:
    print(f"\n{text}", flush=True)


def print_detail(text: str) -> None:
    print(f"    {text}", flush=True)


def require_status(response: requests.Response, status: int) -> Any:
    """Prints the request and returns the JSON of its reply, None for an empty one.

    Raises CheckFailed if the reply has another status.
    """
    request = response.request
    print_detail(f"{request.method} {request.path_url.split('?')[0]} -> {response.status_code}")
    if response.status_code != status:
        raise CheckFailed(f"expected {status}, got {response.status_code}: {response.text}")
    return response.json() if response.content else None


def require(claim: str, holds: bool) -> None:
    """Prints the claim. Raises CheckFailed if it does not hold."""
    if not holds:
        raise CheckFailed(f"not true: {claim}")
    print_detail(f"ok: {claim}")
