"""A fake of Google's Hosting API: one project with one site, which keeps what is uploaded to it."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from testkit.http_server import QuietHandler, serving

Answer = tuple[int, Any]
NOT_FOUND: Answer = (404, {"error": {"status": "NOT_FOUND", "message": "no such resource"}})


class HostingServer:
    """The part of the Hosting API that a deployment uses.

    Everything from the upload number `fails_at` on is refused.
    """

    def __init__(self, site: str) -> None:
        self.site = site
        self.url = ""
        self.versions: dict[str, Any] = {}
        self.releases: list[dict[str, Any]] = []
        self.contents: dict[str, bytes] = {}
        self.uploads: list[str] = []
        self.changes: list[str] = []
        self.fails_at: int | None = None
        self.tokens: set[str | None] = set()

    def answer(self, method: str, target: str, body: bytes) -> Answer:
        address = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        path = address.path
        if method == "POST" and (uploaded := re.fullmatch("/upload/([0-9a-f]{64})", path)):
            return self._uploaded(uploaded[1], body)
        prefix = f"/v1beta1/sites/{self.site}/"
        sent = json.loads(body or b"null")
        if method != "GET":
            self.changes.append(f"{method} {path.removeprefix(prefix)}")
        match method, path.removeprefix(prefix).split("/"):
            case "GET", ["channels", "live", "releases"]:
                return 200, {"releases": self.releases[: int(query["pageSize"])]}
            case "POST", ["channels", "live", "releases"]:
                return self._released(query["versionName"])
            case "POST", ["versions"]:
                name = f"sites/{self.site}/versions/v{len(self.versions)}"
                self.versions[name] = {**sent, "name": name, "status": "CREATED", "files": {}}
                return 200, self.versions[name]
            case method, ["versions", last]:
                return self._of_version(method, last, sent, query)
        return NOT_FOUND

    def _of_version(self, method: str, last: str, sent: Any, query: dict[str, str]) -> Answer:
        number, _, verb = last.partition(":")
        version = self.versions.get(f"sites/{self.site}/versions/{number}")
        match method, verb:
            case _ if version is None:
                return NOT_FOUND
            case "GET", "":
                return 200, version
            case "POST", "populateFiles" if version["status"] == "CREATED":
                version["files"] |= sent["files"]
                wanted = sorted(set(sent["files"].values()) - set(self.contents))
                asked = {"uploadRequiredHashes": wanted} if wanted else {}
                return 200, {**asked, "uploadUrl": f"{self.url}/upload"}
            case "PATCH", "" if query["updateMask"] == "status":
                if set(version["files"].values()) <= set(self.contents):
                    version["status"] = sent["status"]
                    return 200, version
        return 400, {"error": {"status": "FAILED_PRECONDITION"}}

    def _released(self, name: str) -> Answer:
        version = self.versions[name]
        if version["status"] != "FINALIZED":
            return 400, {"error": {"status": "FAILED_PRECONDITION"}}
        shown = {key: version[key] for key in ("name", "status")}
        self.releases.insert(0, {"version": shown, "type": "DEPLOY"})
        return 200, self.releases[0]

    def _uploaded(self, digest: str, body: bytes) -> Answer:
        if self.fails_at is not None and len(self.uploads) >= self.fails_at:
            return 503, {"error": {"status": "UNAVAILABLE"}}
        if hashlib.sha256(body).hexdigest() != digest:
            return 400, {"error": {"status": "INVALID_ARGUMENT"}}
        self.uploads.append(digest)
        self.contents[digest] = body
        return 200, {}

    @property
    def live(self) -> dict[str, Any]:
        """The version that is served."""
        version: dict[str, Any] = self.versions[self.releases[0]["version"]["name"]]
        return version

    def served(self) -> dict[str, bytes]:
        """The content of each file, by its path."""
        files = self.live["files"].items()
        return {path: gzip.decompress(self.contents[digest]) for path, digest in files}


@contextmanager
def serving_hosting(site: str) -> Iterator[HostingServer]:
    hosting = HostingServer(site)

    class Handler(QuietHandler):
        def answer(self) -> None:
            hosting.tokens.add(self.headers["Authorization"])
            status, answered = hosting.answer(self.command, self.path, self.read_body())
            self.reply(status, json.dumps(answered).encode(), content_type="application/json")

        do_GET = do_POST = do_PATCH = answer

    with serving(Handler) as url:
        hosting.url = url
        yield hosting
