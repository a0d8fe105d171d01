"""Firebase's emulator of Hosting reads firebase.json as the local server does."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from deploy.web_app import CONFIGURATION, POLICY
from local import web_app
from local.tokens import PROJECT_ID
from tests.support.auth_emulator import RunningEmulator, start_hosting_emulator

CHUNK = "/assets/index-a1b2.js"
PAGES = [re.sub(":[a-zA-Z]+", "x-1_Y", path) for path in web_app.paths()]
UNKNOWN = ("/nowhere", "/templates/x/y", "/session", "/teach/students", "/start_session")
COMPARED = (
    *("Cache-Control", "Permissions-Policy", "Referrer-Policy"),
    *("Strict-Transport-Security", "X-Content-Type-Options"),
)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built app of five files."""
    folder = tmp_path_factory.mktemp("web") / "dist"
    for name, text in {
        "index.html": "<title>Practice</title>",
        "404.html": "<title>Page not found</title>",
        "icon.svg": "<svg/>",
        CHUNK.removeprefix("/"): "start()",
        "config.json": "{}",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="module")
def hosting(public: Path) -> Iterator[RunningEmulator]:
    with start_hosting_emulator(PROJECT_ID, public=public) as emulator:
        yield emulator


@pytest.fixture
def client(public: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr(web_app, "BUILT", public)
    app = Flask("test")
    web_app.add_to(app, project_id=PROJECT_ID)
    return app.test_client()


def get(hosting: RunningEmulator, path: str) -> requests.Response:
    return requests.get(hosting.url + path, timeout=20, allow_redirects=False)


def test_both_answer_alike(hosting: RunningEmulator, client: FlaskClient) -> None:
    for path in (*PAGES, "/config.json", "/icon.svg", CHUNK):
        hosted, local = get(hosting, path), client.get(path, buffered=True)
        assert (hosted.status_code, local.status_code) == (200, 200), path
        found, wanted = (
            {name: answer.headers.get(name) for name in COMPARED} for answer in (hosted, local)
        )
        assert found == wanted, path
        assert (POLICY in hosted.headers) == (POLICY in local.headers) == (path in PAGES), path
        if path in PAGES:
            assert hosted.text == local.text == "<title>Practice</title>"
            assert hosted.headers[POLICY] in CONFIGURATION.read_text()


def test_neither_has_other_paths(hosting: RunningEmulator, client: FlaskClient) -> None:
    for path in UNKNOWN:
        hosted = get(hosting, path)
        assert (hosted.status_code, hosted.text) == (404, "<title>Page not found</title>"), path
        assert client.get(path, buffered=True).status_code == 404, path


def test_a_page_has_its_policy_with_a_slash_at_its_end(hosting: RunningEmulator) -> None:
    for path in PAGES:
        answer = requests.get(f"{hosting.url}{path.rstrip('/')}/", timeout=20)
        assert answer.status_code == 404 or POLICY in answer.headers, path
