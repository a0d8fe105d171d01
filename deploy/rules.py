"""Publishes firestore.rules, or reports whether they are published, by Google's Rules API.

gcloud has no command for rules, but prints the token for the API.
https://firebase.google.com/docs/reference/rules/rest
"""

import json
import os
import subprocess
from typing import Annotated, Any

import requests
import typer

from deploy.commands import ROOT

RULES = ROOT / "firestore.rules"
# gcloud's own variable for another endpoint of this API, for example a proxy.
ENDPOINT = "CLOUDSDK_API_ENDPOINT_OVERRIDES_FIREBASERULES"
GOOGLE = "https://firebaserules.googleapis.com/"
TIMEOUT_SECONDS = 60


class Rules:
    """The rules of one database. A release names the ruleset that is in force."""

    def __init__(self, project: str, database: str, *, endpoint: str, token: str) -> None:
        name = "cloud.firestore" if database == "(default)" else f"cloud.firestore/{database}"
        self._parent = f"projects/{project}"
        self._release = f"{self._parent}/releases/{name}"
        self._endpoint = endpoint.rstrip("/")
        self._token = token

    def published(self) -> str | None:
        """The text in force, None if there is none."""
        release = self._call("GET", self._release)
        if release is None:
            return None
        ruleset = self._call("GET", release["rulesetName"]) or {}
        files = ruleset.get("source", {}).get("files", [])
        return str(files[0]["content"]) if len(files) == 1 else None

    def publish(self, text: str) -> None:
        source = {"files": [{"name": RULES.name, "content": text}]}
        ruleset = self._call("POST", f"{self._parent}/rulesets", {"source": source})
        release = {"name": self._release, "rulesetName": (ruleset or {})["name"]}
        if self._call("GET", self._release) is None:
            self._call("POST", f"{self._parent}/releases", release)
        else:
            self._call("PATCH", self._release, {"release": release})

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of the response, None for a resource that does not exist.

        Raises requests.HTTPError with Google's response.
        """
        response = requests.request(
            method,
            f"{self._endpoint}/v1/{path}",
            json=body,
            headers={
                "Authorization": f"Bearer {self._token}",
                "X-Goog-User-Project": self._parent.removeprefix("projects/"),
            },
            timeout=TIMEOUT_SECONDS,
        )
        if response.status_code == 404 and method == "GET":
            return None
        response.raise_for_status()
        return response.json()


def main(
    project: Annotated[str, typer.Option()],
    database: Annotated[str, typer.Option()] = "(default)",
    look: Annotated[
        bool, typer.Option(help="Change nothing; report whether they are published.")
    ] = False,
) -> None:
    """Publishes firestore.rules."""
    signed_in = subprocess.run(
        ["gcloud", "auth", "print-access-token", "--quiet"],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    rules = Rules(
        project,
        database,
        endpoint=os.environ.get(ENDPOINT, GOOGLE),
        token=signed_in.stdout.strip(),
    )
    text = RULES.read_text()
    try:
        if look:
            typer.echo(json.dumps({"as_published": rules.published() == text}))
        else:
            rules.publish(text)
    except requests.HTTPError as error:
        answer = error.response
        raise SystemExit(f"The rules API answers {answer.status_code}: {answer.text}") from error


if __name__ == "__main__":
    typer.run(main)
