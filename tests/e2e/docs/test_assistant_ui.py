"""The sample of assistant-ui that docs/api.md prints, run as printed, in a real browser."""

import itertools
import json
import os
import subprocess
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

import jwt
import pytest
from playwright.sync_api import Locator, Page, Request, expect

from local.api import User, found
from local.processes import ROOT
from testkit.chromium import chromium
from testkit.http_server import serving
from tests.support.answers import ok
from tests.support.documents import example

Json = dict[str, Any]

JS = ROOT / "tests" / "e2e" / "clients" / "js"
# The sample reads Firestore with the SDK that the TypeScript client is tested with.
PACKAGES = (JS / "node_modules", ROOT / "clients" / "typescript" / "node_modules")
CHOICES = [{"id": "a", "text": "42"}, {"id": "b", "text": "43"}]
QUESTIONS_OF: list[Json] = [
    {"kind": "numeric", "answer": 42, "hints": ["It is between 41 and 43."]},
    {"kind": "multiple_choice", "choices": CHOICES, "keep_order": True, "answer": "a"},
    {"kind": "numeric", "answer": 42},
    {"kind": "multi_select", "choices": CHOICES, "keep_order": True, "answer": ["a", "b"]},
    {"kind": "short_answer", "answer": ["42"]},
    {"kind": "numeric", "answer": 42},
]
QUESTIONS = [
    {"question_id": f"q{number}", "prompt": f"What is the answer to question {number}?", **fields}
    for number, fields in enumerate(QUESTIONS_OF)
]
PENDING = "form[data-pending=true]"
TOKENS = 30


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bundled page and the sample in it."""
    folder = tmp_path_factory.mktemp("site")
    sample = example("docs/api.md", "jsx", under="For clients of LangGraph")
    (folder / "practice.jsx").write_text(sample)
    (folder / "page.jsx").write_text((JS / "page.jsx").read_text())
    (folder / "index.html").write_text(
        '<!doctype html><link rel="icon" href="data:,">'
        '<div id="root"></div><script type="module" src="page.js"></script>'
    )
    assert all(map(Path.is_dir, PACKAGES)), "`make test` installs the JavaScript clients first"
    subprocess.run(
        [
            *(PACKAGES[0] / ".bin" / "esbuild", "page.jsx", "--bundle", "--format=esm"),
            *("--jsx=automatic", "--outfile=page.js", "--log-level=warning"),
            '--define:process.env.NODE_ENV="production"',
        ],
        cwd=folder,
        env={**os.environ, "NODE_PATH": os.pathsep.join(map(str, PACKAGES))},
        check=True,
        timeout=120,
    )
    return folder


@pytest.fixture
def home(site: Path) -> Iterator[str]:
    """The address of the folder, served over HTTP."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_args: object) -> None:
            pass

    with serving(partial(Quiet, directory=str(site))) as url:
        yield f"{url}/"


class Chat:
    """A student in front of the page."""

    def __init__(self, page: Page, student: User, site: Path, home: str) -> None:
        self.page, self.student, self.site, self.home = page, student, site, home
        self.pending = page.locator(PENDING)
        self.alert = page.locator("[role=alert]")
        self.requests: list[Request] = []
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        # Not the list's own method: Playwright marks its listeners.
        self.requests.append(request)

    def open(self, start: Json) -> None:
        """Opens the page, and waits for the question that is pending."""
        stack = self.student.stack
        host, _, port = stack.emulator.host.partition(":")
        given = {
            "functions": stack.url,
            "firestore": {"host": host, "port": int(port), "project": stack.project_id},
            "tokens": [different(self.student.token, number) for number in range(TOKENS)],
            "start": start,
        }
        (self.site / "given.json").write_text(json.dumps(given))
        self.page.goto(self.home)
        self.wait_for_question()

    def wait_for_question(self) -> str | None:
        return self.pending.get_attribute("data-question")

    def write(self, text: str) -> None:
        self.pending.locator("input").fill(text)

    def click(self, selector: str) -> None:
        self.pending.locator(selector).first.click()

    def submit(self) -> None:
        self.click("button:not([type])")

    def wait_for_feedback(self, count: int) -> None:
        """Waits for this many feedbacks, all of right answers, and for the next question."""
        expect(self.page.locator("[data-correct=true]")).to_have_count(count)
        expect(self.pending).to_have_count(1)

    def wait_for_saves(self, count: int) -> None:
        self.page.wait_for_function(
            "performance.getEntriesByType('resource')"
            f".filter((entry) => entry.name.endsWith('/update_progress')).length === {count}"
        )

    def shown(self, selector: str) -> list[str]:
        return self.page.locator(selector).all_text_contents()

    def forms_of(self, question_id: str) -> Locator:
        return self.page.locator(f"form[data-question={question_id}]")

    def sent_tokens(self, path: str) -> list[str]:
        return [
            request.headers["authorization"]
            for request in self.requests
            if path in request.url and request.method == "POST"
        ]


