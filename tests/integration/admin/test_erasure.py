"""The order of an erasure leaves no orphans after any interruption or concurrent write."""

from itertools import islice
from typing import Any

import pytest

from shared.domain.classes.join_code import shard_of
from shared.domain.common.errors import SessionNotFound
from shared.domain.practice.whole_bank import question_ids_by_exercise
from shared.firestore.assignments import assigned_path, assignment_path
from shared.firestore.database import Database
from shared.firestore.documents import (
    class_assignment_path,
    frozen_template_path,
    place_path,
    row_path,
)
from shared.firestore.erasure import BATCH, ErasedCounts, Erasure
from shared.firestore.personal_data import DataKind, PersonalData
from testkit.faults.plans import COMMIT
from tests.integration.admin.school import SAM, SUE, all_documents, create_school, paths_that_name
from tests.support.firestore.fixtures import NewWorld
from tests.support.firestore.scenes import ITEMS
from tests.support.firestore.world import TEACHER, World, answer


def person(world: World, uid: str = SAM) -> PersonalData:
    return PersonalData(Database(world.client), uid)


def erase(world: World, uid: str = SAM) -> ErasedCounts:
    """Runs all passes and returns the sum of their steps."""
    total = ErasedCounts()
    while found := sum(Erasure(person(world, uid)).run_pass(), ErasedCounts()):
        total += found
    return total


def active_session(world: World, uid: str = SAM) -> str:
    return next(
        path.rpartition("/")[2]
        for path, fields in world.documents().items()
        if fields.get("student_id") == uid
        and fields.get("status") == "active"
        and fields.get("template_id")
        and fields["mode"] == "checklist"
    )


def check_nothing_is_orphaned(world: World) -> None:
    """Each item, state and lock has its session, each source its template."""
    documents = world.documents()
    parents = {path.rsplit("/", 2)[0] for path in documents if path.count("/") == 3}
    assert {p for p in parents if not p.startswith("students/")} <= documents.keys()
    active = [
        (fields["student_id"], fields["template_id"])
        for path, fields in documents.items()
        if path.startswith("practice_sessions/")
        and path.count("/") == 1
        and fields["status"] == "active"
        and fields["template_id"]
        and fields["mode"] != "assignment"
    ]
    assert len(active) == len(set(active))
    locked = {f["session_id"] for p, f in documents.items() if p.startswith("active_sessions/")}
    assert {f"practice_sessions/{session_id}" for session_id in locked} <= documents.keys()


def test_the_school_has_documents_of_every_kind_for_a_person(world: World) -> None:
    """The tests below prove little otherwise."""
    create_school(world)
    counts = person(world).counts()
    assert counts == {
        DataKind.SESSIONS: 6,
        DataKind.LOCKS: 2,
        DataKind.SKILLS: 1,
        DataKind.PACKS: 1,
        DataKind.REPORTS: 1,
        DataKind.STUDENT: 1,
        DataKind.IDEMPOTENCY: 3,
        DataKind.LIMITS: 0,
        DataKind.TEMPLATES: 1,
        DataKind.ASSIGNED: 2,
        DataKind.NAMED_IN_TEMPLATES: 0,
        DataKind.TAUGHT: 0,
        DataKind.REPORTED_TO: 0,
        DataKind.MEMBERSHIPS: 1,
        DataKind.CLASSES: 0,
        DataKind.TEACHER_OF: 0,
        DataKind.ROWS: 1,
        DataKind.GRADE_CHANGES: 1,
        DataKind.CHANGED_GRADES: 0,
        DataKind.NAMED_IN_ASSIGNMENTS: 1,
    }
    of_sessions = list(person(world).count_of_sessions())
    assert sorted(found[DataKind.ITEMS] for found in of_sessions) == [0, 0, 0, 2, 2, 5]
    assert sum(found[DataKind.TURNS] for found in of_sessions) == 1


