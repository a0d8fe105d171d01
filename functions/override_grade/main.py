"""The deployed function override_grade."""

from functools import cache

import functions_framework
from flask import Request, Response

from functions.override_grade.contract import OPERATION
from functions.override_grade.handler import Dependencies, handle
from shared.wiring.endpoints import user_endpoint
from shared.wiring.firestore import class_assignment_repository
from shared.wiring.limits import admit_write


@functions_framework.http
def override_grade(request: Request) -> Response:
    return user_endpoint().serve(request, OPERATION, handle, dependencies, admit=admit_write)


@cache
def dependencies() -> Dependencies:
    return Dependencies(assignments=class_assignment_repository())
