"""The deployed door of update_template."""

import functions_framework
from flask import Request, Response

from functions.update_template.contract import UpdateTemplate
from functions.update_template.handler import handle
from shared.wiring import base, seals, stores


@functions_framework.http
def update_template(request: Request) -> Response:
    return base.endpoint().serve(
        request,
        UpdateTemplate,
        handle,
        templates=stores.template_store,
        template_sealer=seals.template_sealer,
        now=base.utc_now,
    )
