"""The deployed function update_template."""

from functools import cache

import functions_framework
from flask import Request, Response

from functions.update_template.contract import OPERATION
from functions.update_template.handler import Dependencies, handle
from shared.wiring.endpoints import user_endpoint
from shared.wiring.firestore import template_repository
from shared.wiring.limits import admit_template_write
from shared.wiring.sealing import template_sealer


@functions_framework.http
def update_template(request: Request) -> Response:
    return user_endpoint().serve(
        request, OPERATION, handle, dependencies, admit=admit_template_write
    )


@cache
def dependencies() -> Dependencies:
    return Dependencies(templates=template_repository(), template_sealer=template_sealer())
