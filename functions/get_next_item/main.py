"""The deployed function get_next_item."""

from functools import cache

import functions_framework
from flask import Request, Response

from functions.get_next_item.contract import OPERATION
from functions.get_next_item.handler import Dependencies, handle
from shared.wiring.endpoints import user_endpoint
from shared.wiring.firestore import session_repository


@functions_framework.http
def get_next_item(request: Request) -> Response:
    return user_endpoint().serve(request, OPERATION, handle, dependencies)


@cache
def dependencies() -> Dependencies:
    return Dependencies(sessions=session_repository())
