"""The severity of a request's log line. Errors cause alerts, so only internal errors are errors."""

import json
from typing import Any

import pytest
from flask import Flask, Request, request

from shared.contract.command import Command
from shared.contract.operation import Operation, Tag
from shared.domain.common.errors import TemplateNotFound, Unavailable
from shared.endpoint import logs
from shared.endpoint.endpoint import Endpoint
from shared.ports.calls import Call, Caller, Reply


class DoNothing(Command):
    pass


OPERATION = Operation(
    function="do_nothing",
    request=DoNothing,
    replies={200: None},
    tag=Tag.SESSIONS,
    summary="Do nothing",
    example={},
)


def answered(raised: Exception | None, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The log lines of a request whose use case raises this."""

    def handle(command: DoNothing, call: Call, dependencies: None) -> Reply[None]:
        if raised is not None:
            raise raised
        return Reply(None)

    endpoint = Endpoint(authenticate=lambda _: Caller("ann"), allowed_origins=())
    with Flask("test").test_request_context("/", method="POST", json={}):
        given: Request = request
        logs.configure(project_id="demo-tests", level="INFO")
        endpoint.serve(given, OPERATION, handle, lambda: None)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("raised", "status", "severity"),
    [
        (None, 200, "INFO"),
        (TemplateNotFound(), 404, "INFO"),
        (Unavailable(), 503, "WARNING"),
        (RuntimeError("no"), 500, "ERROR"),
    ],
)
def test_only_internal_errors_are_logged_as_errors(
    raised: Exception | None, status: int, severity: str, capsys: pytest.CaptureFixture[str]
) -> None:
    *before, line = answered(raised, capsys)
    assert (line["status"], line["severity"]) == (status, severity)
    assert [other["exception"] for other in before] == (["RuntimeError"] if status == 500 else [])
