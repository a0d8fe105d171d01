"""A session's transitions: ownership, revisions, the log, counts, results and the end."""

import copy
import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.common.errors import (
    InvalidArgument,
    RevisionMismatch,
    SessionNotActive,
    SessionNotFound,
)
from shared.domain.common.json_object import MAX_BYTES, MAX_STORED_BYTES, stored_size_bytes
from shared.domain.questions.grades import Grade
from shared.domain.sessions.items import MAX_ITEMS, Item, LoggedItem, Tally
from shared.domain.sessions.session import (
    EndReason,
    Session,
    Status,
    apply_update,
    contains_change,
    end_session,
    recount_items,
    require_active,
    require_owned,
)
from shared.domain.sessions.session_data import SessionContent
from shared.domain.students.scoring import QuestionResult
from tests.support.processor_time import taking_less_than
from tests.unit.domain.samples import NOON, ROUTINE, a_session, exercises

LATER = NOON + timedelta(minutes=5)
MAX_DOCUMENT_BYTES = 1024 * 1024
ROOM_FOR_OTHER_FIELDS = 32 * 1024


def update(
    session: Session,
    *items: Item,
    change: dict[str, Any] | None = None,
    revision: int | None = None,
    at: Any = LATER,
) -> tuple[Session, list[LoggedItem]]:
    return apply_update(
        session,
        change=None if change is None else SessionContent.model_validate(change),
        items=items,
        item_ids=[f"item-{i}" for i in range(len(items))],
        revision=revision,
        at=at,
    )


def item(node_id: str, **fields: Any) -> Item:
    return Item(node_id=node_id, **fields)


def extra(node_id: str, **fields: Any) -> Item:
    return item(node_id, extra=True, **fields)


def message(nearest: str) -> str:
    return f"names no exercise of this session{nearest}. An item beyond them needs extra: true"


def answered(node_id: str, *, correct: bool) -> Item:
    return Item(node_id=node_id, correct=correct, extra=True)


def test_a_session_belongs_to_its_student_alone() -> None:
    session = a_session(student_id="ann", teacher_id="teacher")

    assert require_owned(session, by="ann") == session
    for stranger in ("teacher", "bob", "", "Ann"):
        with pytest.raises(SessionNotFound) as refused:
            require_owned(session, by=stranger)
        assert refused.value.detail == SessionNotFound.default_detail


def test_a_missing_session_is_refused_in_the_same_words() -> None:
    with pytest.raises(SessionNotFound) as missing:
        require_owned(None, by="ann")

    assert missing.value.detail == SessionNotFound.default_detail


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        (EndReason.COMPLETED, "is completed."),
        (EndReason.DISCARDED, "is abandoned: its student discarded it."),
        (EndReason.STALE, "is abandoned: it was left for too long, and credited"),
    ],
)
def test_a_refusal_says_how_the_session_ended(reason: EndReason, message: str) -> None:
    with pytest.raises(SessionNotActive, match=message):
        require_active(end_session(a_session(), reason, at=NOON))


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.ABANDONED])
def test_a_session_that_ended_takes_no_more_progress(status: Status) -> None:
    session = a_session(status=status)

    with pytest.raises(SessionNotActive, match=status):
        require_active(session)
    with pytest.raises(SessionNotActive):
        update(session, Item(node_id="Scales"))
    with pytest.raises(SessionNotActive):
        update(session, change={}, revision=session.revision)
    with pytest.raises(SessionNotActive):
        update(session, change={}, revision=99)


def test_an_active_session_is_returned() -> None:
    session = a_session()

    assert require_active(session) is session


@pytest.mark.parametrize("revision", [None, 7])
def test_a_change_to_the_stored_or_to_any_revision_increments_it(revision: int | None) -> None:
    session = a_session(revision=7)

    after, logged = update(session, change={"notes": "new"}, revision=revision)

    assert after.revision == 8
    assert after.session_data.notes == "new"
    assert after.last_activity_at == LATER
    assert logged == []


@pytest.mark.parametrize("revision", [1, 6, 8, 10**30])
def test_a_change_to_another_revision_is_refused(revision: int) -> None:
    session = a_session(revision=7)

    with pytest.raises(RevisionMismatch, match=f"at revision 7, not {revision}"):
        update(session, change={"notes": "new"}, revision=revision)


@pytest.mark.parametrize("revision", [6, 8])
def test_a_change_already_in_place_is_not_a_conflict(revision: int) -> None:
    session = a_session({**ROUTINE, "notes": "same", "mood": [1, {"a": None}]}, revision=7)

    for change in ({}, {"notes": "same"}, {"mood": [1, {"a": None}], "notes": "same"}):
        assert update(session, change=change, revision=revision) == (session, [])


