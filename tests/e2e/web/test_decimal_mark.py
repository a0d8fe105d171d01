"""The decimal mark of a template: set in its details, and used by its questions."""

import pytest
from playwright.sync_api import expect

from local.api import User
from tests.e2e.web.builder import begin_question, begin_section, button, field, save, saved_id
from tests.e2e.web.conftest import OpenApp
from tests.e2e.web.test_practice import begin, has_verdicts, press_answer


@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
def test_questions_without_a_mark_have_that_of_their_template(
    open_app: OpenApp, teacher: User, phone: bool
) -> None:
    app = open_app(teacher, phone=phone)
    page = app.open("/templates/new")
    field(page, "Name").fill("Prices")
    button(page, "More details").click()
    page.get_by_label("Decimal mark of numbers").select_option("Comma (1.234,5)")
    assert app.violations() == app.overflow() == []
    app.screenshot("builder-decimal-mark")
    begin_section(page, "All")
    dialog = begin_question(page, "Sums")
    field(dialog, "Question").fill("How much is it together?")
    dialog.get_by_role("combobox", name="Kind").select_option("numeric")
    field(dialog, "Answer").fill("1.234")
    expect(dialog.get_by_label("Decimal mark")).to_have_value("")
    assert app.violations() == app.overflow() == []
    button(dialog, "Done").click()
    save(page)
    template_id = saved_id(page)
    stored = teacher.read(f"session_templates/{template_id}/private/source")["template_data"]
    assert stored["decimal_mark"] == ","
    assert "decimal_mark" not in stored["sections"][0]["exercises"][0]["questions"][0]

    page = begin(app, template_id)
    page.get_by_role("textbox").fill("1234,0")
    press_answer(page)

    has_verdicts(page, "right")
