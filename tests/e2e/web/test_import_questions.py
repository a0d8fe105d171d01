"""Questions of other systems in the builder of templates, in the same files as the command's."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from admin.content.items import SENTENCES
from tests.conftest import NewUser
from tests.e2e.web.builder import button, choose, field, save, saved_id, stored
from tests.e2e.web.conftest import OpenApp
from tests.support import content
from tests.support.content import damaged

FILES = "questions.gift questions.csv questions.moodle.xml questions.qti.xml qti21 qti22 qti30"
ON_A_PHONE = ("questions.moodle.xml", "qti22")
LABEL = "File with questions"


def begin_import(page: Page) -> Locator:
    field(page, "Name").fill("Imported")
    choose(page, "More actions", "Import questions")
    return page.get_by_role("dialog")


def file_of(name: str, folder: Path) -> Path:
    """The file, or the files of a package as a zip archive."""
    file = content.FOLDER / name
    if file.is_dir():
        file = folder / f"{name}.zip"
        file.write_bytes(content.package(name))
    return file


def report_of(items: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """The sentence of each note, beside its item. That an item can't be read is said otherwise."""
    return [
        (item["place"].removeprefix("line "), SENTENCES[code].format(detail))
        for item in items
        for code, detail in item["notes"]
        if code != "unreadable"
    ]


def shown_report(dialog: Locator) -> list[tuple[str, str]]:
    rows = dialog.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return [(cells[0], cells[-1]) for cells in rows]


@pytest.mark.parametrize("name", FILES.split())
def test_questions_come_from_a_file_as_the_command_reads_it(
    open_app: OpenApp, user: NewUser, tmp_path: Path, name: str
) -> None:
    teacher = user("tom", teacher=True)
    app = open_app(teacher, phone=name in ON_A_PHONE)
    page = app.open("/templates/new")
    dialog = begin_import(page)
    dialog.get_by_label(LABEL).set_input_files(file_of(name, tmp_path))
    items = content.expected(name)
    wanted = list(filter(content.is_taken, items))
    take = f"Add {len(wanted)} question{'s' if len(wanted) > 1 else ''}"
    expect(button(dialog, take)).to_be_visible()
    if places := {item["place"] for item in items if item not in wanted}:
        unit = "file" if name.startswith("qti") else "line"
        count = f"{len(places)} {unit}s have" if len(places) > 1 else f"1 {unit} has"
        expect(dialog.get_by_text(f"{count} problems.")).to_be_visible()
    if changed := sum(bool(item["notes"]) for item in wanted):
        expect(dialog.get_by_text(f"{changed} questions are taken with changes.")).to_be_visible()
    # A spreadsheet has columns, and sentences of its own for them.
    if name != "questions.csv":
        assert set(report_of(items)) <= set(shown_report(dialog))
    app.screenshot(f"builder-import-{name}")
    assert not app.violations()
    assert not app.overflow()
    button(dialog, take).press("Enter")
    expect(dialog).to_have_count(0)
    save(page)
    (section,) = stored(teacher, saved_id(page))["template_data"]["sections"]
    found = [(e["name"], q) for e in section["exercises"] for q in e["questions"]]
    made = [
        (
            exercise,
            {**question, **({} if "question_id" in item["question"] else {"question_id": ""})},
        )
        for (exercise, question), item in zip(found, wanted, strict=True)
    ]
    rest = name.removesuffix(".xml")
    assert made == [(i["exercise"] or rest, {"question_id": "", **i["question"]}) for i in wanted]


def test_a_package_that_can_not_be_read_says_why(open_app: OpenApp, user: NewUser) -> None:
    app = open_app(user("tom", teacher=True))
    page = app.open("/templates/new")
    dialog = begin_import(page)
    for package in damaged.packages():
        file = FilePayload(name="a.zip", mimeType="application/zip", buffer=package.data)
        dialog.get_by_label(LABEL).set_input_files(file)
        expect(dialog.get_by_text(package.shown), package.name).to_be_visible()
        expect(dialog.get_by_text("is being read")).to_have_count(0)
    assert not app.violations()


def test_the_reader_of_packages_is_loaded_with_the_first_of_them(
    open_app: OpenApp, user: NewUser, tmp_path: Path
) -> None:
    app = open_app(user("tom", teacher=True), language="de-DE")
    page = app.open("/templates/new")
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    field(page, "Name").fill("Neu")
    choose(page, "Weitere Aktionen", "Fragen importieren")
    dialog = page.get_by_role("dialog")
    choice = dialog.get_by_label("Datei mit Fragen")
    choice.set_input_files(content.FOLDER / "questions.moodle.xml")
    expect(dialog.get_by_text("bereit")).to_be_visible()
    assert not [url for url in loaded if "/assets/qti" in url]

    file = file_of("qti21", tmp_path)
    page.route("**/assets/qti*", lambda route: route.abort())
    choice.set_input_files(file)
    expect(dialog.get_by_text("ließ sich nicht laden")).to_be_visible()
    page.unroute("**/assets/qti*")
    choice.set_input_files(file)
    expect(dialog.get_by_text("4 Fragen sind bereit")).to_be_visible()
    expect(dialog.get_by_role("columnheader", name="Datei").first).to_be_visible()
    expect(dialog.get_by_role("row", name="../outside.xml Dem Paket fehlt")).to_be_visible()
    assert [url for url in loaded if "/assets/qti" in url]
    app.screenshot("builder-import-qti-german")


def test_the_same_package_again_adds_nothing(
    open_app: OpenApp, user: NewUser, tmp_path: Path
) -> None:
    app = open_app(user("tom", teacher=True))
    page = app.open("/templates/new")
    dialog = begin_import(page)
    file = file_of("qti30", tmp_path)
    dialog.get_by_label(LABEL).set_input_files(file)
    button(dialog, "Add 5 questions").click()
    choose(page, "More actions", "Import questions")
    dialog.get_by_label(LABEL).set_input_files(file)
    expect(dialog.get_by_text("6 files have problems.")).to_be_visible()
    expect(
        dialog.get_by_role("row", name="items/order.xml A question with the identifier")
    ).to_be_visible()
    expect(dialog.get_by_role("button", name="Add")).to_have_count(0)
