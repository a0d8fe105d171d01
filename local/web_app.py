"""The built web app on the local server, with the headers that Hosting sends in production."""

import json
import os
from functools import cache
from typing import Any

from flask import Flask, Response, jsonify, request, send_from_directory

from local.people import PEOPLE
from local.processes import ROOT

FOLDER = ROOT / "web"
BUILT = FOLDER / "dist"
NOT_BUILT = "not built: `make web` builds it, with Node.js 20 or newer"
# Files in assets/ have a hash of their content in their name.
UNCHANGING = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


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


def content_security_policy() -> str:
    """What the app's pages may load: their own files, and the emulators."""
    hosts = ("FIRESTORE_EMULATOR_HOST", "FIREBASE_AUTH_EMULATOR_HOST")
    emulators = [f"http://{os.environ[name]}" for name in hosts if os.environ.get(name)]
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("connect-src 'self'", *emulators)),
            # Widths of bars are styles of elements; no style sheet is written into a page.
            "style-src 'self'",
            "style-src-attr 'unsafe-inline'",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def add_to(app: Flask, *, project_id: str) -> None:
    """Adds the app's paths, its files and /config.json."""

    def page(**_segments: str) -> Response:
        response = send_from_directory(BUILT, "index.html")
        response.headers["Cache-Control"] = ASK_AGAIN
        response.headers["Content-Security-Policy"] = content_security_policy()
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    for path in paths():
        rule = "/".join(
            f"<{segment[1:]}>" if segment.startswith(":") else segment
            for segment in path.split("/")
        )
        app.add_url_rule(rule, f"app {path}", page)

    @app.get("/assets/<path:name>")
    def assets(name: str) -> Response:
        response = send_from_directory(BUILT / "assets", name)
        response.headers["Cache-Control"] = UNCHANGING
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    @app.get("/icon.svg")
    def icon() -> Response:
        return send_from_directory(BUILT, "icon.svg")

    @app.get("/config.json")
    def config() -> Response:
        response = jsonify(configuration(project_id, origin=request.host_url.rstrip("/")))
        response.headers["Cache-Control"] = ASK_AGAIN
        return response
