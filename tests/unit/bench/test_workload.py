"""The workload of the benchmarks has valid requests of every function, a new one included."""

from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from bench.load import Request as Sent
from bench.workload import ClassAtWork, Workload
from shared.contract.examples import SESSION_ID, TEMPLATE_ID
from shared.contract.operation import function_names, main_operation
from shared.endpoint.request_parser import parse_request

URL = "http://localhost"
COUNT = 3
WITHOUT_TURNS = [name for name in function_names() if name != "practice_turn"]


class UnstoredWorkload(Workload):
    """A workload whose documents are names alone."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = count()
        self._template = {"template_id": "made"}

    def _begin_class(self) -> ClassAtWork:
        return ClassAtWork("7KQ2M4D", "class", "made", "assignment", "begun")

    def _start_session(self) -> str:
        return "practice_sessions/started"

    def _practised_session(self) -> str:
        return "practised"

    def _copy(self, path: str, count: int) -> list[str]:
        return [f"{path.partition('/')[2]}-{next(self._numbers)}" for _ in range(count)]


def received(sent: Sent) -> Request:
    path = sent.url.removeprefix(URL)
    builder = EnvironBuilder(
        path, method=sent.method, headers=[*sent.headers.items()], data=sent.body
    )
    return Request(builder.get_environ())


def values(sent: Sent, function: str) -> Mapping[str, Any]:
    parsed = parse_request(received(sent), main_operation(function)).values
    assert isinstance(parsed, dict)
    return parsed


@pytest.mark.parametrize("function", WITHOUT_TURNS)
def test_requests_of_every_function_are_valid(function: str) -> None:
    requests = UnstoredWorkload().requests_for(function, URL, COUNT)
    assert len(requests) == COUNT
    found = [values(request, function) for request in requests]
    # None names a document of the local stack's seeds, which the benchmarks do not have.
    assert not {TEMPLATE_ID, SESSION_ID} & {str(v) for fields in found for v in fields.values()}


def test_reads_are_sent_in_the_query_for_one_session_that_exists() -> None:
    requests = UnstoredWorkload().requests_for("get_next_item", URL, 2)
    sent = [(request.method, request.url, request.body) for request in requests]
    assert sent == [("GET", f"{URL}/?session_id=started-0", None)] * 2
