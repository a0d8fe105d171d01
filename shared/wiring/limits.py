"""The limits of practice_turn, with what the settings allow.

Counts that instances share are in Firestore, in documents of their own. This is the one place of
practice_turn from where a database can be reached, and it is loaded when a count is first needed.
"""

from functools import cache
from threading import Lock

from shared.limits.counters import Counters
from shared.limits.process_counters import ProcessCounters
from shared.limits.project_quota import ProjectTokenQuota
from shared.limits.student_quota import StudentTokenQuota
from shared.limits.token_budget import TokenBudget, TokenQuota
from shared.limits.turn_limit import TurnLimit
from shared.ports.calls import Caller
from shared.tutor.language_model.client import ReserveTokens, unlimited
from shared.wiring.base import settings, utc_now

# First requests come together, and each limit must be the only one of its process.
_building = Lock()
_connecting = Lock()


def admit(caller: Caller) -> None:
    """Raises RateLimited where the caller takes too many turns."""
    if settings().turns_per_minute:
        with _building:
            limit = _turn_limit()
        limit.admit(caller.uid, at=utc_now())


def reserve(caller: Caller) -> ReserveTokens:
    """What guards the tokens that the caller's turn spends on the model."""
    if not (settings().student_tokens_per_day or settings().project_tokens_per_day):
        return unlimited
    with _building:
        budget = _token_budget()
    return lambda tokens: budget.reserve(caller.uid, tokens, at=utc_now())


@cache
def _turn_limit() -> TurnLimit:
    shared = _counters_once if settings().limits_shared else None
    return TurnLimit(settings().turns_per_minute, shared)


@cache
def _token_budget() -> TokenBudget:
    chosen = settings()
    purses: list[TokenQuota] = []
    # The lease first: to give it back costs nothing.
    if chosen.project_tokens_per_day:
        purses.append(ProjectTokenQuota(chosen.project_tokens_per_day, _counters_once))
    if chosen.student_tokens_per_day:
        purses.append(StudentTokenQuota(chosen.student_tokens_per_day, _counters_once))
    return TokenBudget(purses)


def _counters_once() -> Counters:
    with _connecting:
        return _counters()


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
