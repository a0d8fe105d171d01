"""Logging practice as one finished session."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from local.api import User, found
from local.examples import GUITAR_TEMPLATE
from tests.conftest import NewUser
from tests.e2e.web.conftest import OpenApp
from tests.e2e.web.storage import fill_quota

STEPS = ("start_session", "update_progress", "complete_session")


def create_template(owner: User) -> str:
    response = owner.call("create_template", GUITAR_TEMPLATE)
    assert response.ok, response.text
    template_id: str = response.json()["template"]["template_id"]
    return template_id


def sessions(student: User) -> list[dict[str, Any]]:
    own = {
        "fieldFilter": {
            "field": {"fieldPath": "student_id"},
            "op": "EQUAL",
            "value": {"stringValue": student.uid},
        }
    }
    return found(student.query({"from": [{"collectionId": "practice_sessions"}], "where": own}))


def fill_by_hand(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("Rehearsal")
    page.get_by_role("button", name="Add a section").click()
    page.get_by_label("Name of the section").fill("Warm-up")
    page.get_by_label("Exercise", exact=True).fill("Scales")


def submit(page: Page) -> None:
    page.get_by_role("button", name="Store the session").click()


def finished(page: Page) -> None:
    expect(page.get_by_text("The session is finished.")).to_be_visible()


def test_practice_from_a_template_is_logged(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    create_template(ann)
    app = open_app(ann)
    page = app.open("/log")
    page.get_by_label("Template").select_option("Guitar Practice Template")
    technique = page.get_by_role("region", name="Technique")
    technique.get_by_label("Actual minutes").fill("18")
    legato = technique.get_by_role("group", name="Legato runs")
    legato.get_by_label("Done").uncheck()
    legato.get_by_label("Notes").fill("Ran out of time")
    page.get_by_role("button", name="Remove the section Song Practice").click()
    expect(page.get_by_role("button", name="Add a section")).to_be_focused()
    in_all = page.get_by_role("region", name="In all")
    in_all.get_by_label("Actual minutes").fill("55")
    in_all.get_by_role("group", name="Focus").get_by_label("8", exact=True).check(force=True)
    in_all.get_by_role("group", name="Energy").get_by_label("7", exact=True).check(force=True)
    in_all.get_by_label("Notes").fill("Good session overall")
    page.get_by_label("Goals").fill("speed, legato")
    page.get_by_label("Root goal").fill("guitar")
    app.screenshot("log")
    assert app.overflow() == []
    assert app.violations() == []
    page.reload()
    expect(legato.get_by_label("Notes")).to_have_value("Ran out of time")
    expect(page.get_by_role("region", name="Song Practice")).to_have_count(0)
    submit(page)

    finished(page)
    [session] = sessions(ann)
    data = session["session_data"]
    assert (session["status"], session["name"]) == ("completed", "Guitar Practice Template")
    assert (session["parent_ids"], session["root_id"]) == (["speed", "legato"], "guitar")
    assert (data["focus_score"], data["energy_level"], data["notes"]) == (
        8,
        7,
        "Good session overall",
    )
    assert (data["total_duration_minutes"], data["actual_duration_minutes"]) == (30, 55)
    assert data["sections"][1]["actual_duration_minutes"] == 18
    done = [(e["name"], e["completed"]) for s in data["sections"] for e in s["exercises"]]
    assert done == [
        ("Chromatic scales", True),
        ("Finger stretches", True),
        ("Alternate picking", True),
        ("Legato runs", False),
    ]
    assert (session["items_completed"], session["time_spent_seconds"]) == (3, 3_300)
    page.goto("/log")
    expect(page.get_by_label("Template")).to_have_value("")


def test_practice_without_a_template_is_logged_on_a_phone(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    app = open_app(ann, phone=True, theme="dark")
    page = app.open("/log")
    fill_by_hand(page)
    page.get_by_role("button", name="Add an exercise").click()
    page.get_by_label("Exercise", exact=True).last.fill("Scales")
    app.screenshot("log")
    assert app.overflow() == []
    assert app.violations() == []
    submit(page)

    finished(page)
    [session] = sessions(ann)
    assert (session["name"], session["items_completed"]) == ("Rehearsal", 2)


def test_bad_input_is_shown_at_its_field(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    app = open_app(ann)
    page = app.open("/log")
    page.get_by_role("button", name="Add a section").click()
    page.get_by_label("Planned minutes").first.fill("ten")
    page.get_by_label("Goals").fill("a goal!")
    submit(page)
    expect(page.get_by_label("Name of the section")).to_be_focused()
    for words in ("Please fill in this field.", "Please enter a number.", "Ids have letters"):
        expect(page.get_by_role("alert").filter(has_text=words).first).to_be_visible()
    app.screenshot("log-errors")
    assert app.violations() == []
    assert sessions(ann) == []

    page.get_by_label("Name of the section").fill("Warm-up")
    page.get_by_label("Exercise", exact=True).fill("Scales")
    page.get_by_label("Planned minutes").first.fill("10")
    page.get_by_label("Goals").fill("__reserved__")
    submit(page)
    expect(page.get_by_role("alert").filter(has_text="reserved")).to_be_visible()
    expect(page.get_by_label("Goals")).to_be_focused()
    # What the form lets through, the server refuses at its path.
    page.get_by_label("Goals").fill(" ".join(f"goal-{number}" for number in range(51)))
    submit(page)
    expect(page.get_by_role("alert").filter(has_text="at most 50")).to_be_visible()
    expect(page.get_by_label("Goals")).to_be_focused()
    assert sessions(ann) == []
    page.get_by_label("Goals").fill("speed")
    submit(page)
    finished(page)


def lose(kind: str) -> Callable[[Route], None]:
    """The first request of this kind gets no reply: it is not sent, or its reply is lost."""
    calls: list[str] = []

    def handle(route: Route) -> None:
        calls.append(route.request.method)
        if len(calls) > 1:
            route.continue_()
            return
        if kind == "reply":
            route.fetch()
        route.abort()

    return handle


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", ["request", "reply"])
def test_a_lost_request_or_reply_makes_no_second_session(
    open_app: OpenApp, user: NewUser, step: str, kind: str
) -> None:
    ann = user("ann")
    page = open_app(ann).open("/log")
    page.route(f"**/{step}", lose(kind))
    fill_by_hand(page)
    submit(page)

    finished(page)
    [session] = sessions(ann)
    assert (session["status"], session["items_completed"]) == ("completed", 1)
    assert session["tally"]["items_logged"] == 1


@pytest.mark.parametrize("step", STEPS)
def test_a_tab_that_is_closed_in_between_goes_on_later(
    open_app: OpenApp, user: NewUser, step: str
) -> None:
    ann = user("ann")
    app = open_app(ann)
    page = app.open("/log")
    sent: list[int] = []

    def lose_and_wait(route: Route) -> None:
        sent.append(route.fetch().status)
        route.abort()

    page.route(f"**/{step}", lose_and_wait)
    fill_by_hand(page)
    with page.expect_event(
        "requestfailed", lambda request: request.url.endswith(step) and bool(sent)
    ):
        submit(page)
    page.close()

    later = app.page = app.context.new_page()
    later.goto("/log")
    finished(later)
    [session] = sessions(ann)
    assert (session["status"], session["tally"]["items_logged"]) == ("completed", 1)


def test_without_network_it_waits_and_can_be_changed(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    app = open_app(ann, phone=True)
    page = app.open("/log")
    fill_by_hand(page)
    app.context.set_offline(True)
    submit(page)
    expect(page.get_by_text("Not stored yet.")).to_be_visible()
    app.screenshot("log-offline")
    assert app.overflow() == []
    page.get_by_role("button", name="Change it").click()
    page.get_by_label("Name", exact=True).fill("Changed")
    submit(page)
    expect(page.get_by_text("Not stored yet.")).to_be_visible()

    app.context.set_offline(False)
    finished(page)
    [session] = sessions(ann)
    assert session["name"] == "Changed"


def test_an_active_session_of_the_template_is_not_overwritten(
    open_app: OpenApp, user: NewUser
) -> None:
    ann = user("ann")
    template_id = create_template(ann)
    active = ann.call("start_session", {"template_id": template_id}).json()["session"]
    app = open_app(ann)
    page = app.open(f"/log?template={template_id}")
    notice = page.get_by_role("status").filter(has_text="0 of 5 done")
    expect(notice.get_by_role("link", name="Continue it")).to_have_attribute(
        "href", f"/session/{active['session_id']}"
    )
    expect(page.get_by_role("button", name="Store the session")).to_be_disabled()
    app.screenshot("log-under-way")
    assert app.violations() == []
    notice.get_by_role("button", name="Without the template").click()
    page.get_by_label("Name", exact=True).fill("Beside it")
    submit(page)
    finished(page)

    by_name = {session["name"]: session for session in sessions(ann)}
    assert by_name["Beside it"]["items_completed"] == 5
    assert by_name["Guitar Practice Template"]["revision"] == 1


def test_a_session_begun_elsewhere_meanwhile_is_not_overwritten(
    open_app: OpenApp, user: NewUser
) -> None:
    ann = user("ann")
    template_id = create_template(ann)
    page = open_app(ann).open(f"/log?template={template_id}")
    expect(page.get_by_role("region", name="Technique")).to_be_visible()
    ann.call("start_session", {"template_id": template_id})
    submit(page)

    expect(page.get_by_text("0 of 5 done")).to_be_visible()
    [session] = sessions(ann)
    assert (session["status"], session["revision"]) == ("active", 1)
    expect(page.get_by_role("link", name="Continue it")).to_have_attribute(
        "href", re.compile("/session/")
    )


def test_the_form_is_emptied_and_restored(open_app: OpenApp, user: NewUser) -> None:
    page = open_app(user("ann"), language="de-DE").open("/log")
    page.get_by_label("Name", exact=True).fill("Probe")
    page.get_by_role("button", name="Neu beginnen").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("")
    page.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Probe")


@pytest.mark.parametrize("step", STEPS)
def test_it_goes_on_by_itself_when_the_server_answers_again(
    open_app: OpenApp, user: NewUser, step: str
) -> None:
    ann = user("ann")
    page = open_app(ann).open("/log")
    page.route(f"**/{step}", lambda route: route.abort())
    fill_by_hand(page)
    submit(page)
    expect(page.get_by_text("Not stored yet.")).to_be_visible()
    page.unroute(f"**/{step}")

    expect(page.get_by_text("The session is finished.")).to_be_visible(timeout=60_000)
    [session] = sessions(ann)
    assert (session["status"], session["tally"]["items_logged"]) == ("completed", 1)


def test_two_tabs_have_one_draft_and_lose_nothing_of_it(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    app = open_app(ann)
    first = app.open("/log")
    second = app.context.new_page()
    second.goto("/log")
    fill_by_hand(first)
    for page in (second, first):
        expect(page.get_by_label("Name", exact=True)).to_have_value("Rehearsal")
        expect(page.get_by_label("Exercise", exact=True)).to_have_value("Scales")
    second.get_by_label("Subject").fill("Music")
    expect(first.get_by_label("Subject")).to_have_value("Music")
    first.reload()
    expect(first.get_by_label("Subject")).to_have_value("Music")
    expect(first.get_by_label("Exercise", exact=True)).to_have_value("Scales")
    submit(first)

    finished(first)
    [session] = sessions(ann)
    assert (session["name"], session["subject"]) == ("Rehearsal", "Music")
    # The other tab has stored the same, once.
    finished(second)
    second.goto("/log")
    expect(second.get_by_label("Name", exact=True)).to_have_value("")
    second.get_by_label("Name", exact=True).fill("Another one")
    second.reload()
    expect(second.get_by_label("Name", exact=True)).to_have_value("Another one")
    assert len(sessions(ann)) == 1


def test_what_is_submitted_in_one_tab_can_be_changed_in_another(
    open_app: OpenApp, user: NewUser
) -> None:
    ann = user("ann")
    app = open_app(ann)
    first = app.open("/log")
    second = app.context.new_page()
    second.goto("/log")
    fill_by_hand(first)
    expect(second.get_by_label("Name", exact=True)).to_have_value("Rehearsal")
    app.context.set_offline(True)
    submit(first)
    expect(first.get_by_text("Not stored yet.")).to_be_visible()
    expect(second.get_by_text("Not stored yet.")).to_be_visible()
    second.get_by_role("button", name="Change it").click()
    expect(first.get_by_role("button", name="Store the session")).to_be_visible()
    second.get_by_label("Name", exact=True).fill("Changed")
    submit(second)
    expect(first.get_by_text("Not stored yet.")).to_be_visible()
    app.context.set_offline(False)

    finished(first)
    finished(second)
    [session] = sessions(ann)
    assert (session["name"], session["tally"]["items_logged"]) == ("Changed", 1)


def test_a_browser_without_room_says_that_the_page_must_stay_open(
    open_app: OpenApp, user: NewUser
) -> None:
    ann = user("ann")
    app = open_app(ann)
    page = app.open("/")
    fill_quota(page)
    page = app.open("/log")
    fill_by_hand(page)
    expect(page.get_by_text("This browser cannot keep what you enter.")).to_be_visible()
    app.context.set_offline(True)
    submit(page)
    expect(page.get_by_text("Keep this page open until then.")).to_be_visible()
    app.context.set_offline(False)

    finished(page)
    [session] = sessions(ann)
    assert session["name"] == "Rehearsal"
