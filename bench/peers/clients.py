"""Clients that go through several requests one after the other, each with what came back."""

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
    """One connection, kept open."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=TIMEOUT_SECONDS)

    def post(self, path: str, body: Json, headers: Mapping[str, str]) -> Json:
        """The reply's body. Raises AssertionError for any other status than 2xx."""
        sent = {"Content-Type": "application/json", **headers}
        self._connection.request("POST", path, json.dumps(body), sent)
        response = self._connection.getresponse()
        said = response.read()
        if response.status >= 300:
            raise AssertionError(f"{path} answered {response.status}: {said[:500]!r}")
        reply: Json = json.loads(said or b"{}")
        return reply

    def close(self) -> None:
        self._connection.close()


Journey = Callable[[Client], None]


def seconds_for(url: str, journey: Journey, *, clients: int, journeys: int) -> float:
    """How long so many clients took for so many journeys each."""

    def travel(client: Client) -> None:
        for _ in range(journeys):
            journey(client)

    connected = [Client(url) for _ in range(clients)]
    try:
        with ThreadPoolExecutor(clients) as pool:
            began = time.perf_counter()
            for done in [pool.submit(travel, client) for client in connected]:
                done.result()
            return time.perf_counter() - began
    finally:
        for client in connected:
            client.close()
