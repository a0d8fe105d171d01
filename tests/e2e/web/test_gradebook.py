"""The gradebook: totals, charts, calendar, history, and the file that agrees with the screen."""

import csv
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Page, expect

from local.api import User
from local.examples import GUITAR_TEMPLATE
from shared.firestore.client import Client
from tests.conftest import NewUser
from tests.e2e.web.app import App, Theme
from tests.e2e.web.conftest import OpenApp
from tests.e2e.web.records import sessions, skills, statistics, write

# Three minutes before midnight in Berlin.
UNTIL = datetime(2026, 2, 28, 22, 57, tzinfo=UTC)
EMPTY = "\N{EN DASH}"
SKILLS = ("Intervals", "Chords", "Triads and their inversions in close position", "Scales")


@pytest.fixture
def ann(user: NewUser, client: Client) -> User:
    """A student with 130 sessions."""
    ann = user("ann")
    write(client, sessions(ann.uid, 130, until=UNTIL))
    write(client, [statistics(ann.uid), *skills(ann.uid, SKILLS)])
    return ann


def open_gradebook(app: App, query: str = "") -> Page:
    page = app.open(f"/gradebook{query}")
    expect(page.locator(".skeleton")).to_have_count(0)
    return page


def history(page: Page) -> list[list[str]]:
    """The cells of the history: their machine-readable values, where they have one."""
    cells: list[list[str]] = page.evaluate(
        """(EMPTY) => [...document.querySelectorAll('.gradebook-history tbody tr')].map((row) =>
          [...row.cells].map((cell) => {
            const value = cell.querySelector('data, time');
            const text = cell.innerText;
            return value ? (value.value ?? value.dateTime) : text === EMPTY ? '' : text;
          }))""",
        EMPTY,
    )
    return cells


def export(page: Page) -> list[list[str]]:
    """The rows of the exported file."""
    page.get_by_role("button", name="Export as CSV").click()
    with page.expect_download() as started:
        page.get_by_role("button", name="Export", exact=True).click()
    path = Path(started.value.path())
    assert re.fullmatch(r"gradebook-\d{4}-\d\d-\d\d\.csv", started.value.suggested_filename)
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    expect(page.get_by_role("dialog")).to_contain_text("in the file")
    page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    text = content.decode("utf-8-sig")
    assert text.count("\r\n") == text.count("\n")
    return list(csv.reader(text.splitlines()))


def test_practice_of_both_kinds_is_told_apart(open_app: OpenApp, user: NewUser) -> None:
    teacher, student = user("tom", teacher=True), user("ann")
    template = {**GUITAR_TEMPLATE, "subject": "Music", "student_ids": [student.uid]}
    assigned = teacher.call("create_template", template).json()["template"]["template_id"]
    for body in ({"template_id": assigned}, {"name": "My own scales"}):
        reply = student.call("start_session", {**body, "timezone": "Europe/Berlin"}).json()
        session_id = reply["session"]["session_id"]
        if "template_id" not in body:
            item = {"node_id": "fifth", "correct": True}
            student.call("update_progress", {"session_id": session_id, "items": [item]})
        response = student.call("complete_session", {"session_id": session_id})
        assert response.status_code == 200, response.text
    page = open_gradebook(open_app(student))

    totals = page.get_by_role("region", name="My progress")
    expect(totals.get_by_role("heading", name="Assigned")).to_be_visible()
    expect(totals.get_by_role("heading", name="Self-practice")).to_be_visible()
    expect(totals.get_by_role("rowheader", name="Music")).to_be_visible()
    expect(totals.get_by_role("rowheader", name="No subject")).to_be_visible()
    rows = {row[0]: row[1] for row in history(page)}
    assert rows == {"My own scales": "Self-practice", GUITAR_TEMPLATE["name"]: "Assigned"}
    page.get_by_role("tab", name="Self-practice").click()
    expect(page).to_have_url(re.compile("of=self_practice"))
    expect(page.locator(".gradebook-history tbody tr")).to_have_count(1)
    page.reload()
    expect(page.get_by_role("tab", name="Self-practice")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".gradebook-history tbody tr")).to_have_count(1)


