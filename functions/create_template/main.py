"""The deployed door of create_template."""

import functions_framework
from flask import Request, Response

from functions.create_template.contract import CreateTemplate
from functions.create_template.handler import handle
from shared.wiring import base, seals, stores


@functions_framework.http
def create_template(request: Request) -> Response:
    return base.endpoint().serve(
        request,
        CreateTemplate,
        handle,
        templates=stores.template_store,
        template_sealer=seals.template_sealer,
        now=base.utc_now,
        template_id=base.random_id,
    )
