"""firebase.json has the paths of the app and no others, and a project's origins in its policy."""

import json
import re
from typing import Any

import pytest

from deploy.functions import FUNCTIONS
from deploy.project import Project, WebApp
from deploy.web_app import CONFIGURATION, hosting_config, runtime_config
from local.processes import ROOT

ROUTES: list[str] = json.loads((ROOT / "web" / "routes.json").read_text())["paths"]
FUNCTIONS_ORIGIN = "https://europe-west1-my-practice.cloudfunctions.net"
OTHERS = (
    *("/nowhere", "/templates/x/y", "/session", "/teach/students", "/start_session"),
    *("/__/auth/iframe", "/__/auth/handler", "/__/firebase/init.json"),
    *("/assets/index-a1b2.js", "/config.json", "/icon.svg"),
)


def project(settings: dict[str, str] | None = None, **web: Any) -> Project:
    return Project(
        project="my-practice",
        region="europe-west1",
        settings=settings or {},
        web=WebApp(api_key="a-key", **web),
    )


def an_address(route: str) -> str:
    return re.sub(":[a-zA-Z]+", "x-1_Y", route)


def page_rule(config: dict[str, Any]) -> dict[str, Any]:
    (rule,) = (rule for rule in config["headers"] if "Content-Security-Policy" in rule["headers"])
    assert isinstance(rule, dict)
    return rule


def policy(config: dict[str, Any]) -> dict[str, set[str]]:
    directives = page_rule(config)["headers"]["Content-Security-Policy"].split("; ")
    return {name: set(sources) for name, *sources in (d.split(" ") for d in directives)}


def test_the_paths_of_the_app_are_rewritten_and_no_others() -> None:
    rewrites = hosting_config(project())["rewrites"]
    assert rewrites == [
        {"glob": re.sub(":[a-zA-Z]+", "*", route), "path": "/index.html"} for route in ROUTES
    ]


def test_pages_have_a_policy_and_the_pages_of_firebase_keep_theirs() -> None:
    """Google's pop-up is a page below /__/ in a frame, which our policy forbids."""
    pattern = re.compile(page_rule(hosting_config(project()))["regex"])
    pages = [an_address(route) for route in ROUTES]
    assert [page for page in (*pages, "/index.html", "/404.html") if not pattern.search(page)] == []
    # Hosting answers these too, with the same page.
    assert [page for page in pages if not pattern.search(f"{page}/")] == []
    assert [other for other in OTHERS if pattern.search(other)] == []


def test_a_page_may_call_its_projects_functions_and_firebase_alone() -> None:
    assert policy(hosting_config(project(auth_domain="app.example"))) == {
        "default-src": {"'self'"},
        "connect-src": {
            "'self'",
            FUNCTIONS_ORIGIN,
            "https://firestore.googleapis.com",
            "https://identitytoolkit.googleapis.com",
            "https://securetoken.googleapis.com",
        },
        "script-src": {"'self'", "https://apis.google.com"},
        "frame-src": {"https://app.example"},
        "style-src": {"'self'"},
        "style-src-attr": {"'unsafe-inline'"},
        # Pictures of questions are shown from where their authors have them.
        "img-src": {"'self'", "data:", "https:"},
        "object-src": {"'none'"},
        "base-uri": {"'none'"},
        "form-action": {"'self'"},
        "frame-ancestors": {"'none'"},
    }


def test_no_placeholder_is_published() -> None:
    given = CONFIGURATION.read_text()
    assert "https://REGION-PROJECT.cloudfunctions.net" in given
    assert "https://PROJECT.firebaseapp.com" in given
    published = json.dumps(hosting_config(project()))
    assert "PROJECT" not in published
    assert "REGION" not in published
    assert "https://my-practice.firebaseapp.com" in published


def test_the_files_of_a_build_are_kept_for_a_year_and_all_else_is_asked_for_again() -> None:
    headers = hosting_config(project())["headers"]
    kept = {r.get("glob", "pages"): r["headers"].get("Cache-Control") for r in headers}
    assert kept == {
        "**": None,
        "pages": "no-cache",
        "/config.json": "no-cache",
        "/icon.svg": "public, max-age=86400",
        "/assets/**": "public, max-age=31536000, immutable",
    }


def test_the_configuration_names_the_functions_and_nobody() -> None:
    config = runtime_config(project(sign_in=["google"], name="Maths"))
    assert config == {
        "projectId": "my-practice",
        "apiKey": "a-key",
        "authDomain": "my-practice.firebaseapp.com",
        "functions": {
            f.name: f"{FUNCTIONS_ORIGIN}/{f.name}"
            for f in FUNCTIONS
            if f.name != "cleanup_stale_sessions"
        },
        "signIn": ["google"],
        "brand": {"name": "Maths"},
    }
    read = (ROOT / "web" / "src" / "data" / "config.ts").read_text()
    assert [field for field in config if not re.search(rf"^  {field}\??:", read, re.M)] == []


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ({}, "https://my-practice.web.app,https://my-practice.firebaseapp.com"),
        (
            {"ALLOWED_ORIGINS": "https://a.example, https://my-practice.web.app"},
            "https://a.example,https://my-practice.web.app,https://my-practice.firebaseapp.com",
        ),
        ({"ALLOWED_ORIGINS": "*"}, "*"),
    ],
)
def test_the_functions_admit_the_app(given: dict[str, str], allowed: str) -> None:
    chosen = project(given)
    for function in FUNCTIONS:
        settings = chosen.environment(function)
        assert settings.get("ALLOWED_ORIGINS") == (allowed if function.is_public else None)
        assert chosen.settings_of(function)


def test_a_project_without_the_app_admits_the_given_origins_alone() -> None:
    chosen = Project(project="my-practice", region="europe-west1")
    assert all("ALLOWED_ORIGINS" not in chosen.environment(f) for f in FUNCTIONS)
    assert chosen.web_origins == []
