"""Hooks for schemathesis: every request is changed to refer to existing data before it is sent."""

import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.generation.meta import TestPhase

from openapi.document import PARAMETERS
from shared.contract.operation import Tag
from tests.integration.openapi.consistent_requests import (
    unique_key,
    with_consistent_parts,
    with_existing_data,
    with_existing_ids,
    with_linked_data,
)
from tests.integration.openapi.world import World

KEY = PARAMETERS["Idempotency-Key"]


@cache
def world() -> World:
    return World(
        url=os.environ["STACK_URL"],
        teacher=os.environ["TEACHER_TOKEN"],
        student=os.environ["STUDENT_TOKEN"],
    )


@schemathesis.hook
def before_load_schema(context: HookContext, raw_schema: dict[str, Any]) -> None:
    """The body of a link is a text of JSON: schemathesis follows its expressions in an object."""
    for link in _links(raw_schema):
        if "requestBody" in link:
            text = re.sub(r'"?\{(\$[^}]+)\}"?', r'"\1"', link["requestBody"])
            link["requestBody"] = json.loads(text)


def _links(raw_schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for operations in raw_schema["paths"].values():
        for operation in operations.values():
            for response in operation["responses"].values():
                yield from response.get("links", {}).values()


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    key = case.headers.get(KEY["name"]) if case.headers else None
    if isinstance(key, str) and re.fullmatch(KEY["schema"]["pattern"], key) and len(key) <= 255:
        # Values are reused; an idempotency key may come with one request only.
        case.headers[KEY["name"]] = unique_key(key)
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    operation_id = case.operation.definition.raw["operationId"]
    stateful = case.meta.phase.name is TestPhase.STATEFUL
    if isinstance(case.body, dict):
        body = with_consistent_parts(case.body)
        case.body = (with_linked_data if stateful else with_existing_data)(
            operation_id, body, world()
        )
    if case.query and not stateful:
        case.query.update(with_existing_ids(dict(case.query), world()))


@schemathesis.hook
def after_call(context: HookContext, case: Case[Any], response: Response) -> None:
    if response.status_code == 200 and b'"session_context"' in response.content:
        with suppress(ValueError):  # a stream of events
            world().remember(response.json()["session_context"]["stored_session"])


@schemathesis.auth(refresh_interval=None)
class Caller:
    """Signs in a teacher for templates, the scheduler for cleanup, a student for the rest."""

    def get(self, case: Case[Any], context: schemathesis.AuthContext) -> str:
        tags = case.operation.tags or []
        if Tag.TEMPLATES in tags:
            return os.environ["TEACHER_TOKEN"]
        if Tag.SCHEDULE in tags:
            return os.environ["SCHEDULER_TOKEN"]
        return os.environ["STUDENT_TOKEN"]

    def set(self, case: Case[Any], data: str, context: schemathesis.AuthContext) -> None:
        case.headers["Authorization"] = f"Bearer {data}"
