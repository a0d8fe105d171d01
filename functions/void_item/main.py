"""The deployed function void_item."""

from functools import cache

import functions_framework
from flask import Request, Response

from functions.void_item.contract import OPERATION
from functions.void_item.handler import Dependencies, handle
from shared.wiring.endpoints import user_endpoint
from shared.wiring.firestore import regrading_repository
from shared.wiring.limits import admit_write


@functions_framework.http
def void_item(request: Request) -> Response:
    return user_endpoint().serve(request, OPERATION, handle, dependencies, admit=admit_write)


@cache
def dependencies() -> Dependencies:
    return Dependencies(regrading=regrading_repository())
