"""`erase` as an operator runs it: counted, confirmed, interrupted, run again."""

import signal
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from admin import erase as command
from admin.errors import CommandFailed
from admin.throttle import WriteThrottle
from shared.firestore.database import Database
from shared.firestore.erasure import Erasure
from shared.firestore.personal_data import DataKind, PersonalData
from testkit.faults.plans import COMMIT
from tests.integration.admin.command import on_a_terminal, run, start
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
from tests.support.firestore.world import TEACHER, World

MANY = 2_000
SLOWLY = ("--writes-per-second", "300")


def test_a_dry_run_writes_nothing_and_counts_the_documents_that_erasing_deletes(
    world: World, admin: Admin
) -> None:
    create_school(world)
    before = all_documents(world)
    dry = admin("erase", SAM, "--dry-run").result
    assert all_documents(world) == before
    assert (dry["dry_run"], dry["found"], dry["teaches"]) == (True, COUNTS, False)
    done = admin("erase", SAM).result
    assert (done["erased"], done["left"], done["auth_account"]) == (COUNTS, 0, "kept")
    assert done["project"] == world.client.project
    assert paths_that_name(world, SAM) == set()
    assert paths_that_name(world, SUE) != set()


def test_erasing_again_succeeds(world: World, admin: Admin) -> None:
    create_school(world)
    admin("erase", SAM)
    again = admin("erase", SAM).result
    assert set(again["erased"].values()) == {0}
    assert again["passes"] == 1


def test_the_project_is_named_before_anything_else(world: World, admin: Admin) -> None:
    ran = admin("erase", SAM)
    assert ran.err.startswith(f"Project {world.client.project} (emulator at ")


