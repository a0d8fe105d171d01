"""Classes as teachers and students meet them: the code, the link, the roster, leaving."""

import re

import pytest
from playwright.sync_api import Page, expect

from local.api import User
from tests.conftest import NewUser
from tests.e2e.web.app import PASSWORD, App
from tests.e2e.web.conftest import NewAccount, OpenApp
from tests.integration.functions.classes.people import changed, joined, taught

CODE = re.compile(r"^[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{4}$")


def made_by_hand(page: Page, name: str, *, places: int = 2) -> str:
    """Creates a class on the page of classes. Returns its code."""
    page.get_by_role("button", name="New class").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of the class").fill(name)
    dialog.get_by_label("Places for students").fill(str(places))
    dialog.get_by_role("button", name="New class").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    code = page.get_by_text(CODE).first
    expect(code).to_be_visible()
    return code.inner_text()


def check(app: App, name: str) -> None:
    assert not app.violations()
    assert not app.overflow()
    app.screenshot(name)


@pytest.mark.parametrize("phone", [False, True])
def test_a_teacher_shows_a_code_and_a_student_joins_with_it(
    open_app: OpenApp, teacher: User, student: User, phone: bool
) -> None:
    device = "phone" if phone else "laptop"
    app = open_app(teacher, phone=phone)
    page = app.open("/classes")
    expect(page.get_by_text("You teach no class yet.")).to_be_visible()
    check(app, f"classes-none-{device}")
    code = made_by_hand(page, "Guitar, Tuesdays")
    expect(page.get_by_text("Nobody has joined yet.")).to_be_visible()
    expect(page.get_by_role("img", name=f"the code {code}")).to_be_visible()
    check(app, f"class-empty-{device}")
    page.get_by_role("button", name="Show large").click()
    expect(page.get_by_role("dialog").get_by_text(code)).to_be_visible()
    check(app, f"class-code-{device}")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    of_student = open_app(student, phone=True)
    theirs = of_student.open("/classes")
    expect(theirs.get_by_text("You are in no class.")).to_be_visible()
    theirs.get_by_label("Join a class").fill(code.lower())
    theirs.keyboard.press("Enter")
    theirs.get_by_label("Your name").fill("Sam Park")
    check(of_student, f"class-join-{device}")
    theirs.get_by_role("button", name="Join", exact=True).click()
    expect(theirs.get_by_role("heading", name="Guitar, Tuesdays", level=1)).to_be_visible()
    expect(theirs.get_by_text("You are in this class.")).to_be_visible()
    check(of_student, f"class-attended-{device}")
    theirs = of_student.open("/classes")
    expect(theirs.get_by_role("link", name="Guitar, Tuesdays")).to_be_visible()

    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_role("rowheader", name="Sam Park")).to_be_visible()
    check(app, f"class-roster-{device}")
    page.get_by_role("button", name="Remove Sam Park").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Nobody has joined yet.")).to_be_visible()
    theirs = of_student.open("/classes")
    expect(theirs.get_by_text("You are in no class.")).to_be_visible()
    assert not app.errors


def test_a_link_leads_through_signing_in_to_the_class(
    open_app: OpenApp, teacher: User, student: User, new_account: NewAccount
) -> None:
    of = taught(teacher)
    email = new_account(student)
    app = open_app(None, phone=True)
    page = app.open(f"/join/{of['join']['code']}")
    expect(page).to_have_url(re.compile(r"/sign-in\?next=%2Fjoin%2F"))
    page.get_by_role("textbox", name="E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Join a class", level=1)).to_be_visible()
    shown = f"{of['join']['code'][:3]}-{of['join']['code'][3:]}"
    expect(page.get_by_label("Code")).to_have_value(shown)
    page.get_by_label("Your name").fill("Sam")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Guitar, Tuesdays", level=1)).to_be_visible()


