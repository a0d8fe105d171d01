"""The explanation of a session's revisions when some requests were never answered."""

from typing import Any

import pytest

from tests.chaos.histories.chain import Chain, Point, requests_about
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


def replied_session(**changes: Any) -> Json:
    return {**FIELDS, "session_id": "s", **changes}


STARTED = exchange("start_session", {}, 201, replied_session())
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
    "answer": None,
    "extra": False,
    "hinted": False,
    "verified": False,
}


def explain(exchanges: list[Exchange], log: list[Json], **stored: Any) -> Point | str:
    history = History(calm=False, templates={}, streaks={}, exchanges=exchanges)
    document = Stored({**FIELDS, **stored}, 1.5, 2)
    return Chain(history, "s", document, log, requests_about("s", requests_of(history))).explain()


OTHER = {"session_data": {"notes": "y"}}
NOTED = {"session_data": {"notes": "x"}}

VALID: dict[str, tuple[list[Exchange], list[Json], Json]] = {
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
    "a change whose reply was lost, found stored below a later change": (
        [
            STARTED,
            exchange(
                "update_progress",
                {**NOTE, "revision": 1},
                200,
                replied_session(revision=3, **NOTED, **COUNTED),
            ),
            exchange("update_progress", ITEM, 200, replied_session(revision=3, **NOTED, **COUNTED)),
        ],
        [ENTRY],
        {"revision": 3, **NOTED, **COUNTED},
    ),
    "an open change before an answered one": (
        [
            STARTED,
            OPEN_NOTE,
            exchange("update_progress", ITEM, 200, replied_session(revision=3, **NOTED, **COUNTED)),
        ],
        [ENTRY],
        {"revision": 3, **NOTED, **COUNTED},
    ),
}

INVALID: dict[str, tuple[list[Exchange], list[Json], Json, str]] = {
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
        "the log has 0 entries, fewer than 1",
    ),
    "a change without a request": ([STARTED], [], {**NOTED}, "session_data"),
    "a session without a start": ([OPEN_NOTE], [], {}, "no request started it"),
    "an answered change at the revision of another one": (
        [
            STARTED,
            exchange("update_progress", NOTE, 200, replied_session(revision=2, **NOTED)),
            exchange("update_progress", NOTE, 200, replied_session(revision=2, **NOTED)),
        ],
        [],
        {"revision": 2, **NOTED},
        "its change is lost",
    ),
    "a reply with a later revision for a change without a stated revision": (
        [
            STARTED,
            exchange("update_progress", NOTE, 200, replied_session(revision=3, **NOTED, **COUNTED)),
            exchange("update_progress", ITEM, 200, replied_session(revision=3, **NOTED, **COUNTED)),
        ],
        [ENTRY],
        {"revision": 3, **NOTED, **COUNTED},
        "nothing explains revision 2",
    ),
    "a reply with a later revision for a change that is not stored": (
        [
            STARTED,
            exchange(
                "update_progress",
                {**NOTE, "revision": 1},
                200,
                replied_session(revision=3, **OTHER),
            ),
            exchange(
                "update_progress",
                {"session_id": "s", **OTHER},
                200,
                replied_session(revision=3, **OTHER),
            ),
        ],
        [],
        {"revision": 3, **OTHER},
        "its change is lost",
    ),
    "a reply with a revision that never existed": (
        [STARTED, exchange("update_progress", NOTE, 200, replied_session(revision=5, **NOTED))],
        [],
        {},
        "which never existed",
    ),
}


@pytest.mark.parametrize("name", VALID)
def test_open_requests_took_effect_once_or_not_at_all(name: str) -> None:
    exchanges, log, stored = VALID[name]

    assert not isinstance(explain(exchanges, log, **stored), str)


@pytest.mark.parametrize("name", INVALID)
def test_duplicate_unexplained_and_lost_changes_are_reported(name: str) -> None:
    exchanges, log, stored, fault = INVALID[name]

    assert fault in str(explain(exchanges, log, **stored))
