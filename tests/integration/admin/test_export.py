"""An export has all data stored about a person as of one instant, or no file exists."""

import json
import re
import stat
import tracemalloc
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import pytest

from admin import export as command
from admin.exporter import BIG_PAGE, PersonalDataExporter
from shared.firestore.assignments import assigned_path
from shared.firestore.database import Database
from shared.firestore.documents import class_assignment_path
from shared.firestore.personal_data import PersonalData
from tests.integration.admin.command import on_a_terminal
from tests.integration.admin.conftest import Admin
from tests.integration.admin.identity import Identity
from tests.integration.admin.school import (
    COUNTS,
    SAM,
    SUE,
    all_documents,
    create_school,
    paths_that_name,
)
from tests.integration.admin.test_erasure import active_session, add_items
from tests.support.firestore.world import TEACHER, Documents, World

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")


def exported(path: Path) -> dict[str, Any]:
    export: dict[str, Any] = json.loads(path.read_text())
    return export


def without(fields: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}


def documents_of(export: dict[str, Any]) -> dict[str, Any]:
    """The documents as stored, by path, rebuilt from the file alone."""
    uid, found = export["uid"], _plain_documents_of(export)
    if export["student"]:
        found[f"students/{uid}"] = without(export["student"], "student_id")
    for session in export["sessions"]:
        found |= documents_of_session(session)
    for template in export["templates"]:
        path = f"session_templates/{template['template_id']}"
        found[path] = without(template, "template_id", "source", "student_ids")
        if template["source"]:
            found[f"{path}/private/source"] = template["source"]
    return found


def documents_of_session(session: dict[str, Any]) -> dict[str, Any]:
    path = f"practice_sessions/{session['session_id']}"
    found = {path: without(session, "session_id", "items", "turns", "state")}
    if session["state"]:
        found[f"{path}/state/current"] = session["state"]
    for kind, id_field in (("items", "item_id"), ("turns", "turn_id")):
        for below in session.get(kind, []):
            found[f"{path}/{kind}/{below[id_field]}"] = without(below, id_field)
    return found


def _plain_documents_of(export: dict[str, Any]) -> dict[str, Any]:
    """The documents that are listed as they are stored, with their ids as fields."""
    student = f"students/{export['uid']}"
    lists = {
        "skills": (f"{student}/skills", "skill_id"),
        "packs": (f"{student}/packs", "pack_id"),
        "named_as_student_in": (f"{student}/assigned_templates", "template_id"),
        "reports": ("question_reports", "report_id"),
        "locks": ("active_sessions", "lock_id"),
        "idempotency": ("idempotency", "record_id"),
        "limits": ("limits", "limit_id"),
    }
    members = {
        f"classes/{entry['class_id']}/members/{entry['student_id']}": entry
        for entry in export["memberships"]
    }
    for row in export["rows"]:
        path = f"classes/{row['class_id']}"
        members[f"{path}/rows/{row['student_id']}"] = without(row, "live")
        members[f"{path}/live/{row['student_id']}"] = row["live"]
    for entry in export["grade_changes"]:
        path = f"classes/{entry['class_id']}/audit/{entry['entry_id']}"
        members[path] = without(entry, "entry_id")
    return members | {
        f"{collection}/{entry[name]}": without(entry, name)
        for listed, (collection, name) in lists.items()
        for entry in export[listed]
    }


def in_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value.replace(tzinfo=None).isoformat()}Z"
    if isinstance(value, dict):
        return {name: in_json(inner) for name, inner in value.items()}
    return [in_json(inner) for inner in value] if isinstance(value, list) else value


def own(world: World, uid: str, shared: set[str]) -> Documents:
    return {
        path: in_json(fields)
        for path, fields in world.documents().items()
        if path in paths_that_name(world, uid) - shared
    }


def test_the_file_holds_every_document_of_the_person_whole(
    world: World, admin: Admin, tmp_path: Path
) -> None:
    made = create_school(world)
    before = all_documents(world)
    result = admin("export", SAM, "-o", str(tmp_path)).result
    assert all_documents(world) == before
    export = exported(tmp_path / f"{SAM}.json")
    shared = {assigned_path(made[name]) for name in ("routine", "sums")}
    shared.add(class_assignment_path(made["class"], made["assignment"]))
    assert documents_of(export) == own(world, SAM, shared)
    assert export["counts"] == result["counts"]
    assert result["counts"] == COUNTS
    assert result["file"] == str(tmp_path / f"{SAM}.json")
    assert (export["schema_version"], export["project"]) == (1, world.client.project)


