"""The queries of the code equal those of docs/queries.json."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from local.emulator import Emulator
from shared.domain.classes.assignment import void_question
from shared.domain.classes.join_code import JoinSettings
from shared.domain.classes.school_class import SchoolClass
from shared.domain.common.errors import ClassNotFound
from shared.domain.questions.grades import Grade
from shared.domain.sessions.items import Evidence, LoggedItem
from shared.domain.sessions.session import AssignedWork, EndReason, SkillProgress, end_session
from shared.domain.students.skills import Skill
from shared.firestore import sweep
from shared.firestore.class_assignments import FirestoreClassAssignmentRepository
from shared.firestore.class_data import ClassData
from shared.firestore.classes import FirestoreClassRepository
from shared.firestore.client import Client
from shared.firestore.database import Database
from shared.firestore.documents import (
    CLASSES,
    IDEMPOTENCY,
    REPORTS,
    SESSIONS,
    STUDENTS,
    TEMPLATES,
    class_assignment_path,
    fields_of,
    item_path,
    session_path,
    skill_path,
)
from shared.firestore.erasure import Erasure
from shared.firestore.migration import TemplateMigration
from shared.firestore.packs import FirestorePackRepository
from shared.firestore.personal_data import PersonalData
from shared.firestore.question_reports import FirestoreQuestionReportRepository
from shared.firestore.regrading import FirestoreRegradingRepository
from shared.firestore.retry import Deadline
from shared.firestore.session_logs import read_log
from shared.firestore.session_migration import SessionMigration
from shared.ports.calls import IdempotencyContext, Reply
from shared.ports.class_assignments import NewAssignment, NewAssignmentReader
from shared.ports.classes import ClassChange
from shared.ports.packs import PackChange, PackReader
from shared.ports.regrading import VoidChange
from tests.integration.rules.query_recorder import Recorder
from tests.support.indexes import needed
from tests.support.queries import administration_queries, function_queries
from tests.unit.domain.classes.test_assignment import an_assignment
from tests.unit.domain.samples import a_session

NOW = datetime(2025, 3, 1, tzinfo=UTC)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def recorded(
    recorder: Recorder, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """A store over a project of its own, with every query recorded."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", emulator.host)
    emulator.clear("demo-recorded")
    client = Client(project="demo-recorded", interceptors=[recorder])
    yield Database(client)
    client.close()


def test_the_stores_queries_equal_the_list(
    recorder: Recorder, recorded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "PAGE", 2)  # so that there are several
    for n in range(5):
        recorded.client.document(SESSIONS, f"stale-{n}").set(
            {
                "student_id": "sam",
                "template_id": None,
                "mode": "checklist",
                "status": "active",
                "started_at": NOW - timedelta(days=3),
                "last_activity_at": NOW - timedelta(days=2, minutes=n),
                "revision": 1,
            }
        )
    for dry_run, limit in ((True, 3), (False, 3), (False, 10)):
        sweep.FirestoreStaleSessionSweeper(recorded).sweep(
            lambda _: Reply(None),
            stale_before=NOW - timedelta(days=1),
            limit=limit,
            dry_run=dry_run,
            idempotency=IdempotencyContext(
                uid="scheduler", function="cleanup", key=None, request_hash="", at=NOW
            ),
        )
    FirestoreQuestionReportRepository(recorded).find_answer("stale-0", "q1")
    recorded.client.document(f"{CLASSES}/one").set(fields_of(a_class()))
    recorded.client.document(f"{CLASSES}/one/private/join").set(fields_of(without_code()))
    FirestoreClassRepository(recorded).change(
        "one",
        lambda found: ClassChange(Reply(None) if found.count_students() == 0 else Reply(None, 500)),
        new_code=lambda: "0000000",
        idempotency=IdempotencyContext(
            uid="sam", function="update_class", key=None, request_hash="", at=NOW
        ),
    )
    with suppress(ClassNotFound):
        FirestoreClassAssignmentRepository(recorded).add(
            "one",
            "assignment",
            "template",
            _count_assignments,
            teacher_id="sam",
            idempotency=IdempotencyContext(
                uid="sam", function="create_assignment", key=None, request_hash="", at=NOW
            ),
        )
    packs = FirestorePackRepository(recorded)
    packs.change(
        _read_everything,
        student_id="sam",
        session_id="unused",
        idempotency=IdempotencyContext(
            uid="sam", function="daily_pack", key=None, request_hash="", at=NOW
        ),
    )
    _take_a_question_out(recorded)
    assert recorder.methods == {"BatchGetDocuments", "RunQuery", "RunAggregationQuery"}
    listed = {needed(query.shape) for query in function_queries()}
    assert {needed(shape) for shape in recorder.shapes} == listed
    assert {shape.collection_group for shape in recorder.shapes} == {
        query.shape.collection_group for query in function_queries()
    }
    assert {shape.filters for shape in recorder.shapes} == {
        query.shape.filters for query in function_queries()
    }


