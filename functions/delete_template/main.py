"""The deployed door of delete_template."""

import functions_framework
from flask import Request, Response

from functions.delete_template.contract import DeleteTemplate
from functions.delete_template.handler import handle
from shared.wiring import base, stores


@functions_framework.http
def delete_template(request: Request) -> Response:
    return base.endpoint().serve(
        request, DeleteTemplate, handle, templates=stores.template_store, now=base.utc_now
    )
