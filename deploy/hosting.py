"""Publishes the web app, or reports whether it is published, by Firebase's Hosting API.

gcloud has no command for Hosting.
https://firebase.google.com/docs/hosting/api-deploy
"""

import gzip
import hashlib
import json
import os
from typing import Annotated, Any

import typer

from deploy import web_app
from deploy.google_api import GoogleApi, GoogleApiError, access_token
from deploy.project import ProjectError, load_project

# The variable of Firebase's own command for another endpoint of this API.
ENDPOINT = "FIREBASE_HOSTING_API_URL"
GOOGLE = "https://firebasehosting.googleapis.com"
# The label of a version that has the hash of its content.
LABEL = "source"
# The most files that one call may name.
BATCH = 1_000


class Hosting:
    """The live channel of one site. A release names the version that is served."""

    def __init__(self, api: GoogleApi, site: str) -> None:
        self._api = api
        self._site = f"v1beta1/sites/{site}"

    def published(self) -> str | None:
        """The hash of what is served, empty if another tool published it. None for nothing."""
        listed = self._api.call("GET", f"{self._site}/channels/live/releases?pageSize=1") or {}
        for release in listed.get("releases", []):
            if release.get("type") == "SITE_DISABLE":
                return None
            version = self._api.call("GET", f"v1beta1/{release['version']['name']}") or {}
            return str(version.get("labels", {}).get(LABEL, ""))
        return None

    def publish(self, files: dict[str, bytes], config: dict[str, Any]) -> int:
        """The number of files that had to be uploaded. Until the last call nothing is served."""
        labels = {LABEL: web_app.content_hash(files, config)}
        version = self._api.call(
            "POST", f"{self._site}/versions", {"config": config, "labels": labels}
        )["name"]
        uploaded = self._upload(version, files)
        self._api.call(
            "PATCH",
            f"v1beta1/{version}",
            {"status": "FINALIZED"},
            query={"updateMask": "status"},
        )
        self._api.call(
            "POST", f"{self._site}/channels/live/releases", {}, query={"versionName": version}
        )
        return uploaded

    def _upload(self, version: str, files: dict[str, bytes]) -> int:
        """Uploads what Hosting has not from an earlier version or attempt."""
        # Without a time in it, one content has one hash.
        zipped = {path: gzip.compress(content, 9, mtime=0) for path, content in files.items()}
        hashes = {path: hashlib.sha256(content).hexdigest() for path, content in zipped.items()}
        contents = {hashes[path]: content for path, content in zipped.items()}
        paths = list(hashes)
        uploaded = 0
        for start in range(0, len(paths), BATCH):
            batch = {path: hashes[path] for path in paths[start : start + BATCH]}
            answer = self._api.call("POST", f"v1beta1/{version}:populateFiles", {"files": batch})
            for wanted in answer.get("uploadRequiredHashes", []):
                self._api.upload(f"{answer['uploadUrl']}/{wanted}", contents[wanted])
                uploaded += 1
        return uploaded


def main(
    project: Annotated[str, typer.Option()],
    region: Annotated[str | None, typer.Option()] = None,
    look: Annotated[
        bool, typer.Option(help="Change nothing; report whether it is published.")
    ] = False,
) -> None:
    """Publishes web/dist with the project's /config.json."""
    try:
        chosen = load_project(project, region)
    except ProjectError as error:
        raise SystemExit(str(error)) from error
    if not chosen.web:
        raise SystemExit(f"deploy/projects/{project}.toml has no table [web].")
    if not web_app.is_built():
        raise SystemExit(web_app.NOT_BUILT)
    files, config = web_app.published_files(chosen), web_app.hosting_config(chosen)
    api = GoogleApi(os.environ.get(ENDPOINT, GOOGLE), project, token=access_token())
    hosting = Hosting(api, chosen.web_site)
    try:
        if look:
            wanted = web_app.content_hash(files, config)
            typer.echo(json.dumps({"as_published": hosting.published() == wanted}))
        else:
            uploaded = hosting.publish(files, config)
            typer.echo(f"{len(files)} files, {uploaded} of them uploaded.")
    except GoogleApiError as error:
        raise SystemExit(f"Hosting does not do it: {error}") from error


if __name__ == "__main__":
    typer.run(main)
