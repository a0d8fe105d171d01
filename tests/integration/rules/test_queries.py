"""Each query of docs/queries.json under the rules: its results and its permitted callers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from google.cloud.firestore import WriteBatch

from local.api import found
from local.processes import ROOT
from shared.domain.classes.assignment import Assignment, AssignmentMode, Feedback, Policy
from shared.domain.classes.membership import Member, MemberStatus
from shared.domain.classes.school_class import SchoolClass
from shared.domain.gradebook.live import Live, LiveState
from shared.domain.gradebook.rows import GradeChange, Row
from shared.domain.packs.pack import Pack, PackStatus, pack_id_of
from shared.domain.sessions.items import LoggedItem
from shared.domain.sessions.question_report import QuestionReport
from shared.domain.sessions.session import Session
from shared.domain.students.skills import Skill
from shared.domain.templates.template import Template
from shared.firestore.assignments import assigned_path, assignment_writes
from shared.firestore.documents import (
    Document,
    audit_path,
    class_assignment_path,
    class_path,
    fields_of,
    item_path,
    live_path,
    member_path,
    pack_path,
    report_path,
    row_path,
    session_path,
    skill_path,
    template_path,
)
from shared.firestore.writes import Create, Put
from tests.integration.rules.conftest import NewProject, StoreClient
from tests.integration.rules.rest_client import Caller, RulesProject, structured
from tests.support.queries import ME, Filter, Order, Query, client_queries

START = datetime(2025, 3, 1, 8, tzinfo=UTC)
SESSION = "session-with-items"
CLASS = "class-with-students"
ASSIGNMENT = "assignment-with-sessions"
PAGE = 3
PLACEHOLDERS = {
    "$root_id": "learn-guitar",
    "$parent_id": "solo",
    "$template_id": "scales",
    "$mode": "checklist",
    "$status": "completed",
    "$origin": "assigned",
    "$subject": "Music",
    "$practice_mode": "exam",
    "$student_id": "sam",
    "$session_id": SESSION,
    "$class_id": CLASS,
    "$assignment_id": ASSIGNMENT,
    "$now": START + timedelta(minutes=200),
    "$since": START + timedelta(minutes=200),
}
UIDS = {"owner": "tom", "teacher": "tom", "student": "sam", "anyone signed in": "zoe"}

Documents = Mapping[str, dict[str, Any]]

QUERIES = [(query, by) for query in client_queries() for by in query.by]
cases = pytest.mark.parametrize(
    ("query", "by"), QUERIES, ids=[f"{query.name}, by {by}" for query, by in QUERIES]
)


def _templates() -> Iterator[tuple[str, dict[str, Any]]]:
    kinds = product(
        ("tom", "uma"),
        ((), ("sam",), ("sue", "sam"), ("sue",)),
        ("private", "public"),
        ("learn-guitar", "learn-piano", None),
        (False, True),
    )
    for n, (owner, students, visibility, root_id, archived) in enumerate(kinds):
        at = _shuffled(n)
        template = Template.model_validate(
            {
                "template_id": f"template-{n}",
                "name": "Scales",
                "description": "",
                "owner_id": owner,
                "root_id": root_id,
                "subject": None,
                "topic": None,
                "grade_level": None,
                "visibility": visibility,
                "student_ids": students,
                "template_data": {"sections": []},
                "mastery_criterion": None,
                "version": 1,
                "content_hash": "",
                "created_at": START,
                "updated_at": at,
                "archived_at": at if archived else None,
            }
        )
        yield template_path(template.template_id), fields_of(template)
        missing = Document(assigned_path(template.template_id), None)
        for write in assignment_writes(
            template.template_id, {"student_ids": []}, vars(template), missing
        ):
            assert isinstance(write, Create | Put)
            yield write.path, dict(write.fields)


def _a_session(session_id: str, at: datetime, **fields: Any) -> dict[str, Any]:
    blank = ("template_version", "root_id", "subject", "topic", "grade_level")
    found = Session.model_validate(
        {
            **dict.fromkeys(blank),
            "session_id": session_id,
            "template_name": "Scales",
            "mode": "checklist",
            "name": "Scales",
            "description": "",
            "parent_ids": [],
            "timezone": "UTC",
            "started_at": at,
            "last_activity_at": at,
            "session_data": {"sections": []},
            **fields,
        }
    )
    return fields_of(found)


def _sessions() -> Iterator[tuple[str, dict[str, Any]]]:
    kinds = product(
        ("sam", "sue"),
        ("tom", "uma", None),
        ("scales", "chords"),
        ("active", "completed"),
        ("learn-guitar", None),
        ((), ("solo",), ("other", "solo")),
    )
    for n, (student, teacher, template, status, root_id, parents) in enumerate(kinds):
        session_id = SESSION if n == 0 else f"session-{n}"
        yield (
            session_path(session_id),
            _a_session(
                session_id,
                _shuffled(n),
                student_id=student,
                teacher_id=teacher,
                template_id=template,
                template_version=1,
                origin="assigned" if teacher else "self_practice",
                practice_mode="exam" if n % 5 else None,
                root_id=root_id,
                parent_ids=parents,
                subject="Music" if n % 7 else None,
                status=status,
            ),
        )


def _items() -> Iterator[tuple[str, dict[str, Any]]]:
    for index in range(12):
        item_id = f"item-{index * 7 % 12}"
        item = LoggedItem(
            item_id=item_id, node_id="bends", index=index, verified=False, completed_at=START
        )
        yield item_path(SESSION, item_id), fields_of(item)


def _skills() -> Iterator[tuple[str, dict[str, Any]]]:
    for n in range(12):
        due_at = None if n in (3, 8) else _shuffled(n)
        skill = Skill(skill_id=f"skill-{n}", name="Bends", due_at=due_at)
        yield skill_path("sam", skill.skill_id), fields_of(skill)


def _reports() -> Iterator[tuple[str, dict[str, Any]]]:
    kinds = product(("sam", "sue"), ("tom", "uma", None), ("scales", "chords"), ("q1", "q2"))
    for n, (student, teacher, template, question) in enumerate(kinds):
        report = QuestionReport(
            report_id=f"report-{n}",
            student_id=student,
            teacher_id=teacher,
            template_id=template,
            template_name="Scales",
            session_id=SESSION,
            question_id=question,
            reported_at=_shuffled(n),
        )
        yield report_path(report.report_id), fields_of(report)


def _packs() -> Iterator[tuple[str, dict[str, Any]]]:
    for n in range(12):
        day = (START + timedelta(days=n * 7 % 12)).date()
        pack = Pack(
            pack_id=pack_id_of(day),
            session_id=SESSION,
            portion=1,
            local_date=day.isoformat(),
            timezone="UTC",
            status=PackStatus.COMPLETED,
            due_total=0,
            deferred=0,
            created_at=START,
        )
        yield pack_path("sam", pack.pack_id), fields_of(pack)


def _classes() -> Iterator[tuple[str, dict[str, Any]]]:
    kinds = product(("tom", "uma"), ((), ("uma", "tom"), ("sue",)), (False, True), (1, 2))
    for n, (owner, others, archived, _) in enumerate(kinds):
        school_class = SchoolClass(
            class_id=CLASS if n == 0 else f"class-{n}",
            name="Guitar",
            subject=None,
            owner_id=owner,
            teacher_ids=list(dict.fromkeys([owner, *others])),
            timezone="UTC",
            shows_roster=n == 0,
            archived_at=START if archived else None,
            version=1,
            created_at=_shuffled(n),
            updated_at=START,
        )
        yield class_path(school_class.class_id), fields_of(school_class)
        # Sam is in every class, the first one has more students.
        for m in range(9 if n == 0 else 1):
            student = "sam" if m == 0 else f"student-{m}"
            is_removed = (n + m) % 4 == 3
            member = Member(
                class_id=school_class.class_id,
                student_id=student,
                display_name=f"Name {m * 5 % 7}",
                status=MemberStatus.REMOVED if is_removed else MemberStatus.ACTIVE,
                joined_at=_shuffled(n + m),
                removed_at=START if is_removed else None,
            )
            yield member_path(school_class.class_id, student), fields_of(member)


def _assignments() -> Iterator[tuple[str, dict[str, Any]]]:
    kinds = product(
        (CLASS, "class-1"),
        (None, ["sam"], ["sue", "sam"], ["sue"]),
        (False, True),
        range(4),
    )
    for n, (class_id, students, archived, _) in enumerate(kinds):
        assignment = Assignment(
            class_id=class_id,
            assignment_id=f"assignment-{n}",
            title="Scales",
            template_id="scales",
            template_version=1,
            mode=AssignmentMode.QUESTIONS,
            questions=2,
            skills=1,
            opens_at=None,
            due_at=None,
            closes_at=None,
            points=None,
            policy=Policy.OPEN,
            feedback=Feedback.IMMEDIATE,
            student_ids=students,
            archived_at=START if archived else None,
            version=1,
            created_at=_shuffled(n),
            updated_at=START,
        )
        yield class_assignment_path(class_id, assignment.assignment_id), fields_of(assignment)


def _work() -> Iterator[tuple[str, dict[str, Any]]]:
    kinds = product((CLASS, "class-1"), (ASSIGNMENT, "another"), range(6))
    for n, (class_id, assignment_id, student) in enumerate(kinds):
        session_id = f"work-{n}"
        fields = _a_session(
            session_id,
            _shuffled(n),
            student_id=f"student-{student}",
            teacher_id=None,
            template_id="scales",
            origin="assigned",
            mode="assignment",
            status="completed",
            class_id=class_id,
            assignment_id=assignment_id,
        )
        yield session_path(session_id), fields


def _rows() -> Iterator[tuple[str, dict[str, Any]]]:
    for class_id, n in product((CLASS, "class-1"), range(9)):
        row = Row(
            class_id=class_id,
            student_id=f"student-{n}",
            display_name=f"Name {n * 5 % 7}",
            status=MemberStatus.REMOVED if n % 4 == 3 else MemberStatus.ACTIVE,
        )
        yield row_path(class_id, row.student_id), fields_of(row)


def _audit() -> Iterator[tuple[str, dict[str, Any]]]:
    kinds = product((CLASS, "class-1"), (ASSIGNMENT, "another"), ("sam", "sue"), range(5))
    for n, (class_id, assignment_id, student, revision) in enumerate(kinds):
        entry = GradeChange(
            class_id=class_id,
            assignment_id=assignment_id,
            student_id=student,
            by="tom",
            at=_shuffled(n),
            before=None,
            after=90,
            score_percent=None,
            note="",
        )
        yield audit_path(entry, revision), fields_of(entry)


def _live() -> Iterator[tuple[str, dict[str, Any]]]:
    for n, (class_id, student) in enumerate(product((CLASS, "class-1"), range(9))):
        live = Live(
            class_id=class_id,
            student_id=f"student-{student}",
            assignment_id=ASSIGNMENT,
            state=LiveState.WORKING,
            answered=n,
            correct=0,
            skill=None,
            needs_help=False,
            last_at=_shuffled(n),
        )
        yield live_path(class_id, live.student_id), fields_of(live)


def _shuffled(n: int) -> datetime:
    """An instant that one or two have, in an order other than that of the documents."""
    return START + timedelta(minutes=n * 101 % 1_009 // 2)


@pytest.fixture(scope="module")
def documents() -> Documents:
    makers = (
        *(_templates, _sessions, _items, _skills, _packs, _reports, _classes),
        *(_assignments, _work, _rows, _audit, _live),
    )
    return dict(entry for make in makers for entry in make())


@pytest.fixture(scope="module")
def project_with_documents(
    new_project: NewProject, store_client: StoreClient, documents: Documents
) -> RulesProject:
    """A project that holds the documents as the store writes them."""
    project = new_project("demo-queries")
    with store_client(project.project_id) as client:
        batch: WriteBatch = client.batch()
        for path, fields in documents.items():
            batch.set(client.document(path), fields)
        batch.commit()
    return project


@cases
def test_a_query_finds_exactly_the_matching_documents_in_order(
    query: Query, by: str, project_with_documents: RulesProject, documents: Documents
) -> None:
    mine = _bound(query, UIDS[by])
    right = _matching(mine, documents)
    assert right, "a query that should find nothing shows nothing"
    response = _run(project_with_documents.signed_in(UIDS[by]), mine)
    names = [_path(row["document"]["name"]) for row in response.json() if "document" in row]
    if mine.limit is None:
        assert names == right
    else:
        assert len(names) == mine.limit
        assert set(names) <= set(right)
    assert found(response)[0]["schema_version"] == 1


@pytest.mark.parametrize(
    ("query", "by"),
    [(query, by) for query, by in QUERIES if query.limit is None],
    ids=[f"{query.name}, by {by}" for query, by in QUERIES if query.limit is None],
)
def test_pages_by_cursor_hold_each_document_of_a_list_once_and_in_order(
    query: Query, by: str, project_with_documents: RulesProject, documents: Documents
) -> None:
    mine = _bound(query, UIDS[by])
    pages = list(_pages(project_with_documents.signed_in(UIDS[by]), mine))
    assert len(pages) > 1
    assert [name for page in pages for name in page] == _matching(mine, documents)


def _pages(caller: Caller, query: Query) -> Iterator[list[str]]:
    """The paths of the documents, page by page, as docs/api.md reads a list with REST."""
    by_name = Order("__name__", query.order_by[-1].direction)
    limited = replace(query, order_by=(*query.order_by, by_name), limit=PAGE)
    cursor: list[Any] | None = None
    while True:
        rows = _run(caller, limited, after=cursor).json()
        page = [row["document"] for row in rows if "document" in row]
        if page:
            yield [_path(document["name"]) for document in page]
        if len(page) < PAGE:
            return
        last = page[-1]
        values = [last["fields"][order.field] for order in query.order_by]
        cursor = [*values, {"referenceValue": last["name"]}]


@cases
def test_a_query_that_names_another_user_is_denied(
    query: Query, by: str, project_with_documents: RulesProject
) -> None:
    mine = _bound(query, UIDS[by])
    assert _run(project_with_documents.without_token(), mine).status_code == 403
    assert _run(project_with_documents.without_uid(), mine).status_code == 403
    if by != "anyone signed in":
        for other in ("sue", "uma", "zoe"):
            assert _run(project_with_documents.signed_in(other), mine).status_code == 403


@cases
def test_a_query_needs_the_filter_that_proves_its_right_and_no_other(
    query: Query, by: str, project_with_documents: RulesProject
) -> None:
    caller = project_with_documents.signed_in(UIDS[by])
    for dropped in query.where:
        rest = tuple(f for f in query.where if f != dropped)
        response = _run(caller, _bound(query, UIDS[by], where=rest))
        proves = dropped.value == ME or dropped.field in ("visibility", "student_ids", "class_id")
        # A teacher lists every member of a class, a student the active ones.
        proves = proves or (query.name == "students of a class" and by == "student")
        assert response.status_code == (403 if proves else 200)


def test_the_queries_of_the_api_reference_equal_the_list() -> None:
    """The reference omits the queries that it only mentions: those of deleted ones too."""
    reference = {
        _of_reference(line)
        for line in (ROOT / "docs" / "api.md").read_text().splitlines()
        if line.startswith(("page(query(", "getDocs(query("))
    }
    listed = {
        (query.shape.collection_group, query.shape.filters, query.order_by, query.limit)
        for query in client_queries()
        if not query.name.endswith("ones too")
    }
    assert reference == listed


def _of_reference(line: str) -> tuple[object, ...]:
    """A query in the notation of the JS SDK, as a shape and a limit."""
    collections = {"templates": "session_templates", "sessions": "practice_sessions"}
    source = re.search(r"query\((?:(\w+),|collection(?:Group)?\([^)]*'(\w+)'\))", line)
    assert source, line
    limit = re.search(r"limit\((\d+)\)", line)
    assert limit or line.startswith("page("), "a list is read page by page"
    return (
        source[2] or collections[source[1]],
        frozenset(re.findall(r"where\('(\w+)', '([^']+)'", line)),
        tuple(
            Order(field, direction or "asc")
            for field, direction in re.findall(r"orderBy\('(\w+)'(?:, '(\w+)')?\)", line)
        ),
        int(limit[1]) if limit else None,
    )


def _bound(query: Query, uid: str, *, where: tuple[Filter, ...] | None = None) -> Query:
    """The query with its caller's own values."""
    values = {**PLACEHOLDERS, ME: uid}

    def value(of: Any) -> Any:
        return values[of] if isinstance(of, str) and of.startswith("$") else of

    return Query(
        name=query.name,
        by=query.by,
        collection="/".join(value(part) for part in query.collection.split("/")),
        where=tuple(
            Filter(f.field, f.op, value(f.value)) for f in (query.where if where is None else where)
        ),
        order_by=query.order_by,
        limit=query.limit,
        in_group=query.in_group,
    )