@pytest.fixture
def half_erased(world: World, env: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """A command interrupted among a student's 2,000 items."""
    create_school(world)
    session_id = active_session(world)
    add_items(world, session_id, MANY)
    items = world.client.collection(f"practice_sessions/{session_id}/items").count()
    with start("erase", SAM, *SLOWLY, env=env) as process:
        try:
            while (left := int(items.get()[0][0].value)) > MANY - 400:
                assert process.poll() is None
            assert left > 0
            yield process
        finally:
            process.kill()


def test_a_killed_erasure_continues_when_run_again(
    half_erased: "subprocess.Popen[str]", world: World, admin: Admin
) -> None:
    half_erased.kill()
    half_erased.communicate(timeout=30)
    assert half_erased.returncode == -signal.SIGKILL
    of_sue, stored = paths_that_name(world, SUE), all_documents(world)
    sues = {path: stored[path] for path in of_sue}
    left = paths_that_name(world, SAM)
    assert len(left) > 400
    done = admin("erase", SAM, "--writes-per-second", "100000").result
    # The lists of two templates change with the student's own documents about them, and the work
    # of the moment goes with its row, the state with its session.
    assert sum(done["erased"].values()) >= len(left) - 1 - 2 - 1 - 1
    assert paths_that_name(world, SAM) == set()
    now = all_documents(world)
    shared = {path for path in sues if SAM.encode() in sues[path]}
    assert len(shared) == 3
    assert {path for path in sues if now[path] != sues[path]} == shared


def test_ctrl_c_during_an_erasure_prints_how_to_continue(
    half_erased: "subprocess.Popen[str]", world: World, admin: Admin
) -> None:
    half_erased.send_signal(signal.SIGINT)
    out, err = half_erased.communicate(timeout=30)
    assert (half_erased.returncode, out) == (130, "")
    assert "Run the same command again to continue." in err
    assert paths_that_name(world, SAM) != set()
    assert admin("erase", SAM, "--writes-per-second", "100000").code == 0
    assert paths_that_name(world, SAM) == set()


def test_writes_respect_the_rate_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    slept: list[float] = []
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    monkeypatch.setattr("time.sleep", slept.append)
    pace = WriteThrottle(200)
    pace.wait(100)
    clock[0] += 0.5
    pace.wait(50)
    clock[0] += 10
    pace.wait(20)
    assert slept == pytest.approx([0.5, 0.25, 0.1])


def test_a_teacher_is_erased_only_with_an_explicit_option(world: World, admin: Admin) -> None:
    create_school(world)
    before = all_documents(world)
    ran = admin("erase", TEACHER)
    assert (ran.code, ran.out) == (1, "")
    assert "--teacher" in ran.err
    assert all_documents(world) == before
    erased = admin("erase", TEACHER, "--teacher").result["erased"]
    assert (erased["templates"], erased["taught"]) == (2, 6)


def test_a_person_who_keeps_writing_is_reported(world: World) -> None:
    data = PersonalData(Database(world.client), SAM)
    numbers = iter(range(10_000))

    def write() -> None:
        record = world.client.document(f"idempotency/{next(numbers)}")
        record.set({"uid": SAM})

    write()
    # Another record is written before each commit of the erasure, and before each such write.
    world.channel.before(COMMIT, *(action for _ in range(40) for action in (write, lambda: None)))
    with pytest.raises(CommandFailed, match="still active"):
        command.erase_in_passes(Erasure(data), SAM, 1, 10**9)
    world.channel.clear_faults()
    erased, passes = command.erase_in_passes(Erasure(data), SAM, 1, 10**9)
    assert (erased[DataKind.IDEMPOTENCY] > 0, passes) == (True, 2)


def test_an_account_is_closed_before_and_deleted_after(
    world: World, admin: Admin, identity: Identity
) -> None:
    create_school(world)
    identity.add(SAM)
    identity.add(SUE)
    done = admin("erase", SAM, "--auth-account", FIREBASE_AUTH_EMULATOR_HOST=identity.host).result
    assert done["auth_account"] == "deleted"
    assert set(identity.accounts) == {SUE}
    changes = [(m, body.get("disableUser")) for m, body in identity.calls if m != "lookup"]
    assert changes == [("update", True), ("update", None), ("delete", None)]


def test_an_erasure_cut_off_before_its_last_step_deletes_the_account_when_run_again(
    world: World, admin: Admin, identity: Identity
) -> None:
    create_school(world)
    admin("erase", SAM)
    identity.add(SAM)
    identity.accounts[SAM]["disabled"] = True
    where = {"FIREBASE_AUTH_EMULATOR_HOST": identity.host}
    assert admin("erase", SAM, "--auth-account", **where).result["auth_account"] == "deleted"
    assert admin("erase", SAM, "--auth-account", **where).result["auth_account"] == "none"


def test_progress_is_shown_on_a_terminal(world: World, env: dict[str, str]) -> None:
    create_school(world)
    ran = on_a_terminal("erase", SAM, env=env)
    assert ran.code == 0, ran.out
    assert "Erasing (and 9 items)" in ran.out
    assert "22/22" in ran.out
    assert f"Erased {SAM}" in ran.out
    assert "│ erased sessions" in ran.out


@pytest.mark.parametrize("arguments", [("erase", SAM), ("cleanup",)])
def test_a_real_project_needs_yes_without_a_terminal(arguments: tuple[str, ...]) -> None:
    ran = run(*arguments, env={"GOOGLE_CLOUD_PROJECT": "school"})
    assert (ran.code, ran.out) == (2, "")
    assert "--yes" in ran.err


@pytest.mark.parametrize("uid", ["a/b", "..", "__x__", ""])
def test_an_invalid_user_id_is_a_wrong_command_line(admin: Admin, uid: Any) -> None:
    ran = admin("erase", uid)
    assert (ran.code, ran.out) == (2, "")


def test_a_database_that_does_not_answer_is_reported_as_a_failure(admin: Admin) -> None:
    ran = admin("erase", SAM, FIRESTORE_EMULATOR_HOST="127.0.0.1:1")
    assert (ran.code, ran.out) == (1, "")
    assert "Firestore does not answer" in ran.err