def test_no_document_that_names_the_person_remains(world: World) -> None:
    create_school(world)
    # The kinds of the step below; the last are a template's source, the states of three sessions,
    # the lists of the students of two templates, and what the class shows of the work.
    kinds = (6, 9, 1, 2, 1, 1, 1, 1, 3, 1, 2, 1, 1, 1, 1)
    assert len(paths_that_name(world, SAM)) == sum(kinds) + 1 + 3 + 2 + 1
    erased = erase(world)
    assert paths_that_name(world, SAM) == set()
    assert erased == ErasedCounts(
        sessions=6,
        items=9,
        turns=1,
        locks=2,
        skills=1,
        packs=1,
        reports=1,
        student=1,
        idempotency=3,
        templates=1,
        assigned=2,
        memberships=1,
        rows=1,
        grade_changes=1,
        named_in_assignments=1,
    )
    assert set(person(world).counts().values()) == {0}


def test_documents_of_all_others_stay_byte_for_byte(world: World) -> None:
    made = create_school(world)
    before = all_documents(world)
    sams = paths_that_name(world, SAM)
    erase(world)
    after = all_documents(world)
    changed = {assigned_path(made[name]) for name in ("routine", "sums")}
    changed.add(place_path(made["code"], shard_of(SAM)))
    changed.add(class_assignment_path(made["class"], made["assignment"]))
    assert after.keys() == (before.keys() - sams) | changed
    assert {path for path in after if after[path] != before[path]} == changed
    assert paths_that_name(world, SUE) <= after.keys()


def test_only_the_name_is_removed_from_the_students_of_a_template(world: World) -> None:
    path = assigned_path(create_school(world)["sums"])
    before = world.read(path)
    erase(world)
    assert world.read(path) == {**before, "student_ids": [SUE]}


def test_a_template_stored_before_loses_the_name_as_well(world: World) -> None:
    path = f"session_templates/{create_school(world)['sums']}"
    world.client.document(path).update({"student_ids": [SAM, SUE]})
    before = world.read(path)
    erased = erase(world)
    assert erased[DataKind.NAMED_IN_TEMPLATES] == 1
    assert world.read(path) == {**before, "student_ids": [SUE]}


def test_a_template_whose_students_are_moved_during_the_erasure_loses_the_name(
    world: World,
) -> None:
    template_id = create_school(world)["sums"]
    path = f"session_templates/{template_id}"
    world.client.document(path).update({"student_ids": [SAM, SUE]})
    version = world.read(path)["version"]
    change = {"template_id": template_id, "version": version, "name": "Renamed"}
    assigned = person(world).count(DataKind.ASSIGNED)
    steps = Erasure(person(world)).run_pass()
    while assigned:
        assigned -= next(steps)[DataKind.ASSIGNED]
    world.channel.before(COMMIT, lambda: world.call("update_template", change, by=TEACHER))
    list(steps)
    erase(world)
    assert "student_ids" not in world.read(path)
    assert paths_that_name(world, SAM) == set()
    assert world.read(assigned_path(template_id))["student_ids"] == [SUE]


def test_a_rename_during_the_erasure_gives_the_student_no_document_again(world: World) -> None:
    template_id = create_school(world)["sums"]
    version = world.read(f"session_templates/{template_id}")["version"]
    change = {"template_id": template_id, "version": version, "name": "Renamed"}

    def erase_meanwhile() -> None:
        erase(world)

    world.channel.before(COMMIT, erase_meanwhile)
    world.call("update_template", change, by=TEACHER)
    assert paths_that_name(world, SAM) == set()
    assert world.read(assignment_path(SUE, template_id))["name"] == "Renamed"


def test_a_template_without_the_person_is_still_genuine_and_can_be_changed(world: World) -> None:
    template_id = create_school(world)["sums"]
    erase(world)
    version = world.read(f"session_templates/{template_id}")["version"]
    change = {"template_id": template_id, "version": version, "name": "Sums and more"}
    template = answer(world.call("update_template", change, by=TEACHER))["template"]
    assert (template["version"], template["student_ids"]) == (version + 1, [SUE])


def test_a_second_erasure_finds_nothing_and_writes_nothing(world: World) -> None:
    create_school(world)
    erase(world)
    before = all_documents(world)
    world.channel.calls.clear()
    assert list(Erasure(person(world)).run_pass()) == []
    assert COMMIT not in world.channel.methods
    assert all_documents(world) == before


