"""How a session's revisions are explained when some requests were never answered."""

from typing import Any

import pytest

from tests.chaos.histories.chain import Chain, Point, about
from tests.chaos.histories.record import Exchange, History, Json, Stored
from tests.chaos.histories.requests import requests_of

NOTE = {"session_id": "s", "session_data": {"notes": "x"}}
ITEM = {"session_id": "s", "items": [{"node_id": "q", "correct": True}]}
FIELDS: Json = {
    "student_id": "ann",
    "template_id": None,
    "mode": "checklist",
    "status": "active",
    "revision": 1,
    "session_data": {},
    "items_count": 0,
    "items_completed": 0,
    "total_questions": 0,
    "questions_correct": 0,
    "score_percent": None,
    "stored_session": None,
}
COUNTED = {
    "items_count": 1,
    "items_completed": 1,
    "total_questions": 1,
    "questions_correct": 1,
    "score_percent": 100.0,
}


def exchange(function: str, body: Json, status: int, session: Json | None = None) -> Exchange:
    reply = {"session": session, "resumed": False} if session else {"reason": "UNAVAILABLE"}
    return Exchange(0, 0, function, "ann", None, body, 1, 2, status, reply)


def told(**changes: Any) -> Json:
    return {**FIELDS, "session_id": "s", **changes}


STARTED = exchange("start_session", {}, 201, told())
OPEN_NOTE = exchange("update_progress", NOTE, 503)
OPEN_ITEM = exchange("update_progress", ITEM, 503)
ENTRY = {
    "index": 0,
    "node_id": "q",
    "exercise_type": None,
    "grade": None,
    "correct": True,
    "score": None,
    "duration_ms": None,
    "completed": True,
    "notes": None,
    "hinted": False,
    "verified": False,
}


def explained(exchanges: list[Exchange], log: list[Json], **stored: Any) -> Point | str:
    history = History(calm=False, templates={}, streaks={}, exchanges=exchanges)
    document = Stored({**FIELDS, **stored}, 1.5, 2)
    return Chain(history, "s", document, log, about("s", requests_of(history))).explained()


OTHER = {"session_data": {"notes": "y"}}
NOTED = {"session_data": {"notes": "x"}}

HOLDS: dict[str, tuple[list[Exchange], list[Json], Json]] = {
    "an open change that was not made": ([STARTED, OPEN_NOTE], [], {}),
    "an open change that was made": ([STARTED, OPEN_NOTE], [], {"revision": 2, **NOTED}),
    "two open changes, each made": (
        [STARTED, OPEN_NOTE, OPEN_ITEM],
        [ENTRY],
        {"revision": 3, **NOTED, **COUNTED},
    ),
    "of two open changes the second": (
        [STARTED, OPEN_NOTE, OPEN_ITEM],
        [ENTRY],
        {"revision": 2, **COUNTED},
    ),
    "a start that was never answered": (
        [exchange("start_session", NOTED, 503)],
        [],
        NOTED,
    ),
    "a change whose reply was lost, and which found itself in place under a later one": (
        [
            STARTED,
            exchange(
                "update_progress",
                {**NOTE, "revision": 1},
                200,
                told(revision=3, **NOTED, **COUNTED),
            ),
            exchange("update_progress", ITEM, 200, told(revision=3, **NOTED, **COUNTED)),
        ],
        [ENTRY],
        {"revision": 3, **NOTED, **COUNTED},
    ),
    "an open change before an answered one": (
        [
            STARTED,
            OPEN_NOTE,
            exchange("update_progress", ITEM, 200, told(revision=3, **NOTED, **COUNTED)),
        ],
        [ENTRY],
        {"revision": 3, **NOTED, **COUNTED},
    ),
}

FAILS: dict[str, tuple[list[Exchange], list[Json], Json, str]] = {
    "an open change made twice": (
        [STARTED, OPEN_NOTE],
        [],
        {"revision": 3, **NOTED},
        "nothing explains revision 3",
    ),
    "an open item logged twice": (
        [STARTED, OPEN_ITEM],
        [ENTRY, {**ENTRY, "index": 1}],
        {"revision": 2, **COUNTED},
        "the log has 2 entries, not 1",
    ),
    "an open change half made": (
        [STARTED, exchange("update_progress", {**NOTE, **ITEM}, 503)],
        [],
        {"revision": 2, **NOTED},
        "the log has 0 entries of 1",
    ),
    "a change that nobody made": ([STARTED], [], {**NOTED}, "session_data"),
    "a session that nobody started": ([OPEN_NOTE], [], {}, "nobody started it"),
    "an answered change that another one took the place of": (
        [
            STARTED,
            exchange("update_progress", NOTE, 200, told(revision=2, **NOTED)),
            exchange("update_progress", NOTE, 200, told(revision=2, **NOTED)),
        ],
        [],
        {"revision": 2, **NOTED},
        "its change is lost",
    ),
    "a change for any revision that is told a later one than it made": (
        [
            STARTED,
            exchange("update_progress", NOTE, 200, told(revision=3, **NOTED, **COUNTED)),
            exchange("update_progress", ITEM, 200, told(revision=3, **NOTED, **COUNTED)),
        ],
        [ENTRY],
        {"revision": 3, **NOTED, **COUNTED},
        "nothing explains revision 2",
    ),
    "a change that found itself in place where it is not": (
        [
            STARTED,
            exchange("update_progress", {**NOTE, "revision": 1}, 200, told(revision=3, **OTHER)),
            exchange(
                "update_progress", {"session_id": "s", **OTHER}, 200, told(revision=3, **OTHER)
            ),
        ],
        [],
        {"revision": 3, **OTHER},
        "its change is lost",
    ),
    "an answer from a revision that never was": (
        [STARTED, exchange("update_progress", NOTE, 200, told(revision=5, **NOTED))],
        [],
        {},
        "which never was",
    ),
}


@pytest.mark.parametrize("name", HOLDS)
def test_open_requests_may_have_been_made_once_or_not_at_all(name: str) -> None:
    exchanges, log, stored = HOLDS[name]

    assert not isinstance(explained(exchanges, log, **stored), str)


@pytest.mark.parametrize("name", FAILS)
def test_nothing_is_made_twice_or_by_nobody_or_lost(name: str) -> None:
    exchanges, log, stored, fault = FAILS[name]

    assert fault in str(explained(exchanges, log, **stored))
