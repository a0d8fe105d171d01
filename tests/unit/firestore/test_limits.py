"""The product's bounds fit inside Firestore's limits, so that accepted data can be stored."""

from datetime import UTC, datetime

from functions.update_progress.contract import MAX_ITEMS_PER_CALL
from shared.domain.common.fields import ID_PATTERN
from shared.domain.common.json_object import (
    MAX_DEPTH,
    MAX_PATH_BYTES,
    MAX_STORED_BYTES,
    stored_size_bytes,
)
from shared.domain.practice.attempt_log import MAX_UNSTORED_ATTEMPTS
from shared.domain.practice.source import MAX_SKILLS
from shared.domain.sessions.items import MAX_ITEMS, Tally
from shared.domain.sessions.session import Session
from shared.domain.students.scoring import QuestionResult
from shared.domain.students.student import MAX_SUBJECTS, SubjectTotals, Totals, TotalsByOrigin
from shared.domain.templates.template import Template
from shared.endpoint.request_body import MAX_BODY_BYTES
from shared.firestore import erasure, limits, sweep
from shared.firestore.assignments import assignment_writes
from shared.firestore.documents import Document
from shared.firestore.protobuf_values import CommitRequest
from shared.firestore.writes import encode_write

LABEL = "😀" * 120
UID = "u" * 128
# Of ids, times, counts and short texts, and of the document's name.
OTHER_FIELDS_BYTES = 32 * 1024


def test_free_json_can_be_stored_below_the_field_that_holds_it() -> None:
    fields = [name for model in (Template, Session) for name in model.model_fields]
    holders = [name for name in fields if name in ("template_data", "session_data")]
    assert len(holders) == 2
    for name in holders:
        assert len(f"{name}.".encode()) + MAX_PATH_BYTES <= limits.MAX_FIELD_PATH_BYTES
    # The document's own fields are the first level.
    assert 1 + MAX_DEPTH <= limits.MAX_NESTING


def test_a_session_with_the_maximum_of_items_fits_a_document() -> None:
    questions = {f"{n:016x}": QuestionResult.FIRST for n in range(MAX_ITEMS)}
    tally = Tally(items_logged=MAX_ITEMS, questions=questions).model_dump(mode="json")
    largest = MAX_STORED_BYTES + stored_size_bytes(tally) + OTHER_FIELDS_BYTES
    assert largest <= limits.MAX_DOCUMENT_BYTES


def test_a_list_of_the_maximum_of_students_fits_a_document() -> None:
    largest = stored_size_bytes(["😀" * 128] * 1_000) + OTHER_FIELDS_BYTES
    assert largest <= limits.MAX_DOCUMENT_BYTES


def test_a_student_with_the_maximum_of_subjects_fits_a_document() -> None:
    subjects = {f"{n}{LABEL}"[:120]: SubjectTotals() for n in range(MAX_SUBJECTS + 1)}
    totals = Totals(by_subject=subjects)
    both = TotalsByOrigin(assigned=totals, self_practice=totals).model_dump(mode="json")
    assert stored_size_bytes(both) + OTHER_FIELDS_BYTES <= limits.MAX_DOCUMENT_BYTES


def test_an_id_is_a_valid_document_id() -> None:
    assert "{1,128}" in ID_PATTERN
    assert len(("😀" * 128).encode()) <= limits.MAX_DOCUMENT_ID_BYTES


def test_each_commit_but_those_of_assignments_stays_within_the_maximum_of_writes() -> None:
    # Session, state, student, two locks and idempotency record, with the log's entries.
    assert 6 + MAX_ITEMS_PER_CALL <= limits.MAX_WRITES_PER_COMMIT
    assert 6 + MAX_UNSTORED_ATTEMPTS + MAX_SKILLS <= limits.MAX_WRITES_PER_COMMIT
    assert 5 * sweep.PAGE <= limits.MAX_WRITES_PER_COMMIT
    assert erasure.BATCH + 4 <= limits.MAX_WRITES_PER_COMMIT


def test_the_largest_change_of_assignments_fits_one_request_to_firestore() -> None:
    """All students are replaced by others. Beside the template with its source."""
    before = {"student_ids": [f"{n:04}{'😀' * 124}" for n in range(1_000)]}
    after = {
        "student_ids": [f"{n:04}{'😎' * 124}" for n in range(1_000)],
        **dict.fromkeys(("name", "subject", "topic", "grade_level"), LABEL),
        **dict.fromkeys(("owner_id", "root_id"), UID),
        "updated_at": datetime(2025, 3, 1, tzinfo=UTC),
    }
    stored = Document("assigned", before, datetime(2025, 3, 1, tzinfo=UTC))
    commit = CommitRequest()
    for write in assignment_writes("t" * 128, before, after, stored):
        encode_write(commit.writes.add(), write, root="r" * 100)
    assert len(commit.writes) == 2_001
    assert commit.ByteSize() + 2 * limits.MAX_DOCUMENT_BYTES <= limits.MAX_REQUEST_BYTES


def test_the_largest_body_fits_one_request_to_firestore() -> None:
    assert 2 * MAX_BODY_BYTES <= limits.MAX_REQUEST_BYTES
