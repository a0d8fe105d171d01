"""The web app on the local server: its paths, its files, their headers and the configuration."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from local import web_app
from local.people import PEOPLE

ORIGIN = "http://localhost"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A built app of three files."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<title>Practice</title>")
    (tmp_path / "icon.svg").write_text("<svg/>")
    (tmp_path / "assets" / "index-a1b2.js").write_text("start()")
    monkeypatch.setattr(web_app, "BUILT", tmp_path)
    return tmp_path


@pytest.fixture
def client(built: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", "127.0.0.1:8085")
    monkeypatch.delenv("FIREBASE_AUTH_EMULATOR_HOST", raising=False)
    app = Flask("test")
    web_app.add_to(app, project_id="demo-practice")
    return app.test_client()


def test_each_path_of_the_app_has_its_page(client: FlaskClient) -> None:
    for path in web_app.paths():
        response = client.get(re.sub(":[a-zA-Z]+", "x1", path), buffered=True)
        assert response.status_code == 200, path
        assert b"<title>Practice</title>" in response.data


@pytest.mark.parametrize(
    "path", ["/nowhere", "/templates/x/y", "/assets/../index.html", "/assets/other.js", "/.vite"]
)
def test_no_other_path_has_one(client: FlaskClient, path: str) -> None:
    assert client.get(path, buffered=True).status_code == 404


def test_a_page_is_asked_for_again_and_its_files_are_kept(client: FlaskClient) -> None:
    assert client.get("/", buffered=True).headers["Cache-Control"] == "no-cache"
    assert client.get("/config.json", buffered=True).headers["Cache-Control"] == "no-cache"
    assert (
        "immutable" in client.get("/assets/index-a1b2.js", buffered=True).headers["Cache-Control"]
    )


def test_a_page_may_load_from_itself_and_the_emulators_alone(client: FlaskClient) -> None:
    policy = dict(
        part.split(" ", 1)
        for part in client.get("/sessions", buffered=True)
        .headers["Content-Security-Policy"]
        .split("; ")
    )

    assert policy["default-src"] == "'self'"
    assert policy["connect-src"] == "'self' http://127.0.0.1:8085"
    assert policy["frame-ancestors"] == "'none'"
    assert "script-src" not in policy  # so that of default-src holds


def test_the_configuration_names_the_stack_and_its_people(client: FlaskClient) -> None:
    config = client.get("/config.json", buffered=True).get_json()

    assert config["projectId"] == "demo-practice"
    assert config["authEmulator"] == ORIGIN
    assert config["firestoreEmulator"] == "127.0.0.1:8085"
    assert {person["email"] for person in config["people"]} == {
        person.email for person in PEOPLE.values()
    }
    assert "google" not in config["signIn"]


def test_the_configuration_names_the_auth_emulator_where_it_is_used(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099")
    config = client.get("/config.json", buffered=True).get_json()

    assert config["authEmulator"] == "http://127.0.0.1:9099"
    assert "google" in config["signIn"]
    assert (
        "http://127.0.0.1:9099" in client.get("/", buffered=True).headers["Content-Security-Policy"]
    )


def test_an_app_that_is_not_built_is_known(built: Path) -> None:
    assert web_app.is_built()
    (built / "index.html").unlink()
    assert not web_app.is_built()


def test_the_apps_router_has_the_paths_that_are_served() -> None:
    router = (web_app.FOLDER / "src" / "app" / "router.tsx").read_text()
    served = set(json.loads((web_app.FOLDER / "routes.json").read_text())["paths"])

    assert {path for path in served if f'"{path}": () =>' in router} | {"/sign-in"} == served