@pytest.mark.parametrize(
    "change", [{"mood": True}, {"mood": "1"}, {"mood": None}, {"other": None}, {"notes": ""}]
)
def test_a_different_change_is_a_conflict(change: dict[str, Any]) -> None:
    session = a_session({"mood": 1, "notes": None}, revision=7)

    with pytest.raises(RevisionMismatch):
        update(session, change=change, revision=6)


def test_items_are_never_taken_for_a_repeat() -> None:
    session = a_session(revision=7)

    with pytest.raises(RevisionMismatch):
        update(session, Item(node_id="Scales"), revision=6)
    with pytest.raises(RevisionMismatch):
        update(session, Item(node_id="Scales"), change={}, revision=6)


def test_a_repeat_is_recognised_after_any_earlier_change() -> None:
    session = a_session()
    change = {"notes": "new", "mood": {"a": [1, 2.5]}}

    after, _ = update(session, change=change, revision=1)

    assert contains_change(after.session_data, SessionContent.model_validate(change))
    assert update(after, change=change, revision=1) == (after, [])


def test_items_are_logged_in_order_with_all_their_fields() -> None:
    session = a_session(tally=Tally(items_logged=5))
    items = [
        Item(
            node_id="Scales",
            exercise_type="technique",
            grade=Grade.HARD,
            correct=False,
            score=0.5,
            duration_ms=61_000,
            completed=True,
            notes="slow",
        ),
        Item(node_id="Blues"),
    ]

    after, logged = update(session, *items)

    assert [entry.index for entry in logged] == [5, 6]
    assert [entry.item_id for entry in logged] == ["item-0", "item-1"]
    for item, entry in zip(items, logged, strict=True):
        assert entry.model_dump(include=set(Item.model_fields)) == item.model_dump()
        assert (entry.verified, entry.hinted, entry.completed_at) == (False, False, LATER)
    assert after.tally.items_logged == 7
    further, logged = update(after, Item(node_id="Blues"))
    assert [entry.index for entry in logged] == [7]
    assert further.tally.items_logged == 8


def test_the_log_of_a_new_session_begins_at_index_0() -> None:
    after, logged = update(a_session(), Item(node_id="Scales"))

    assert [entry.index for entry in logged] == [0]
    assert (after.tally.items_logged, after.revision) == (1, 2)


def test_an_item_ticks_its_exercise_and_counts_once() -> None:
    session = a_session()
    assert (session.items_count, session.items_completed) == (3, 0)

    after, _ = update(session, Item(node_id="Blues", notes="swing"))

    assert (after.items_count, after.items_completed) == (3, 1)
    blues = after.session_data.sections[2].exercises[0]
    assert (blues.completed, blues.notes) == (True, "swing")
    again, _ = update(after, Item(node_id="Blues"))
    assert (again.items_count, again.items_completed) == (3, 1)
    back, _ = update(again, Item(node_id="Blues", completed=False))
    assert (back.items_count, back.items_completed) == (3, 0)


def test_an_item_that_names_no_exercise_counts_beside_them() -> None:
    after, logged = update(a_session(), extra("q1"), extra("q2", completed=False))

    assert len(logged) == 2
    assert (after.items_count, after.items_completed) == (5, 1)
    assert after.session_data == a_session().session_data


def test_a_repeated_item_replaces_its_count() -> None:
    first, _ = update(a_session(), extra("q1"), extra("q1"), extra("q2"))
    assert (first.items_count, first.items_completed) == (5, 2)

    after, logged = update(first, extra("q2", completed=False), extra("q1"))

    assert len(logged) == 2
    assert (after.items_count, after.items_completed) == (5, 1)


def test_an_item_whose_exercise_is_added_later_counts_as_that_exercise() -> None:
    session, _ = update(a_session({}), Item(node_id="e0"))
    assert (session.items_count, session.items_completed) == (1, 1)

    after, _ = update(session, Item(node_id="e0"), change=exercises(2))

    assert (after.items_count, after.items_completed) == (2, 1)


def test_items_counted_before_their_names_were_kept_go_on_counting() -> None:
    session = recount_items(a_session(tally=Tally(unlisted_items=3, unlisted_completed=2)))

    after, _ = update(session, extra("q1"), extra("q1", completed=False))

    assert (after.items_count, after.items_completed) == (7, 2)


def test_a_mistyped_exercise_is_refused_by_path_with_the_nearest_names() -> None:
    names = ["c-major", "c-minor", "Arpeggios"]
    session = a_session({"sections": [{"name": "S", "exercises": [{"name": n} for n in names]}]})

    with pytest.raises(InvalidArgument) as refused:
        update(session, *map(item, ["c-major", "C-Majr", "arpegios", "???"]))

    assert [(error.path, error.message) for error in refused.value.errors] == [
        ("items.1.node_id", message("; the nearest: c-major, c-minor")),
        ("items.2.node_id", message("; the nearest: Arpeggios")),
        ("items.3.node_id", message("")),
    ]


