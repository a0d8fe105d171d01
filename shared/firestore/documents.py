"""The path of each document, and the conversion between documents and models."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.domain.classes.assignment import Assignment
from shared.domain.classes.join_code import JoinCode, JoinSettings
from shared.domain.classes.membership import Member
from shared.domain.classes.school_class import SchoolClass
from shared.domain.common.digest import digest
from shared.domain.gradebook.live import Live
from shared.domain.gradebook.rows import Cell, GradeChange, Row
from shared.domain.gradebook.turns import CommittedTurn
from shared.domain.gradebook.voiding import QuestionChange
from shared.domain.packs.pack import Pack
from shared.domain.practice.client_view import StoredSession
from shared.domain.sessions.items import LoggedItem
from shared.domain.sessions.question_report import QuestionReport
from shared.domain.sessions.session import Mode, Session
from shared.domain.students.skills import Skill
from shared.domain.students.student import Student
from shared.domain.templates.template import Template

Fields = Mapping[str, Any]

TEMPLATES = "session_templates"
SESSIONS = "practice_sessions"
STUDENTS = "students"
LOCKS = "active_sessions"
IDEMPOTENCY = "idempotency"
REPORTS = "question_reports"
CLASSES = "classes"
MEMBERS = "members"
JOIN_CODES = "join_codes"
ASSIGNMENTS = "assignments"
ROWS = "rows"
AUDIT = "audit"
LIVE = "live"
TURNS = "turns"


@dataclass(frozen=True)
class Document:
    """A document as it was read. `fields` and `update_time` are None where it does not exist."""

    path: str
    fields: Fields | None
    update_time: datetime | None = None

    @property
    def id(self) -> str:
        return self.path.rpartition("/")[2]


def template_path(template_id: str) -> str:
    return f"{TEMPLATES}/{template_id}"


def source_path(template_id: str) -> str:
    """The owner's full text, with the answer keys."""
    return f"{TEMPLATES}/{template_id}/private/source"


def session_path(session_id: str) -> str:
    return f"{SESSIONS}/{session_id}"


def item_path(session_id: str, item_id: str) -> str:
    return f"{SESSIONS}/{session_id}/items/{item_id}"


def state_path(session_id: str) -> str:
    """The state of infinite practice, for its client to resume. It exists while that is active."""
    return f"{SESSIONS}/{session_id}/state/current"


def turn_path(session_id: str, seq: int) -> str:
    """What was committed for a seq of strict work, whose existence settles it."""
    return f"{SESSIONS}/{session_id}/{TURNS}/{seq:06d}"


def student_path(student_id: str) -> str:
    return f"{STUDENTS}/{student_id}"


def skill_path(student_id: str, skill_id: str) -> str:
    return f"{STUDENTS}/{student_id}/skills/{skill_id}"


def report_path(report_id: str) -> str:
    return f"{REPORTS}/{report_id}"


def pack_path(student_id: str, pack_id: str) -> str:
    return f"{STUDENTS}/{student_id}/packs/{pack_id}"


def class_path(class_id: str) -> str:
    return f"{CLASSES}/{class_id}"


def join_path(class_id: str) -> str:
    """How students join, with the code, for the teachers."""
    return f"{CLASSES}/{class_id}/private/join"


def members_path(class_id: str) -> str:
    return f"{CLASSES}/{class_id}/{MEMBERS}"


def member_path(class_id: str, student_id: str) -> str:
    return f"{members_path(class_id)}/{student_id}"


def assignments_path(class_id: str) -> str:
    return f"{CLASSES}/{class_id}/{ASSIGNMENTS}"


def class_assignment_path(class_id: str, assignment_id: str) -> str:
    return f"{assignments_path(class_id)}/{assignment_id}"


def frozen_template_path(class_id: str, assignment_id: str) -> str:
    """The copy of the template that the assignment's students practise."""
    return f"{class_assignment_path(class_id, assignment_id)}/content/template"


def row_path(class_id: str, student_id: str) -> str:
    """A student's row of the gradebook."""
    return f"{CLASSES}/{class_id}/{ROWS}/{student_id}"


def live_path(class_id: str, student_id: str) -> str:
    """What a student of the class works on at the moment."""
    return f"{CLASSES}/{class_id}/{LIVE}/{student_id}"


def audit_path(entry: GradeChange, revision: int) -> str:
    """The entry of the audit log for a revision of a grade."""
    id_ = digest(entry.assignment_id, entry.student_id, str(revision))
    return f"{CLASSES}/{entry.class_id}/{AUDIT}/{id_}"


def question_audit_path(entry: QuestionChange) -> str:
    """The entry of the audit log for a question, which is taken out once."""
    id_ = digest(entry.assignment_id, "question", entry.question_id)
    return f"{CLASSES}/{entry.class_id}/{AUDIT}/{id_}"


