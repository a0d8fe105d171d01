"""The deployed function update_class."""

from functools import cache

import functions_framework
from flask import Request, Response

from functions.update_class.contract import OPERATION
from functions.update_class.handler import Dependencies, handle
from shared.wiring.endpoints import user_endpoint
from shared.wiring.firestore import class_repository
from shared.wiring.identifiers import random_join_code
from shared.wiring.limits import admit_template_write


@functions_framework.http
def update_class(request: Request) -> Response:
    return user_endpoint().serve(
        request, OPERATION, handle, dependencies, admit=admit_template_write
    )


@cache
def dependencies() -> Dependencies:
    return Dependencies(classes=class_repository(), new_code=random_join_code)
