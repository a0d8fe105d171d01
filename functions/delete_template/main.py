"""The deployed function delete_template."""

from functools import cache

import functions_framework
from flask import Request, Response

from functions.delete_template.contract import OPERATION
from functions.delete_template.handler import Dependencies, handle
from shared.wiring.endpoints import user_endpoint
from shared.wiring.firestore import template_repository
from shared.wiring.limits import admit_write


@functions_framework.http
def delete_template(request: Request) -> Response:
    return user_endpoint().serve(request, OPERATION, handle, dependencies, admit=admit_write)


@cache
def dependencies() -> Dependencies:
    return Dependencies(templates=template_repository())
