"""The log of answers: a turn appends to it and leaves every entry as it is, within its bounds."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from shared.domain.practice.attempt_log import (
    MAX_LOG_TEXT_BYTES,
    MAX_UNSTORED_ATTEMPTS,
    TEXTS,
    Attempt,
    AttemptLog,
)
from shared.domain.questions.grades import Grade
from shared.domain.questions.image import LoggedImage
from tests.unit.domain.samples import NOON, free_json

TEXT = "p" * 1_000


def attempt(index: int = 0, **texts: Any) -> Attempt:
    return Attempt(
        index=index,
        question_id=f"q{index}",
        skill_id="s",
        kind="numeric",
        correct=True,
        score=1.0,
        hinted=False,
        first_attempt=True,
        guess=0.1,
        grade=Grade.GOOD,
        at=NOON,
        **texts,
    )


def log_of(*attempts: Attempt) -> AttemptLog:
    log = AttemptLog()
    for one in attempts:
        log = log.append(one)
    return log


def size_of_texts(one: Attempt) -> int:
    return len(to_json(one.model_dump(include=set(TEXTS))))


attempts = st.builds(
    attempt,
    index=st.integers(0, 10_000),
    prompt=st.none() | st.text(),
    choices=st.none() | st.just([{"id": "a", "text": 'with "quotes",\n"prompt":'}]),
    answer=free_json,
    correct_answer=free_json,
    feedback=st.none() | st.text(),
)


@given(st.lists(attempts, max_size=5))
def test_a_log_has_the_attempts_appended_to_it(appended: list[Attempt]) -> None:
    log = log_of(*appended)
    assert log.attempts == appended
    assert log == AttemptLog.of(appended)


def test_an_attempt_is_an_entry_without_line_breaks() -> None:
    (entry,) = log_of(attempt(prompt="one\ntwo\r\n\u2028three")).entries
    assert entry.splitlines() == [entry]


def test_appending_leaves_the_entries_before_as_they_are() -> None:
    newer = b'{"index":0,"of_a_newer_version":[1.50],"prompt":"Why?","feedback":null}'
    log = AttemptLog((newer,)).append(attempt(1)).append(attempt(2))
    assert log.entries[0] == newer
    assert log.entries[1:] == AttemptLog.of([attempt(1), attempt(2)]).entries


def test_the_oldest_attempts_are_dropped() -> None:
    log = log_of(*map(attempt, range(MAX_UNSTORED_ATTEMPTS + 3)))
    assert [one.index for one in log.attempts] == list(range(3, MAX_UNSTORED_ATTEMPTS + 3))


def test_the_texts_of_the_latest_attempts_are_kept_up_to_the_bound_in_bytes() -> None:
    whole = [attempt(index, prompt=TEXT, answer={"prompt": '","prompt":'}) for index in range(60)]
    room = MAX_LOG_TEXT_BYTES // size_of_texts(whole[0])

    found = log_of(*whole).attempts

    assert found[-room:] == whole[-room:]
    without = dict.fromkeys(TEXTS)
    assert found[:-room] == [one.model_copy(update=without) for one in whole[:-room]]


def test_texts_that_fill_the_bound_exactly_are_kept() -> None:
    filled = MAX_LOG_TEXT_BYTES - size_of_texts(attempt(1)) - size_of_texts(attempt(0, prompt=""))
    for spare, kept in ((0, True), (1, False)):
        log = log_of(attempt(0, prompt="p" * (filled + spare)), attempt(1))
        assert (log.attempts[0].prompt is not None) is kept


def test_the_texts_are_the_last_fields_of_an_attempt_but_for_what_some_questions_add() -> None:
    """Their size in an entry is measured from the first of them to its end."""
    assert tuple(Attempt.model_fields)[-len(TEXTS) - 2 :] == (*TEXTS, "image", "stem")


def test_a_picture_is_dropped_with_the_texts_of_its_attempt() -> None:
    pictured = attempt(
        prompt=TEXT, image=LoggedImage(alt="A cat", url="https://example.org/cat.png")
    )
    assert log_of(pictured).attempts == [pictured]

    oldest, *_, latest = log_of(*[pictured] * 60).attempts

    assert (oldest.prompt, oldest.image) == (None, None)
    assert latest == pictured


def test_an_attempt_without_a_picture_has_no_field_for_it() -> None:
    assert b"image" not in log_of(attempt(prompt=TEXT)).entries[0]
