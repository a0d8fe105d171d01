"""The deployed function update_assignment."""

from functools import cache

import functions_framework
from flask import Request, Response

from functions.update_assignment.contract import OPERATION
from functions.update_assignment.handler import Dependencies, handle
from shared.wiring.endpoints import user_endpoint
from shared.wiring.firestore import class_assignment_repository
from shared.wiring.limits import admit_template_write


@functions_framework.http
def update_assignment(request: Request) -> Response:
    return user_endpoint().serve(
        request, OPERATION, handle, dependencies, admit=admit_template_write
    )


@cache
def dependencies() -> Dependencies:
    return Dependencies(assignments=class_assignment_repository())