def test_an_erasure_interrupted_after_any_step_leaves_no_orphans_and_finishes_when_run_again(
    new_world: NewWorld,
) -> None:
    world = new_world()
    create_school(world)
    whole = list(Erasure(person(world)).run_pass())
    assert len(whole) > 8
    for steps in range(len(whole)):
        cut = new_world()
        create_school(cut)
        done = sum(islice(Erasure(person(cut)).run_pass(), steps), ErasedCounts())
        check_nothing_is_orphaned(cut)
        assert done + erase(cut) == sum(whole, ErasedCounts())
        assert paths_that_name(cut, SAM) == set()


def test_a_commit_with_a_lost_reply_is_counted_once(new_world: NewWorld) -> None:
    world = new_world()
    create_school(world)
    world.channel.calls.clear()
    whole = erase(world)
    commits = world.channel.methods.count(COMMIT)
    assert commits > 8
    for spared in range(commits):
        lossy = new_world()
        create_school(lossy)
        for _ in range(spared):
            lossy.channel.spare(COMMIT)
        lossy.channel.lose(COMMIT)
        assert erase(lossy) == whole
        assert paths_that_name(lossy, SAM) == set()


def test_items_added_while_a_session_is_erased_are_erased_too(world: World) -> None:
    create_school(world)
    session_id = active_session(world)
    more = {"session_id": session_id, "items": ITEMS}
    paths: list[str] = []

    def update() -> None:
        if f"practice_sessions/{session_id}" in all_documents(world):
            world.call("update_progress", more, by=SAM)
            paths.extend(
                p for p in all_documents(world) if p.startswith(f"practice_sessions/{session_id}/")
            )

    # Before each of the commits that erase sessions, one of which erases this session.
    world.channel.before(COMMIT, update, *[lambda: None, update] * 4)
    erase(world)
    assert len(set(paths)) > 4
    assert paths_that_name(world, SAM) == set()
    check_nothing_is_orphaned(world)


def test_a_start_while_locks_are_erased_leaves_one_active_session_and_is_erased_too(
    world: World,
) -> None:
    made = create_school(world)
    data = person(world)
    steps = Erasure(data).run_pass()
    sessions = 0
    for step in steps:
        sessions += step[DataKind.SESSIONS]
        if sessions == 6:
            break
    start = {"template_id": made["routine"], "timezone": "UTC"}
    # Still assigned, because templates are erased last.
    assert world.call("start_session", start, by=SAM).status == 201
    for step in steps:
        if step[DataKind.SKILLS]:  # erased after the locks
            break
    assert world.call("start_session", start, by=SAM).status == 200
    check_nothing_is_orphaned(world)
    erase(world)
    assert paths_that_name(world, SAM) == set()


@pytest.mark.parametrize(
    ("function", "body"), [("update_progress", {"items": ITEMS}), ("complete_session", {})]
)
def test_a_call_on_an_erased_session_is_refused_as_not_found(
    world: World, function: str, body: dict[str, Any]
) -> None:
    create_school(world)
    session_id = active_session(world)
    erase(world)
    with pytest.raises(SessionNotFound):
        world.call(function, {"session_id": session_id, **body}, by=SAM)
    assert paths_that_name(world, SAM) == set()


def test_a_concurrent_change_of_an_assignment_is_preserved(world: World) -> None:
    made = create_school(world)
    template_id = made["routine"]
    change = {"template_id": template_id, "version": 1, "name": "Renamed", "student_ids": [SAM]}
    steps = Erasure(person(world)).run_pass()
    for step in steps:
        if step[DataKind.TEMPLATES]:
            break
    world.channel.before(COMMIT, lambda: world.call("update_template", change, by=TEACHER))
    list(steps)
    template = world.read(f"session_templates/{template_id}")
    assert (template["name"], template["version"]) == ("Renamed", 2)
    assert world.read(assigned_path(template_id))["student_ids"] == []