def different(token: str, number: int) -> str:
    """Another token of the same user, as one that replaces it would be."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode({**claims, "jti": str(number)}, key="", algorithm="none")


@pytest.fixture
def chat(teacher: User, student: User, site: Path, home: str) -> Iterator[Chat]:
    """A student who has begun to practise."""
    exercise = {"name": "Answers", "skill": "Answers", "questions": QUESTIONS}
    template = {
        "name": "Ultimate answers",
        "visibility": "public",
        "template_data": {"sections": [{"name": "All", "exercises": [exercise]}]},
    }
    template_id = ok(teacher.call("create_template", template), 201)["template"]["template_id"]
    with chromium() as browser:
        chat = Chat(browser.new_page(), student, site, home)
        chat.open({"source_data": student.read(f"session_templates/{template_id}")})
        yield chat


def test_a_hint_and_an_answer_and_each_request_has_a_fresh_token(chat: Chat) -> None:
    assert chat.shown("h2") == ["Answers"]
    chat.click("button[type=button]")
    expect(chat.page.locator("body")).to_contain_text("between 41 and 43")
    expect(chat.pending.locator("button[type=button]")).to_have_count(0)
    chat.write("42")
    chat.submit()
    chat.wait_for_feedback(1)
    chat.wait_for_saves(2)
    assert chat.shown("form[data-question=q0] p:nth-child(2)") == ["hint", "42"]

    assert set(chat.shown("button")) == {"Answer", "Send"}  # none to edit or to regenerate
    paths = ("/practice_turn/", "/start_session", "/update_progress")
    tokens = [chat.sent_tokens(path) for path in paths]
    assert list(map(len, tokens)) == [3, 1, 2]
    assert len(set(itertools.chain(*tokens))) == 6


def test_a_refused_answer_is_shown_and_the_question_can_be_answered_again(chat: Chat) -> None:
    chat.write("forty-two")
    chat.submit()
    expect(chat.alert).to_contain_text("number")
    expect(chat.forms_of("q0")).to_have_count(2)
    chat.write("42")
    chat.submit()
    chat.wait_for_feedback(1)
    assert chat.shown("[role=alert]") == []

    assert chat.wait_for_question() == "q1"
    chat.submit()  # nothing is chosen
    expect(chat.alert).to_contain_text("one of the choices")
    expect(chat.forms_of("q1")).to_have_count(2)
    # Written as a message instead.
    chat.page.get_by_placeholder("Write an answer").fill("1")
    chat.page.locator("form:not([data-question]) button").click()
    chat.wait_for_feedback(2)
    assert chat.wait_for_question() == "q2"


def test_an_answer_without_a_connection_is_kept_and_sent_again(chat: Chat) -> None:
    chat.page.context.set_offline(True)
    chat.write("42")
    chat.submit()
    expect(chat.alert.locator("button")).to_be_visible()
    assert chat.shown("[data-correct]") == []
    chat.page.context.set_offline(False)
    chat.alert.locator("button").click()
    chat.wait_for_feedback(1)
    assert chat.shown("[role=alert]") == []


def test_a_reload_shows_the_log_and_goes_on_with_the_pending_question(chat: Chat) -> None:
    for number in range(4):
        question = QUESTIONS[number]
        assert chat.wait_for_question() == question["question_id"]
        if choices := question.get("choices"):
            right = [choice["id"] for choice in choices if choice["id"] in question["answer"]]
            for choice in right:
                chat.click(f"input[value={choice}]")
        else:
            chat.write("42")
        chat.submit()
        chat.wait_for_feedback(number + 1)
    chat.wait_for_saves(4)
    (session,) = sessions_of(chat.student)
    assert (session["questions_correct"], session["total_questions"]) == (4, 4)

    chat.open({"stored_session": chat.student.read(session["path"])["stored_session"]})

    assert chat.wait_for_question() == "q4"
    chat.wait_for_feedback(4)
    prompts = [question["prompt"] for question in QUESTIONS[:5]]
    assert chat.shown("form[data-question] p:first-child") == prompts
    assert chat.shown("form[data-question] p:nth-child(2)") == ["42", "a", "42", "a, b"]
    assert chat.shown("[data-correct]") == ["Right."] * 4
    chat.write("42")
    chat.submit()
    chat.wait_for_feedback(5)
    chat.wait_for_saves(1)
    (session,) = sessions_of(chat.student)
    assert session["questions_correct"] == 5


def test_a_template_already_begun_goes_on_where_it_is_stored(chat: Chat) -> None:
    chat.write("42")
    chat.submit()
    chat.wait_for_feedback(1)
    chat.wait_for_saves(1)
    (begun,) = sessions_of(chat.student)

    given = json.loads((chat.site / "given.json").read_text())
    chat.open(given["start"])

    assert chat.wait_for_question() == "q1"
    chat.wait_for_feedback(1)
    assert sessions_of(chat.student) == [begun]


def test_a_page_says_that_another_device_went_on(chat: Chat) -> None:
    student = chat.student
    (session,) = sessions_of(student)
    state = student.read(session["path"])
    for question_id, answer in (("q0", 42), ("q1", "a")):
        given = {"type": "answer", "question_id": question_id, "answer": answer}
        state = ok(student.call("practice_turn", {"session_context": kept(state), "input": given}))
        state = state["session_context"]
    stored = {"session_id": state["stored_session"]["session_id"], **state}
    ok(student.call("update_progress", stored))

    chat.write("42")
    chat.submit()

    expect(chat.alert).to_contain_text("went on elsewhere")
    assert sessions_of(student)[0]["questions_correct"] == 2


def kept(state: Json) -> Json:
    return {"stored_session": state["stored_session"]}


def sessions_of(student: User) -> list[Json]:
    """The student's sessions, each with its state document's path as `path`."""
    field, uid = {"fieldPath": "student_id"}, {"stringValue": student.uid}
    mine = {"fieldFilter": {"field": field, "op": "EQUAL", "value": uid}}
    response = student.query({"from": [{"collectionId": "practice_sessions"}], "where": mine})
    paths = [row["document"]["name"].partition("/documents/")[2] for row in response.json()]
    return [
        {**session, "path": f"{path}/state/current"}
        for session, path in zip(found(response), paths, strict=True)
    ]
