"""docs/first-app.md, followed word for word on other ports, up to the page in a browser."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from local.api import User
from local.emulator import RULES
from local.processes import ROOT
from local.run import create_examples
from local.stack import Stack, free_port, start_stack
from tests.e2e.openapi.chromium import Page, chromium
from tests.support.answers import ok

TEXT = (ROOT / "docs" / "first-app.md").read_text()
INSTALL_SECONDS = 300


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with start_stack(port=free_port(), firestore_port=free_port(), quiet=True) as running:
        running.emulator.load_rules(running.project_id, RULES.read_text())
        create_examples(running)
        yield running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, stack: Stack) -> Path:
    """The app's folder after sections 2 and 3, beside a copy of the client."""
    home = tmp_path_factory.mktemp("home")
    unbuilt = shutil.ignore_patterns("node_modules", "dist", "build")
    client = home / "clients" / "typescript"
    shutil.copytree(ROOT / "clients" / "typescript", client, ignore=unbuilt)
    install, _ = blocks("bash")
    subprocess.run(
        ["bash", "-euo", "pipefail", "-c", install],
        cwd=home,
        check=True,
        timeout=INSTALL_SECONDS,
    )
    app, back_end = blocks("js")[:2]
    (html,) = blocks("html")
    made = home / "first-app"
    back_end = back_end.replace("http://127.0.0.1:8080", stack.url)
    back_end = back_end.replace("8085", stack.emulator.host.rpartition(":")[2])
    for name, text in (("index.html", html), ("app.js", app), ("back-end.js", back_end)):
        (made / name).write_text(text)
    return made


@pytest.fixture(scope="module")
def page_url(folder: Path) -> Iterator[str]:
    """The address of the page, served by the printed command."""
    port = str(free_port())
    url = f"http://127.0.0.1:{port}/"
    _, serve = blocks("bash")
    command = ["bash", "-c", f"exec {serve.strip().replace('5173', port)}"]
    # It ends when its input does, and has children of its own.
    served = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, start_new_session=True)
    try:
        wait_until_served(url)
        yield url
    finally:
        os.killpg(served.pid, signal.SIGTERM)
        served.communicate(timeout=30)


def wait_until_served(url: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            requests.get(url, timeout=5).raise_for_status()
        except requests.ConnectionError:
            assert time.monotonic() < deadline, "the page is not served"
            time.sleep(0.2)
        else:
            return


def until(page: Page, expression: str) -> None:
    """Asks again and again: a promise would be lost when the page is loaded anew."""
    deadline = time.monotonic() + 60
    while not page.value(expression):
        assert time.monotonic() < deadline, page.value("document.body.innerText")
        time.sleep(0.1)


def press(page: Page, label: str) -> None:
    buttons = "[...document.querySelectorAll('button')]"
    until(page, f"{buttons}.some((b) => b.textContent === '{label}' && (b.click(), true))")


def until_shown(page: Page, text: str) -> None:
    until(page, f"document.querySelector('main')?.textContent.includes({json.dumps(text)})")


def test_the_page_takes_a_student_through_a_checklist(page_url: str) -> None:
    with chromium() as page:
        page.open(page_url)
        press(page, "Guitar Practice Template")
        until_shown(page, "Chromatic scales")
        press(page, "Good")
        until_shown(page, "Finger stretches")
        page.call("Page.reload")  # the session goes on
        until_shown(page, "Assigned to you")
        press(page, "Guitar Practice Template")
        until_shown(page, "Finger stretches")
        for following in (
            "Alternate picking",
            "Legato runs",
            "Crazy Train intro",
            "Nothing is left.",
        ):
            press(page, "Good")
            until_shown(page, following)
        press(page, "Finish")
        until_shown(page, "5 exercises")
        until_shown(page, " XP, 0 verified")
        press(page, "Back to the list")
        until_shown(page, "Assigned to you")


def test_the_page_shows_the_questions_of_a_quiz(stack: Stack, page_url: str) -> None:
    questions = [{"question_id": "fifth", "prompt": "How many semitones has a fifth?"}]
    quiz = {"template_id": "guitar", "session_data": {"sections": [], "questions": questions}}
    ok(User(stack, "student-1").call("start_session", quiz), 201)
    with chromium() as page:
        page.open(page_url)
        press(page, "Guitar Practice Template")
        until_shown(page, questions[0]["prompt"])
        press(page, "Good")
        until_shown(page, "Nothing is left.")