def a_class() -> SchoolClass:
    return SchoolClass(
        class_id="one",
        name="Guitar",
        subject=None,
        owner_id="sam",
        teacher_ids=["sam"],
        timezone="UTC",
        version=1,
        created_at=NOW,
        updated_at=NOW,
    )


def without_code() -> JoinSettings:
    return JoinSettings(code=None, expires_at=None, max_students=40, created_at=None)


def _take_a_question_out(recorded: Database) -> None:
    """Of an assignment that a student has handed in, who has practised the skill in another
    session.
    """
    taken_out = an_assignment(class_id="one", assignment_id="sums")
    taken_out = void_question(taken_out, "q1", sessions=1, at=NOW)
    work = AssignedWork(
        mode=taken_out.mode,
        questions=3,
        skills=1,
        policy=taken_out.policy,
        feedback=taken_out.feedback,
    )
    practised = SkillProgress(skill_id="sums", name="Sums", before=0.6, after=0.7)
    ended = end_session(
        a_session(mastery=[practised], total_questions=2, questions_correct=2),
        EndReason.COMPLETED,
        at=NOW,
    )
    assigned = {"class_id": "one", "assignment_id": "sums", "assignment": work}
    unpractised = Skill(skill_id="sums", name="Sums")
    skill = unpractised.model_copy(update={"attempts": 1})
    answer = LoggedItem(
        item_id="attempt-000000",
        index=0,
        node_id="q1",
        skill_id="sums",
        evidence=Evidence(place=0, guess=0, first=True, before=unpractised.before),
        grade=Grade.GOOD,
        correct=True,
        score=1,
        verified=True,
        completed_at=NOW,
    )
    for path, fields in {
        class_assignment_path("one", "sums"): fields_of(taken_out),
        session_path("handed-in"): fields_of(ended.model_copy(update=assigned)),
        session_path("other"): fields_of(ended),
        item_path("handed-in", answer.item_id): fields_of(answer),
        skill_path(ended.student_id, "sums"): fields_of(skill),
    }.items():
        recorded.client.document(path).set(fields)
    regrading = FirestoreRegradingRepository(recorded)
    regrading.void(
        "one",
        "sums",
        lambda found: (
            VoidChange(found.assignment or taken_out)
            if found.count_sessions() == 1
            else VoidChange(taken_out)
        ),
        idempotency=IdempotencyContext(
            uid="sam", function="void_item", key=None, request_hash="", at=NOW
        ),
    )
    done = regrading.regrade("one", "sums", at=NOW, seconds=10).regrading
    assert done is not None
    assert (done.done, done.skills_left, done.finished_at) == (1, 0, NOW)
    read_log(recorded, "handed-in", Deadline())


def _count_assignments(found: NewAssignmentReader) -> NewAssignment[None]:
    found.count_assignments()
    raise ClassNotFound