def test_a_teachers_classes_are_exported_with_their_codes_and_without_the_students(
    world: World, admin: Admin, tmp_path: Path
) -> None:
    made = create_school(world)
    both = {"class_id": made["class"], "teacher_ids": [TEACHER, "teacher-2"]}
    world.call("update_class", both, by=TEACHER)
    for uid in (TEACHER, "teacher-2"):
        admin("export", uid, "-o", str(tmp_path / f"{uid}.json"))
    export = exported(tmp_path / f"{TEACHER}.json")
    (own_class,) = export["classes"]
    assert (own_class["class_id"], own_class["name"]) == (made["class"], "Guitar")
    assert own_class["join"]["code"] == made["code"]
    assert "Name of" not in str(export["classes"])
    co_taught = exported(tmp_path / "teacher-2.json")
    assert (co_taught["classes"], co_taught["memberships"]) == ([], [])
    (named,) = co_taught["teacher_of"]
    assert named["owner_id"] == TEACHER
    assert "teacher_ids" not in named


def test_other_documents_that_name_the_person_are_listed_without_other_peoples_names(
    world: World, admin: Admin, tmp_path: Path
) -> None:
    made = create_school(world)
    admin("export", SAM, "-o", str(tmp_path / "sam.json"))
    export = exported(tmp_path / "sam.json")
    assert {named["template_id"] for named in export["named_as_student_in"]} == {
        made["routine"],
        made["sums"],
    }
    assert all(named["owner_id"] == TEACHER for named in export["named_as_student_in"])
    (named,) = export["named_in_assignments"]
    assert named.keys() == {"assignment_id", "class_id", "title", "created_at"}
    assert SUE not in (tmp_path / "sam.json").read_text()
    admin("export", TEACHER, "-o", str(tmp_path / "teacher.json"))
    of_teacher = exported(tmp_path / "teacher.json")
    taught = of_teacher["named_as_teacher_in"]
    assert len(taught) == 6
    assert all(
        named.keys() == {"session_id", "name", "template_id", "started_at"} for named in taught
    )
    changed = of_teacher["changed_grades"]
    assert len(changed) == 2
    assert all(c.keys() == {"entry_id", "class_id", "assignment_id", "at"} for c in changed)


def test_instants_are_iso_8601_in_utc(world: World, admin: Admin, tmp_path: Path) -> None:
    create_school(world)
    admin("export", SAM, "-o", str(tmp_path))
    export = exported(tmp_path / f"{SAM}.json")
    instants = [
        value
        for document in documents_of(export).values()
        for name, value in document.items()
        if name.endswith("_at") and value is not None
    ]
    assert len(instants) > 20
    assert all(INSTANT.fullmatch(instant) for instant in [*instants, export["as_of"]])


def test_an_unknown_person_is_a_failure_and_leaves_no_file(
    world: World, admin: Admin, tmp_path: Path
) -> None:
    create_school(world)
    ran = admin("export", "nobody", "-o", str(tmp_path))
    assert (ran.code, ran.out) == (1, "")
    assert "Nothing is stored about nobody" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_replaced_only_with_an_explicit_option(
    world: World, admin: Admin, tmp_path: Path
) -> None:
    create_school(world)
    file = tmp_path / "sam.json"
    file.write_text("mine")
    assert admin("export", SAM, "-o", str(file)).code == 1
    assert file.read_text() == "mine"
    assert admin("export", SAM, "-o", str(file), "--force").code == 0
    assert exported(file)["uid"] == SAM


def test_only_the_owner_may_read_the_file(world: World, admin: Admin, tmp_path: Path) -> None:
    create_school(world)
    admin("export", SAM, "-o", str(tmp_path))
    assert stat.S_IMODE((tmp_path / f"{SAM}.json").stat().st_mode) == 0o600


def test_a_folder_that_is_named_with_a_slash_is_made(
    world: World, admin: Admin, tmp_path: Path
) -> None:
    create_school(world)
    result = admin("export", SAM, "-o", f"{tmp_path}/made/exports/").result
    assert result["file"] == str(tmp_path / "made" / "exports" / f"{SAM}.json")