def test_a_new_student_is_told_how_the_gradebook_fills(open_app: OpenApp, user: NewUser) -> None:
    app = open_app(user("ann"))
    page = open_gradebook(app)

    expect(page.get_by_text("Your statistics begin with")).to_be_visible()
    expect(page.get_by_text("No session here.")).to_be_visible()
    assert app.violations() == []
    app.screenshot("gradebook-empty")


def test_screen_and_file_agree_in_every_cell(open_app: OpenApp, ann: User) -> None:
    page = open_gradebook(open_app(ann))
    more = page.get_by_role("region", name="History").get_by_role("button", name="Show more")
    for count in range(20, 130, 20):
        expect(page.locator(".gradebook-history tbody tr")).to_have_count(count)
        more.click()
    expect(page.locator(".gradebook-history tbody tr")).to_have_count(130)
    expect(more).to_have_count(0)
    headings = page.locator(".gradebook-history thead th").all_inner_texts()
    shown = history(page)
    written = export(page)

    assert written[0] == headings
    assert len(written) == 131
    for cells, fields in zip(shown, written[1:], strict=True):
        for cell, field in zip(cells, fields, strict=True):
            # A text that a spreadsheet would compute has an apostrophe in the file.
            assert cell == (field.removeprefix("'") if re.match("'[=+@-]", field) else field)
    names = {row[0] for row in written[1:]}
    assert {"'=1+1", "'-2 semitones", 'Chords, "open"', "Größe & 学习 <b>"} <= names
    assert all(float(row[column]) >= 0 for row in written[1:] for column in (5, 6, 7, 9, 10))


def test_the_file_has_what_the_history_is_filtered_by(open_app: OpenApp, ann: User) -> None:
    page = open_gradebook(open_app(ann), "?of=self_practice&status=completed")
    written = export(page)

    assert len(written) == 1 + 44
    assert {row[1] for row in written[1:]} == {"Self-practice"}


def test_an_export_is_cancelled_and_goes_on_after_an_outage(open_app: OpenApp, ann: User) -> None:
    app = open_app(ann)
    page = open_gradebook(app)
    app.context.set_offline(True)
    page.get_by_role("button", name="Export as CSV").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no connection")
    app.context.set_offline(False)
    # The dialog opens by itself: its code is loaded.
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Kind: All. Status: All.")).to_be_visible()
    app.context.set_offline(True)
    dialog.get_by_role("button", name="Export", exact=True).click()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    app.context.set_offline(False)

    assert len(export(page)) == 131


