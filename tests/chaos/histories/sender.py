"""Sender of a client's requests over HTTP. It records each request with its reply."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import requests

from local.api import User
from local.tokens import scheduler_token
from shared.contract.operation import main_operation
from tests.chaos.histories.plan import Delivery, Json
from tests.chaos.histories.record import Exchange, History, now

TIMEOUT_SECONDS = 90
MAX_TRIES = 4
CONCURRENT_REQUESTS = 3
CLEANUP = "cleanup_stale_sessions"
# The text field that another body has, of functions with one.
OTHER_FIELD = {
    "complete_session": "topic",
    "create_class": "subject",
    "update_class": "subject",
    "join_class": "display_name",
    "remove_member": "student_id",
    "create_assignment": "title",
    "update_assignment": "title",
    "override_grade": "note",
}


class Step(Protocol):
    """What a request is sent for."""

    @property
    def number(self) -> int: ...

    @property
    def delivery(self) -> Delivery: ...


@dataclass
class Sender:
    """Sends and records the requests of one client."""

    client: int
    history: History

    def deliver(self, step: Step, user: User, function: str, body: Json) -> Exchange:
        """Sends it as the step's delivery requires. Returns the exchange to continue with."""
        key = f"{self.client}.{step.number}"

        def send(key: str | None = None, body: Json = body) -> Exchange:
            return self.send(step, user, function, body, key=key)

        exchange: Exchange
        match step.delivery:
            case Delivery.ONCE:
                exchange = send()
            case Delivery.GIVEN_UP:
                exchange = send(key)
            case Delivery.RETRIED:
                exchange = _send_until_answered(send)
            case Delivery.RETRIED_WITH_KEY:
                exchange = _send_until_answered(lambda: send(key))
            case Delivery.REPEATED:
                _send_until_answered(lambda: send(key))
                exchange = send(key)
            case Delivery.OTHER_BODY:
                exchange = _send_until_answered(lambda: send(key))
                send(key, _other_body(function, body))
            case Delivery.CONCURRENT_WITH_KEY:
                exchange = _send_at_once(lambda: send(key), CONCURRENT_REQUESTS)
            case Delivery.CONCURRENT:
                exchange = _send_at_once(send, 2)
        return exchange

    def send(
        self, step: Step, user: User, function: str, body: Json, *, key: str | None = None
    ) -> Exchange:
        sent_at = now()
        status, reply, replayed = None, {}, False
        try:
            response = requests.request(
                main_operation(function).method,
                f"{user.stack.url}/{function}",
                json=body,
                headers={
                    "Authorization": f"Bearer {_token(user, function)}",
                    **({"Idempotency-Key": key} if key else {}),
                },
                timeout=TIMEOUT_SECONDS,
            )
            status, reply = response.status_code, response.json()
            replayed = response.headers.get("Idempotent-Replayed") == "true"
        except requests.RequestException as error:
            reply = {"error": repr(error)}
        exchange = Exchange(
            client=self.client,
            step=step.number,
            function=function,
            uid=_uid(user, function),
            key=key,
            body=body,
            sent_at=sent_at,
            answered_at=now(),
            status=status,
            reply=reply,
            replayed=replayed,
        )
        self.history.add(exchange)
        return exchange


def _uid(user: User, function: str) -> str:
    if function == CLEANUP:
        return f"scheduler@{user.stack.project_id}.iam.gserviceaccount.com"
    return user.uid


def _token(user: User, function: str) -> str:
    if function == CLEANUP:
        return scheduler_token(project_id=user.stack.project_id)
    return user.token


def _send_until_answered(send: Callable[[], Exchange]) -> Exchange:
    for _ in range(MAX_TRIES):
        exchange = send()
        if not exchange.is_open:
            break
    return exchange


def _send_at_once(send: Callable[[], Exchange], count: int) -> Exchange:
    with ThreadPoolExecutor(count) as pool:
        exchanges = [future.result() for future in [pool.submit(send) for _ in range(count)]]
    return next((exchange for exchange in exchanges if exchange.is_success), exchanges[0])


def _other_body(function: str, body: Json) -> Json:
    if function in OTHER_FIELD:
        return {**body, OTHER_FIELD[function]: "another body"}
    match function:
        case "start_session" if "assignment_id" in body:
            return {**body, "timezone": "Pacific/Auckland"}
        case "start_session":
            return {**body, "parent_ids": ["another-body"]}
        case "update_progress" if "stored_session" in body:
            return {**body, "revision": 1}
        case "update_progress":
            return {**body, "session_data": {"another": "body"}}
        case _:
            return {**body, "limit": body["limit"] + 1}
