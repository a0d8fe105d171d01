"""The limits on requests, with what the settings allow, and the counters of all limits.

Counts that instances share are in Firestore, in documents of their own. This is the only place
from which practice_turn reaches a database, and the counters' client is loaded when a count is
first needed.
"""

from datetime import UTC, datetime
from functools import cache
from threading import Lock

from shared.endpoint.endpoint import BodySize
from shared.limits.counters import Counters
from shared.limits.process_counters import ProcessCounters
from shared.limits.rate_limit import (
    SESSION_STARTS,
    STORED_BYTES,
    TEMPLATE_WRITES,
    TURNS,
    LimitKind,
    RateLimit,
)
from shared.limits.write_limit import WriteLimit
from shared.ports.calls import Caller
from shared.wiring.environment import settings

# First requests arrive together, and each limit must be the only one of its process.
_building = Lock()
_connecting = Lock()


def admit_turn(caller: Caller, _: BodySize) -> None:
    """Raises RateLimited where the caller takes too many turns."""
    if limit := _limit(TURNS, settings().turns_per_minute):
        limit.admit(caller.uid, at=datetime.now(UTC))


def admit_template_write(caller: Caller, body_size: BodySize) -> None:
    """Raises RateLimited where the caller writes templates too often, or stores too much."""
    _admit_write(caller, body_size, _limit(TEMPLATE_WRITES, settings().template_writes_per_day))


def admit_session_start(caller: Caller, body_size: BodySize) -> None:
    """Raises RateLimited where the caller starts too many sessions, or stores too much."""
    _admit_write(caller, body_size, _limit(SESSION_STARTS, settings().session_starts_per_day))


def admit_write(caller: Caller, body_size: BodySize) -> None:
    """Raises RateLimited where the caller stores too much."""
    _admit_write(caller, body_size, None)


def _admit_write(caller: Caller, body_size: BodySize, requests: RateLimit | None) -> None:
    stored_bytes = _limit(STORED_BYTES, settings().stored_bytes_per_day)
    limit = WriteLimit(requests=requests, stored_bytes=stored_bytes)
    limit.admit(caller.uid, body_size, at=datetime.now(UTC))


def counters() -> Counters:
    """The counters of this process."""
    with _connecting:
        return _counters()


def _limit(kind: LimitKind, most: int) -> RateLimit | None:
    """None where the setting is 0."""
    if not most:
        return None
    with _building:
        return _rate_limit(kind, most)


@cache
def _rate_limit(kind: LimitKind, most: int) -> RateLimit:
    return RateLimit(kind, most, counters if settings().limits_shared else None)


@cache
def _counters() -> Counters:
    chosen = settings()
    if not chosen.limits_shared:
        return ProcessCounters()
    from shared.limits.firestore_counters import FirestoreCounters

    return FirestoreCounters(
        project_id=chosen.project_id,
        database=chosen.limits_database,
        emulator_host=chosen.emulator_host,
    )