def test_an_export_is_written_by_itself_when_the_network_is_back(
    open_app: OpenApp, ann: User
) -> None:
    app = open_app(ann)
    page = open_gradebook(app)
    page.get_by_role("button", name="Export as CSV").click()
    dialog = page.get_by_role("dialog")
    app.context.set_offline(True)
    dialog.get_by_role("button", name="Export", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("There is no connection")
    with page.expect_download() as started:
        app.context.set_offline(False)

    content = Path(started.value.path()).read_text("utf-8-sig")
    assert len(list(csv.reader(content.splitlines()))) == 131
    expect(dialog.get_by_text("130 sessions are in the file.")).to_be_visible()
    expect(dialog.get_by_role("alert")).to_have_count(0)


def test_the_history_is_sorted_by_its_headings_and_the_address_keeps_it(
    open_app: OpenApp, ann: User
) -> None:
    page = open_gradebook(open_app(ann))
    score = page.get_by_role("columnheader", name="Score")
    score.get_by_role("button").click()
    expect(score).to_have_attribute("aria-sort", "descending")
    scores = [row[8] for row in history(page)]
    known = [float(score) for score in scores if score]

    assert known == sorted(known, reverse=True)
    assert scores[: len(known)] == [score for score in scores if score], "no score comes last"
    score.get_by_role("button").click()
    expect(score).to_have_attribute("aria-sort", "ascending")
    page.reload()
    expect(page.get_by_role("columnheader", name="Score")).to_have_attribute(
        "aria-sort", "ascending"
    )
    assert [float(row[8]) for row in history(page) if row[8]] == sorted(known)


def test_charts_say_what_they_cover_and_have_their_numbers_in_tables(
    open_app: OpenApp, ann: User
) -> None:
    page = open_gradebook(open_app(ann))
    charts = page.get_by_role("region", name="Charts and calendar")
    expect(charts.get_by_text("From the latest 100 sessions, 10 Jan 2026 to")).to_be_visible()
    expect(charts.get_by_role("img", name="Scores of 80 sessions")).to_be_visible()
    charts.get_by_role("button", name="Include 100 more").click()
    expect(charts.get_by_text("From all 130 sessions.")).to_be_visible()
    minutes = charts.get_by_role("figure", name="Minutes a week")
    minutes.get_by_text("As a table").click()
    cells = minutes.get_by_role("cell").all_inner_texts()
    shown = sum(float(cell.split()[0]) for cell in cells)
    spent = sum(float(row[5]) for row in export(page)[1:])

    # Each week of both kinds is rounded to whole minutes.
    assert abs(shown - spent) <= len(cells) / 2
    scores = charts.get_by_role("figure", name="Score over time")
    scores.get_by_text("As a table").click()
    expect(scores.get_by_role("row")).to_have_count(1 + 104)


def test_days_are_those_of_the_student_s_time_zone(open_app: OpenApp, ann: User) -> None:
    """A session that began before midnight in Berlin and ended after it is one of the later day."""
    page = open_gradebook(open_app(ann))
    calendar = page.get_by_role("table", name="Days practised in")

    expect(calendar).to_have_accessible_name("Days practised in March 2026")
    expect(calendar.get_by_role("columnheader").first).to_contain_text("Monday")
    expect(calendar.get_by_text("1 Mar 2026: 1 self-practice, 5 min")).to_have_count(1)
    page.get_by_role("button", name="Month before").click()
    expect(calendar).to_have_accessible_name("Days practised in February 2026")
    expect(page).to_have_url(re.compile("month=2026-02"))
    expect(calendar.get_by_text("28 Feb 2026: 2 assigned, ")).to_have_count(1)
    page.get_by_role("button", name="Month before").click()
    expect(calendar.get_by_text("9 Jan 2026: no practice")).to_have_count(1)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_it_fits_the_screen(open_app: OpenApp, ann: User, phone: bool, theme: Theme) -> None:
    app = open_app(ann, phone=phone, theme=theme)
    page = open_gradebook(app)
    expect(page.get_by_role("img")).to_have_count(2)
    app.screenshot("gradebook")

    assert app.overflow() == []
    assert app.violations() == []
    page.get_by_role("button", name="Export as CSV").click()
    app.screenshot("gradebook-export")
    assert app.violations() == []


def test_phones_sort_by_a_choice(open_app: OpenApp, ann: User) -> None:
    page = open_gradebook(open_app(ann, phone=True))
    choice = page.get_by_role("combobox", name="Sort by")
    choice.select_option("Minutes, ascending")
    expect(choice).to_have_value("minutes")
    expect(page).to_have_url(re.compile("sort=minutes"))
    minutes = [float(row[5]) for row in history(page)]

    assert minutes == sorted(minutes)


def test_it_is_read_again_when_the_network_returns(open_app: OpenApp, ann: User) -> None:
    app = open_app(ann)
    page = open_gradebook(app)
    app.context.set_offline(True)
    page.get_by_role("tab", name="Assigned").click()
    expect(page.get_by_role("alert").first).to_contain_text("There is no connection")
    app.context.set_offline(False)

    expect(page.locator(".gradebook-history tbody tr")).to_have_count(20)
    expect(page.get_by_role("alert")).to_have_count(0)


def test_two_thousand_sessions_open_as_fast_as_a_few(
    open_app: OpenApp, user: NewUser, client: Client
) -> None:
    student = user("ann")
    write(client, sessions(student.uid, 2_000, until=datetime.now(UTC) - timedelta(days=1)))
    app = open_app(student)
    began = monotonic()
    page = open_gradebook(app)
    expect(page.get_by_text("From the latest 100 sessions")).to_be_visible()
    opened = monotonic() - began

    assert opened < 10
    assert len(export(page)) == 2_001
