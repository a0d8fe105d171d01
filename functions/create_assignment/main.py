"""The deployed function create_assignment."""

from functools import cache

import functions_framework
from flask import Request, Response

from functions.create_assignment.contract import OPERATION
from functions.create_assignment.handler import Dependencies, handle
from shared.wiring.endpoints import user_endpoint
from shared.wiring.firestore import class_assignment_repository
from shared.wiring.identifiers import random_id
from shared.wiring.limits import admit_template_write
from shared.wiring.sealing import template_sealer


@functions_framework.http
def create_assignment(request: Request) -> Response:
    return user_endpoint().serve(
        request, OPERATION, handle, dependencies, admit=admit_template_write
    )


@cache
def dependencies() -> Dependencies:
    return Dependencies(
        assignments=class_assignment_repository(),
        template_sealer=template_sealer(),
        new_id=random_id,
    )
