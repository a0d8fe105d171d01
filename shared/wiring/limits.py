"""The limits of practice_turn, with what the settings allow.

Counts that instances share are in Firestore, in documents of their own. This is the only place
from which practice_turn reaches a database, and its client is loaded when a count is first needed.
"""

from datetime import UTC, datetime
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
from shared.wiring.environment import settings

# First requests arrive together, and each limit must be the only one of its process.
_building = Lock()
_connecting = Lock()


def admit(caller: Caller) -> None:
    """Raises RateLimited where the caller takes too many turns."""
    if settings().turns_per_minute:
        with _building:
            limit = _turn_limit()
        limit.admit(caller.uid, at=datetime.now(UTC))


def reserve(caller: Caller) -> ReserveTokens:
    """The reservation of the tokens that the caller's turn spends on the model."""
    if not (settings().student_tokens_per_day or settings().project_tokens_per_day):
        return unlimited
    with _building:
        budget = _token_budget()
    return lambda tokens: budget.reserve(caller.uid, tokens, at=datetime.now(UTC))


@cache
def _turn_limit() -> TurnLimit:
    shared = _counters_once if settings().limits_shared else None
    return TurnLimit(settings().turns_per_minute, shared)


@cache
def _token_budget() -> TokenBudget:
    chosen = settings()
    quotas: list[TokenQuota] = []
    # The lease first: returning it costs nothing.
    if chosen.project_tokens_per_day:
        quotas.append(ProjectTokenQuota(chosen.project_tokens_per_day, _counters_once))
    if chosen.student_tokens_per_day:
        quotas.append(StudentTokenQuota(chosen.student_tokens_per_day, _counters_once))
    return TokenBudget(quotas)


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
