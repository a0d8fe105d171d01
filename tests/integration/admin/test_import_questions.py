"""Importing and exporting questions, against the emulator and the functions."""

import csv
import os
import shlex
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from local.api import User
from local.emulator import RULES, Emulator
from local.stack import Stack, free_port, start_functions
from tests.integration.admin.command import CommandResult, on_a_terminal, run, start
from tests.integration.admin.conftest import Admin
from tests.integration.admin.school import all_documents
from tests.support import content
from tests.support.answers import ok
from tests.support.documents import example
from tests.support.firestore.world import World

KEY = Fernet.generate_key().decode()
GIFT = str(content.FOLDER / "questions.gift")
NEW = ("--owner", "tina", "--name", "Intervals")


@pytest.fixture
def bring(admin: Admin) -> Any:
    """Runs import-questions with the functions' keys."""
    return lambda *arguments: admin("import-questions", *arguments, PRACTICE_SEAL_KEYS=KEY)


def template_ids(world: World) -> list[str]:
    return [
        path.removeprefix("session_templates/")
        for path in world.documents()
        if path.startswith("session_templates/") and path.count("/") == 1
    ]


def counts(result: dict[str, Any]) -> dict[str, int]:
    names = ("taken", "changed", "replaced", "present", "kept", "refused")
    return {name: result[name] for name in names if result[name]}


@pytest.mark.parametrize(
    "name", ["questions.gift", "questions.csv", "questions.moodle.xml", "qti21", "qti22", "qti30"]
)
def test_a_file_becomes_a_template_and_again_nothing_is_added(
    world: World, bring: Any, tmp_path: Path, name: str
) -> None:
    file = content.FOLDER / name
    if file.is_dir():
        file = tmp_path / f"{name}.zip"
        file.write_bytes(content.package(name))
    read = content.expected(name)
    first = bring(str(file), *NEW).result
    taken = sum(map(content.is_taken, read))
    assert first["taken"] + first["changed"] == taken
    assert first["refused"] == len(read) - taken
    assert [item["place"] for item in first["items"]] == [item["place"] for item in read]
    assert all(item["notes"] for item in first["items"] if item["outcome"] != "taken")
    assert first["templates"] == template_ids(world)
    stored = all_documents(world)
    again = bring(str(file), *NEW).result
    assert counts(again) == {"present": taken, "refused": first["refused"]}
    assert (again["templates"], all_documents(world)) == ([], stored)


def test_a_dry_run_reports_the_same_and_stores_nothing(world: World, admin: Admin) -> None:
    tried = admin("import-questions", GIFT, *NEW, "--dry-run").result
    assert (tried["dry_run"], tried["templates"], all_documents(world)) == (True, [], {})
    done = admin("import-questions", GIFT, *NEW, PRACTICE_SEAL_KEYS=KEY).result
    assert done["items"] == tried["items"]


def test_strict_imports_all_or_nothing(world: World, bring: Any) -> None:
    ran = bring(GIFT, *NEW, "--strict")
    assert (ran.code, all_documents(world)) == (1, {})
    assert "nothing was imported (--strict)" in ran.err
    assert '"outcome": "refused"' in ran.out


@pytest.fixture
def stack(world: World, emulator: Emulator) -> Iterator[Stack]:
    """The functions of the project, with the same keys."""
    project = str(world.client.project)
    emulator.load_rules(project, RULES.read_text())
    with start_functions(
        emulator,
        port=free_port(),
        project_id=project,
        quiet=True,
        environment={"PRACTICE_SEAL_KEYS": KEY},
    ) as running:
        yield running