def test_a_log_of_several_batches_is_erased_before_its_session(world: World) -> None:
    create_school(world)
    session_id = active_session(world)
    add_items(world, session_id, 2 * BATCH + 10)
    steps = list(Erasure(person(world)).run_pass())
    of_items = [step for step in steps if step[DataKind.ITEMS] == BATCH]
    assert [step[DataKind.SESSIONS] for step in of_items] == [0, 0]
    assert paths_that_name(world, SAM) == set()


def test_a_teachers_erasure_deletes_the_templates_and_keeps_the_students_sessions(
    world: World,
) -> None:
    create_school(world)
    session_id = active_session(world, SUE)
    before = world.session(session_id)
    assert Erasure(person(world, TEACHER)).has_shared_templates()
    assert not Erasure(person(world)).has_shared_templates()
    erased = erase(world, TEACHER)
    assert (erased[DataKind.TEMPLATES], erased[DataKind.TAUGHT]) == (2, 6)
    assert erased[DataKind.REPORTED_TO] == 2
    reports = [f for p, f in world.documents().items() if p.startswith("question_reports/")]
    assert [report["teacher_id"] for report in reports] == [None, None]
    assert not [p for p, f in world.documents().items() if TEACHER in str(f.get("owner_id"))]
    assert not [path for path in world.documents() if "assigned" in path]
    after = world.session(session_id)
    assert after == {**before, "teacher_id": None, "revision": before["revision"] + 1}
    change = {"session_id": session_id, "items": ITEMS}
    assert world.call("update_progress", change, by=SUE).status == 200
    check_nothing_is_orphaned(world)


def test_a_teachers_erasure_leaves_the_grades_and_not_the_name(world: World) -> None:
    made = create_school(world)
    erased = erase(world, TEACHER)
    assert erased[DataKind.CHANGED_GRADES] == 2
    assert TEACHER not in str([f for p, f in world.documents().items() if "/audit/" in p])
    for uid in (SAM, SUE):
        cell = world.read(row_path(made["class"], uid))["cells"][made["assignment"]]
        assert (cell["override"]["grade"], cell["override"]["by"]) == (90, None)
        assert cell["status"] == "in_progress"


def test_who_took_a_question_out_is_forgotten(world: World) -> None:
    made = create_school(world)
    ids = {"class_id": made["class"], "assignment_id": made["assignment"]}
    frozen = world.read(frozen_template_path(*ids.values()))
    ((question_id, *_), *_) = filter(None, question_ids_by_exercise(frozen["template_data"]))
    world.call("void_item", {**ids, "question_id": question_id, "note": "Bad"}, by=TEACHER)
    entries = [path for path in world.documents() if "/audit/" in path]
    assert erase(world, TEACHER)[DataKind.CHANGED_GRADES] == len(entries) == 3
    (entry,) = (e for path in entries if "question_id" in (e := world.read(path)))
    assert (entry["by"], entry["question_id"], entry["note"]) == (None, question_id, "Bad")


def test_documents_of_a_group_are_read_page_by_page_and_changed(world: World) -> None:
    made = create_school(world)
    ids = {"class_id": made["class"], "template_id": made["sums"], "student_ids": [SAM]}
    for _ in range(3):
        world.call("create_assignment", ids, by=TEACHER)
    pages = list(person(world).pages(DataKind.NAMED_IN_ASSIGNMENTS, size=3))
    assert [len(page) for page in pages] == [3, 1]
    assert erase(world)[DataKind.NAMED_IN_ASSIGNMENTS] == 4


def test_an_assignment_that_named_the_student_names_the_others(world: World) -> None:
    made = create_school(world)
    path = class_assignment_path(made["class"], made["assignment"])
    before = world.read(path)
    erase(world)
    assert world.read(path) == {**before, "student_ids": [SUE], "version": 2}


