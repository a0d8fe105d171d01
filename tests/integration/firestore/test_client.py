"""The channel to the database after an outage."""

import socket
import time
from itertools import pairwise
from threading import Event, Thread

import pytest
from google.api_core.exceptions import ServiceUnavailable

from shared.firestore.client import Client

LONGEST_WAIT_SECONDS = 3.0  # two seconds, and the jitter that gRPC adds


def test_a_client_reconnects_to_a_lost_database_every_other_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """gRPC's default waits grow from 1, 1.6, 2.6 and 4.1 up to 120 seconds."""
    tried_at: list[float] = []
    enough = Event()

    def hang_up(server: socket.socket) -> None:
        while not enough.is_set():
            caller, _ = server.accept()
            caller.close()
            tried_at.append(time.monotonic())
            if len(tried_at) == 5:
                enough.set()

    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{server.getsockname()[1]}")
        client = Client(project="demo-outage")
        listener = Thread(target=hang_up, args=[server])
        listener.start()
        deadline = time.monotonic() + 30
        while not enough.wait(0.02) and time.monotonic() < deadline:
            with pytest.raises(ServiceUnavailable):
                client.document("students/somebody").get(retry=None, timeout=1)
        listener.join(timeout=10)
        client.close()

    waits = [after - before for before, after in pairwise(tried_at)]
    assert len(waits) == 4
    assert max(waits) < LONGEST_WAIT_SECONDS
