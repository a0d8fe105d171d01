"""Every operation that costs documents or the model's tokens has a limit for each user."""

from importlib import import_module

import pytest

from shared.contract.operation import Security, all_operations, function_names, uses_of
from shared.domain.common.errors import RateLimited
from shared.environment import Use
from shared.wiring import routes


def admitting(uses: frozenset[Use]) -> set[str]:
    """The limit in shared/wiring/limits.py for the function with these uses."""
    if Use.JOINS in uses:
        return {"JoinAttempt"}
    if Use.TEMPLATE_WRITES in uses:
        return {"admit_template_write"}
    if Use.SESSION_STARTS in uses:
        return {"admit_session_start"}
    if Use.WRITES in uses:
        return {"admit_write"}
    return {"admit_turn"} if Use.LIMITS in uses else set()


def test_every_operation_of_users_that_writes_is_limited() -> None:
    of_users = [o for o in all_operations() if o.security is Security.USER]
    writing = {o.operation_id for o in of_users if o.honours_idempotency_key}
    limited = {o.operation_id for o in of_users if RateLimited in o.refusals}
    assert writing <= limited
    # Of those that store no reply, turns are limited, and what writes all the same.
    others = [o for o in of_users if o.operation_id in limited - writing]
    assert others
    assert all({Use.TUTOR, Use.WRITES} & uses_of(o.function) for o in others)


def test_functions_with_a_limit_have_its_settings_and_no_others_have() -> None:
    limited = {o.function for o in all_operations() if RateLimited in o.refusals}
    having = {name: uses_of(name) for name in function_names()}
    assert {name for name, uses in having.items() if Use.LIMITS in uses} == limited
    assert {name for name, uses in having.items() if Use.WRITES in uses} == {
        name for name in limited if Use.TUTOR not in having[name]
    }


@pytest.mark.parametrize("function", function_names())
def test_a_function_passes_the_limit_whose_settings_it_declares(function: str) -> None:
    names = set(vars(import_module(f"functions.{function}.main")))
    if "serve_turns" in names:  # which admits those of all paths
        names |= set(vars(routes))
    limits = {name for name in names if name.startswith("admit") or name == "JoinAttempt"}
    assert limits == admitting(uses_of(function))
