"""The deployed door of delete_template."""

import functions_framework
from flask import Request, Response

from functions.delete_template.contract import DeleteTemplate
from functions.delete_template.handler import handle
from shared import wiring


@functions_framework.http
def delete_template(request: Request) -> Response:
    return wiring.endpoint().serve(
        request, DeleteTemplate, handle, templates=wiring.template_store(), now=wiring.utc_now()
    )
