"""A checklist session at work, on this device, on another one, and without network."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from local.api import User, found
from local.examples import GUITAR_TEMPLATE, theory_template
from tests.conftest import NewUser
from tests.e2e.web.conftest import OpenApp
from tests.e2e.web.storage import fill_quota, keep, kept
from tests.support.practice_client import Practising

QUIZ = [
    {
        "question_id": "capital",
        "prompt": "What is the capital of Portugal?",
        "choices": [{"id": "a", "text": "Lisbon"}, {"id": "b", "text": "Porto"}],
        "answer": "a",
    },
    {"question_id": "river", "prompt": "Which river is there?", "answer": "Tagus"},
]


def start(student: User, **fields: Any) -> str:
    response = student.call("start_session", fields)
    assert response.ok, response.text
    session_id: str = response.json()["session"]["session_id"]
    return session_id


def start_guitar(student: User) -> str:
    data = {"sections": GUITAR_TEMPLATE["template_data"]["sections"], "total_duration_minutes": 60}
    return start(student, name="Guitar", session_data=data)


def stored(student: User, session_id: str) -> dict[str, Any]:
    return student.read(f"practice_sessions/{session_id}")


def log(student: User, session_id: str) -> list[dict[str, Any]]:
    items = student.query(
        {"from": [{"collectionId": "items"}], "orderBy": [{"field": {"fieldPath": "index"}}]},
        parent=f"/practice_sessions/{session_id}",
    )
    return found(items)


def now_at(page: Page, name: str) -> None:
    heading = page.get_by_role("region", name="Now").get_by_role("heading", name=name)
    expect(heading).to_be_visible()


def saved(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text=re.compile("^Saved$"))).to_be_visible()


def notes_of(session: dict[str, Any]) -> list[str]:
    return [e.get("notes") for s in session["session_data"]["sections"] for e in s["exercises"]]


def require_stored_as_practised(ann: User, session_id: str, waited_ms: int, most_ms: float) -> None:
    """`waited_ms`: on the first step, at least; `most_ms`: on all steps together."""
    session = stored(ann, session_id)
    data = session["session_data"]
    assert (session["status"], data["notes"]) == ("completed", "More time for legato")
    assert (data["focus_score"], data["energy_level"], data["actual_duration_minutes"]) == (
        8,
        7,
        55,
    )
    assert data["sections"][0]["actual_duration_minutes"] == 12
    assert notes_of(session)[0] == "Felt good today"
    items = log(ann, session_id)
    assert [(i["node_id"], i["grade"], i["completed"]) for i in items] == [
        ("Chromatic scales", "good", True),
        ("Finger stretches", "easy", True),
        ("Legato runs", None, True),
        ("Crazy Train intro", "again", False),
    ]
    durations = [item["duration_ms"] for item in items]
    assert durations[0] >= waited_ms, durations
    assert all(duration > 0 for duration in durations), durations
    assert sum(durations) <= most_ms, durations


def test_a_session_is_practised_to_its_summary(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    session_id = start_guitar(ann)
    app = open_app(ann)
    opened_at = time.monotonic()
    page = app.open(f"/session/{session_id}")

    now_at(page, "Chromatic scales")
    expect(page.get_by_role("timer", name="Time on Chromatic scales")).to_contain_text("0:02")
    expect(page.get_by_text("Up and down the neck, all strings")).to_be_visible()
    page.get_by_label("Notes on Chromatic scales").fill("Felt good today")
    page.get_by_role("button", name="Good").click()
    now_at(page, "Finger stretches")
    expect(page.get_by_role("heading", name="Finger stretches")).to_be_focused()
    page.keyboard.press("4")
    now_at(page, "Alternate picking")
    page.get_by_role("button", name="Skip for now").click()
    now_at(page, "Legato runs")
    page.get_by_role("button", name="Done, without a grade").click()
    now_at(page, "Crazy Train intro")
    page.get_by_role("button", name="Again", exact=True).click()
    now_at(page, "Alternate picking")
    practised_ms = (time.monotonic() - opened_at) * 1_000
    saved(page)
    app.screenshot("session-work")
    assert app.overflow() == []
    assert app.violations() == []

    page.get_by_label("Notes on the session").fill("More time for legato")
    page.get_by_role("button", name="Finish", exact=True).click()
    dialog = page.get_by_role("dialog", name="Finish the session")
    expect(dialog.get_by_text("2 steps are not done")).to_be_visible()
    dialog.get_by_role("group", name="Focus").get_by_label("8", exact=True).check(force=True)
    dialog.get_by_role("group", name="Energy").get_by_label("7", exact=True).check(force=True)
    dialog.get_by_label("Warm-up: minutes").fill("twelve")
    dialog.get_by_role("button", name="Finish").click()
    expect(dialog.get_by_text("Please enter a number.")).to_be_visible()
    expect(dialog.get_by_label("Warm-up: minutes")).to_be_focused()
    dialog.get_by_label("Warm-up: minutes").fill("12")
    dialog.get_by_label("Minutes in all").fill("55")
    app.screenshot("session-finish")
    assert app.violations() == []
    dialog.get_by_role("button", name="Finish").click()

    expect(page.get_by_text("The session is finished.")).to_be_visible()
    expect(page.get_by_text("3 of 5", exact=True)).to_be_visible()
    app.screenshot("session-summary")
    assert app.overflow() == []
    assert app.violations() == []
    page.reload()
    expect(page.get_by_role("heading", name="Summary")).to_be_visible()

    require_stored_as_practised(ann, session_id, 2_000, practised_ms)


def test_a_reload_keeps_the_timer_the_notes_and_the_place(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    session_id = start_guitar(ann)
    page = open_app(ann).open(f"/session/{session_id}")
    page.get_by_role("button", name="Legato runs").click()
    page.get_by_label("Notes on Legato runs").fill("typed just before the reload")
    expect(page.get_by_role("timer", name="Time", exact=True)).to_contain_text("0:02")
    page.get_by_role("button", name="Pause").click()
    page.reload()

    now_at(page, "Legato runs")
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    expect(page.get_by_role("timer", name="Time", exact=True)).to_contain_text("0:02")
    expect(page.get_by_label("Notes on Legato runs")).to_have_value("typed just before the reload")
    saved(page)
    assert notes_of(stored(ann, session_id))[3] == "typed just before the reload"


def test_what_is_done_without_network_is_sent_once_when_it_is_back(
    open_app: OpenApp, user: NewUser
) -> None:
    ann = user("ann")
    session_id = start_guitar(ann)
    app = open_app(ann, phone=True)
    page = app.open(f"/session/{session_id}")
    now_at(page, "Chromatic scales")
    app.context.set_offline(True)
    page.get_by_role("button", name="Good").click()
    now_at(page, "Finger stretches")
    page.get_by_role("button", name="Hard").click()
    now_at(page, "Alternate picking")
    page.get_by_label("Notes on Alternate picking").fill("in the tunnel")
    expect(page.get_by_text("Not saved yet, will be sent when the network is back")).to_be_visible()
    app.screenshot("session-offline")
    assert app.overflow() == []
    assert log(ann, session_id) == []

    app.context.set_offline(False)
    saved(page)
    assert [i["grade"] for i in log(ann, session_id)] == ["good", "hard"]
    assert notes_of(stored(ann, session_id))[2] == "in the tunnel"
    page.reload()
    saved(page)
    assert len(log(ann, session_id)) == 2


def test_a_lost_reply_does_not_report_an_item_twice(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    session_id = start_guitar(ann)
    page = open_app(ann).open(f"/session/{session_id}")
    now_at(page, "Chromatic scales")
    lost: list[int] = []

    def lose_reply(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/update_progress", lose_reply)
    page.get_by_role("button", name="Good").click()
    now_at(page, "Finger stretches")
    saved(page)

    assert lost == [200]
    assert len(log(ann, session_id)) == 1


def test_notes_of_two_devices_are_merged(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    session_id = start_guitar(ann)
    app = open_app(ann)
    page = app.open(f"/session/{session_id}")
    now_at(page, "Chromatic scales")
    sections = stored(ann, session_id)["session_data"]["sections"]
    sections[0]["exercises"][0]["notes"] = "From the phone"
    sections[0]["exercises"][1]["notes"] = "Also from the phone"
    data = {"sections": sections, "notes": "Phone"}
    ann.call("update_progress", {"session_id": session_id, "session_data": data})

    page.get_by_label("Notes on Chromatic scales").fill("From the laptop")
    page.get_by_label("Notes on the session").fill("Laptop")
    saved(page)

    both = "From the laptop\nFrom the phone"
    expect(page.get_by_label("Notes on Chromatic scales")).to_have_value(both)
    session = stored(ann, session_id)
    assert notes_of(session)[:2] == [both, "Also from the phone"]
    assert session["session_data"]["notes"] == "Laptop\nPhone"


def test_a_session_that_ended_elsewhere_says_so_and_keeps_what_was_typed(
    open_app: OpenApp, user: NewUser
) -> None:
    ann = user("ann")
    session_id = start_guitar(ann)
    app = open_app(ann, phone=True, theme="dark")
    page = app.open(f"/session/{session_id}")
    now_at(page, "Chromatic scales")
    ann.call("complete_session", {"session_id": session_id, "focus_score": 5})
    page.get_by_label("Notes on Chromatic scales").fill("too late")

    expect(page.get_by_text("was finished on another device")).to_be_visible()
    expect(page.get_by_label("Notes on Chromatic scales")).to_have_value("too late")
    app.screenshot("session-ended-elsewhere")
    assert app.overflow() == []
    assert app.violations() == []
    page.reload()
    expect(page.get_by_label("Notes on Chromatic scales")).to_have_value("too late")
    page.get_by_role("button", name="I have what I need").click()
    expect(page.get_by_label("Notes on Chromatic scales")).to_have_count(0)
    assert kept(page) == []


def test_finishing_without_network_waits_for_it(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    session_id = start_guitar(ann)
    app = open_app(ann)
    page = app.open(f"/session/{session_id}")
    now_at(page, "Chromatic scales")
    page.get_by_role("button", name="Good").click()
    saved(page)
    app.context.set_offline(True)
    page.get_by_role("button", name="Finish", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Notes on the session").fill("At the end")
    dialog.get_by_role("button", name="Finish").click()
    expect(page.get_by_text("as soon as the network is back")).to_be_visible()
    assert stored(ann, session_id)["status"] == "active"

    app.context.set_offline(False)
    expect(page.get_by_text("The session is finished.")).to_be_visible()
    assert stored(ann, session_id)["session_data"]["notes"] == "At the end"
    assert kept(page) == []


def test_a_session_is_discarded_after_a_question(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    session_id = start_guitar(ann)
    page = open_app(ann).open(f"/session/{session_id}")
    page.get_by_role("button", name="Finish", exact=True).click()
    page.get_by_label("Minutes in all").fill("12")
    page.get_by_role("dialog").get_by_role("button", name="Go on practising").click()
    page.get_by_role("button", name="Discard the session").click()
    page.get_by_role("button", name="Keep it").click()
    assert stored(ann, session_id)["status"] == "active"
    page.get_by_role("button", name="Discard the session").click()
    page.get_by_role("dialog").get_by_role("button", name="Discard the session").click()

    expect(page.get_by_text("The session is discarded.")).to_be_visible()
    assert stored(ann, session_id)["end_reason"] == "discarded"
    assert kept(page) == []


@pytest.mark.parametrize("reload", [False, True])
def test_a_quiz_is_answered_with_a_self_report(
    open_app: OpenApp, user: NewUser, reload: bool
) -> None:
    ann = user("ann")
    session_id = start(ann, name="Cities", session_data={"questions": QUIZ})
    app = open_app(ann, phone=True)
    page = app.open(f"/session/{session_id}")

    now_at(page, "Question 1")
    now = page.get_by_role("region", name="Now")
    expect(now.get_by_text("What is the capital of Portugal?")).to_be_visible()
    page.get_by_label("Your answer").fill("Lisbon")
    if reload:
        page.reload()
        expect(page.get_by_label("Your answer")).to_have_value("Lisbon")
    page.get_by_text("Show the answer").click()
    app.screenshot("session-quiz")
    assert app.overflow() == []
    assert app.violations() == []
    page.get_by_role("button", name="I was right").click()
    if reload:
        saved(page)
        page.reload()
    now_at(page, "Question 2")
    page.get_by_role("button", name="I was wrong").click()
    expect(page.get_by_text("Everything is done. Finish the session")).to_be_visible()
    saved(page)

    answers = [(i["node_id"], i["correct"], i["answer"]) for i in log(ann, session_id)]
    assert answers == [("capital", True, "Lisbon"), ("river", False, None)]


def test_the_session_of_another_person_and_an_unknown_one(open_app: OpenApp, user: NewUser) -> None:
    session_id = start_guitar(user("ann"))
    page = open_app(user("bob")).open(f"/session/{session_id}")
    expect(page.get_by_role("alert")).to_contain_text("not here, or not for you")


def test_infinite_practice_leads_to_its_page(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    created = ann.call("create_template", theory_template()).json()["template"]
    template_id = created["template_id"]
    practising = Practising(ann, {"source_data": ann.read(f"session_templates/{template_id}")})
    practising.turn()
    session_id = practising.start()["session"]["session_id"]
    app = open_app(ann)
    page = app.open(f"/session/{session_id}")
    expect(page).to_have_url(f"{app.url}/practice/{template_id}")


def test_a_teacher_is_led_to_the_details(open_app: OpenApp, user: NewUser) -> None:
    ann, tom = user("ann"), user("tom", teacher=True)
    body = {**GUITAR_TEMPLATE, "student_ids": [ann.uid]}
    template_id = tom.call("create_template", body).json()["template"]["template_id"]
    session_id = start(ann, template_id=template_id)
    app = open_app(tom)
    page = app.open(f"/session/{session_id}")
    expect(page).to_have_url(f"{app.url}/sessions/{session_id}")
    expect(page.get_by_text("Assigned")).to_be_visible()


def test_two_tabs_of_one_browser_show_the_same(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    session_id = start_guitar(ann)
    app = open_app(ann)
    first = app.open(f"/session/{session_id}")
    now_at(first, "Chromatic scales")
    second = app.context.new_page()
    second.goto(f"/session/{session_id}")
    now_at(second, "Chromatic scales")
    app.context.set_offline(True)
    first.get_by_role("button", name="Good").click()
    second.get_by_label("Notes on the session").fill("From the second tab")
    expect(second.get_by_text("1 of 5 done")).to_be_visible()
    expect(first.get_by_label("Notes on the session")).to_have_value("From the second tab")
    app.context.set_offline(False)
    saved(first)
    saved(second)

    assert len(log(ann, session_id)) == 1
    assert stored(ann, session_id)["session_data"]["notes"] == "From the second tab"


def test_nothing_of_a_session_is_left_after_signing_out(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    page = open_app(ann).open(f"/session/{start_guitar(ann)}")
    now_at(page, "Chromatic scales")
    page.get_by_label("Notes on the session").fill("private")
    saved(page)
    press_sign_out(page)
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    assert kept(page) == []


def press_sign_out(page: Page) -> None:
    page.get_by_role("button", name="Account of Ann").click()
    page.get_by_role("menuitem", name="Sign out").click()


def test_signing_out_asks_where_work_is_not_stored_yet(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    session_id = start_guitar(ann)
    app = open_app(ann)
    page = app.open(f"/session/{session_id}")
    now_at(page, "Chromatic scales")
    page.route("**/update_progress", lambda route: route.abort())
    page.get_by_role("button", name="Good").click()
    press_sign_out(page)
    dialog = page.get_by_role("dialog", name="Sign out")
    expect(dialog).to_contain_text("what you did or typed in a practice session")
    app.screenshot("sign-out")
    assert app.violations() == []
    dialog.get_by_role("button", name="Stay").click()
    now_at(page, "Finger stretches")
    press_sign_out(page)
    page.unroute("**/update_progress")
    expect(dialog).to_contain_text("Everything is stored now.", timeout=60_000)
    assert len(log(ann, session_id)) == 1
    dialog.get_by_role("button", name="Stay").click()

    page.route("**/update_progress", lambda route: route.abort())
    page.get_by_role("button", name="Hard").click()
    now_at(page, "Alternate picking")
    press_sign_out(page)
    dialog.get_by_role("button", name="Sign out anyway").click()
    expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
    assert kept(page) == []
    assert len(log(ann, session_id)) == 1


def test_the_page_speaks_german_too(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    app = open_app(ann, language="de-DE", theme="dark")
    page = app.open(f"/session/{start_guitar(ann)}")
    expect(page.get_by_role("button", name="Leicht")).to_be_visible()
    app.screenshot("session-german")
    assert app.violations() == []


def test_the_sign_out_asks_in_german(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    app = open_app(ann, language="de-DE", theme="dark", phone=True)
    page = app.open(f"/session/{start_guitar(ann)}")
    page.route("**/update_progress", lambda route: route.abort())
    page.get_by_role("button", name="Leicht").click()
    page.get_by_role("button", name="Konto von Ann").click()
    page.get_by_role("menuitem", name="Abmelden").click()
    dialog = page.get_by_role("dialog", name="Abmelden")
    expect(dialog.get_by_role("button", name="Trotzdem abmelden")).to_be_visible()
    app.screenshot("sign-out-german")
    assert app.overflow() == []
    assert app.violations() == []
    dialog.get_by_role("button", name="Bleiben").click()
    expect(dialog).to_have_count(0)


def test_a_full_browser_loses_nothing_and_says_that_it_stores_nothing(
    open_app: OpenApp, user: NewUser
) -> None:
    ann = user("ann")
    session_id = start_guitar(ann)
    app = open_app(ann, phone=True)
    page = app.open("/")
    fill_quota(page)
    page = app.open(f"/session/{session_id}")
    now_at(page, "Chromatic scales")
    page.route("**/update_progress", lambda route: route.abort())
    page.get_by_role("button", name="Good").click()
    now_at(page, "Finger stretches")
    page.get_by_role("button", name="Easy").click()
    now_at(page, "Alternate picking")
    page.get_by_label("Notes on Alternate picking").fill("slow")
    warning = page.get_by_text("This browser cannot store what you do here.")
    expect(warning).to_be_visible()
    app.screenshot("session-full-browser")
    assert app.overflow() == []
    assert app.violations() == []
    warning.get_by_role("button", name="Close").click()
    expect(warning).to_have_count(0)
    page.get_by_role("button", name="Legato runs").click()
    page.get_by_role("button", name="Alternate picking").click()
    expect(page.get_by_label("Notes on Alternate picking")).to_have_value("slow")
    page.get_by_role("button", name="Finish", exact=True).click()
    page.get_by_label("Minutes in all").fill("12")
    page.get_by_role("dialog").get_by_role("button", name="Go on practising").click()
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(page.get_by_label("Minutes in all")).to_have_value("12")
    page.get_by_role("dialog").get_by_role("button", name="Finish").click()
    expect(page.get_by_text("Keep this page open until then.")).to_be_visible()
    expect(warning).to_have_count(0)
    page.unroute("**/update_progress")

    expect(page.get_by_text("The session is finished.")).to_be_visible(timeout=60_000)
    assert [i["grade"] for i in log(ann, session_id)] == ["good", "easy"]
    session = stored(ann, session_id)
    assert session["session_data"]["actual_duration_minutes"] == 12
    assert notes_of(session)[2] == "slow"


def test_a_report_that_is_refused_is_shown_and_holds_nothing_up(
    open_app: OpenApp, user: NewUser
) -> None:
    ann = user("ann")
    session_id = start_guitar(ann)
    app = open_app(ann)
    page = app.open("/")
    # As an app of another version would report it.
    bad = {"key": "k1", "item": {"node_id": "Legato runs", "grade": "good", "score": 7}}
    good = {"key": "k2", "item": {"node_id": "Finger stretches", "grade": "hard"}}
    keep(page, ann, f"session.{session_id}", {"reports": [bad, good]})
    page = app.open(f"/session/{session_id}")
    refused = page.get_by_role("region", name="This could not be stored")
    expect(refused.get_by_text("Legato runs: Good")).to_be_visible()
    saved(page)
    assert [i["grade"] for i in log(ann, session_id)] == ["hard"]
    app.screenshot("session-refused")
    assert app.violations() == []

    page.get_by_role("button", name="Finish", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Finish").click()
    expect(page.get_by_text("The session is finished.")).to_be_visible()
    page.reload()
    left = page.get_by_role("region", name="This could not be saved any more")
    expect(left.get_by_text("Legato runs: Good")).to_be_visible()
    left.get_by_role("button", name="I have what I need").click()
    expect(left).to_have_count(0)
    assert kept(page) == []


def test_edits_that_are_refused_do_not_hold_up_the_end(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    session_id = start_guitar(ann)
    app = open_app(ann, phone=True)
    page = app.open("/")
    edit = {"base": "", "text": "x" * 10_001}
    keep(page, ann, f"session.{session_id}", {"notes": {"": edit}})
    page = app.open(f"/session/{session_id}")
    expect(page.get_by_role("alert")).to_contain_text(
        "This was refused: String should have at most 10000 characters"
    )
    expect(page.get_by_label("Notes on the session")).to_have_value(edit["text"])
    page.get_by_role("button", name="Finish", exact=True).click()
    page.get_by_label("Warm-up: minutes").fill("9")
    page.get_by_role("dialog").get_by_role("button", name="Finish").click()

    expect(page.get_by_text("The session is finished.")).to_be_visible()
    left = page.get_by_role("region", name="This could not be saved any more")
    expect(left.get_by_label("Notes on the session")).to_have_value(edit["text"])
    expect(left.get_by_text("Warm-up: minutes: 9")).to_be_visible()
    app.screenshot("session-refused-edits")
    assert app.overflow() == []
    assert app.violations() == []


def test_what_is_entered_to_finish_survives_a_reload(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    session_id = start_guitar(ann)
    app = open_app(ann)
    page = app.open(f"/session/{session_id}")
    page.get_by_role("button", name="Finish", exact=True).click()
    dialog = page.get_by_role("dialog", name="Finish the session")
    focus = dialog.get_by_role("group", name="Focus").get_by_label("8", exact=True)
    focus.check(force=True)
    dialog.get_by_label("Warm-up: minutes").fill("12")
    dialog.get_by_label("Notes on the session").fill("Slower next time")
    page.reload()
    page.get_by_role("button", name="Finish", exact=True).click()
    expect(focus).to_be_checked()
    expect(dialog.get_by_label("Warm-up: minutes")).to_have_value("12")
    expect(dialog.get_by_label("Notes on the session")).to_have_value("Slower next time")
    dialog.get_by_role("button", name="Finish").click()

    expect(page.get_by_text("The session is finished.")).to_be_visible()
    data = stored(ann, session_id)["session_data"]
    assert (data["focus_score"], data["notes"]) == (8, "Slower next time")
    assert data["sections"][0]["actual_duration_minutes"] == 12
    assert kept(page) == []


def test_two_browsers_practise_one_session_and_both_finish_it(
    open_app: OpenApp, user: NewUser
) -> None:
    ann = user("ann")
    session_id = start_guitar(ann)
    laptop, phone = open_app(ann), open_app(ann, phone=True)
    here, there = (app.open(f"/session/{session_id}") for app in (laptop, phone))
    now_at(here, "Chromatic scales")
    now_at(there, "Chromatic scales")
    here.get_by_role("button", name="Good").click()
    now_at(here, "Finger stretches")
    saved(here)
    there.get_by_role("button", name="Finger stretches").click()
    there.get_by_role("button", name="Easy").click()
    saved(there)
    # Its reply has what the laptop reported.
    expect(there.get_by_text("2 of 5 done", exact=True).first).to_be_visible()
    now_at(there, "Alternate picking")
    there.get_by_label("Notes on the session").fill("From the phone")
    saved(there)
    here.get_by_label("Notes on the session").fill("From the laptop")
    saved(here)

    for page in (here, there):
        page.get_by_role("button", name="Finish", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Finish").click()
        expect(page.get_by_role("heading", name="Summary")).to_be_visible()
        expect(page.get_by_text("2 of 5", exact=True)).to_be_visible()
        assert kept(page) == []
    assert [i["grade"] for i in log(ann, session_id)] == ["good", "easy"]
    session = stored(ann, session_id)
    assert session["status"] == "completed"
    assert session["session_data"]["notes"] == "From the laptop\nFrom the phone"


def lose_replies(count: int) -> Any:
    """The first requests take effect, and their replies are lost."""
    calls: list[int] = []

    def handle(route: Route) -> None:
        calls.append(1)
        if len(calls) > count:
            route.continue_()
            return
        route.fetch()
        route.abort()

    return handle


def test_discarding_with_a_lost_reply_ends_well(open_app: OpenApp, user: NewUser) -> None:
    ann = user("ann")
    session_id = start_guitar(ann)
    page = open_app(ann).open(f"/session/{session_id}")
    page.route("**/complete_session", lose_replies(1))
    page.get_by_role("button", name="Discard the session").click()
    page.get_by_role("dialog").get_by_role("button", name="Discard the session").click()

    expect(page.get_by_text("The session is discarded.")).to_be_visible()
    expect(page.get_by_text("on another device")).to_have_count(0)
    assert kept(page) == []


def test_discarding_what_was_finished_elsewhere_shows_its_summary(
    open_app: OpenApp, user: NewUser
) -> None:
    ann = user("ann")
    session_id = start_guitar(ann)
    page = open_app(ann).open(f"/session/{session_id}")
    now_at(page, "Chromatic scales")
    page.get_by_role("button", name="Discard the session").click()
    ann.call("complete_session", {"session_id": session_id})
    page.get_by_role("dialog").get_by_role("button", name="Discard the session").click()

    expect(page.get_by_text("was finished on another device")).to_be_visible()
    expect(page.get_by_role("heading", name="Summary")).to_be_visible()
    assert stored(ann, session_id)["status"] == "completed"
    assert kept(page) == []


def test_an_answer_that_was_typed_when_the_quiz_ended_elsewhere_is_shown(
    open_app: OpenApp, user: NewUser
) -> None:
    ann = user("ann")
    session_id = start(ann, name="Cities", session_data={"questions": QUIZ})
    page = open_app(ann).open(f"/session/{session_id}")
    page.get_by_label("Your answer").fill("Lisbon")
    ann.call("complete_session", {"session_id": session_id})
    page.get_by_label("Notes on the session").fill("too late")
    for _ in range(2):
        expect(page.get_by_label("Your answer to capital")).to_have_value("Lisbon")
        page.reload()
    page.get_by_role("button", name="I have what I need").click()
    expect(page.get_by_label("Your answer to capital")).to_have_count(0)
    assert kept(page) == []