def test_questions_join_the_bank_of_a_template_and_are_practised(
    world: World, bring: Any, stack: Stack
) -> None:
    teacher = User(stack, "tina", teacher=True)
    there = {"sections": [{"name": "A", "exercises": [{"id": "e1", "name": "Warm-up"}]}]}
    created = ok(teacher.call("create_template", {"name": "Scales", "template_data": there}), 201)
    template_id = created["template"]["template_id"]
    result = bring(GIFT, "--template", template_id, "--section", "More").result
    assert result["templates"] == [template_id]
    template = world.documents()[f"session_templates/{template_id}"]
    names = [section["name"] for section in template["template_data"]["sections"]]
    assert (template["version"], template["name"], names) == (2, "Scales", ["A", "More"])
    assert "'answer'" not in str(template["template_data"])
    source = teacher.get(f"session_templates/{template_id}").json()
    turn = ok(teacher.call("practice_turn", {"session_context": {"source_data": source}}))
    assert turn["session_context"]["stored_session"]["template_id"] == template_id


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        ((GIFT,), 2, "--template, or a new one with --owner and --name"),
        ((GIFT, "--template", "t", "--name", "n"), 2, "are those of a new template"),
        ((GIFT, "--owner", "a/b", "--name", "n"), 2, "is not a user id"),
        ((GIFT, "--owner", "a", "--name", "n\n"), 2, "--name"),
        ((GIFT, "--template", "a/b"), 2, "is not the id of a template"),
        ((GIFT, *NEW, "--section", ""), 2, "--section"),
        ((GIFT, "--template", "missing"), 1, "no template missing"),
        ((GIFT, *NEW, "--format", "moodle"), 1, "not well-formed"),
        (("no-such-file.gift", *NEW), 2, "does not exist"),
        ((str(content.FOLDER / "__init__.py"), *NEW), 1, "--format"),
    ],
)
def test_a_wrong_request_is_refused_and_stores_nothing(
    world: World, bring: Any, arguments: tuple[str, ...], code: int, reason: str
) -> None:
    ran: CommandResult = bring(*arguments)
    assert (ran.code, ran.out) == (code, "")
    # A terminal's width may break a line.
    assert reason in " ".join(ran.err.replace("│", " ").split())
    assert "Traceback" not in ran.err
    assert all_documents(world) == {}


def test_without_the_functions_keys_nothing_is_imported(world: World, admin: Admin) -> None:
    ran = admin("import-questions", GIFT, *NEW)
    assert (ran.code, ran.out) == (2, "")
    assert "PRACTICE_SEAL_KEYS must hold the keys" in ran.err
    assert all_documents(world) == {}


def long_file(folder: Path, questions: int) -> Path:
    file = folder / "long.gift"
    file.write_text("\n\n".join(f"{n}? {'x' * 9_000} {{=yes}}" for n in range(questions)))
    return file


def test_a_long_file_becomes_several_templates_and_fits_into_no_single_one(
    world: World, bring: Any, tmp_path: Path
) -> None:
    file = long_file(tmp_path, 30)
    result = bring(str(file), *NEW).result
    documents = world.documents()
    names = [documents[f"session_templates/{id_}"]["name"] for id_ in result["templates"]]
    assert names == ["Intervals", "Intervals (2)"]
    other = bring(GIFT, "--owner", "tina", "--name", "One").result["templates"][0]
    stored = all_documents(world)
    ran = bring(str(file), "--template", other)
    assert (ran.code, all_documents(world)) == (1, stored)
    assert "do not fit" in ran.err


def test_ctrl_c_leaves_whole_templates_and_the_same_command_completes_them(
    world: World, bring: Any, env: dict[str, str], tmp_path: Path
) -> None:
    file = long_file(tmp_path, 400)
    command = ("import-questions", str(file), *NEW)
    process = start(*command, env={**env, "PRACTICE_SEAL_KEYS": KEY})
    deadline = time.monotonic() + 60
    while process.poll() is None and not template_ids(world) and time.monotonic() < deadline:
        os.sched_yield()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode in (0, 130), err
    begun = template_ids(world)
    assert begun
    sources = {path for path in world.documents() if path.endswith("/private/source")}
    assert len(sources) == len(begun)
    result = bring(*command[1:]).result
    assert counts(result)["present"] + result["taken"] == 400
    done = bring(*command[1:]).result
    assert counts(done) == {"present": 400}


