"""Writes one person's documents as JSON while they are read, so that memory holds one page."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import IO, Any

from shared.domain.sessions.session import Mode
from shared.firestore.assignments import assigned_path, student_ids_of
from shared.firestore.documents import (
    Document,
    Fields,
    join_path,
    live_path,
    source_path,
    state_path,
)
from shared.firestore.personal_data import OF_SESSIONS, DataKind, PersonalData

EXPORT_SCHEMA_VERSION = 1
# Documents per page. A session or template may have almost a megabyte; other documents are small.
BIG_PAGE, PAGE = 16, 300


class PersonalDataExporter:
    """Exports the person's data as of the instant of construction.

    `on_document` is called after each document that PersonalData.counts() counts: all but those
    that belong to sessions.
    """

    def __init__(
        self, data: PersonalData, out: IO[str], *, on_document: Callable[[], None] = lambda: None
    ) -> None:
        self._data = data
        self._out = out
        self._on_document = on_document
        self._counts: Counter[DataKind] = Counter()
        self.as_of = data.now()

    @property
    def counts(self) -> dict[str, int]:
        """The number of documents written so far, by kind."""
        return {kind.value: self._counts[kind] for kind in DataKind}

    def write(self, *, about: Mapping[str, Any], account: Mapping[str, Any] | None) -> None:
        """Writes the whole file. `about` describes the target, `account` the person's account."""
        head = {
            "schema_version": EXPORT_SCHEMA_VERSION,
            **about,
            "uid": self._data.uid,
            "as_of": self.as_of,
            "account": account,
        }
        self._out.write("{" + _to_json(head)[1:-1])
        student = list(self._with_ids(DataKind.STUDENT, "student_id"))
        self._out.write(f',\n"student": {_to_json(student[0] if student else None)}')
        self._write_list("skills", self._with_ids(DataKind.SKILLS, "skill_id"))
        self._write_list("packs", self._with_ids(DataKind.PACKS, "pack_id"))
        self._write_sessions()
        self._write_list("reports", self._with_ids(DataKind.REPORTS, "report_id"))
        self._write_list("templates", self._templates())
        self._write_list("locks", self._with_ids(DataKind.LOCKS, "lock_id"))
        self._write_list("idempotency", self._with_ids(DataKind.IDEMPOTENCY, "record_id", BIG_PAGE))
        self._write_list("limits", self._with_ids(DataKind.LIMITS, "limit_id"))
        self._write_list("named_as_student_in", self._assigned_templates())
        self._write_list("named_as_teacher_in", self._taught_sessions())
        self._write_list("reported_to", self._reports_to_teacher())
        self._write_list("memberships", self._with_ids(DataKind.MEMBERSHIPS, "student_id"))
        self._write_list("classes", self._classes())
        self._write_list("teacher_of", self._taught_classes())
        self._write_list("rows", self._rows())
        self._write_list("grade_changes", self._with_ids(DataKind.GRADE_CHANGES, "entry_id"))
        self._write_list("changed_grades", self._changed_grades())
        self._write_list("named_in_assignments", self._named_assignments())
        self._out.write(f',\n"counts": {_to_json(self.counts)}}}\n')

    def _documents(self, kind: DataKind, page_size: int, **which: Any) -> Iterator[Document]:
        for page in self._data.pages(kind, size=page_size, as_of=self.as_of, **which):
            for document in page:
                yield document
                self._counts[kind] += 1
                if kind not in OF_SESSIONS:
                    self._on_document()

    def _with_ids(
        self, kind: DataKind, id_field: str, page_size: int = PAGE, **which: Any
    ) -> Iterator[dict[str, Any]]:
        """The documents of the kind, each with its own id as a field."""
        for document in self._documents(kind, page_size, **which):
            yield _with_id(document, id_field)

    def _write_list(self, name: str, entries: Iterator[dict[str, Any]]) -> None:
        self._out.write(f',\n"{name}": [')
        for n, entry in enumerate(entries):
            self._out.write(f"{',' if n else ''}\n{_to_json(entry)}")
        self._out.write("]")

    def _write_sessions(self) -> None:
        self._out.write(',\n"sessions": [')
        for n, session in enumerate(self._documents(DataKind.SESSIONS, BIG_PAGE)):
            fields = {**_with_id(session, "session_id"), "state": self._state(session)}
            session_json = _to_json(fields)
            self._out.write(f"{',' if n else ''}\n{session_json[:-1]}")
            items = self._with_ids(DataKind.ITEMS, "item_id", session_id=session.id)
            self._write_list("items", items)
            if (session.fields or {}).get("assignment_id"):
                turns = self._with_ids(DataKind.TURNS, "turn_id", session_id=session.id)
                self._write_list("turns", turns)
            self._out.write("}")
        self._out.write("]")

    def _state(self, session: Document) -> Fields | None:
        """The stored state of a session that turns run; None where there is none."""
        fields = session.fields or {}
        is_run_by_turns = fields.get("pack") or fields.get("assignment")
        if fields.get("mode") != Mode.INFINITE and not is_run_by_turns:
            return None
        return self._data.document(state_path(session.id), as_of=self.as_of).fields

    def _templates(self) -> Iterator[dict[str, Any]]:
        """The person's templates, each with its students, and with the owner's full text, or null,
        in `source`.
        """
        for template in self._documents(DataKind.TEMPLATES, BIG_PAGE):
            source, assigned = (
                self._data.document(path(template.id), as_of=self.as_of)
                for path in (source_path, assigned_path)
            )
            yield {
                **_with_id(template, "template_id"),
                "student_ids": student_ids_of(template, assigned),
                "source": source.fields,
            }

    def _assigned_templates(self) -> Iterator[dict[str, Any]]:
        """The person's assignments, without content and students of older templates."""
        yield from self._with_ids(DataKind.ASSIGNED, "template_id")
        only = ["name", "owner_id"]
        yield from self._with_ids(DataKind.NAMED_IN_TEMPLATES, "template_id", only=only)

    def _taught_sessions(self) -> Iterator[dict[str, Any]]:
        """Other people's sessions: without their content and the student."""
        only = ["name", "template_id", "started_at"]
        return self._with_ids(DataKind.TAUGHT, "session_id", only=only)

    def _reports_to_teacher(self) -> Iterator[dict[str, Any]]:
        """Other people's reports: without the student and what they wrote."""
        only = ["template_id", "question_id", "reported_at"]
        return self._with_ids(DataKind.REPORTED_TO, "report_id", only=only)

    def _classes(self) -> Iterator[dict[str, Any]]:
        """The person's classes, each with how students join it; the students' data are theirs."""
        for school_class in self._documents(DataKind.CLASSES, PAGE):
            join = self._data.document(join_path(school_class.id), as_of=self.as_of)
            yield {**_with_id(school_class, "class_id"), "join": join.fields}

    def _rows(self) -> Iterator[dict[str, Any]]:
        """The person's rows of gradebooks, each with what they work on, or null, in `live`."""
        for row in self._documents(DataKind.ROWS, PAGE):
            fields = row.fields or {}
            live = self._data.document(live_path(fields["class_id"], row.id), as_of=self.as_of)
            yield {**fields, "live": live.fields}

    def _changed_grades(self) -> Iterator[dict[str, Any]]:
        """Other people's grades: without the student, the grade and the reason."""
        only = ["class_id", "assignment_id", "at"]
        return self._with_ids(DataKind.CHANGED_GRADES, "entry_id", only=only)

    def _named_assignments(self) -> Iterator[dict[str, Any]]:
        """Assignments of classes for some students: without the others."""
        only = ["class_id", "title", "created_at"]
        return self._with_ids(DataKind.NAMED_IN_ASSIGNMENTS, "assignment_id", only=only)

    def _taught_classes(self) -> Iterator[dict[str, Any]]:
        """Classes that name the person as a teacher: without its other teachers."""
        only = ["name", "subject", "owner_id", "created_at"]
        return self._with_ids(DataKind.TEACHER_OF, "class_id", only=only)


def _with_id(document: Document, id_field: str) -> dict[str, Any]:
    return {id_field: document.id, **(document.fields or {})}


def _to_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_instant_to_json)


def _instant_to_json(value: object) -> str:
    """ISO 8601 in UTC, to the microsecond. Raises TypeError for any other type."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
    raise TypeError(f"a value of type {type(value).__name__} cannot be exported to JSON")
