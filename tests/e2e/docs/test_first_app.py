"""docs/first-app.md, followed word for word on other ports, up to the page in a browser.

Of section 5 the page is tried, with Firebase's own SDK against the stack's accounts and the
emulator; another test runs its commands. Not tried here: a real project.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Dialog, Page, expect

from local.api import User
from local.people import PEOPLE
from local.processes import ROOT
from local.stack import Stack, free_port
from testkit.chromium import chromium
from testkit.example_stack import start_example_stack
from testkit.http_server import serving
from tests.support.answers import ok
from tests.support.documents import examples

INSTALL_SECONDS = 300


def blocks(language: str) -> list[str]:
    return [block.text for block in examples("docs/first-app.md", language)]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with start_example_stack() as running:
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


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def until_shown(page: Page, text: str) -> None:
    expect(page.locator("main")).to_contain_text(text)


def test_the_page_takes_a_student_through_a_checklist(page_url: str) -> None:
    with chromium() as browser:
        page = browser.new_page()
        page.goto(page_url)
        press(page, "Guitar Practice Template")
        until_shown(page, "Chromatic scales")
        press(page, "Good")
        until_shown(page, "Finger stretches")
        page.reload()  # the session goes on
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
    with chromium() as browser:
        page = browser.new_page()
        page.goto(page_url)
        press(page, "Guitar Practice Template")
        until_shown(page, questions[0]["prompt"])
        press(page, "Good")
        until_shown(page, "Nothing is left.")


# In place of two modules of Firebase, whose functions otherwise find a project in the cloud.
AUTH = """
import { connectAuthEmulator, getAuth as ofProject } from "@firebase/auth";
export * from "@firebase/auth";
export function getAuth(app) {
  const auth = ofProject(app);
  connectAuthEmulator(auth, "%s", { disableWarnings: true });
  return auth;
}
"""
FIRESTORE = """
import { connectFirestoreEmulator, getFirestore as ofProject } from "@firebase/firestore";
export * from "@firebase/firestore";
export function getFirestore(app) {
  const firestore = ofProject(app);
  connectFirestoreEmulator(firestore, "%s", %s);
  return firestore;
}
"""


def bundle_for_a_project(folder: Path, made: Path, stack: Stack) -> None:
    """The page of section 5 in the folder `made`, from the app's folder."""
    back_end = blocks("js")[2]
    back_end = back_end.replace("https://europe-west1-my-project.cloudfunctions.net", stack.url)
    back_end = back_end.replace('"my-project"', f'"{stack.project_id}"')
    for name in ("index.html", "app.js", "node_modules"):
        (made / name).symlink_to(folder / name)
    host, _, port = stack.emulator.host.partition(":")
    for name, text in (
        ("back-end.js", back_end),
        ("auth.js", AUTH % stack.url),
        ("firestore.js", FIRESTORE % (host, port)),
    ):
        (made / name).write_text(text)
    bundle = ["npx", "esbuild", "app.js", "--bundle", "--format=esm", "--outfile=bundle.js"]
    instead = [f"--alias:firebase/{name}=./{name}.js" for name in ("auth", "firestore")]
    here = ["--preserve-symlinks", "--log-level=warning"]
    subprocess.run([*bundle, *instead, *here], cwd=made, check=True, timeout=120)


def test_a_person_signs_in_to_a_firebase_project(
    folder: Path, stack: Stack, tmp_path: Path
) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_args: object) -> None:
            pass

    person = PEOPLE["student-2"]
    answers = {"E-mail address": person.email, "Password": person.password}
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept(answers[dialog.message])

    with (
        serving(partial(Quiet, directory=str(tmp_path))) as url,
        chromium() as browser,
    ):
        bundle_for_a_project(folder, tmp_path, stack)
        page = browser.new_page()
        page.on("dialog", answer)
        page.goto(f"{url}/")
        press(page, "Guitar Practice Template")
        until_shown(page, "Chromatic scales")

        page.reload()  # the person stays signed in, and the session goes on
        press(page, "Guitar Practice Template")
        until_shown(page, "Chromatic scales")
        assert asked == ["E-mail address", "Password"]
