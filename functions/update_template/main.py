"""The deployed door of update_template."""

import functions_framework
from flask import Request, Response

from functions.update_template.contract import UpdateTemplate
from functions.update_template.handler import handle
from shared import wiring


@functions_framework.http
def update_template(request: Request) -> Response:
    return wiring.endpoint().serve(
        request, UpdateTemplate, handle, templates=wiring.template_store(), now=wiring.utc_now()
    )