def _run(caller: Caller, query: Query, *, after: list[Any] | None = None) -> Any:
    parent, _, collection_id = query.collection.rpartition("/")
    asked = structured(
        collection_id,
        where=query.where,
        order_by=query.order_by,
        limit=query.limit,
        descendants=query.in_group,
    )
    if after:
        asked["startAt"] = {"values": after, "before": False}
    return caller.query(asked, parent=f"/{parent}" if parent else "")


def _matching(query: Query, documents: Documents) -> list[str]:
    """The expected paths in order, computed without Firestore."""
    rows = [
        (path, fields)
        for path, fields in documents.items()
        if _is_in(path.rpartition("/")[0], query)
        and all(f.field in fields and _holds(fields[f.field], f.op, f.value) for f in query.where)
    ]
    if query.order_by:  # Firestore orders equal values by the documents' names.
        rows.sort(key=lambda row: row[0], reverse=query.order_by[-1].direction == "desc")
    for order in reversed(query.order_by):  # And it puts null before any other value.
        rows.sort(
            key=lambda row: (row[1][order.field] is not None, row[1][order.field]),
            reverse=order.direction == "desc",
        )
    return [path for path, _ in rows]


def _is_in(collection: str, query: Query) -> bool:
    if query.in_group:
        return collection.rpartition("/")[2] == query.collection
    return collection == query.collection


def _holds(stored: Any, op: str, value: Any) -> bool:
    if op == "<=":
        return stored is not None and stored <= value
    if op == ">=":
        return stored is not None and stored >= value
    return value in (stored or []) if op == "array-contains" else stored == value


def _path(name: str) -> str:
    return name.partition("/documents/")[2]