def test_what_was_imported_is_exported_and_comes_back(
    world: World, bring: Any, admin: Admin, tmp_path: Path
) -> None:
    (template_id,) = bring(GIFT, *NEW).result["templates"]
    for ending in ("csv", "gift"):
        file = tmp_path / f"questions.{ending}"
        exported = admin("export-questions", template_id, "--output", str(file)).result
        expected = list(filter(content.is_taken, content.expected("questions.gift")))
        assert exported["questions"] == len(expected)
        assert (exported["changed"], exported["refused"]) == ([], [])
        assert file.stat().st_mode & 0o077 == 0
        again = bring(str(file), "--template", template_id).result
        assert counts(again) == {"present": len(expected)}


def test_what_a_format_can_not_hold_is_named(
    world: World, bring: Any, admin: Admin, tmp_path: Path
) -> None:
    source = str(content.FOLDER / "questions.csv")
    (template_id,) = bring(source, *NEW).result["templates"]
    file = tmp_path / "out.gift"
    exported = admin("export-questions", template_id, "-o", str(file)).result
    lost = {line["question_id"]: line["left_out"] for line in exported["changed"]}
    assert lost["third-1"] == ["difficulty", "hints"]
    assert ["kind", "rubric"] in lost.values()
    assert [line["reason"] for line in exported["refused"]] == [
        "GIFT has only decimal numbers, and not 1/2"
    ]
    ran = admin("export-questions", template_id, "-o", str(file))
    assert (ran.code, ran.out) == (1, "")
    assert "--force" in ran.err
    whole = tmp_path / "out"
    csv_file = admin(
        "export-questions", template_id, "-o", str(whole), "--format", "csv", "--force"
    ).result
    with whole.open(encoding="utf-8-sig", newline="") as lines:
        assert len(list(csv.DictReader(lines))) == csv_file["questions"] == 7


@pytest.mark.parametrize(
    ("arguments", "code", "reason"),
    [
        (("missing", "-o", "out.csv"), 1, "no template missing"),
        (("a/b", "-o", "out.csv"), 2, "is not the id of a template"),
        (("missing", "-o", "out.xml"), 2, "does not say its format"),
    ],
)
def test_an_export_that_can_not_be_made_writes_no_file(
    admin: Admin, tmp_path: Path, arguments: tuple[str, ...], code: int, reason: str
) -> None:
    template_id, option, name = arguments
    ran = admin("export-questions", template_id, option, str(tmp_path / name))
    assert (ran.code, list(tmp_path.iterdir())) == (code, [])
    assert reason in ran.err


def test_the_commands_work_as_printed(world: World, env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "bank.gift").write_bytes(content.data("questions.gift"))
    (tmp_path / "more.csv").write_bytes(content.data("questions.csv"))
    results: list[dict[str, Any]] = []
    for printed in example("docs/content.md", "sh").splitlines():
        program, *words = shlex.split(printed)
        assert (program, words[:2]) == (".venv/bin/python", ["-m", "admin"])
        project, ids = str(world.client.project), template_ids(world)
        found = {"my-school": project, "TEMPLATE_ID": ids[0] if ids else ""}
        found |= {name: str(tmp_path / name) for name in ("bank.gift", "more.csv", "bank.csv")}
        arguments = [found.get(word, word) for word in words[2:]]
        results.append(run(*arguments, env={**env, "PRACTICE_SEAL_KEYS": KEY}).result)
    tried, done, more, exported = results
    assert tried["items"] == done["items"]
    assert done["templates"] == more["templates"] == [exported["template_id"]]
    assert exported["questions"] == sum(r["taken"] + r["changed"] for r in (done, more))
    assert (tmp_path / "bank.csv").exists()


def test_on_a_terminal_the_items_with_notes_are_a_table(env: dict[str, str]) -> None:
    ran = on_a_terminal("import-questions", GIFT, *NEW, "--dry-run", env=env)
    assert ran.code == 0
    assert "Would be imported" in ran.out
    assert "line 12" not in ran.out  # taken as it is
    assert "line 43 · refused · This is only a text." in " ".join(ran.out.split())