@pytest.mark.parametrize(("count", "length"), [(800, 200), (15_000, 7)])
def test_many_mistyped_items_of_a_long_session_are_refused_within_a_moment(
    count: int, length: int
) -> None:
    letters = random.Random(1)
    names = ["".join(letters.choices("abcdef", k=length)) for _ in range(count)]
    session = a_session({"sections": [{"name": "S", "exercises": [{"name": n} for n in names]}]})

    with taking_less_than(0.3), pytest.raises(InvalidArgument) as refused:
        update(session, *(item(f"{name[:0:-1]}x") for name in names[:200]))

    assert len(refused.value.errors) == 200


def test_a_session_without_exercises_logs_any_item() -> None:
    for blank in ({}, {"sections": [{"name": "Rest"}]}):
        after, logged = update(a_session(blank), item("anything"), item("else"))

        assert len(logged) == 2
        assert (after.items_count, after.items_completed) == (2, 2)


def test_an_extra_item_that_names_an_exercise_ticks_it() -> None:
    after, _ = update(a_session(), extra("Scales"))

    assert (after.items_count, after.items_completed) == (3, 1)


@pytest.mark.parametrize("completed", [True, False])
def test_an_item_to_be_done_again_is_not_done(completed: bool) -> None:
    ticked, _ = update(a_session(), item("Scales"))
    again = {"grade": Grade.AGAIN, "completed": completed}

    after, logged = update(ticked, item("Scales", **again), extra("q1", **again))

    assert (after.items_count, after.items_completed) == (4, 0)
    assert [entry.completed for entry in logged] == [False, False]


@pytest.mark.parametrize(
    ("score", "correct", "right"),
    [
        (0.6, None, True),
        (1, None, True),
        (0.59, None, False),
        (0, None, False),
        (0.1, True, True),
        (0.9, False, False),
    ],
)
def test_a_score_counts_as_an_answer_where_the_item_does_not_say_whether_it_is_right(
    score: float, correct: bool | None, right: bool
) -> None:
    after, logged = update(a_session(), item("Scales", score=score, correct=correct))

    assert (after.total_questions, after.questions_correct) == (1, int(right))
    assert logged[0].correct is right


def test_the_tally_of_a_full_session_fits_its_document() -> None:
    items = [extra(f"question-{i}", correct=False) for i in range(MAX_ITEMS // 2)]

    after, _ = update(a_session({}), *items)

    room = MAX_DOCUMENT_BYTES - MAX_STORED_BYTES
    assert 2 * stored_size_bytes(after.tally.model_dump()) < room - ROOM_FOR_OTHER_FIELDS


def test_counts_follow_sections_that_are_replaced() -> None:
    session, _ = update(a_session(), extra("elsewhere"))

    after, _ = update(session, change=exercises(4, done=3))

    assert (after.items_count, after.items_completed) == (5, 4)
    emptied, _ = update(after, change={"sections": []})
    assert (emptied.items_count, emptied.items_completed) == (1, 1)


def test_items_tick_exercises_of_the_same_call() -> None:
    after, _ = update(a_session({}), Item(node_id="e1"), change=exercises(2))

    assert (after.items_count, after.items_completed) == (2, 1)


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ([True], QuestionResult.FIRST),
        ([True, False], QuestionResult.FIRST),
        ([True, True], QuestionResult.FIRST),
        ([False], QuestionResult.WRONG),
        ([False, False], QuestionResult.WRONG),
        ([False, True], QuestionResult.LATER),
        ([False, False, True, False], QuestionResult.LATER),
        ([False, True, True], QuestionResult.LATER),
    ],
)
def test_a_question_is_right_at_first_later_or_not_yet(
    answers: list[bool], result: QuestionResult
) -> None:
    one_by_one = a_session()
    for correct in answers:
        one_by_one, _ = update(one_by_one, answered("q1", correct=correct))
    at_once, _ = update(a_session(), *(answered("q1", correct=correct) for correct in answers))

    for session in (one_by_one, at_once):
        assert list(session.tally.questions.values()) == [result]
        assert session.total_questions == 1
        assert session.questions_correct == answers[-1]
        assert session.score_percent == 100 * answers[-1]


def test_questions_differ_by_id_and_items_without_an_answer_are_not_questions() -> None:
    after, _ = update(
        a_session(),
        answered("q1", correct=True),
        answered("Q1", correct=False),
        extra("q3", grade=Grade.AGAIN),
    )

    assert sorted(after.tally.questions.values()) == [QuestionResult.FIRST, QuestionResult.WRONG]
    assert (after.total_questions, after.questions_correct) == (2, 1)


