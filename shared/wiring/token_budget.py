"""The budget of tokens that practice_turn spends on the model, with what the settings allow."""

from datetime import UTC, datetime
from functools import cache
from threading import Lock

from shared.limits.project_quota import ProjectTokenQuota
from shared.limits.student_quota import StudentTokenQuota
from shared.limits.token_budget import TokenBudget, TokenQuota
from shared.ports.calls import Caller
from shared.tutor.language_model.client import ReserveTokens, unlimited
from shared.wiring.environment import settings
from shared.wiring.limits import counters

# First requests arrive together, and the budget must be the only one of its process.
_building = Lock()


def reserve(caller: Caller) -> ReserveTokens:
    """The reservation of the tokens that the caller's turn spends on the model."""
    if not (settings().student_tokens_per_day or settings().project_tokens_per_day):
        return unlimited
    with _building:
        budget = _token_budget()
    return lambda tokens: budget.reserve(caller.uid, tokens, at=datetime.now(UTC))


@cache
def _token_budget() -> TokenBudget:
    chosen = settings()
    quotas: list[TokenQuota] = []
    # The lease first: returning it costs nothing.
    if chosen.project_tokens_per_day:
        quotas.append(ProjectTokenQuota(chosen.project_tokens_per_day, counters))
    if chosen.student_tokens_per_day:
        quotas.append(StudentTokenQuota(chosen.student_tokens_per_day, counters))
    return TokenBudget(quotas)
