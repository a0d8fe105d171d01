"""Encoding of documents: the library and this code read each other's writes."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from shared.domain.sessions.session import Status
from shared.firestore.database import Database
from shared.firestore.retry import Deadline
from shared.firestore.writes import Create, Put, Remove, Update
from tests.support.firestore.world import World

PATH = "kinds/one"
KINDS: dict[str, Any] = {
    "nothing": None,
    "yes": True,
    "no": False,
    "one": 1,
    "largest": 2**63 - 1,
    "least": -(2**63),
    "half": 0.5,
    "whole": 1.0,
    "text": "ÿ \u2028 \U0001f3b8",
    "no text": "",
    "at": datetime(2024, 2, 29, 8, 0, 0, 123_456, tzinfo=UTC),
    "before 1970": datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    "list": [1, "two", None, {"three": [3.0]}],
    "no list": [],
    "map": {"a.b": 1, "`": 2, "nested": {"deeper": {}}},
    "no map": {},
}


@pytest.fixture
def database(world: World) -> Database:
    return Database(world.client)


def read(database: Database) -> Any:
    return database.read([PATH], Deadline())[PATH]


def types(value: Any) -> Any:
    """Python equates bool with int and 1 with 1.0; a document does not."""
    match value:
        case dict():
            return {key: types(inner) for key, inner in value.items()}
        case list():
            return [types(inner) for inner in value]
        case datetime():
            return datetime
        case _:
            return type(value)


@pytest.mark.parametrize("write", [Create, Put])
def test_a_written_value_reads_the_same_by_the_library_and_by_us(
    write: type[Create | Put], database: Database
) -> None:
    database.commit([write(PATH, KINDS)], Deadline())

    by_library = database.client.document(PATH).get().to_dict()
    for found in (by_library, read(database).fields):
        assert found == KINDS
        assert types(found) == types(KINDS)


def test_a_value_written_by_the_library_is_read_the_same(database: Database) -> None:
    database.client.document(PATH).set(KINDS)
    snapshot = database.client.document(PATH).get()

    found = read(database)

    assert found.fields == KINDS
    assert types(found.fields) == types(KINDS)
    assert found.update_time == snapshot.update_time
    assert found.update_time.nanosecond == snapshot.update_time.nanosecond


def test_an_instant_in_another_time_zone_is_the_same_instant(database: Database) -> None:
    at = datetime(2024, 2, 29, 8, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    database.commit([Create(PATH, {"at": at, "status": Status.ACTIVE})], Deadline())
    assert read(database).fields == {"at": at, "status": "active"}


def test_an_update_leaves_unnamed_fields_and_an_empty_one_leaves_all(
    database: Database,
) -> None:
    database.commit([Create(PATH, {"a": 1, "b": {"c": 2, "d": 3}})], Deadline())
    database.commit([Update(read(database), {"b": {"c": 4}})], Deadline())
    assert read(database).fields == {"a": 1, "b": {"c": 4}}

    database.commit([Update(read(database), {"a": 1})], Deadline())
    assert read(database).fields == {"a": 1, "b": {"c": 4}}


def test_only_the_fields_asked_for_are_read_and_a_missing_document_is_none(
    database: Database,
) -> None:
    database.commit([Create(PATH, {"a": 1, "b": 2})], Deadline())
    found = database.read([PATH, "kinds/none"], Deadline(), only=["b"])
    assert found[PATH].fields == {"b": 2}
    assert (found["kinds/none"].fields, found["kinds/none"].update_time) == (None, None)


def test_a_document_read_as_missing_can_be_neither_updated_nor_removed(database: Database) -> None:
    for write in (Update(read(database), {"a": 1}), Remove(read(database))):
        with pytest.raises(ValueError, match="read as missing"):
            database.commit([write], Deadline())


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, object()])
def test_a_value_that_no_document_can_hold_is_not_written(value: Any, database: Database) -> None:
    with pytest.raises(TypeError):
        database.commit([Create(PATH, {"value": value})], Deadline())
    assert read(database).fields is None
