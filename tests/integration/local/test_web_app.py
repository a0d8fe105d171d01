"""The web app on the local server: its paths, its files, their headers and the configuration."""

import gzip
import json
import re
from fnmatch import translate
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deploy.project import Project, WebApp
from deploy.web_app import POLICY, hosting_config
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


def test_files_are_compressed_where_the_browser_can_read_it(client: FlaskClient) -> None:
    path = "/assets/index-a1b2.js"
    answer = client.get(path, headers={"Accept-Encoding": "gzip, br"}, buffered=True)

    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == b"start()"
    assert client.get(path, buffered=True).data == b"start()"
    assert "immutable" in answer.headers["Cache-Control"]


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
    assert policy["script-src"] == "'self'"
    assert policy["frame-src"] == "'none'"
    # Pictures of questions stand at any address, or in the question itself.
    assert policy["img-src"] == "'self' data: https:"


def test_all_other_headers_are_those_of_hosting(client: FlaskClient) -> None:
    """And the directives of the policy, but for the emulators in place of Google's services."""
    config = hosting_config(
        Project(project="my-practice", region="europe-west1", web=WebApp(api_key="k"))
    )
    pages = [re.sub(":[a-zA-Z]+", "x1", path) for path in web_app.paths()]
    for path in (*pages, "/config.json", "/icon.svg", "/assets/index-a1b2.js"):
        wanted: dict[str, str] = {}
        for rule in config["headers"]:
            if re.search(rule["regex"] if "regex" in rule else translate(rule["glob"]), path):
                wanted |= rule["headers"]
        found = client.get(path, buffered=True).headers
        policies = [wanted.pop(POLICY, ""), found.get(POLICY, "")]
        assert {name: found[name] for name in wanted} == wanted, path
        hosted, local = (own_sources(policy) for policy in policies)
        assert hosted == local, path
        assert len(hosted) == (11 if path in pages else 0)


def own_sources(policy: str) -> dict[str, list[str]]:
    """The sources of each directive that are not other servers."""
    directives = [directive.split(" ") for directive in policy.split("; ") if directive]
    return {
        name: [s for s in sources if "://" not in s and s != "'none'"]
        for name, *sources in directives
    }


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
    assert config["authDomain"] == "demo-practice.firebaseapp.com"
    assert "google" in config["signIn"]
    policy = client.get("/", buffered=True).headers["Content-Security-Policy"]
    assert "connect-src 'self' http://127.0.0.1:8085 http://127.0.0.1:9099;" in policy
    # Its pop-up for Google.
    assert "script-src 'self' https://apis.google.com;" in policy
    assert "frame-src http://127.0.0.1:9099;" in policy


def test_an_app_that_is_not_built_is_known(built: Path, client: FlaskClient) -> None:
    assert web_app.is_built()
    (built / "index.html").unlink()
    assert not web_app.is_built()
    for path in ("/", "/sessions/x"):
        answer = client.get(path)
        assert (answer.status_code, answer.mimetype) == (503, "text/plain")
        assert "`make web` builds it, with Node.js 20.19 or newer" in answer.text
    (built / "index.html").write_text("<title>Built meanwhile</title>")
    assert b"Built meanwhile" in client.get("/", buffered=True).data


def test_the_apps_router_has_the_paths_that_are_served() -> None:
    router = (web_app.FOLDER / "src" / "app" / "router.tsx").read_text()
    served = set(json.loads((web_app.FOLDER / "routes.json").read_text())["paths"])

    assert {path for path in served if f'"{path}": () =>' in router} | {"/sign-in"} == served
