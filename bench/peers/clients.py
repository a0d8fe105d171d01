"""Clients that send sequences of requests, in which a request depends on the reply before."""

import http.client
import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 60

Json = dict[str, Any]


class Client:
    """A client with one persistent connection."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT_SECONDS)

    def post(self, path: str, body: Json, headers: Mapping[str, str]) -> Json:
        """The JSON of the reply. Raises AssertionError for a status of 300 or above."""
        all_headers = {"Content-Type": "application/json", **headers}
        self._connection.request("POST", path, json.dumps(body), all_headers)
        response = self._connection.getresponse()
        content = response.read()
        if response.status >= 300:
            raise AssertionError(f"{path} answered {response.status}: {content[:500]!r}")
        reply: Json = json.loads(content or b"{}")
        return reply

    def close(self) -> None:
        self._connection.close()


# A sequence of requests.
Journey = Callable[[Client], None]


def time_journeys(url: str, journey: Journey, *, clients: int, journeys: int) -> float:
    """The seconds in which each of the clients makes the journey `journeys` times."""

    def repeat(client: Client) -> None:
        for _ in range(journeys):
            journey(client)

    connected = [Client(url) for _ in range(clients)]
    try:
        with ThreadPoolExecutor(clients) as pool:
            began = time.perf_counter()
            for future in [pool.submit(repeat, client) for client in connected]:
                future.result()
            return time.perf_counter() - began
    finally:
        for client in connected:
            client.close()
