"""What an older version stored is brought into the present form, in a run that may be repeated:
students are moved out of templates, and the state of ended sessions is dropped.
"""

from typing import Any

import pytest

from shared.firestore.assignments import assigned_path, assignment_path
from shared.firestore.database import Database
from shared.firestore.migration import TemplateMigration
from shared.firestore.session_migration import SessionMigration
from testkit.faults.plans import COMMIT
from tests.integration.admin.command import on_a_terminal
from tests.integration.admin.conftest import Admin
from tests.integration.admin.school import SAM, SUE, all_documents
from tests.support.firestore.practice import begin, form, practised, started, template
from tests.support.firestore.scenes import TEMPLATE
from tests.support.firestore.world import TEACHER, World, answer


def store_before(world: World, *student_ids: str, **changes: Any) -> str:
    """A template as the version before stored it. Returns its id."""
    body = {**TEMPLATE, "student_ids": [], "visibility": "public", **changes}
    template: dict[str, Any] = answer(world.call("create_template", body, by=TEACHER))["template"]
    path = f"session_templates/{template['template_id']}"
    world.client.document(path).update({"student_ids": list(student_ids)})
    return str(template["template_id"])


def is_migrated(world: World, template_id: str, *students: str) -> bool:
    """Whether exactly these students have the template, and it does not name them."""
    template = world.read(f"session_templates/{template_id}")
    listed = world.read(assigned_path(template_id))["student_ids"]
    have = [uid for uid in (SAM, SUE) if assignment_path(uid, template_id) in world.documents()]
    return "student_ids" not in template and listed == have == list(students)


def test_the_students_of_every_template_are_moved(world: World, admin: Admin) -> None:
    both, one = store_before(world, SAM, SUE), store_before(world, SUE, root_id="goal")
    none = store_before(world)
    before = world.read(f"session_templates/{one}")

    result = admin("migrate").result

    assert (result["templates"], result["students"], result["already_migrated"]) == (3, 3, 0)
    assert is_migrated(world, both, SAM, SUE)
    assert is_migrated(world, one, SUE)
    assert "student_ids" not in world.read(f"session_templates/{none}")
    del before["student_ids"]
    assert world.read(f"session_templates/{one}") == before
    assert world.read(assignment_path(SUE, one)) == {
        "schema_version": 1,
        "owner_id": TEACHER,
        "name": "Guitar",
        "root_id": "goal",
        "subject": "Music",
        "topic": None,
        "grade_level": None,
        "archived_at": None,
        "assigned_at": before["updated_at"],
    }


def test_a_second_run_changes_nothing(world: World, admin: Admin) -> None:
    store_before(world, SAM)
    admin("migrate")
    before = all_documents(world)
    result = admin("migrate").result
    assert (result["templates"], result["already_migrated"]) == (0, 1)
    assert all_documents(world) == before


def test_a_dry_run_counts_and_changes_nothing(world: World, admin: Admin) -> None:
    store_before(world, SAM, SUE)
    before = all_documents(world)
    result = admin("migrate", "--dry-run").result
    assert (result["dry_run"], result["templates"], result["students"]) == (True, 1, 2)
    assert all_documents(world) == before


def test_an_interrupted_run_is_continued_by_the_next_one(world: World) -> None:
    templates = [store_before(world, SAM), store_before(world, SUE), store_before(world, SAM, SUE)]
    migration = TemplateMigration(Database(world.client))
    assert next(migration.run()) == 1
    left = [t for t in templates if "student_ids" in world.read(f"session_templates/{t}")]
    assert len(left) == 2
    assert list(migration.run()) == [None, 1, 2]
    assert is_migrated(world, templates[2], SAM, SUE)


def test_a_commit_whose_reply_is_lost_moves_a_template_once(world: World) -> None:
    template_id = store_before(world, SAM)
    world.channel.lose(COMMIT)
    assert list(TemplateMigration(Database(world.client)).run()) == [1]
    assert is_migrated(world, template_id, SAM)