def test_a_missing_folder_is_a_failure(world: World, admin: Admin, tmp_path: Path) -> None:
    create_school(world)
    ran = admin("export", SAM, "-o", str(tmp_path / "missing" / "sam.json"))
    assert (ran.code, ran.out) == (1, "")
    assert "FileNotFoundError" in ran.err


@pytest.mark.parametrize("error", [KeyboardInterrupt, ConnectionError])
def test_a_partial_export_never_has_the_name_of_a_complete_one(
    tmp_path: Path, error: type[BaseException]
) -> None:
    file = tmp_path / "sam.json"
    file.write_text("the last one")

    def fail_midway(out: IO[str]) -> None:
        out.write("{")
        out.flush()
        raise error

    with pytest.raises(error), command.atomic_file(file) as out:
        fail_midway(out)
    assert file.read_text() == "the last one"
    assert list(tmp_path.iterdir()) == [file]


def test_concurrent_writes_are_not_in_the_export(world: World, tmp_path: Path) -> None:
    made = create_school(world)
    session_id = active_session(world)
    before = own(world, SAM, set())
    changes = iter(
        [
            lambda: add_items(world, session_id, 5),
            lambda: world.client.document(f"practice_sessions/{session_id}").delete(),
            lambda: world.client.document("idempotency/new").set({"uid": SAM}),
        ]
    )

    def write_concurrently() -> None:
        next(changes, lambda: None)()

    with (tmp_path / "sam.json").open("w") as out:
        PersonalDataExporter(
            PersonalData(Database(world.client), SAM), out, on_document=write_concurrently
        ).write(about={}, account=None)
    found = documents_of(exported(tmp_path / "sam.json"))
    others = ("/private/assigned", f"/assignments/{made['assignment']}")
    assert found == {p: f for p, f in before.items() if not p.endswith(others)}
    assert len(found) > 20


def test_memory_is_bounded_by_a_page(world: World, tmp_path: Path) -> None:
    big = "x" * 250_000
    count = 6 * BIG_PAGE
    for n in range(count):
        session = {"student_id": SAM, "notes": big, "template_id": None}
        world.client.document(f"practice_sessions/big-{n}").set(session)
    with (tmp_path / "sam.json").open("w") as out:
        export = PersonalDataExporter(PersonalData(Database(world.client), SAM), out)
        tracemalloc.start()
        export.write(about={}, account=None)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert (tmp_path / "sam.json").stat().st_size > count * len(big)
    assert peak < 3 * BIG_PAGE * len(big)


def test_two_thousand_items_are_exported_in_order_of_their_ids(
    world: World, admin: Admin, tmp_path: Path
) -> None:
    create_school(world)
    session_id = active_session(world)
    add_items(world, session_id, 2_000)
    assert admin("export", SAM, "-o", str(tmp_path)).result["counts"]["items"] == 2_009
    (session,) = [
        s for s in exported(tmp_path / f"{SAM}.json")["sessions"] if s["session_id"] == session_id
    ]
    extra = [item["item_id"] for item in session["items"] if item["item_id"].startswith("extra")]
    assert extra == [f"extra-{n:05}" for n in range(2_000)]


def test_the_account_is_exported_on_request(
    world: World, admin: Admin, identity: Identity, tmp_path: Path
) -> None:
    identity.add(SAM, email="sam@school.example", role="teacher")
    where = {"FIREBASE_AUTH_EMULATOR_HOST": identity.host}
    admin("export", SAM, "-o", str(tmp_path), "--auth-account", **where)
    account = exported(tmp_path / f"{SAM}.json")["account"]
    assert (account["email"], account["claims"]) == ("sam@school.example", {"role": "teacher"})
    assert identity.methods == ["lookup"]


def test_an_id_that_is_not_a_valid_file_name_gets_another_name(
    world: World, admin: Admin, tmp_path: Path
) -> None:
    uid = "sam of: <class 5>?"
    world.client.document(f"students/{uid}").set({"xp_total": 1})
    file = Path(admin("export", uid, "-o", str(tmp_path)).result["file"])
    assert re.fullmatch(r"[0-9a-f]{40}\.json", file.name)
    assert exported(file)["student"] == {"student_id": uid, "xp_total": 1}


def test_progress_is_shown_on_a_terminal(world: World, env: dict[str, str], tmp_path: Path) -> None:
    create_school(world)
    ran = on_a_terminal("export", SAM, "-o", str(tmp_path), env=env)
    assert ran.code == 0, ran.out
    assert "22/22" in ran.out
    assert f"Exported {SAM}" in ran.out
