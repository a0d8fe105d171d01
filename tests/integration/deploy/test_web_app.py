"""The web app is published to a fake of Google's Hosting API, with a fake gcloud on PATH."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.deploy.conftest import copied
from tests.integration.deploy.fake_constants import TOKEN
from tests.integration.deploy.hosting_server import HostingServer, serving_hosting
from tests.integration.deploy.test_run import Cloud, RulesServer, new_cloud, rules_server
from tests.support.dry_run import PROJECT, REGION

__all__ = ["rules_server"]

TIMEOUT_SECONDS = 60
SITE = "my-maths"
BUILT = {
    "index.html": "<title>Practice</title>",
    "404.html": "<title>Page not found</title>",
    "icon.svg": "<svg/>",
    "assets/index-a1b2.js": "start()",
}
NOT_PUBLISHED = (".vite/manifest.json", ".DS_Store", "assets/.cache/x")


@dataclass
class WebCloud:
    """A project with a web app in the fake cloud."""

    cloud: Cloud
    hosting: HostingServer

    @property
    def environment(self) -> dict[str, str]:
        return {**self.cloud.environment, "FIREBASE_HOSTING_API_URL": self.hosting.url}

    def publish(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Runs the step's command alone."""
        return subprocess.run(
            [
                *(sys.executable, "-m", "deploy.hosting"),
                *(f"--project={PROJECT}", f"--region={REGION}", *arguments),
            ],
            cwd=self.cloud.tree,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )

    def is_published(self) -> bool:
        looked = self.publish("--look")
        assert looked.returncode == 0, looked.stderr
        found = json.loads(looked.stdout)["as_published"]
        assert isinstance(found, bool)
        return found

    def write(self, name: str, text: str) -> None:
        path = self.cloud.tree / "web" / "dist" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def web(tmp_path: Path, rules_server: RulesServer) -> Iterator[WebCloud]:
    """A project that has built its app and published nothing yet."""
    (tmp_path / "cloud").mkdir()
    cloud = new_cloud(tmp_path / "cloud", rules_server, copied(tmp_path / "tree"))
    file = cloud.tree / "deploy" / "projects" / f"{PROJECT}.toml"
    file.write_text(f'[web]\napi_key = "a-key"\nsite = "{SITE}"\n')
    with serving_hosting(SITE) as hosting:
        web = WebCloud(cloud, hosting)
        for name, text in BUILT.items():
            web.write(name, text)
        for name in NOT_PUBLISHED:
            web.write(name, "not for the public")
        yield web


def test_the_app_is_published_with_its_configuration(web: WebCloud) -> None:
    assert not web.is_published()
    ran = web.publish()
    assert (ran.returncode, ran.stdout) == (0, "5 files, 5 of them uploaded.\n")
    served = web.hosting.served()
    config = json.loads(served.pop("/config.json"))
    assert served == {f"/{name}": text.encode() for name, text in BUILT.items()}
    assert (config["apiKey"], config["projectId"]) == ("a-key", PROJECT)
    assert "people" not in config
    assert {"glob": "/templates/*", "path": "/index.html"} in web.hosting.live["config"]["rewrites"]
    assert f"https://{REGION}-{PROJECT}.cloudfunctions.net" in json.dumps(web.hosting.live)
    assert web.hosting.tokens == {f"Bearer {TOKEN}"}
    assert web.is_published()


def test_a_change_uploads_what_is_new_alone(web: WebCloud) -> None:
    web.publish()
    web.write("assets/index-c3d4.js", "start(2)")
    (web.cloud.tree / "web" / "dist" / "assets" / "index-a1b2.js").unlink()
    assert not web.is_published()
    assert web.publish().stdout == "5 files, 1 of them uploaded.\n"
    assert "/assets/index-a1b2.js" not in web.hosting.served()
    assert web.is_published()