def test_a_change_by_the_owner_in_the_meantime_is_preserved(world: World) -> None:
    template_id = store_before(world, SAM)
    change = {"template_id": template_id, "version": 1, "name": "Lute", "student_ids": [SAM, SUE]}
    world.channel.before(COMMIT, lambda: world.call("update_template", change, by=TEACHER))
    list(TemplateMigration(Database(world.client)).run())
    assert is_migrated(world, template_id, SAM, SUE)
    assert world.read(assignment_path(SUE, template_id))["name"] == "Lute"


@pytest.mark.parametrize("change", [{"name": "Lute"}, {"description": "x"}])
def test_a_template_that_its_owner_changes_is_moved_as_well(
    world: World, change: dict[str, Any]
) -> None:
    template_id = store_before(world, SAM, SUE)
    body = {"template_id": template_id, "version": 1, **change}
    template = answer(world.call("update_template", body, by=TEACHER))["template"]
    assert template["student_ids"] == [SAM, SUE]
    assert is_migrated(world, template_id, SAM, SUE)


def test_a_student_starts_from_a_template_before_and_after(world: World) -> None:
    template_id = store_before(world, SAM, visibility="assigned")
    sessions = []
    for _ in range(2):
        body = {"template_id": template_id, "timezone": "UTC"}
        session = answer(world.call("start_session", body, by=SAM))["session"]
        sessions.append(session)
        world.call("complete_session", {"session_id": session["session_id"]}, by=SAM)
        list(TemplateMigration(Database(world.client)).run())
    assert [(s["origin"], s["teacher_id"]) for s in sessions] == [("assigned", TEACHER)] * 2


def practice_before(world: World, session_id: str, *, ended: bool) -> str:
    """Infinite practice as the version before stored it, with its state. Returns its path."""
    player = begin(world, template(world), session_id=session_id)
    path = f"practice_sessions/{started(world, player)}"
    state = form(world, practised(player).practice)
    if ended:
        answer(world.call("complete_session", {"session_id": session_id, "stored_session": state}))
    world.client.document(path).update({"stored_session": state})
    return path


def test_the_state_of_ended_sessions_is_dropped_and_that_of_active_ones_is_kept(
    world: World, admin: Admin
) -> None:
    ended = [practice_before(world, f"ended-{n}", ended=True) for n in range(2)]
    practice_before(world, "active", ended=False)
    before = world.documents()
    assert admin("migrate", "--dry-run").result["ended_sessions"] == 2
    assert world.documents() == before

    assert admin("migrate").result["ended_sessions"] == 2

    for path in ended:
        del before[path]["stored_session"]
    assert world.documents() == before
    assert admin("migrate").result["ended_sessions"] == 0
    assert world.documents() == before


def test_a_commit_whose_reply_is_lost_drops_states_once(world: World) -> None:
    path = practice_before(world, "ended", ended=True)
    world.channel.lose(COMMIT)
    assert list(SessionMigration(Database(world.client)).run()) == [True]
    assert "stored_session" not in world.read(path)


def test_a_session_that_is_erased_in_the_meantime_stays_erased(world: World) -> None:
    paths = [practice_before(world, f"ended-{n}", ended=True) for n in range(2)]
    world.channel.before(COMMIT, lambda: world.client.document(paths[0]).delete())
    assert list(SessionMigration(Database(world.client)).run()) == [True, True]
    assert paths[0] not in world.documents()
    assert "stored_session" not in world.read(paths[1])


def test_progress_is_shown_on_a_terminal(world: World, env: dict[str, str]) -> None:
    store_before(world, SAM)
    ran = on_a_terminal("migrate", env=env)
    assert ran.code == 0
    assert "Templates" in ran.out
    assert "1/1" in ran.out
    assert "Sessions" in ran.out


def test_a_real_project_needs_yes_without_a_terminal(admin: Admin) -> None:
    ran = admin("migrate", GOOGLE_CLOUD_PROJECT="school", FIRESTORE_EMULATOR_HOST="")
    assert (ran.code, ran.out) == (2, "")
