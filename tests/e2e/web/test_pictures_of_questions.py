"""Pictures of questions: written with their words, shown without a jump, read where they fail."""

import base64
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, Route, expect

from local.api import User
from tests.e2e.web.builder import begin_question, begin_section, button, field, save, saved_id
from tests.e2e.web.conftest import OpenApp
from tests.e2e.web.test_practice import (
    begin,
    is_asked,
    is_settled,
    press_answer,
    sessions_of,
    template_of,
)

Json = dict[str, Any]

ADDRESS = "https://pictures.example.org/triangle.png"
BROKEN = "https://pictures.example.org/gone.png"
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40" width="300" height="200">'
    '<path d="M5 35 L55 35 L5 5 Z" fill="none" stroke="#1d4ed8" stroke-width="2"/></svg>'
)
IN_TEXT = f"data:image/svg+xml;base64,{base64.b64encode(DRAWING.encode()).decode()}"


def a_png(width: int, height: int) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"IDAT", zlib.compress(rows)),
            chunk(b"IEND", b""),
        )
    )


def question(name: str, url: str, alt: str) -> Json:
    return {
        "question_id": name,
        "kind": "numeric",
        "prompt": f"How many corners has it ({name})?",
        "image": {"url": url, "alt": alt},
        "answer": 3,
        "difficulty": 1,
    }


QUESTIONS = [
    question("address", ADDRESS, "A grey triangle"),
    question("drawing", IN_TEXT, "A blue right triangle"),
    question("broken", BROKEN, "A triangle of three towns"),
]


def serve_pictures(page: Page) -> list[Request]:
    """Answers as a server of pictures, and lists what it was asked for."""
    asked: list[Request] = []

    def answer(route: Route) -> None:
        asked.append(route.request)
        if route.request.url == BROKEN:
            route.fulfill(status=404)
        else:
            route.fulfill(content_type="image/png", body=a_png(1200, 800))

    page.route("https://pictures.example.org/**", answer)
    return asked


def is_shown(page: Page, alt: str) -> None:
    picture = page.get_by_role("img", name=alt)
    picture.scroll_into_view_if_needed()
    page.wait_for_function(
        "alt => [...document.querySelectorAll('img')].some("
        "(img) => img.alt === alt && img.complete && img.naturalWidth > 0)",
        arg=alt,
    )


@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
def test_pictures_are_shown_with_their_questions_and_in_the_log(
    open_app: OpenApp, student: User, teacher: User, phone: bool
) -> None:
    app = open_app(student, phone=phone)
    asked = serve_pictures(app.page)
    page = begin(app, template_of(teacher, QUESTIONS))

    is_asked(page, "address")
    is_shown(page, "A grey triangle")
    box = page.get_by_role("img", name="A grey triangle").bounding_box()
    assert box is not None
    assert box["height"] <= 256
    assert box["x"] + box["width"] <= page.evaluate("innerWidth")
    assert "referer" not in {name.lower() for name in asked[0].all_headers()}
    assert app.violations() == app.overflow() == []
    app.screenshot("practice-picture")
    page.get_by_role("textbox").fill("3")
    press_answer(page)
    is_asked(page, "drawing")
    is_shown(page, "A blue right triangle")
    assert app.violations() == app.overflow() == []
    app.screenshot("practice-drawing")
    page.get_by_role("textbox").fill("3")
    press_answer(page)
    is_asked(page, "broken")
    page.locator("form[data-question]").scroll_into_view_if_needed()
    expect(page.get_by_text("The picture can\u2019t be shown. It shows:")).to_be_visible()
    expect(page.get_by_text("A triangle of three towns")).to_be_visible()
    assert app.violations() == app.overflow() == []
    page.get_by_role("textbox").fill("3")
    press_answer(page)
    is_settled(page)

    (session,) = sessions_of(student)
    app.open(f"/sessions/{session['path'].rpartition('/')[2]}")
    is_shown(page, "A grey triangle")
    # The log has no picture itself, only its words.
    expect(page.get_by_text("Picture: A blue right triangle")).to_be_visible()
    assert app.violations() == app.overflow() == []
    app.screenshot("details-picture")


def test_nothing_moves_when_a_picture_comes(
    open_app: OpenApp, student: User, teacher: User
) -> None:
    app = open_app(student)
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    app.page.route("https://pictures.example.org/**", hold)
    page = begin(app, template_of(teacher, QUESTIONS[:1]))
    is_asked(page, "address")
    form = page.locator("form[data-question]")
    page.get_by_role("img", name="A grey triangle").scroll_into_view_if_needed()
    before = form.bounding_box()
    assert waiting

    for route in waiting:
        route.fulfill(content_type="image/png", body=a_png(400, 1600))

    is_shown(page, "A grey triangle")
    assert form.bounding_box() == before


@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
def test_a_picture_is_written_with_its_words(
    open_app: OpenApp, teacher: User, tmp_path: Path, phone: bool
) -> None:
    app = open_app(teacher, phone=phone)
    serve_pictures(app.page)
    page = app.open("/templates/new")
    field(page, "Name").fill("Triangles")
    begin_section(page, "All")
    dialog = begin_question(page, "Corners")
    field(dialog, "Question").fill("How many corners?")
    dialog.get_by_role("combobox", name="Kind").select_option("self_rated")
    small, large = tmp_path / "small.svg", tmp_path / "large.png"
    small.write_text(DRAWING)
    large.write_bytes(a_png(3, 3) + b"\0" * 300_000)
    choice = dialog.get_by_label("Or a small file of this device")

    choice.set_input_files(large)
    expect(dialog.get_by_role("alert")).to_contain_text("294 KB; at most 6 KB fit into a question")
    choice.set_input_files(small)
    expect(dialog.get_by_text("The picture is in the template (1 KB).")).to_be_visible()
    button(dialog, "Done").click()
    button(page, "Save").click()
    words = field(dialog, "What the picture shows")
    expect(words).to_be_focused()
    expect(dialog.get_by_text("Please say what the picture shows.")).to_be_visible()
    words.fill("A blue right triangle")
    is_shown(page, "A blue right triangle")
    assert app.violations() == app.overflow() == []
    app.screenshot("builder-picture")
    button(dialog, "Another question").click()
    field(dialog, "Question").fill("And here?")
    field(dialog, "Address of a picture").fill(ADDRESS)
    field(dialog, "What the picture shows").fill("A grey triangle")
    is_shown(page, "A grey triangle")
    button(dialog, "Done").click()
    save(page)

    stored = teacher.read(f"session_templates/{saved_id(page)}")
    first, second = stored["template_data"]["sections"][0]["exercises"][0]["questions"]
    assert first["image"] == {"url": IN_TEXT, "alt": "A blue right triangle"}
    assert second["image"] == {"url": ADDRESS, "alt": "A grey triangle"}
