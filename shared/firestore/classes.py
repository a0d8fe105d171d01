"""Classes, their members, and the places of their join codes.

A join writes the student's member document and one of ten documents of places, never the class, so
that a class can fill within a minute. Rotating a code, or changing its maximum, counts the members
after it has read the places, and is decided again where a place was taken since.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from google.cloud.firestore_v1.base_query import FieldFilter

from shared.domain.classes.join_code import (
    SHARDS,
    JoinCode,
    JoinSettings,
    code_of,
    find_place,
    shard_of,
    share_out,
)
from shared.domain.classes.membership import Member, MemberStatus
from shared.domain.classes.school_class import SchoolClass
from shared.domain.common.digest import digest
from shared.domain.students.student import Student, with_class, without_class
from shared.firestore.database import Database
from shared.firestore.documents import (
    Document,
    class_of,
    class_path,
    code_path,
    fields_of,
    join_code_of,
    join_path,
    join_settings_of,
    member_of,
    member_path,
    members_path,
    place_path,
    student_of,
    student_path,
)
from shared.firestore.paging import count_step
from shared.firestore.retry import Deadline
from shared.firestore.rows import member_row_write
from shared.firestore.unconfirmed_commit import Decision, Documents
from shared.firestore.writes import (
    Create,
    Delete,
    Put,
    Remove,
    Replace,
    Update,
    Write,
    create_or_update,
)
from shared.ports.calls import IdempotencyContext, R, Reply, StoredReply
from shared.ports.classes import DecideClass, DecideJoin, DecideNewClass, DecideRemoval

NewCode = Callable[[], str]


class FirestoreClassRepository:
    """Implements shared.ports.classes.ClassRepository."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        class_id: str,
        decide: DecideNewClass[R],
        *,
        new_code: NewCode,
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        path = class_path(class_id)
        unused = _UnusedCode(self._database, new_code)

        def decision(_documents: Documents, deadline: Deadline) -> Decision[R]:
            new = decide(unused.find(deadline))
            writes: list[Write] = [
                Create(path, fields_of(new.school_class)),
                Create(join_path(class_id), fields_of(new.join)),
                *_new_code_writes(class_id, new.join, new.join.max_students),
            ]
            return Decision(new.reply, writes)

        return self._database.change([], decision, idempotency=idempotency, receipt=path)

    def change(
        self,
        class_id: str,
        decide: DecideClass[R],
        *,
        new_code: NewCode,
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        path, join = class_path(class_id), join_path(class_id)
        unused = _UnusedCode(self._database, new_code)

        def decision(documents: Documents, deadline: Deadline) -> Decision[R]:
            reader = _ClassReader(self._database, class_id, documents, unused, deadline)
            change = decide(reader)
            if change.school_class is None:
                return Decision(change.reply)
            writes: list[Write] = [Update(documents[path], fields_of(change.school_class))]
            if change.join is not None and change.join != reader.join:
                writes.append(Put(join, fields_of(change.join)))
                writes += _code_writes(class_id, reader, change.join, change.places)
            return Decision(change.reply, writes)

        return self._database.change([path, join], decision, idempotency=idempotency)

    def join(
        self, code: str, student_id: str, decide: DecideJoin[R], *, idempotency: IdempotencyContext
    ) -> Reply[R] | StoredReply:
        student = student_path(student_id)
        paths = [code_path(code), place_path(code, shard_of(student_id)), student]

        def decision(documents: Documents, deadline: Deadline) -> Decision[R]:
            reader = _JoinReader(self._database, code, student_id, documents, deadline)
            change = decide(reader)
            if change.member is None:
                return Decision(change.reply)
            member, known = change.member, student_of(documents[student])
            listed = with_class(known or Student(student_id=student_id), member.class_id)
            writes = [
                _member_write(reader.membership, member),
                member_row_write(member, listed.totals.self_practice),
            ]
            if listed != known:
                writes.append(create_or_update(documents[student], fields_of(listed)))
            if reader.taken is not None:
                writes.append(_moved(reader.taken, -1))
            return Decision(change.reply, writes)

        return self._database.change(paths, decision, idempotency=idempotency)

    def remove(
        self,
        class_id: str,
        student_id: str,
        decide: DecideRemoval[R],
        *,
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply:
        path, join = class_path(class_id), join_path(class_id)
        membership, student = member_path(class_id, student_id), student_path(student_id)

        def decision(documents: Documents, deadline: Deadline) -> Decision[R]:
            found = _MemberReader(class_of(documents[path]), member_of(documents[membership]))
            change = decide(found)
            if change.member is None:
                return Decision(change.reply)
            writes: list[Write] = [
                Update(documents[membership], fields_of(change.member)),
                member_row_write(change.member, None),
            ]
            if known := student_of(documents[student]):
                left = without_class(known, class_id)
                writes.append(Update(documents[student], fields_of(left)))
            writes += place_return(self._database, documents[join], student_id, deadline)
            return Decision(change.reply, writes)

        return self._database.change(
            [path, membership, join, student], decision, idempotency=idempotency
        )


def active_members_among(
    database: Database, class_id: str, uids: Sequence[str], deadline: Deadline
) -> list[str]:
    read = database.read([member_path(class_id, uid) for uid in uids], deadline)
    found = [member_of(document) for document in read.values()]
    return [member.student_id for member in found if member and member.is_active]


def place_return(
    database: Database, join: Document, student_id: str, deadline: Deadline
) -> list[Write]:
    """The write that gives a student's place back to the class's code, where it has one."""
    settings = join_settings_of(join)
    if settings is None or settings.code is None:
        return []
    path = place_path(settings.code, shard_of(student_id))
    place = database.read([path], deadline)[path]
    # Without places the code was changed since it was read: the commit fails, and is decided again.
    return [_moved(place, 1)] if place.fields is not None else [Update(join, {})]


def deleted_code(code: str) -> list[Write]:
    """The writes that end a code, whoever takes a place at the same time."""
    return [Delete(code_path(code)), *(Delete(path) for path in _place_paths(code))]


class _MemberReader:
    """Implements shared.ports.classes.MemberReader."""

    def __init__(self, school_class: SchoolClass | None, member: Member | None) -> None:
        self.school_class = school_class
        self.member = member


class _ClassReader:
    """Implements shared.ports.classes.ClassReader. `places` are read only to be changed."""

    def __init__(
        self,
        database: Database,
        class_id: str,
        documents: Documents,
        unused: "_UnusedCode",
        deadline: Deadline,
    ) -> None:
        self._database = database
        self._class_id = class_id
        self._documents = documents
        self._unused = unused
        self._deadline = deadline
        self.places: dict[str, Document] = {}

    @property
    def school_class(self) -> SchoolClass | None:
        return class_of(self._documents[class_path(self._class_id)])

    @cached_property
    def join(self) -> JoinSettings:
        settings = join_settings_of(self._documents[join_path(self._class_id)])
        assert settings is not None, "written with its class"
        return settings

    def unused_code(self) -> str:
        return self._unused.find(self._deadline)

    def count_students(self) -> int:
        if self.join.code is not None:
            paths = [code_path(self.join.code), *_place_paths(self.join.code)]
            self.places = dict(self._database.read(paths, self._deadline))
        members = self._database.client.collection(members_path(self._class_id))
        active = members.where(filter=FieldFilter("status", "==", MemberStatus.ACTIVE.value))
        return count_step(active)(self._deadline)

    def students_among(self, uids: Sequence[str]) -> list[str]:
        return active_members_among(self._database, self._class_id, uids, self._deadline)


class _JoinReader:
    """Implements shared.ports.classes.JoinReader. A wrong code costs the reads of a used-up one."""

    def __init__(
        self,
        database: Database,
        code: str,
        student_id: str,
        documents: Documents,
        deadline: Deadline,
    ) -> None:
        self._database = database
        self._code = code
        self._student_id = student_id
        self._deadline = deadline
        self._places = {path: documents[path] for path in _place_paths(code) if path in documents}
        self.code: JoinCode | None = join_code_of(documents[code_path(code)])
        # A class that does not exist, so that a wrong code takes as long.
        class_id = self.code.class_id if self.code else digest("no class", code)
        path, membership = class_path(class_id), member_path(class_id, student_id)
        read = database.read([path, membership], deadline)
        self.school_class = class_of(read[path])
        self.membership = read[membership]
        self.member = member_of(self.membership)
        self.taken: Document | None = None

    def take_place(self) -> bool:
        if not any(map(_left, self._places.values())):
            self.search_places()
        left = [_left(self._places.get(path)) for path in _place_paths(self._code)]
        shard = find_place(left, self._student_id)
        if shard is not None:
            self.taken = self._places[place_path(self._code, shard)]
        return shard is not None

    def search_places(self) -> None:
        others = [path for path in _place_paths(self._code) if path not in self._places]
        self._places.update(self._database.read(others, self._deadline))


class _UnusedCode:
    """One random code for all attempts of a request, another only where a class has it."""

    def __init__(self, database: Database, new_code: NewCode) -> None:
        self._database = database
        self._new_code = new_code
        self._code = new_code()

    def find(self, deadline: Deadline) -> str:
        while self._is_used(self._code, deadline):
            self._code = self._new_code()
        return self._code

    def _is_used(self, code: str, deadline: Deadline) -> bool:
        path = code_path(code)
        return self._database.read([path], deadline)[path].fields is not None


def _code_writes(
    class_id: str, reader: _ClassReader, after: JoinSettings, places: int | None
) -> Iterable[Write]:
    """The writes that make the code, and its places, what the settings say."""
    before = reader.join
    if after.code != before.code:
        if before.code is not None:
            counted = [Remove(d) for d in reader.places.values() if d.fields is not None]
            yield from counted or deleted_code(before.code)
        if after.code is not None:
            yield from _new_code_writes(class_id, after, places or 0)
        return
    if after.code is None:
        return
    if after.expires_at != before.expires_at:
        yield Put(code_path(after.code), fields_of(code_of(after, class_id)))
    if places is not None:
        for path, left in zip(_place_paths(after.code), share_out(places), strict=True):
            yield _shared_place_write(reader.places[path], left)


def _new_code_writes(class_id: str, settings: JoinSettings, places: int) -> Iterable[Write]:
    assert settings.code is not None
    yield Create(code_path(settings.code), fields_of(code_of(settings, class_id)))
    for path, left in zip(_place_paths(settings.code), share_out(places), strict=True):
        yield Create(path, _place_fields(left))


def _place_paths(code: str) -> list[str]:
    return [place_path(code, shard) for shard in range(SHARDS)]


def _place_fields(left: int) -> dict[str, int]:
    return {"schema_version": 1, "left": left}


def _left(place: Document | None) -> int:
    left: int = (place.fields or {}).get("left", 0) if place else 0
    return left


def _member_write(read: Document, member: Member) -> Write:
    """A request whose response got lost finds its own member by the time of joining."""
    fields = fields_of(member)
    return Create(read.path, fields) if read.fields is None else Replace(read, fields)


def _shared_place_write(read: Document, left: int) -> Write:
    """A code that was changed since the class was read has no places any more. The class has
    changed as well, so that the commit fails, and is decided again.
    """
    fields = _place_fields(left)
    return Create(read.path, fields) if read.fields is None else Replace(read, fields)


def _moved(place: Document, change: int) -> Write:
    return Replace(place, _place_fields(_left(place) + change))
