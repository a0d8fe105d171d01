"""The deployed function create_class."""

from functools import cache

import functions_framework
from flask import Request, Response

from functions.create_class.contract import OPERATION
from functions.create_class.handler import Dependencies, handle
from shared.wiring.endpoints import user_endpoint
from shared.wiring.firestore import class_repository
from shared.wiring.identifiers import random_id, random_join_code
from shared.wiring.limits import admit_template_write


@functions_framework.http
def create_class(request: Request) -> Response:
    return user_endpoint().serve(
        request, OPERATION, handle, dependencies, admit=admit_template_write
    )


@cache
def dependencies() -> Dependencies:
    return Dependencies(classes=class_repository(), new_id=random_id, new_code=random_join_code)
