"""All functions behind one port, each as functions-framework's own app, under its own server.

Run as `python -m local.server PORT`. Every function goes through the deployment door, main.py, just
as it does in production.
"""

import json
import os
import sys
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import functions_framework
from flask import Flask, Response, request
from functions_framework import _http

from local.processes import ROOT
from shared import wiring
from shared.endpoint import cors
from shared.settings import SettingsError

THREADS = "32"


def function_names() -> list[str]:
    """Every folder in functions/ that has a door."""
    return sorted(door.parent.name for door in (ROOT / "functions").glob("*/main.py"))


def application() -> Flask:
    """One WSGI application: a function per path, and /healthz."""
    app = Flask("practice")

    @app.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", content_type="text/plain")

    @app.errorhandler(404)
    def not_found(_error: Exception) -> Response:
        names = ", ".join(f"/{name}" for name in function_names())
        body = {
            "type": "urn:problem:not-found",
            "title": "There is no such function.",
            "status": 404,
            "detail": f"There are {names} and /healthz.",
            "reason": "NOT_FOUND",
        }
        response = Response(json.dumps(body), 404, content_type="application/problem+json")
        cors.allow_origin(request, response, wiring.settings().allowed_origins)
        return response

    app.wsgi_app = _by_first_segment(app.wsgi_app)  # type: ignore[method-assign,assignment]
    return app


def _by_first_segment(fallback: WSGIApplication) -> WSGIApplication:
    """Each function below its own name, where it sees the path as in production: from / on."""
    apps = {
        name: functions_framework.create_app(name, str(ROOT / "main.py"))
        for name in function_names()
    }

    def dispatch(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        app: WSGIApplication
        _, name, *rest = environ["PATH_INFO"].split("/", 2)
        if name not in apps:
            return fallback(environ, start_response)
        app = apps[name]
        return app(
            {**environ, "SCRIPT_NAME": f"/{name}", "PATH_INFO": "/" + "".join(rest)}, start_response
        )

    return dispatch


def main() -> None:
    os.environ.setdefault("THREADS", THREADS)
    try:
        app = application()
    except SettingsError as error:
        sys.exit(str(error))
    _http.create_server(app, debug=False).run("127.0.0.1", int(sys.argv[1]))


if __name__ == "__main__":
    main()
