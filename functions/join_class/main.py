"""The deployed function join_class."""

from functools import cache

import functions_framework
from flask import Request, Response

from functions.join_class.contract import OPERATION
from functions.join_class.handler import Dependencies, handle
from shared.wiring.endpoints import user_endpoint
from shared.wiring.firestore import class_repository
from shared.wiring.limits import JoinAttempt


@functions_framework.http
def join_class(request: Request) -> Response:
    attempt = JoinAttempt(request)
    response = user_endpoint().serve(request, OPERATION, handle, dependencies, admit=attempt.admit)
    attempt.settle(response)
    return response


@cache
def dependencies() -> Dependencies:
    return Dependencies(classes=class_repository())
