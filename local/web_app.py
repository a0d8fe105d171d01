"""The built web app on the local server, with the headers that Hosting sends in production.

firebase.json is the source of the headers, web/routes.json that of the paths.
"""

import gzip
import json
import os
from functools import cache, lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, Response, jsonify, request, send_from_directory

from local import hosting
from local.people import PEOPLE
from local.processes import ROOT

FOLDER = ROOT / "web"
BUILT = FOLDER / "dist"
NOT_BUILT = "not built: `make web` builds it, with Node.js 20.19 or newer"


def is_built() -> bool:
    return (BUILT / "index.html").is_file()


@cache
def paths() -> list[str]:
    """The app's paths, with `:name` for one segment."""
    found: list[str] = json.loads((FOLDER / "routes.json").read_text())["paths"]
    return found


def configuration(project_id: str, *, origin: str) -> dict[str, Any]:
    """/config.json of a demo project. `origin` is the address that the browser has the app from."""
    auth_emulator = os.environ.get("FIREBASE_AUTH_EMULATOR_HOST")
    # Pop-ups need pages that the Auth emulator has and the stack's own sign-in has not.
    methods = ["password", "emailLink", *(["google"] if auth_emulator else [])]
    return {
        "projectId": project_id,
        "apiKey": "local",
        # The SDK opens no pop-up without one, though the emulator has its own page.
        "authDomain": f"{project_id}.firebaseapp.com",
        "authEmulator": f"http://{auth_emulator}" if auth_emulator else origin,
        "firestoreEmulator": os.environ.get("FIRESTORE_EMULATOR_HOST"),
        "signIn": methods,
        "people": [
            {
                "name": person.name,
                "email": person.email,
                "password": person.password,
                "role": "teacher" if person.teacher else "student",
            }
            for person in PEOPLE.values()
        ],
    }


def headers(path: str) -> dict[str, str]:
    """Hosting's headers, but the policy names the emulators in place of Google's services."""
    found = hosting.headers(path)
    if policy := found.get(hosting.POLICY):
        found[hosting.POLICY] = hosting.local_policy(
            policy,
            firestore=_origin("FIRESTORE_EMULATOR_HOST"),
            auth=_origin("FIREBASE_AUTH_EMULATOR_HOST"),
        )
    return found


def _origin(variable: str) -> str | None:
    host = os.environ.get(variable)
    return f"http://{host}" if host else None


def _not_built() -> Response:
    """In place of every page. Once the app is built its pages are there, without a new start."""
    return Response(f"The web app is {NOT_BUILT}.\n", 503, content_type="text/plain")


def _compress(response: Response) -> None:
    """As Hosting does, so that pages load as many bytes here as there."""
    response.direct_passthrough = False
    response.set_data(_compressed(response.get_data()))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")


@lru_cache(maxsize=256)
def _compressed(content: bytes) -> bytes:
    return gzip.compress(content)


def add_to(app: Flask, *, project_id: str) -> None:
    """Adds the app's paths, its files and /config.json."""

    def send(folder: Path, name: str) -> Response:
        response = send_from_directory(folder, name)
        if response.status_code == HTTPStatus.OK and request.accept_encodings.quality("gzip"):
            _compress(response)
        response.headers.update(headers(request.path))
        return response

    def page(**_segments: str) -> Response:
        return send(BUILT, "index.html") if is_built() else _not_built()

    for path in paths():
        rule = "/".join(
            f"<{segment[1:]}>" if segment.startswith(":") else segment
            for segment in path.split("/")
        )
        app.add_url_rule(rule, f"app {path}", page)

    @app.get("/assets/<path:name>")
    def assets(name: str) -> Response:
        return send(BUILT / "assets", name)

    @app.get("/icon.svg")
    def icon() -> Response:
        return send(BUILT, "icon.svg")

    @app.get("/config.json")
    def config() -> Response:
        response = jsonify(configuration(project_id, origin=request.host_url.rstrip("/")))
        response.headers.update(headers(request.path))
        return response
