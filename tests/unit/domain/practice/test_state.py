"""The state of infinite practice: its growth, and its synchronisation with the session."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import pytest
from cryptography.fernet import Fernet
from pydantic import JsonValue

from local.examples import theory_template
from shared.domain.common.errors import ContextForked
from shared.domain.common.json_object import json_size_bytes, stored_size_bytes
from shared.domain.practice.attempt_log import (
    MAX_LOG_TEXT_BYTES,
    MAX_UNSTORED_ATTEMPTS,
    TEXTS,
    Attempt,
)
from shared.domain.practice.attempts import (
    MAX_CHOICE,
    MAX_FEEDBACK,
    MAX_LOGGED_ANSWER,
    MAX_PROMPT,
    GivenAnswer,
)
from shared.domain.practice.client_view import (
    ResealedPractice,
    StoredSession,
    client_view,
    hash_of,
    progress,
)
from shared.domain.practice.source import source_from_template
from shared.domain.practice.state import (
    MAX_CHAIN,
    MAX_FINISHED_BLOCKS,
    MAX_PROMPTS,
    OpenedPractice,
    Practice,
    is_descendant,
    trim_log,
)
from shared.domain.practice.transitions import (
    add_block,
    apply_answer,
    begin_turn,
    reveal_hint,
    start_practice,
)
from shared.domain.questions.question import Question
from shared.domain.sessions.session import Mode, Session
from shared.domain.sessions.synchronisation import (
    Synchronisation,
    practised_nodes,
    synchronise,
)
from shared.sealing.fernet_box import MAX_SEAL_LENGTH, FernetBox
from shared.sealing.practice_sealer import FernetPracticeSealer
from shared.tutor.offline import OfflineTutor
from testkit.long_practice import SimulatedPractice
from tests.support.tutor.playing import practice_on, right, template_with, wrong
from tests.unit.domain.samples import NOON, a_session

SEALER = FernetPracticeSealer(FernetBox([Fernet.generate_key().decode()]))
TUTOR = OfflineTutor()
KB = 1024


def form(practice: Practice) -> StoredSession:
    return StoredSession.model_validate(SEALER.seal(practice))


def synchronised(
    session: Session, practice: Practice, *, at: datetime = NOON
) -> Synchronisation | None:
    opened = OpenedPractice(practice, hash_of(practice))
    return synchronise(session, ResealedPractice(opened, form(trim_log(practice))), {}, at=at)


def turn(practice: Practice, *, correctly: bool = True, hint: bool = False) -> Practice:
    """One turn: a hint, or an answer with whatever block it leads to."""
    practice = begin_turn(practice, state_hash=hash_of(practice) if practice.seq else None)
    if hint:
        return reveal_hint(practice)[0]
    if practice.pending is not None:
        question = practice.pending
        answer = (right if correctly else wrong)(question)
        given, verdict = GivenAnswer(answer, "Well done."), question.grade(answer)
        at = NOON + timedelta(minutes=practice.seq)
        practice = apply_answer(practice, given, verdict, at=at).practice
    if practice.pending is None:
        draft, _ = TUTOR.draft(practice)
        practice = add_block(practice, draft, tutor=TUTOR.name, degraded=False)
    return practice


def states(practice: Practice, turns: int, *, begin: int = 0) -> Iterator[Practice]:
    """The states after each of the turns; `begin` is the number of the first one."""
    for number in range(begin, begin + turns):
        practice = turn(practice, correctly=number % 3 > 0, hint=number % 7 == 6)
        yield practice


def after(practice: Practice, turns: int) -> Practice:
    *_, last = states(practice, turns)
    return last


@cache
def first() -> Practice:
    source = source_from_template(theory_template(), None)
    practice = start_practice(
        source, session_id="s", student_id="student", tutor=TUTOR.name, at=NOON
    )
    return turn(practice)


@cache
def trail() -> list[Practice]:
    """The states after 0, 1, 2, ... turns; `unstored` continues it."""
    return [first()]


def unstored(turns: int) -> Practice:
    """The state of a client that has stored nothing for `turns` turns."""
    made = trail()
    done = len(made) - 1
    made.extend(states(made[-1], max(0, turns - done), begin=done))
    return made[turns]


def session() -> Session:
    return a_session({}, session_id="s", mode=Mode.INFINITE)


def stored(into: Session, practice: Practice) -> Session:
    step = synchronised(into, practice)
    assert step is not None
    return step.session


class Grown(NamedTuple):
    largest_document: int
    last_document: int
    apply_answer: int


def test_the_document_stays_below_100_kb_when_two_thousand_turns_are_stored() -> None:
    """Turn times are measured in bench/: in a test a busy machine would distort them."""
    before, practice, sizes = session(), first(), []
    for _ in range(100):
        practice = after(practice, 20)
        before = stored(before, practice)
        practice = trim_log(practice)
        sizes.append(stored_size_bytes(before.model_dump(mode="json")))

    assert practice.seq == 2_001
    assert before.total_questions > 1_500
    assert before.stored is not None
    assert before.stored.attempts == before.total_questions
    assert max(sizes) < 100 * KB
    # The size is constant after a tenth of the turns.
    assert max(sizes[50:]) < 1.03 * max(sizes[10:20])


def test_a_state_that_is_never_stored_stops_growing_too() -> None:
    practice = unstored(2_000)

    assert len(practice.log.attempts) == MAX_UNSTORED_ATTEMPTS
    assert text_bytes(practice) <= MAX_LOG_TEXT_BYTES
    assert len(practice.chain) == MAX_CHAIN
    assert len(practice.finished) == MAX_FINISHED_BLOCKS
    assert len(practice.prompts) == MAX_PROMPTS
    assert len(practice.seen) <= len(practice.source.bank)
    assert len(form(practice).seal) < MAX_SEAL_LENGTH


def text_bytes(practice: Practice) -> int:
    texts = [attempt.model_dump(include=set(TEXTS)) for attempt in practice.log.attempts]
    return sum(json_size_bytes(text) for text in texts if text["prompt"] is not None)


def answered(answer: JsonValue, **changes: Any) -> Attempt:
    """The logged attempt at a question with these changes."""
    choices = [{"id": id_, "text": f"{id_}" * 300, "correct": id_ == "a"} for id_ in "ab"]
    question = {
        "question_id": "q",
        "kind": "multiple_choice",
        "prompt": "p" * 1_500,
        "choices": choices,
        "answer": "a",
    }
    practice = turn(practice_on(template_with({**question, **changes})))
    given = GivenAnswer(answer, "f" * 1_500, duration_ms=1_234)
    verdict = practice_question(practice).grade(right(practice_question(practice)))
    (attempt,) = apply_answer(practice, given, verdict, at=NOON).practice.log.attempts
    return attempt


def practice_question(practice: Practice) -> Question:
    assert practice.pending is not None
    return practice.pending


def test_an_attempt_has_the_question_and_the_answer_cut_to_their_bounds() -> None:
    attempt = answered("x" * 5_000)

    assert attempt.prompt == "p" * MAX_PROMPT
    assert attempt.choices == [{"id": id_, "text": id_ * MAX_CHOICE} for id_ in "ab"]
    assert attempt.answer == "x" * MAX_LOGGED_ANSWER
    assert attempt.correct_answer == "a"
    assert attempt.feedback == "f" * MAX_FEEDBACK
    assert attempt.duration_ms == 1_234


@pytest.mark.parametrize(
    ("given", "logged"),
    [
        (["a", "b"], ["a", "b"]),
        (3.5, 3.5),
        (10**30, "1" + "0" * 30),
        ([["a"]], '[["a"]]'),
        ({"__x__": 1}, '{"__x__": 1}'),
        (["ab"] * 1_000, '["ab", ' + '"ab", ' * 400),
    ],
)
def test_an_answer_that_could_not_be_stored_as_it_is_is_logged_as_text(
    given: Any, logged: Any
) -> None:
    answer = answered(given).answer

    if isinstance(logged, str):
        assert isinstance(answer, str)
        assert answer.startswith(logged[: MAX_LOGGED_ANSWER // 2])
        assert len(answer) <= MAX_LOGGED_ANSWER
    else:
        assert answer == logged


def test_without_room_the_oldest_attempts_lose_their_texts_and_keep_their_results() -> None:
    practice = turn(practice_on(template_with(question_of("é" * 5_000))))
    for _ in range(30):
        practice = turn(practice)

    kept = [attempt.prompt is not None for attempt in practice.log.attempts]
    assert 3 < sum(kept) < 30
    assert kept == sorted(kept)
    assert text_bytes(practice) <= MAX_LOG_TEXT_BYTES
    assert all(attempt.correct for attempt in practice.log.attempts)
    step = synchronised(session(), practice)
    assert step is not None
    assert [item.prompt is not None for item in step.items] == kept


def question_of(prompt: str) -> dict[str, Any]:
    return {"question_id": "q", "kind": "numeric", "prompt": prompt, "answer": 4}


def test_an_attempt_leads_to_its_question_or_to_the_exercises_of_its_skill() -> None:
    practice = unstored(2)
    attempt, source = practice.log.attempts[0], practice.source
    of_skill = [e.node_id for e in source.exercises if e.skill_id == attempt.skill_id]
    written = attempt.model_copy(update={"question_id": "written-by-a-model"})

    assert practised_nodes(source, attempt) == [attempt.question_id]
    assert practised_nodes(source, written) == of_skill != []


def test_practice_without_a_template_of_ours_leads_nowhere() -> None:
    step = synchronised(session(), unstored(2))

    assert step is not None
    (skill,) = step.skills
    assert skill.sources == []


def test_the_growth_benchmark_measures_real_practice() -> None:
    growth = SimulatedPractice()
    growth.run(20)
    sample = growth.sample()

    assert sample.turns == 39
    assert growth.questions_answered == 40 - 6
    assert sample.session_bytes < 4 * KB
    assert 10 * KB < sample.state_bytes < len(sample.carried) < 100 * KB
    assert growth.seconds_from(sample.carried) > 0
    assert growth.sample().turns == 59


def test_totals_stay_right_when_attempts_leave_the_log_unstored() -> None:
    """A client that stores too late loses entries of the log, but none of their counts."""
    practice = unstored(600)
    hints = 600 // 7
    total = 600 - hints
    assert total > MAX_UNSTORED_ATTEMPTS

    step = synchronised(session(), practice)

    assert step is not None
    assert len(step.items) == MAX_UNSTORED_ATTEMPTS
    assert [item.index for item in step.items] == list(range(total - MAX_UNSTORED_ATTEMPTS, total))
    assert step.session.total_questions == step.session.items_count == total
    assert sum(skill.attempts for skill in practice.skills) == total
    assert step.session.questions_correct == progress(practice).questions_correct
    tally = step.session.tally
    claimed = tally.self_rated  # the template has no seal
    assert 0 < claimed.first + claimed.later <= len(practice.source.bank)
    assert (tally.verified_first, tally.verified_later) == (0, 0)


def test_after_a_gap_in_the_log_the_next_attempt_has_the_next_index() -> None:
    practice = unstored(600)
    before = stored(session(), practice)
    step = synchronised(before, turn(practice))
    assert step is not None
    assert [item.index for item in step.items] == [practice.totals.questions_answered]


@pytest.mark.parametrize("turns", [1, 2, 50, MAX_CHAIN - 1, MAX_CHAIN])
def test_a_state_descends_from_each_one_that_its_chain_reaches(turns: int) -> None:
    base = first()
    assert is_descendant(unstored(turns), seq=base.seq, hash_=hash_of(base))


@pytest.mark.parametrize("turns", [MAX_CHAIN + 1, MAX_CHAIN + 100])
def test_a_state_beyond_the_reach_of_the_chain_is_a_fork(turns: int) -> None:
    before = stored(session(), first())
    with pytest.raises(ContextForked):
        synchronised(before, unstored(turns))


def test_a_state_that_was_never_stored_may_come_at_any_time() -> None:
    before = stored(session(), unstored(MAX_CHAIN + 100))
    assert before.total_questions == unstored(MAX_CHAIN + 100).totals.questions_answered


@pytest.mark.parametrize("trim", [True, False], ids=["trimmed", "untrimmed"])
@pytest.mark.parametrize("more", [1, 3, 30])
def test_a_trimmed_and_an_untrimmed_state_store_the_same(trim: bool, more: int) -> None:
    base = unstored(10)
    before = stored(session(), base)
    later = after(trim_log(base) if trim else base, more)

    step = synchronised(before, later)

    assert step is not None
    new = later.totals.questions_answered - base.totals.questions_answered
    assert len(step.items) == new
    assert step.session.total_questions == later.totals.questions_answered
    assert step.session.revision == before.revision + 1


def test_trimming_changes_nothing_in_the_client_view() -> None:
    practice = unstored(30)
    assert client_view(trim_log(practice)) == client_view(practice)
    assert hash_of(trim_log(practice)) == hash_of(practice)


def test_a_state_keeps_its_hash_from_release_to_release() -> None:
    """Hashes are stored: another order of fields or notation of numbers would fork every session
    that is active at the deployment.
    """
    question = {"question_id": "q", "kind": "numeric", "prompt": "ÿ \u2028 ?", "answer": 1}
    practice = practice_on(template_with(question))
    skills = [skill.model_copy(update={"mastery": 0.000001}) for skill in practice.skills]
    practice = practice.model_copy(update={"skills": skills})
    assert hash_of(practice) == "830cccaaa53b660c4b1e8f5301d093c5"


@pytest.mark.parametrize("back", [0, 1, 5])
def test_an_old_state_and_the_same_one_add_nothing(back: int) -> None:
    trail = [first(), *states(first(), 9)]
    before = stored(session(), trail[-1])
    assert synchronised(before, trail[-1 - back]) is None


@pytest.mark.parametrize("behind", [0, 1, 4])
def test_another_branch_is_refused_from_the_stored_states_seq_on(behind: int) -> None:
    base = unstored(3)
    before = stored(session(), turn(base, correctly=True))
    other = turn(base, correctly=False)
    for _ in range(behind):
        other = turn(other)
    with pytest.raises(ContextForked):
        synchronised(before, other)


def test_an_old_state_of_another_branch_changes_nothing() -> None:
    base = unstored(3)
    before = stored(session(), turn(turn(base, correctly=True)))
    assert synchronised(before, turn(base, correctly=False)) is None


def test_a_trimmed_state_descends_from_nothing_before_it() -> None:
    """Two devices: one stored a state that the other never reached."""
    base = unstored(3)
    before = stored(session(), base)
    elsewhere = stored(before, turn(base, correctly=True))
    gone_on = turn(trim_log(turn(turn(base, correctly=False))))
    with pytest.raises(ContextForked):
        synchronised(elsewhere, gone_on)


def test_stored_time_never_runs_backwards() -> None:
    before = stored(session(), unstored(3))
    early = synchronised(before, unstored(4), at=NOON - timedelta(hours=1))
    assert early is not None
    assert early.session.last_activity_at == before.last_activity_at
