"""Writes as they are sent to Firestore."""

from google.cloud.firestore_v1.types import Write as Message

from shared.firestore.writes import Merge, encode_write

ROOT = "projects/p/databases/d/documents/"
# As random ids may be: the first can't stand in a path of fields without backticks.
IDS = ("9b-2c", "_a", "plain", "__")


def encoded(write: Merge) -> Message:
    message = Message()
    encode_write(message._pb, write, root=ROOT)
    return message


def test_a_merge_writes_its_fields_alone() -> None:
    message = encoded(Merge("rows/sam", {"status": "active", "cells": {}}))
    assert message.update.name == f"{ROOT}rows/sam"
    assert list(message.update_mask.field_paths) == ["status", "cells"]
    assert not message._pb.HasField("current_document")


def test_inner_fields_are_written_in_place_of_their_map() -> None:
    for id_ in IDS:
        write = Merge(
            "rows/sam",
            {"status": "active", "cells": {id_: {"score": 1, "at": 2}}},
            inner=(("cells", id_, "score"), ("cells", id_, "at")),
        )
        assert list(encoded(write).update_mask.field_paths) == [
            "status",
            f"`cells`.`{id_}`.`score`",
            f"`cells`.`{id_}`.`at`",
        ]
