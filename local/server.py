"""All functions behind one port, each as functions-framework's own app, under its own server.

Run as `python -m local.server PORT`. Every function is started through main.py, as in production.
"""

import os
import sys
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import functions_framework
from flask import Flask, Response, g, request
from functions_framework import _http
from werkzeug.exceptions import HTTPException

from local import api_page as page
from local import identity_toolkit, web_app
from local.processes import ROOT
from shared.contract.operation import function_names
from shared.contract.refusals import InternalError, MethodNotAllowed, NotFound
from shared.domain.common.errors import Refusal
from shared.endpoint import cors
from shared.endpoint.logs import correlate
from shared.endpoint.problems import problem_response
from shared.settings import SettingsError
from shared.wiring.environment import settings

DEFAULT_THREADS = "32"
# gunicorn's limits: a request line and a header of 8 KiB, 100 headers. functions-framework sets
# none for the request line, and a deployment can't; there the front end of Cloud Run has limits of
# its own.
HEADER_LIMITS = {
    "limit_request_line": 8_190,
    "limit_request_fields": 100,
    "limit_request_field_size": 8_190,
}
BESIDES = f"/healthz, {page.DOCUMENT_PATH} and {page.PAGE_PATH}/"


class _Server(Flask):
    """Each function below its own name, where it sees the path as in production: from / on."""

    def __init__(self) -> None:
        super().__init__("practice")
        self._functions: dict[str, WSGIApplication] = {
            name: functions_framework.create_app(name, str(ROOT / "main.py"))
            for name in function_names()
        }

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        name, _, rest = environ["PATH_INFO"].removeprefix("/").partition("/")
        if function := self._functions.get(name):
            below = {**environ, "SCRIPT_NAME": f"/{name}", "PATH_INFO": f"/{rest}"}
            return function(below, start_response)
        return super().wsgi_app(environ, start_response)


def application() -> Flask:
    """One WSGI application: a function per path, /healthz, /openapi.json, /docs, the web app, and
    the sign-in of a local project, unless the Auth emulator has it.
    """
    app = _Server()
    names = ", ".join(f"/{name}" for name in function_names())

    @app.before_request
    def begin() -> Response | None:
        g.request_id = correlate(request, function="local").request_id
        if not cors.is_preflight(request):
            return None
        return identity_toolkit.preflight(request) or cors.preflight("GET, POST, PUT, DELETE")

    @app.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", content_type="text/plain")

    page.add_to(app)
    chosen = settings()
    if chosen.accepts_emulator_tokens and not os.environ.get("FIREBASE_AUTH_EMULATOR_HOST"):
        identity_toolkit.add_to(app, project_id=chosen.project_id)
    if chosen.accepts_emulator_tokens:
        web_app.add_to(app, project_id=chosen.project_id)

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        kinds: dict[int | None, type[Refusal]] = {404: NotFound, 405: MethodNotAllowed}
        refusal = kinds.get(error.code, InternalError)(f"There are {names}, and GET {BESIDES}.")
        response = problem_response(refusal, request_id=g.request_id)
        response.headers.extend(pair for pair in error.get_headers() if pair[0] == "Allow")
        return response

    @app.after_request
    def as_functions_do(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.request_id
        cors.allow_origin(request, response, settings().allowed_origins)
        return response

    return app


def main() -> None:
    os.environ.setdefault("THREADS", DEFAULT_THREADS)
    try:
        app = application()
    except SettingsError as error:
        sys.exit(str(error))
    server = _http.create_server(app, debug=False, **HEADER_LIMITS)
    server.run("127.0.0.1", int(sys.argv[1]))


if __name__ == "__main__":
    main()