def _read_everything(_: object, reader: PackReader) -> PackChange[None]:
    reader.due_skills(NOW, 1)
    reader.recent_skills(1)
    reader.assigned_template_ids(1)
    reader.own_template_ids(1)
    return PackChange(Reply(None))


def test_the_queries_of_administration_equal_the_list(
    recorder: Recorder, recorded: Database
) -> None:
    for path, fields in {
        f"{SESSIONS}/one": {
            "student_id": "sam",
            "status": "completed",
            "template_id": None,
            "mode": "daily",
            "assignment_id": "sums",
        },
        f"{SESSIONS}/one/turns/000001": {"seq": 1},
        f"{SESSIONS}/one/items/first": {"index": 0},
        f"{SESSIONS}/other": {"student_id": "sue", "teacher_id": "sam", "revision": 1},
        f"{TEMPLATES}/own": {"owner_id": "sam", "visibility": "private", "student_ids": []},
        f"{TEMPLATES}/other": {"owner_id": "tom", "student_ids": ["sam", "sue"], "updated_at": NOW},
        f"{STUDENTS}/sam/assigned_templates/moved": {"owner_id": "tom"},
        f"{STUDENTS}/sam/skills/scales": {"p_mastery": 0.5},
        f"{STUDENTS}/sam/packs/daily_2025-03-01": {"portion": 1},
        f"{IDEMPOTENCY}/record": {"uid": "sam"},
        "active_sessions/lock": {"student_id": "sam", "session_id": "gone"},
        f"{REPORTS}/own": {"student_id": "sam", "teacher_id": "tom"},
        f"{REPORTS}/other": {"student_id": "sue", "teacher_id": "sam"},
        f"{CLASSES}/own": fields_of(a_class()),
        f"{CLASSES}/own/private/join": fields_of(without_code()),
        f"{CLASSES}/other": {
            **fields_of(a_class()),
            "owner_id": "tom",
            "teacher_ids": ["tom", "sam"],
        },
        f"{CLASSES}/third": {**fields_of(a_class()), "owner_id": "tom", "teacher_ids": ["tom"]},
        f"{CLASSES}/third/private/join": fields_of(without_code()),
        f"{CLASSES}/third/members/sam": {
            "class_id": "third",
            "student_id": "sam",
            "display_name": "Sam",
            "status": "active",
            "joined_at": NOW,
        },
        f"{CLASSES}/third/rows/sam": {"class_id": "third", "student_id": "sam", "cells": {}},
        f"{CLASSES}/third/audit/of": {"student_id": "sam", "by": "tom"},
        f"{CLASSES}/own/audit/by": {
            "student_id": "sue",
            "by": "sam",
            "class_id": "own",
            "assignment_id": "sums",
        },
        f"{CLASSES}/third/assignments/sums": {"student_ids": ["sam", "sue"], "version": 1},
    }.items():
        recorded.client.document(path).set(fields)
    person = PersonalData(recorded, "sam")
    of_sessions = sum(of_session.total() for of_session in person.count_of_sessions())
    assert sum(person.counts().values()) + of_sessions == 16 + 5
    steps = list(Erasure(person).run_pass())
    assert sum(step.total() for step in steps) == 15 + 5
    migration = TemplateMigration(recorded)
    assert migration.count() == len(list(migration.run())) == 1
    sessions = SessionMigration(recorded)
    assert sessions.count() == len(list(sessions.run())) == 0
    of_class = ClassData(recorded, "empty")
    assert (of_class.assignments(), of_class.names(), of_class.rows()) == ({}, {}, [])
    assert (list(of_class.sessions()), of_class.count_sessions()) == ([], 0)
    assert of_class.items(a_session()) == []
    listed = {query.shape for query in administration_queries()}
    assert {(shape.collection_group, shape.filters) for shape in recorder.shapes} == {
        (shape.collection_group, shape.filters) for shape in listed
    }
    in_any_order = {
        replaced for shape in listed for replaced in (shape, shape._replace(order_by=()))
    }
    assert set(recorder.shapes) <= in_any_order
