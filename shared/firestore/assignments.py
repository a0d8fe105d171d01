"""The students that a template is assigned to, in documents apart from the template.

`session_templates/{id}/private/assigned` lists them, for the owner. Each student has a document
too, `students/{uid}/assigned_templates/{id}`: its existence proves to the rules and to
start_session that the student may read the template, and its fields are what the student's list of
templates shows.

Templates stored by an older version have their students in a field of their own, until they are
changed or `admin migrate` moves the students out.
"""

from collections.abc import Sequence

from shared.domain.templates.template import Template
from shared.firestore.documents import Document, Fields, fields_of, template_path
from shared.firestore.writes import Delete, Merge, Put, Update, Write, create_or_update

STUDENT_IDS = "student_ids"
# The fields that a student's list shows, filters and sorts by.
SHOWN = ("owner_id", "name", "root_id", "subject", "topic", "grade_level", "archived_at")


def assigned_path(template_id: str) -> str:
    """The list of the students, for the owner."""
    return f"{template_path(template_id)}/private/assigned"


def assignment_path(student_id: str, template_id: str) -> str:
    """The student's own document about a template that is assigned to them."""
    return f"students/{student_id}/assigned_templates/{template_id}"


def template_of(template: Document, assigned: Document) -> Template | None:
    """The whole template, from its document and that of its students."""
    if template.fields is None:
        return None
    return _template(template, student_ids_of(template, assigned))


def template_for(student_id: str, template: Document, assignment: Document) -> Template | None:
    """The template of whose `student_ids` only the student is known, as a start needs it."""
    if template.fields is None:
        return None
    listed = assignment.fields is not None or student_id in template.fields.get(STUDENT_IDS, ())
    return _template(template, [student_id] if listed else [])


def student_ids_of(template: Document, assigned: Document) -> list[str]:
    stored = assigned.fields or template.fields or {}
    return list(stored.get(STUDENT_IDS, ()))


def update_writes(read: Document, assigned: Document, after: Template) -> list[Write]:
    """The writes that bring a template and the documents of its students to `after`."""
    before = {**(read.fields or {}), STUDENT_IDS: student_ids_of(read, assigned)}
    return [
        Update(read, fields_of(after), removed=(STUDENT_IDS,)),
        *assignment_writes(after.template_id, before, vars(after), assigned),
    ]


def assignment_writes(
    template_id: str, before: Fields, after: Fields, assigned: Document
) -> list[Write]:
    """The writes of the list and of the students' documents, none where nothing changes in them.

    `before` and `after` are a template's fields. The list is written with any of the others, so
    that its precondition holds for them too.
    """
    students = after[STUDENT_IDS]
    earlier = before[STUDENT_IDS]
    # No student of a template stored by an older version has a document.
    known: Sequence[str] = earlier if assigned.fields is not None else ()
    shown, shown_before = _shown(after), _shown(before)
    new = {**shown, "assigned_at": after["updated_at"]}
    writes: list[Write] = [
        *(Delete(assignment_path(uid, template_id)) for uid in _without(earlier, students)),
        *(Put(assignment_path(uid, template_id), new) for uid in _without(students, known)),
    ]
    if shown != shown_before:
        kept = _without(students, _without(students, known))
        writes += [Merge(assignment_path(uid, template_id), shown) for uid in kept]
    if not writes and students == earlier:
        return []
    fields = {"schema_version": 1, STUDENT_IDS: students, "updated_at": after["updated_at"]}
    return [create_or_update(assigned, fields), *writes]


def _template(document: Document, student_ids: list[str]) -> Template:
    fields = {**(document.fields or {}), "template_id": document.id, STUDENT_IDS: student_ids}
    return Template.model_validate(fields)


def _shown(template: Fields) -> Fields:
    return {"schema_version": 1, **{name: template.get(name) for name in SHOWN}}


def _without(uids: Sequence[str], others: Sequence[str]) -> list[str]:
    taken = set(others)
    return [uid for uid in uids if uid not in taken]
