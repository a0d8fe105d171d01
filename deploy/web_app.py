"""The web app of one project as Hosting is to serve it: its files, headers and configuration.

firebase.json has the paths and the headers, with placeholders for what differs by project.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pathspec import GitIgnoreSpec

from deploy.commands import ROOT, ShellCommand, python
from deploy.functions import FUNCTIONS
from deploy.project import Project
from deploy.steps import Step, always

CONFIGURATION = ROOT / "firebase.json"
# The origins that the policy of firebase.json has in place of a project's.
FUNCTIONS_ORIGIN = "https://REGION-PROJECT.cloudfunctions.net"
AUTH_ORIGIN = "https://PROJECT.firebaseapp.com"
CONFIG = "/config.json"
POLICY = "Content-Security-Policy"
NOT_BUILT = "web/dist is not built. This builds it, with Node.js 20.19 or newer:  make web"


def steps(project: Project) -> Iterator[Step]:
    """One step, for projects that have a web app."""
    if project.web:
        yield _step(project)


def _step(project: Project) -> Step:
    assert project.web
    arguments = ("deploy.hosting", f"--project={project.project}", f"--region={project.region}")
    site = project.web_site
    return Step(
        title=f"Web app on the site {site}",
        why="The files of web/dist, the paths and headers of firebase.json, and /config.json.",
        look=ShellCommand(python(*arguments, "--look")),
        is_done=lambda found: bool(found) and found.get("as_published") is True,
        repair=always(ShellCommand(python(*arguments))),
        details=tuple(details(project)),
        advice="What is published stays as it was until all files are uploaded, and those that are "
        "need no second upload: after a fault of the network run this again. For 403 you need the "
        "role Firebase Hosting Admin, or some minutes until a newly enabled API is known "
        "everywhere. For 404 open Hosting in Firebase's console once, which "
        f"makes the project's first site, or give an existing one as `site` of [web]: {site} is "
        "none of this project's.",
    )


def details(project: Project) -> Iterator[str]:
    """What a deployment would publish, for people to read."""
    policies = [
        value
        for rule in hosting_config(project)["headers"]
        for key, value in rule["headers"].items()
        if key == POLICY
    ]
    yield f"{CONFIG}: {json.dumps(runtime_config(project))}"
    yield from (f"{POLICY}: {policy}" for policy in policies)
    yield f"{len(built_files())} files of web/dist" if is_built() else NOT_BUILT


def runtime_config(project: Project) -> dict[str, Any]:
    """/config.json, which the app reads when it starts. Everybody can read it: no value is secret.

    It names no people: those of the local stack have known passwords.
    """
    assert project.web
    return {
        "projectId": project.project,
        "apiKey": project.web.api_key,
        "authDomain": project.auth_domain,
        "functions": {f.name: project.url(f) for f in FUNCTIONS if f.is_public},
        "signIn": project.web.sign_in,
        **({"brand": {"name": project.web.name}} if project.web.name else {}),
    }


def hosting_config(project: Project) -> dict[str, Any]:
    """The hosting part of firebase.json in the form of the Hosting API, with a project's origins.

    https://firebase.google.com/docs/reference/hosting/rest/v1beta1/sites.versions#servingconfig
    """
    text = CONFIGURATION.read_text()
    for placeholder, origin in (
        (FUNCTIONS_ORIGIN, project.functions_origin),
        (AUTH_ORIGIN, f"https://{project.auth_domain}"),
    ):
        text = text.replace(placeholder, origin)
    given = json.loads(text)["hosting"]
    return {
        "cleanUrls": given["cleanUrls"],
        "trailingSlashBehavior": "ADD" if given["trailingSlash"] else "REMOVE",
        "rewrites": [
            {"glob": rewrite["source"], "path": rewrite["destination"]}
            for rewrite in given["rewrites"]
        ],
        "headers": [
            {
                **({"regex": rule["regex"]} if "regex" in rule else {"glob": rule["source"]}),
                "headers": {header["key"]: header["value"] for header in rule["headers"]},
            }
            for rule in given["headers"]
        ],
    }


def is_built() -> bool:
    return (_public() / "index.html").is_file()


def built_files() -> dict[str, bytes]:
    """The files to upload, by their path on the site."""
    public = _public()
    ignored = GitIgnoreSpec.from_lines(_hosting()["ignore"])
    relative = sorted(path.relative_to(public) for path in public.rglob("*") if path.is_file())
    return {
        f"/{path.as_posix()}": (public / path).read_bytes()
        for path in relative
        if not ignored.match_file(path.as_posix())
    }


def published_files(project: Project) -> dict[str, bytes]:
    """The built files and the project's configuration."""
    return {**built_files(), CONFIG: json.dumps(runtime_config(project), indent=2).encode()}


def content_hash(files: dict[str, bytes], config: dict[str, Any]) -> str:
    """A hash of all that is published, in 40 hexadecimal digits, as a label may have."""
    digest = hashlib.sha256(json.dumps(config, sort_keys=True).encode())
    for path, content in sorted(files.items()):
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:40]


def _hosting() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(CONFIGURATION.read_text())["hosting"]
    return found


def _public() -> Path:
    return ROOT / str(_hosting()["public"])