def test_without_a_question_there_is_no_score() -> None:
    after, _ = update(a_session(), Item(node_id="Scales"))

    assert (after.total_questions, after.score_percent) == (0, None)


def test_a_session_holds_a_limited_number_of_items() -> None:
    nearly_full = a_session(tally=Tally(items_logged=MAX_ITEMS - 2))

    full, logged = update(nearly_full, extra("a"), extra("b"))
    assert [entry.index for entry in logged] == [MAX_ITEMS - 2, MAX_ITEMS - 1]
    for session, items in ((full, 1), (nearly_full, 3)):
        with pytest.raises(InvalidArgument) as refused:
            update(session, *(extra("c") for _ in range(items)))
        (error,) = refused.value.errors
        assert error.path == "items"
        assert str(MAX_ITEMS) in error.message
    assert update(full, change={"notes": "still taken"})[0].session_data.notes == "still taken"


def test_notes_that_outgrow_the_session_are_refused() -> None:
    names = [f"e{i}" for i in range(21)]
    session = a_session(exercises(len(names)))

    with pytest.raises(InvalidArgument) as refused:
        update(session, *(Item(node_id=name, notes="x" * 10_000) for name in names))

    (error,) = refused.value.errors
    assert error.path == "items"
    assert str(MAX_BYTES) in error.message


def test_a_clock_set_back_does_not_move_the_last_activity_back() -> None:
    session = a_session(last_activity_at=LATER)

    after, _ = update(session, change={}, at=NOON)

    assert after.last_activity_at == LATER


def test_progress_changes_only_its_own_fields() -> None:
    session = a_session(subject="Music", parent_ids=["goal"], xp={"items": 1, "total": 1})

    after, _ = update(session, Item(node_id="Blues"), change={"notes": "n"})

    moved = {
        "session_data",
        "tally",
        "items_count",
        "items_completed",
        "total_questions",
        "questions_correct",
        "score_percent",
        "revision",
        "last_activity_at",
    }
    assert after.model_dump(exclude=moved) == session.model_dump(exclude=moved)


reported = st.builds(
    Item,
    node_id=st.sampled_from(["Scales", "arpeggios", "Blues", "q1", "q2"]),
    grade=st.none() | st.sampled_from(Grade),
    correct=st.none() | st.booleans(),
    score=st.none() | st.floats(0, 1),
    completed=st.booleans(),
    extra=st.just(True),
    notes=st.none() | st.just("noted"),
)


@given(st.lists(reported, max_size=8), st.lists(reported, max_size=8))
def test_progress_in_two_calls_is_progress_in_one(first: list[Item], second: list[Item]) -> None:
    session = a_session()
    before = copy.deepcopy(session)

    once, logged_once = update(session, *first, *second)
    halfway, logged = update(session, *first)
    twice, logged_after = update(halfway, *second)

    assert session == before
    assert twice.model_copy(update={"revision": once.revision}) == once
    entries = [entry.model_copy(update={"item_id": "x"}) for entry in logged + logged_after]
    assert entries == [entry.model_copy(update={"item_id": "x"}) for entry in logged_once]


@given(st.lists(reported, max_size=12))
def test_counts_stay_consistent(items: list[Item]) -> None:
    after, _ = update(a_session(), *items)

    assert 0 <= after.items_completed <= after.items_count
    assert after.items_count == 3 + after.tally.unlisted_items
    latest = {item.node_id: item.is_right for item in items if item.is_right is not None}
    assert after.total_questions == len(latest) == len(after.tally.questions)
    assert after.questions_correct == sum(latest.values())
    others = {item.node_id: item.is_done for item in items if item.node_id in ("q1", "q2")}
    assert after.tally.unlisted_items == len(others)
    assert after.tally.unlisted_completed == sum(others.values())
    assert recount_items(after) == after
    if after.score_percent is not None:
        assert 0 <= after.score_percent <= 100


def test_a_session_lasts_whole_seconds_from_start_to_end() -> None:
    session = a_session(revision=4)
    before = copy.deepcopy(session)

    after = end_session(
        session, EndReason.COMPLETED, at=NOON + timedelta(seconds=90, microseconds=999_999)
    )

    assert session == before
    assert (after.status, after.end_reason) == (Status.COMPLETED, EndReason.COMPLETED)
    assert (after.duration_seconds, after.revision) == (90, 5)
    assert after.ended_at == NOON + timedelta(seconds=90, microseconds=999_999)


def test_a_session_never_ends_before_it_started() -> None:
    after = end_session(a_session(), EndReason.COMPLETED, at=NOON - timedelta(hours=1))

    assert (after.ended_at, after.duration_seconds) == (NOON, 0)
