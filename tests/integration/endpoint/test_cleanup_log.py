"""The log of a sweep has the number of remaining sessions, for an alert."""

from secrets import token_hex

import requests

from local.tokens import scheduler_token
from tests.support.edge import PROJECT_ID, TIMEOUT_SECONDS, Edge


def test_a_sweep_logs_the_number_of_abandoned_and_remaining_sessions(edge: Edge) -> None:
    request_id = token_hex(8)
    swept = requests.post(
        f"{edge.url}/cleanup_stale_sessions",
        json={"dry_run": True},
        headers={
            "Authorization": f"Bearer {scheduler_token(project_id=PROJECT_ID)}",
            "X-Request-Id": request_id,
        },
        timeout=TIMEOUT_SECONDS,
    )
    line, answered = edge.log_of(request_id)
    assert answered["status"] == swept.status_code == 200
    assert (line["logger"], line["function"]) == ("practice.sweep", "cleanup_stale_sessions")
    for name in ("scanned", "abandoned", "remaining"):
        assert line[f"sweep_{name}"] == swept.json()[name]
