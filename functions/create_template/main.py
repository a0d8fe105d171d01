"""The deployed door of create_template."""

import functions_framework
from flask import Request, Response

from functions.create_template.contract import CreateTemplate
from functions.create_template.handler import handle
from shared import wiring


@functions_framework.http
def create_template(request: Request) -> Response:
    return wiring.endpoint().serve(
        request,
        CreateTemplate,
        handle,
        templates=wiring.template_store(),
        now=wiring.utc_now(),
        template_id=wiring.random_id(),
    )