@pytest.mark.parametrize(
    "changed", ["a header of firebase.json", "the configuration", "another version", "disabled"]
)
def test_it_is_published_again_when_it_is_not_as_it_must_be(web: WebCloud, changed: str) -> None:
    web.publish()
    match changed:
        case "a header of firebase.json":
            file = web.cloud.tree / "firebase.json"
            file.write_text(file.read_text().replace("max-age=86400", "max-age=3600"))
        case "the configuration":
            file = web.cloud.tree / "deploy" / "projects" / f"{PROJECT}.toml"
            file.write_text(file.read_text() + 'name = "Maths"\n')
        case "another version":
            other = {**web.hosting.live, "name": f"sites/{SITE}/versions/x", "labels": {}}
            web.hosting.versions[other["name"]] = other
            web.hosting.releases.insert(0, {"version": {"name": other["name"]}, "type": "DEPLOY"})
        case "disabled":
            web.hosting.releases.insert(0, {"type": "SITE_DISABLE"})
    assert not web.is_published()
    assert web.publish().returncode == 0
    assert web.is_published()


def test_what_is_served_stays_until_all_is_uploaded_and_the_next_run_goes_on(web: WebCloud) -> None:
    web.publish()
    before = web.hosting.served()
    for number in range(4):
        web.write(f"assets/new-{number}.js", f"start({number})")
    web.hosting.fails_at = len(web.hosting.uploads) + 2
    failed = web.publish()
    assert failed.returncode == 1
    assert "503" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert web.hosting.served() == before
    web.hosting.fails_at = None
    assert web.publish().stdout == "9 files, 2 of them uploaded.\n"
    assert len(web.hosting.served()) == 9


def test_a_server_that_does_not_answer_is_reported(web: WebCloud) -> None:
    web.hosting.url = "http://127.0.0.1:1"
    for arguments in (["--look"], []):
        failed = web.publish(*arguments)
        assert failed.returncode == 1
        assert "Hosting does not do it" in failed.stderr
        assert "Traceback" not in failed.stderr


def test_a_deployment_publishes_the_app_after_the_functions(web: WebCloud) -> None:
    endpoint = {"FIREBASE_HOSTING_API_URL": web.hosting.url}
    web.hosting.site = "another-site"
    stopped = web.cloud.deploy(**endpoint)
    assert stopped.returncode == 1
    assert "404" in stopped.stdout
    assert "open Hosting in Firebase's console once" in stopped.stdout
    assert "run the same command again" in stopped.stdout
    deployed = [call[2] for call in web.cloud.calls() if call[:2] == ["functions", "deploy"]]
    assert "practice_turn" in deployed
    assert not any(call[:3] == ["logging", "metrics", "create"] for call in web.cloud.calls())
    assert TOKEN not in stopped.stdout

    web.hosting.site = SITE
    ran = web.cloud.deploy(**endpoint)
    assert ran.returncode == 0, ran.stdout
    assert f"https://{SITE}.web.app/" in ran.stdout
    assert set(web.hosting.served()) == {"/config.json", *(f"/{name}" for name in BUILT)}
    origins = f"https://{SITE}.web.app,https://{SITE}.firebaseapp.com"
    function = web.cloud.state["function start_session"]["serviceConfig"]
    assert function["environmentVariables"]["ALLOWED_ORIGINS"] == origins

    web.hosting.changes.clear()
    again = web.cloud.deploy(**endpoint)
    assert "0 of " in again.stdout
    assert web.hosting.changes == []


def test_an_app_that_is_not_built_ends_the_run_before_the_first_step(web: WebCloud) -> None:
    (web.cloud.tree / "web" / "dist" / "index.html").unlink()
    ran = web.cloud.deploy(FIREBASE_HOSTING_API_URL=web.hosting.url)
    assert ran.returncode == 2
    assert "make web" in ran.stdout
    assert not (web.cloud.folder / "calls.jsonl").exists()
    assert "make web" in web.publish().stderr


def test_a_project_without_a_web_app_publishes_none(web: WebCloud) -> None:
    (web.cloud.tree / "deploy" / "projects" / f"{PROJECT}.toml").unlink()
    ran = web.publish()
    assert ran.returncode == 1
    assert "has no table [web]" in ran.stderr