def test_a_wrong_code_and_ones_own_class_say_what_to_do(
    open_app: OpenApp, teacher: User, student: User
) -> None:
    of = taught(teacher)
    app = open_app(student, phone=True)
    page = app.open("/join/0000000")
    # It is that of the account at first.
    page.get_by_label("Your name").clear()
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.get_by_text("Please fill in this field.")).to_be_visible()
    page.get_by_label("Your name").fill("Sam")
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("ask your teacher for a new code")
    check(app, "class-wrong-code")
    # The browser reports the refusal as an error of the page.
    app.errors.clear()

    app = open_app(teacher)
    page = app.open(f"/join/{of['join']['code']}")
    page.get_by_label("Your name").fill("Me")
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("You teach this class")
    app.errors.clear()


def test_a_teacher_changes_rotates_and_archives_a_class(
    open_app: OpenApp, teacher: User, student: User, user: NewUser
) -> None:
    of, other = taught(teacher), user("other", teacher=True)
    joined(student, of, name="Sam")
    app = open_app(teacher)
    page = app.open(f"/classes/{of['class']['class_id']}")
    page.get_by_role("button", name="Change").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of the class").fill("Lute")
    dialog.get_by_label("Students see each other's names").check()
    dialog.get_by_label("Co-teachers").fill(other.uid)
    check(app, "class-change")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Lute", level=1)).to_be_visible()
    assert other.read(f"classes/{of['class']['class_id']}")["shows_roster"] is True

    before = page.get_by_text(CODE).first.inner_text()
    page.get_by_role("button", name="New code").click()
    page.get_by_role("dialog").get_by_role("button", name="New code").click()
    expect(page.get_by_text(before, exact=True)).to_have_count(0)
    expect(page.get_by_text(CODE).first).to_be_visible()

    page.get_by_role("button", name="Change").click()
    page.get_by_role("dialog").get_by_role("button", name="Switch the code off").click()
    expect(page.get_by_text("The class has no code.")).to_be_visible()
    page.get_by_role("button", name="Make a code").click()
    expect(page.get_by_text(CODE).first).to_be_visible()

    page.get_by_role("button", name="Archive").click()
    page.get_by_role("dialog").get_by_role("button", name="Archive").click()
    expect(page.get_by_text("This class is archived.")).to_be_visible()
    check(app, "class-archived")
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("The class has no code.")).to_be_visible()
    assert not app.errors


def test_a_student_sees_the_others_where_the_teacher_chose_so_and_leaves(
    open_app: OpenApp, teacher: User, student: User, user: NewUser
) -> None:
    of = taught(teacher)
    joined(student, of, name="Sam")
    joined(user("other"), of, name="Ann")
    app = open_app(student, phone=True)
    page = app.open(f"/classes/{of['class']['class_id']}")
    expect(page.get_by_text("You are in this class.")).to_be_visible()
    expect(page.get_by_text("Ann")).to_have_count(0)
    changed(teacher, of, shows_roster=True)
    page = app.open(f"/classes/{of['class']['class_id']}")
    expect(page.get_by_role("rowheader", name="Ann")).to_be_visible()
    expect(page.get_by_role("button", name="Remove Ann")).to_have_count(0)
    check(app, "class-of-student-with-roster")

    page.get_by_role("button", name="Leave the class").click()
    page.get_by_role("dialog").get_by_role("button", name="Leave the class").click()
    expect(page.get_by_role("heading", name="Classes", level=1)).to_be_visible()
    expect(page.get_by_text("You are in no class.")).to_be_visible()


def test_a_class_of_others_is_not_shown(open_app: OpenApp, teacher: User, student: User) -> None:
    of = taught(teacher)
    app = open_app(student)
    page = app.open(f"/classes/{of['class']['class_id']}")
    expect(page.get_by_role("alert")).to_contain_text("This is not here, or not for you.")
    assert not app.violations()
    app.errors.clear()


def test_a_student_without_network_joins_when_it_is_back(
    open_app: OpenApp, teacher: User, student: User
) -> None:
    of = taught(teacher)
    app = open_app(student, phone=True)
    page = app.open(f"/join/{of['join']['code']}")
    page.get_by_label("Your name").fill("Sam")
    app.context.set_offline(True)
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("There is no connection.")
    check(app, "class-join-offline")
    app.context.set_offline(False)
    expect(page.get_by_role("heading", name="Guitar, Tuesdays", level=1)).to_be_visible()
    app.errors.clear()
