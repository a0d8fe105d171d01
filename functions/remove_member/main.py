"""The deployed function remove_member."""

from functools import cache

import functions_framework
from flask import Request, Response

from functions.remove_member.contract import OPERATION
from functions.remove_member.handler import Dependencies, handle
from shared.wiring.endpoints import user_endpoint
from shared.wiring.firestore import class_repository
from shared.wiring.limits import admit_write


@functions_framework.http
def remove_member(request: Request) -> Response:
    return user_endpoint().serve(request, OPERATION, handle, dependencies, admit=admit_write)


@cache
def dependencies() -> Dependencies:
    return Dependencies(classes=class_repository())
