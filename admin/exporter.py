"""One person's documents as JSON, written while they are read: memory holds one page."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import IO, Any

from shared.firestore.documents import Document, source_path
from shared.firestore.personal_data import DataKind, PersonalData

SCHEMA_VERSION = 1
# A session or template may be almost a megabyte, the others are small.
BIG_PAGE, PAGE = 16, 300


class PersonalDataExporter:
    """`seen` is called for each document that counts() counts, once it is written."""

    def __init__(
        self, person: PersonalData, out: IO[str], *, seen: Callable[[], None] = lambda: None
    ) -> None:
        self._person = person
        self._out = out
        self._seen = seen
        self._counts: Counter[DataKind] = Counter()
        self.as_of = person.now()

    @property
    def counts(self) -> dict[str, int]:
        return {kind.value: self._counts[kind] for kind in DataKind}

    def write(self, *, about: Mapping[str, Any], account: Mapping[str, Any] | None) -> None:
        head = {
            "schema_version": SCHEMA_VERSION,
            **about,
            "uid": self._person.uid,
            "as_of": self.as_of,
            "account": account,
        }
        self._out.write("{" + _text(head)[1:-1])
        student = [_named(d, "student_id") for d in self._each(DataKind.STUDENT, PAGE)]
        self._out.write(f',\n"student": {_text(student[0] if student else None)}')
        self._list(
            "skills", (_text(_named(d, "skill_id")) for d in self._each(DataKind.SKILLS, PAGE))
        )
        self._sessions()
        self._list("templates", (_text(template) for template in self._templates()))
        self._list("locks", (_text(_named(d, "lock_id")) for d in self._each(DataKind.LOCKS, PAGE)))
        records = self._each(DataKind.IDEMPOTENCY, BIG_PAGE)
        self._list("idempotency", (_text(_named(d, "record_id")) for d in records))
        self._list(
            "limits", (_text(_named(d, "limit_id")) for d in self._each(DataKind.LIMITS, PAGE))
        )
        self._list("named_as_student_in", (_text(named) for named in self._assigned()))
        self._list("named_as_teacher_in", (_text(named) for named in self._taught()))
        self._out.write(f',\n"counts": {_text(self.counts)}}}\n')

    def _each(self, kind: DataKind, size: int, **which: Any) -> Iterator[Document]:
        for page in self._person.pages(kind, size=size, as_of=self.as_of, **which):
            for document in page:
                yield document
                self._counts[kind] += 1
                if kind is not DataKind.ITEMS:
                    self._seen()

    def _list(self, name: str, entries: Iterator[str]) -> None:
        self._out.write(f',\n"{name}": [')
        self._entries(entries)
        self._out.write("]")

    def _entries(self, entries: Iterator[str]) -> None:
        for n, entry in enumerate(entries):
            self._out.write(f"{',' if n else ''}\n{entry}")

    def _sessions(self) -> None:
        self._out.write(',\n"sessions": [')
        for n, session in enumerate(self._each(DataKind.SESSIONS, BIG_PAGE)):
            self._out.write(f"{',' if n else ''}\n{_text(_named(session, 'session_id'))[:-1]}")
            items = self._each(DataKind.ITEMS, PAGE, session_id=session.id)
            self._list("items", (_text(_named(item, "item_id")) for item in items))
            self._out.write("}")
        self._out.write("]")

    def _templates(self) -> Iterator[dict[str, Any]]:
        """With the owner's full text, where there is one beside what students read."""
        for template in self._each(DataKind.TEMPLATES, BIG_PAGE):
            source = self._person.document(source_path(template.id), as_of=self.as_of)
            yield {**_named(template, "template_id"), "source": source.fields}

    def _assigned(self) -> Iterator[dict[str, Any]]:
        """Others' templates: which they are, not what is in them nor who else is named there."""
        for template in self._each(DataKind.ASSIGNED, PAGE, only=["name", "owner_id"]):
            yield _named(template, "template_id")

    def _taught(self) -> Iterator[dict[str, Any]]:
        for session in self._each(
            DataKind.TAUGHT, PAGE, only=["name", "template_id", "started_at"]
        ):
            yield _named(session, "session_id")


def _named(document: Document, id_field: str) -> dict[str, Any]:
    return {id_field: document.id, **(document.fields or {})}


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, default=_instant)


def _instant(value: object) -> str:
    """ISO 8601 in UTC, to the microsecond. Raises TypeError for what no document of ours holds."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
    raise TypeError(f"a {type(value).__name__} has no form in JSON")
