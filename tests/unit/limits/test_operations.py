"""Every operation that costs documents or the model's tokens has a limit for each user."""

from shared.contract.operation import Security, all_operations, uses_of
from shared.domain.common.errors import RateLimited
from shared.environment import Use


def test_every_operation_of_users_that_writes_is_limited() -> None:
    of_users = [o for o in all_operations() if o.security is Security.USER]
    writing = {o.operation_id for o in of_users if o.honours_idempotency_key}
    limited = {o.operation_id for o in of_users if RateLimited in o.refusals}
    assert writing <= limited
    # Of those that write nothing, the turns are limited.
    assert {o.function for o in of_users if o.operation_id in limited - writing} == {
        "practice_turn"
    }


def test_functions_with_a_limit_have_its_settings_and_no_others_have() -> None:
    limited = {o.function for o in all_operations() if RateLimited in o.refusals}
    having = {o.function: uses_of(o.function) for o in all_operations()}
    assert {name for name, uses in having.items() if Use.LIMITS in uses} == limited
    assert {name for name, uses in having.items() if Use.WRITES in uses} == limited - {
        "practice_turn"
    }
    assert {name for name, uses in having.items() if Use.TEMPLATE_WRITES in uses} == {
        "create_template",
        "update_template",
    }
    assert {name for name, uses in having.items() if Use.SESSION_STARTS in uses} == {
        "start_session"
    }
