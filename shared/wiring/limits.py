"""The limits on requests, with what the settings allow, and the counters of all limits.

Counts that instances share are in Firestore, in documents of their own. This is the only place
from which practice_turn reaches a database, and the counters' client is loaded when a count is
first needed.
"""

from datetime import UTC, datetime
from functools import cache
from threading import Lock

from shared.limits.counters import Counters
from shared.limits.process_counters import ProcessCounters
from shared.limits.rate_limit import TURNS, LimitKind, RateLimit
from shared.ports.calls import Caller
from shared.wiring.environment import settings

# First requests arrive together, and each limit must be the only one of its process.
_building = Lock()
_connecting = Lock()


def admit_turn(caller: Caller) -> None:
    """Raises RateLimited where the caller takes too many turns."""
    if limit := _limit(TURNS, settings().turns_per_minute):
        limit.admit(caller.uid, at=datetime.now(UTC))


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
    from shared.limits.firestore_counters import FirestoreCounters  # noqa: PLC0415 - slow, seldom needed

    return FirestoreCounters(
        project_id=chosen.project_id,
        database=chosen.limits_database,
        emulator_host=chosen.emulator_host,
    )
