"""The headers that Firebase Hosting sends by firebase.json, for the local server to send too."""

import json
import re
from functools import cache
from typing import Any

from local.processes import ROOT

CONFIGURATION = ROOT / "firebase.json"
POLICY = "Content-Security-Policy"
# Google's pop-up for signing in is opened by a script of Google's, with the Auth emulator too.
POP_UPS = "https://apis.google.com"


@cache
def configuration() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(CONFIGURATION.read_text())["hosting"]
    return found


def headers(path: str) -> dict[str, str]:
    """The headers of a path. As in Hosting, the last rule that has a header decides on it."""
    return {
        header["key"]: header["value"]
        for rule in configuration()["headers"]
        if _matches(rule, path)
        for header in rule["headers"]
    }


def _matches(rule: dict[str, Any], path: str) -> bool:
    if "regex" in rule:
        return re.search(rule["regex"], path) is not None
    parts = re.split(r"(\*\*|\*)", rule["source"])
    globs = {"**": ".*", "*": "[^/]*"}
    return (
        re.fullmatch("".join(globs.get(part, re.escape(part)) for part in parts), path) is not None
    )


def local_policy(policy: str, *, firestore: str | None, auth: str | None) -> str:
    """A Content Security Policy with the emulators in place of Google's services.

    `firestore` and `auth` are the origins of emulators that are used.
    """
    emulators = [origin for origin in (firestore, auth) if origin]
    added = {
        "connect-src": emulators,
        "script-src": [POP_UPS] if auth else [],
        "frame-src": [auth] if auth else [],
    }
    directives = []
    for directive in policy.split("; "):
        name, *sources = directive.split(" ")
        own = [source for source in sources if not source.startswith("https://")]
        directives.append(" ".join((name, *([*own, *added.get(name, [])] or ["'none'"]))))
    return "; ".join(directives)
