"""Publishes firestore.rules, or reports whether they are published, by Google's Rules API.

gcloud has no command for rules.
https://firebase.google.com/docs/reference/rules/rest
"""

import json
import os
from typing import Annotated

import typer

from deploy.commands import ROOT
from deploy.google_api import GoogleApi, GoogleApiError, access_token

RULES = ROOT / "firestore.rules"
# gcloud's own variable for another endpoint of this API, for example a proxy.
ENDPOINT = "CLOUDSDK_API_ENDPOINT_OVERRIDES_FIREBASERULES"
GOOGLE = "https://firebaserules.googleapis.com/"


class Rules:
    """The rules of one database. A release names the ruleset that is in force."""

    def __init__(self, api: GoogleApi, project: str, database: str) -> None:
        name = "cloud.firestore" if database == "(default)" else f"cloud.firestore/{database}"
        self._api = api
        self._parent = f"projects/{project}"
        self._release = f"{self._parent}/releases/{name}"

    def published(self) -> str | None:
        """The text in force, None if there is none."""
        release = self._api.call("GET", f"v1/{self._release}")
        if release is None:
            return None
        ruleset = self._api.call("GET", f"v1/{release['rulesetName']}") or {}
        files = ruleset.get("source", {}).get("files", [])
        return str(files[0]["content"]) if len(files) == 1 else None

    def publish(self, text: str) -> None:
        source = {"files": [{"name": RULES.name, "content": text}]}
        ruleset = self._api.call("POST", f"v1/{self._parent}/rulesets", {"source": source})
        release = {"name": self._release, "rulesetName": ruleset["name"]}
        if self._api.call("GET", f"v1/{self._release}") is None:
            self._api.call("POST", f"v1/{self._parent}/releases", release)
        else:
            self._api.call("PATCH", f"v1/{self._release}", {"release": release})


def main(
    project: Annotated[str, typer.Option()],
    database: Annotated[str, typer.Option()] = "(default)",
    look: Annotated[
        bool, typer.Option(help="Change nothing; report whether they are published.")
    ] = False,
) -> None:
    """Publishes firestore.rules."""
    api = GoogleApi(os.environ.get(ENDPOINT, GOOGLE), project, token=access_token())
    rules = Rules(api, project, database)
    text = RULES.read_text()
    try:
        if look:
            typer.echo(json.dumps({"as_published": rules.published() == text}))
        else:
            rules.publish(text)
    except GoogleApiError as error:
        raise SystemExit(f"The rules API does not do it: {error}") from error


if __name__ == "__main__":
    typer.run(main)