def code_path(code: str) -> str:
    return f"{JOIN_CODES}/{code}"


def place_path(code: str, shard: int) -> str:
    """One of the documents that share the places of a code."""
    return f"{JOIN_CODES}/{code}/places/{shard}"


def idempotency_path(uid: str, function: str, key: str) -> str:
    return f"{IDEMPOTENCY}/{digest(uid, function, key)}"


def fields_of(
    model: Template
    | Session
    | Student
    | LoggedItem
    | Skill
    | QuestionReport
    | Pack
    | SchoolClass
    | Member
    | JoinSettings
    | JoinCode
    | Assignment
    | Row
    | GradeChange
    | QuestionChange
    | Live
    | CommittedTurn,
) -> dict[str, Any]:
    """A model's fields as its document holds them."""
    return model.model_dump(exclude=STORED_ELSEWHERE[type(model)])


# A model's id is in the document's path; a session's state and a template's students are in
# documents of their own.
STORED_ELSEWHERE = {
    Template: {"template_id", "student_ids"},
    Session: {"session_id", "stored_session"},
    Student: {"student_id"},
    LoggedItem: {"item_id"},
    Skill: {"skill_id"},
    QuestionReport: {"report_id"},
    Pack: {"pack_id"},
    SchoolClass: {"class_id"},
    # Members are found over all classes, by these fields.
    Member: set[str](),
    JoinSettings: set[str](),
    JoinCode: set[str](),
    Assignment: {"assignment_id"},
    # Rows and entries of the audit log are found over all classes too.
    Row: set[str](),
    GradeChange: set[str](),
    QuestionChange: set[str](),
    Live: set[str](),
    CommittedTurn: set[str](),
}


def moved_fields(mode: Mode) -> tuple[str, ...]:
    """The fields of a session stored by an older version that its next write moves elsewhere."""
    return ("stored_session",) if mode == Mode.INFINITE else ()


def state_fields(stored_session: StoredSession) -> dict[str, Any]:
    return {"schema_version": 1, "stored_session": stored_session.model_dump()}


def session_of(document: Document, state: Document | None = None) -> Session | None:
    """The session, with its state where that was read.

    A state inside of the session's document was written by an older version, so it is the latest.
    """
    if document.fields is None:
        return None
    fields = {**document.fields, "session_id": document.id}
    if state and state.fields and fields.get("stored_session") is None:
        fields["stored_session"] = state.fields["stored_session"]
    session = Session.model_validate(fields)
    # What strict work has in its state is known to assignment_turn alone.
    return session.model_copy(update={"stored_session": None}) if session.is_strict else session


def skill_of(document: Document) -> Skill | None:
    if document.fields is None:
        return None
    return Skill.model_validate({**document.fields, "skill_id": document.id})


def pack_of(document: Document) -> Pack | None:
    if document.fields is None:
        return None
    return Pack.model_validate({**document.fields, "pack_id": document.id})


def student_of(document: Document) -> Student | None:
    if document.fields is None:
        return None
    return Student.model_validate({**document.fields, "student_id": document.id})


def item_of(document: Document) -> LoggedItem:
    return LoggedItem.model_validate({**(document.fields or {}), "item_id": document.id})


def report_of(document: Document) -> QuestionReport | None:
    if document.fields is None:
        return None
    return QuestionReport.model_validate({**document.fields, "report_id": document.id})


def class_of(document: Document) -> SchoolClass | None:
    if document.fields is None:
        return None
    return SchoolClass.model_validate({**document.fields, "class_id": document.id})


def member_of(document: Document) -> Member | None:
    return None if document.fields is None else Member.model_validate(document.fields)


def turn_of(document: Document) -> CommittedTurn | None:
    return None if document.fields is None else CommittedTurn.model_validate(document.fields)


def class_assignment_of(document: Document) -> Assignment | None:
    if document.fields is None:
        return None
    return Assignment.model_validate({**document.fields, "assignment_id": document.id})


def frozen_template_fields(template: Template) -> dict[str, Any]:
    """The fields of a copy, whose path does not name the template."""
    return {**fields_of(template), "template_id": template.template_id}


def frozen_template_of(document: Document) -> Template | None:
    if document.fields is None:
        return None
    return Template.model_validate({**document.fields, "student_ids": []})


def row_of(document: Document) -> Row | None:
    return None if document.fields is None else Row.model_validate(document.fields)


def cell_of(row: Document, assignment_id: str) -> Cell | None:
    cells = (row.fields or {}).get("cells", {})
    return Cell.model_validate(cells[assignment_id]) if assignment_id in cells else None


def join_settings_of(document: Document) -> JoinSettings | None:
    return None if document.fields is None else JoinSettings.model_validate(document.fields)


def join_code_of(document: Document) -> JoinCode | None:
    return None if document.fields is None else JoinCode.model_validate(document.fields)