def test_a_grade_that_is_changed_while_its_teacher_is_erased_is_kept(world: World) -> None:
    made = create_school(world)
    teachers = {"class_id": made["class"], "teacher_ids": [TEACHER, "teacher-2"]}
    world.call("update_class", teachers, by=TEACHER)
    ids = {"class_id": made["class"], "assignment_id": made["assignment"], "student_id": SAM}
    change = {**ids, "revision": 1, "score_percent": 50}

    def grade() -> None:
        world.call("override_grade", change, by="teacher-2")

    steps = Erasure(person(world, TEACHER)).run_pass()
    for step in steps:
        if step[DataKind.CLASSES]:
            break
    world.channel.before(COMMIT, grade)
    list(steps)
    cell = world.read(row_path(made["class"], SAM))["cells"][made["assignment"]]
    assert (cell["override"]["grade"], cell["override"]["by"]) == (50, "teacher-2")
    assert person(world, TEACHER).count(DataKind.CHANGED_GRADES) == 0


def places(world: World, code: str) -> int:
    stored = world.client.collection(f"join_codes/{code}/places").stream()
    return sum(place.get("left") for place in stored)


def test_a_students_erasure_gives_the_place_in_a_class_back(world: World) -> None:
    code = create_school(world)["code"]
    before = places(world, code)
    # The commit takes effect, and its response is lost.
    world.channel.spare(COMMIT)
    erased = erase(world)
    assert erased[DataKind.MEMBERSHIPS] == 1
    assert places(world, code) == before + 1


def test_a_place_is_given_back_once_where_the_response_is_lost(world: World) -> None:
    code = create_school(world)["code"]
    before = places(world, code)
    steps = Erasure(person(world)).run_pass()
    for step in steps:
        if step[DataKind.ASSIGNED] == 1 and person(world).count(DataKind.ASSIGNED) == 0:
            break
    world.channel.lose(COMMIT)
    list(steps)
    assert person(world).count(DataKind.MEMBERSHIPS) == 0
    assert places(world, code) == before + 1


def test_the_erasure_of_who_was_removed_gives_no_place_back(world: World) -> None:
    made = create_school(world)
    world.call("remove_member", {"class_id": made["class"], "student_id": SAM}, by=TEACHER)
    before = places(world, made["code"])
    assert erase(world)[DataKind.MEMBERSHIPS] == 1
    assert places(world, made["code"]) == before


def test_a_class_of_an_erased_owner_is_owned_by_the_next_co_teacher(world: World) -> None:
    class_id = create_school(world)["class"]
    teachers = {"class_id": class_id, "teacher_ids": [TEACHER, "teacher-2", "teacher-3"]}
    world.call("update_class", teachers, by=TEACHER)
    erased = erase(world, TEACHER)
    assert (erased[DataKind.CLASSES], erased[DataKind.TEACHER_OF]) == (1, 0)
    left = world.read(f"classes/{class_id}")
    assert (left["owner_id"], left["teacher_ids"]) == ("teacher-2", ["teacher-2", "teacher-3"])
    assert (left["archived_at"], left["version"]) == (None, 3)
    assert world.read(f"classes/{class_id}/private/join")["code"]
    erased = erase(world, "teacher-3")
    assert (erased[DataKind.CLASSES], erased[DataKind.TEACHER_OF]) == (0, 1)
    assert world.read(f"classes/{class_id}")["teacher_ids"] == ["teacher-2"]


def test_a_class_without_another_teacher_is_archived_and_keeps_its_students(world: World) -> None:
    made = create_school(world)
    erase(world, TEACHER)
    documents = world.documents()
    left = documents[f"classes/{made['class']}"]
    assert (left["owner_id"], left["teacher_ids"]) == (None, [])
    assert left["archived_at"] is not None
    assert documents[f"classes/{made['class']}/private/join"]["code"] is None
    assert not [path for path in documents if path.startswith("join_codes/")]
    assert documents[f"classes/{made['class']}/members/{SUE}"]["status"] == "active"
    leaving = {"class_id": made["class"], "student_id": SUE}
    assert world.call("remove_member", leaving, by=SUE).status == 200


def add_items(world: World, session_id: str, count: int) -> None:
    writer = world.client.batch()
    for n in range(count):
        fields: dict[str, Any] = {"schema_version": 1, "index": 100 + n, "node_id": f"node-{n}"}
        path = f"practice_sessions/{session_id}/items/extra-{n:05}"
        writer.set(world.client.document(path), fields)
        if n % 400 == 399:
            writer.commit()
            writer = world.client.batch()
    writer.commit()
