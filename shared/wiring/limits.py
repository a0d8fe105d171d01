"""The limits on requests, with what the settings allow, and the counters of all limits.

Counts that instances share are in Firestore, in documents of their own. This is the only place
from which practice_turn reaches a database, and the counters' client is loaded when a count is
first needed.
"""

from datetime import UTC, datetime
from functools import cache
from threading import Lock

from flask import Request, Response

from shared.contract.refusals import STATUS_OF
from shared.domain.common.errors import JoinCodeNotValid, RateLimited
from shared.endpoint.client_address import client_address
from shared.endpoint.endpoint import BodySize
from shared.limits.counters import Counters
from shared.limits.process_counters import ProcessCounters
from shared.limits.rate_limit import (
    ADDRESS_JOIN_ATTEMPTS,
    JOIN_ATTEMPTS,
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


class JoinAttempt:
    """One request to join a class, and its place in the limits of its user and its address.

    It is counted before its code is looked at, and taken back where the code is not refused. So
    right and wrong codes take as long, and a class that joins from one school costs nothing.
    """

    def __init__(self, request: Request) -> None:
        self._address = client_address(request, proxies=settings().proxies)
        self._counted: list[tuple[RateLimit, str]] = []
        self._at = datetime.now(UTC)

    def admit(self, caller: Caller, body_size: BodySize) -> None:
        """Raises RateLimited where the caller, or the address, tried too many codes, or the caller
        stores too much.
        """
        of_user = _limit(JOIN_ATTEMPTS, settings().join_attempts_per_hour)
        of_address = _limit(ADDRESS_JOIN_ATTEMPTS, settings().address_join_attempts_per_hour)
        try:
            for limit, subject in ((of_user, caller.uid), (of_address, self._address)):
                if limit is not None:
                    limit.admit(subject, at=self._at)
                    self._counted.append((limit, subject))
            admit_write(caller, body_size)
        except RateLimited:
            self._take_back()
            raise

    def settle(self, response: Response) -> None:
        """Takes the attempt back unless its code was refused."""
        if response.status_code != STATUS_OF[JoinCodeNotValid.reason]:
            self._take_back()

    def _take_back(self) -> None:
        for limit, subject in self._counted:
            limit.take_back(subject, at=self._at)
        self._counted.clear()


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
