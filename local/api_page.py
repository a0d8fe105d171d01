"""The document and a page to browse and try it, on the local server.

The page is Swagger UI from a package that brings all its files, so it loads nothing from elsewhere.
"""

from functools import cache

from flask import Flask, Response
from flask_swagger_ui import get_swaggerui_blueprint

from openapi.document import text

DOCUMENT_PATH, PAGE_PATH = "/openapi.json", "/docs"
SWAGGER_OPTIONS = {
    "app_name": "Practice back end",
    "layout": "BaseLayout",  # without the bar for other documents' addresses
    "validatorUrl": None,  # a badge from somebody else's server
    "persistAuthorization": True,
    "displayRequestDuration": True,
    "tryItOutEnabled": True,
    "defaultModelsExpandDepth": 0,
}

_generated = cache(text)


def add_to(app: Flask) -> None:
    """The document is generated when it is first asked for."""
    app.register_blueprint(
        get_swaggerui_blueprint(PAGE_PATH, DOCUMENT_PATH, config=SWAGGER_OPTIONS)
    )

    @app.get(DOCUMENT_PATH)
    def openapi() -> Response:
        return Response(_generated(), content_type="application/json")
