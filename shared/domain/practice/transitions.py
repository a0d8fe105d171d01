"""The transitions of infinite practice: functions from a state to the next state."""

import hashlib
from dataclasses import dataclass
from typing import NamedTuple

from shared.domain.common.fields import Instant
from shared.domain.practice.attempt_log import Attempt
from shared.domain.practice.attempts import (
    GivenAnswer,
    new_attempt,
    skill_after,
    ungraded_answer,
)
from shared.domain.practice.self_ratings import is_self_rating
from shared.domain.practice.source import Source
from shared.domain.practice.state import (
    MAX_CHAIN,
    MAX_FINISHED_BLOCKS,
    MAX_PROMPTS,
    MAX_RETRIED,
    Block,
    Concept,
    FinishedBlock,
    Practice,
    PracticeTotals,
    Seen,
    require_block,
    require_pending,
)
from shared.domain.questions.answers import Answer
from shared.domain.questions.grading import Verdict
from shared.domain.questions.question import Question
from shared.domain.questions.similarity import prompt_tokens
from shared.domain.students.mastery import begin_skill
from shared.domain.students.scoring import QuestionResult, RightAnswers, next_question_result
from shared.domain.students.timing import is_too_fast

MAX_MISSED = 5
MISSED_CHARACTERS = 500


@dataclass(frozen=True)
class BlockDraft:
    """A block as a tutor proposes it."""

    skill_id: str
    concept: Concept
    questions: list[Question]

    @property
    def prompt_hashes(self) -> list[str]:
        """The prompts as they are listed in PracticeState.prompts."""
        return [prompt_tokens(question.prompt).digest for question in self.questions]


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


class AnswerOutcome(NamedTuple):
    """The state after an answer, the new mastery (0-1) of the question's skill, and whether the
    answer was the block's last.
    """

    practice: Practice
    mastery: float
    block_complete: bool


def start_practice(
    source: Source, *, session_id: str, student_id: str, tutor: str, at: Instant
) -> Practice:
    return Practice(
        session_id=session_id,
        student_id=student_id,
        began_at=at,
        source_id=source.digest(),
        source=source,
        skills=[
            begin_skill(
                skill,
                firsts_needed=source.firsts_needed(skill.skill_id),
                criterion=source.criterion,
            )
            for skill in source.skills
        ],
        shuffled=True,
        tutor=tutor,
    )


def begin_turn(practice: Practice, *, state_hash: str | None) -> Practice:
    """The state at the beginning of the next turn.

    `state_hash` is that of the given state, None for a new session. It joins the chain. Strict work
    has none: its one state is on the server, so it can't have branches.
    """
    is_chained = state_hash is not None and not practice.strict
    chain = [*practice.chain, state_hash][-MAX_CHAIN:] if is_chained else []
    return practice.model_copy(update={"seq": practice.seq + 1, "chain": chain, "degraded": False})


def add_block(practice: Practice, draft: BlockDraft, *, tutor: str, degraded: bool) -> Practice:
    """The state with a new current block; the block before is reduced to its counts.

    The block's id is a hash of the session and the number of blocks before, so that the same turn
    taken twice gives the same state.
    """
    made = practice.blocks_made
    block_id = hashlib.sha256(f"{practice.session_id}:{made}".encode()).hexdigest()[:20]
    block = Block(
        block_id=block_id,
        skill_id=draft.skill_id,
        concept=draft.concept,
        questions=draft.questions,
    )
    return practice.model_copy(
        update={
            "block": block,
            "blocks_made": made + 1,
            "finished": _finished(practice),
            "hints_used": 0,
            "prompts": [*practice.prompts, *draft.prompt_hashes][-MAX_PROMPTS:],
            "tutor": tutor,
            "degraded": practice.degraded or degraded,
        }
    )


def _finished(practice: Practice) -> list[FinishedBlock]:
    block = practice.block
    if block is None:
        return practice.finished
    line = FinishedBlock(
        block_id=block.block_id,
        skill_id=block.skill_id,
        title=block.concept.title,
        questions_answered=block.position,
        questions_correct=block.correct,
    )
    return [*practice.finished, line][-MAX_FINISHED_BLOCKS:]


def reveal_hint(practice: Practice) -> tuple[Practice, str | None]:
    """The next hint of the pending question, None when there is no other."""
    hints = require_pending(practice).hints or []
    if practice.hints_used >= len(hints):
        return practice, None
    hint = hints[practice.hints_used]
    return practice.model_copy(update={"hints_used": practice.hints_used + 1}), hint


def grant_retry(practice: Practice, answer: Answer) -> tuple[Practice, str | None]:
    """The state in which the pending question waits for a better spelling of the answer, and the
    part to be corrected; None where nothing is, or where the question was asked again before.
    """
    question = require_pending(practice)
    misspelt = question.find_misspelling(answer)
    hash_ = _short_hash(question.question_id)
    if misspelt is None or hash_ in practice.retried or practice.feedback_later:
        return practice, None
    retried = [*practice.retried, hash_][-MAX_RETRIED:]
    return practice.model_copy(update={"retried": retried}), misspelt


def skip_question(practice: Practice, given: GivenAnswer, *, at: Instant) -> AnswerOutcome:
    """The state after the pending question, whose answer could not be graded and doesn't count.

    A plan asks each question once, so there the answer is kept for a teacher.
    """
    if not practice.source.plan:
        return _advance(practice, correct=False)
    totals = practice.totals
    kept = practice.model_copy(
        update={
            "totals": totals.model_copy(update={"ungraded": totals.ungraded + 1}),
            "ungraded": [*practice.ungraded, ungraded_answer(practice, given, at=at)],
        }
    )
    return _advance(kept, correct=False)


def apply_answer(
    practice: Practice, given: GivenAnswer, verdict: Verdict, *, at: Instant
) -> AnswerOutcome:
    """The state after a graded answer: mastery, totals, log, and when the question is due again."""
    question = require_pending(practice)
    seen = practice.seen.get(question.question_id)
    before = seen.result if seen else None
    hinted = practice.hints_used > 0
    result = next_question_result(before, right=verdict.correct, hinted=hinted)
    earned = result if verdict.correct and result is not before else None
    attempt = new_attempt(practice, given, verdict, earned=earned, at=at)
    skill = skill_after(practice.skill(attempt.skill_id), attempt, practice.source)
    clean = attempt.correct and not attempt.hinted
    now = Seen(
        last_seen_at=practice.totals.questions_answered + 1,
        successes=_in_a_row(seen.successes if seen else 0, clean=clean),
        result=result,
    )
    is_of_bank = practice.source.has_question(question.question_id)
    is_missed = not clean and not is_self_rating(question.question_id)
    missed = [question.prompt[:MISSED_CHARACTERS]] if is_missed else []
    changed = practice.model_copy(
        update={
            "skills": [skill if s.skill_id == skill.skill_id else s for s in practice.skills],
            "totals": _add_attempt(practice, attempt),
            "answered_at": at,
            "seen": {**practice.seen, question.question_id: now} if is_of_bank else practice.seen,
            "missed": [*practice.missed, *missed][-MAX_MISSED:],
            "log": practice.log.append(attempt, text_bytes=practice.log_text_bytes),
        }
    )
    return _advance(changed, correct=attempt.correct)


def _in_a_row(successes: int, *, clean: bool) -> int:
    """See question_selection.Candidate. A version before set 0 after a wrong answer."""
    return max(successes, 0) + 1 if clean else min(successes, 0) - 1


def _add_attempt(practice: Practice, attempt: Attempt) -> PracticeTotals:
    totals = practice.totals
    first = attempt.earned is QuestionResult.FIRST
    later = attempt.earned is QuestionResult.LATER
    rated = totals.self_rated
    if attempt.self_rated:
        rated = RightAnswers(first=rated.first + first, later=rated.later + later)
    return totals.model_copy(
        update={
            "questions_answered": totals.questions_answered + 1,
            "questions_correct": totals.questions_correct + attempt.correct,
            "right_at_first_try": totals.right_at_first_try + first,
            "right_later": totals.right_later + later,
            "self_rated": rated,
            "fast_answers": totals.fast_answers + _is_fast(practice, at=attempt.at),
        }
    )


def _is_fast(practice: Practice, *, at: Instant) -> bool:
    """Whether the pending question was answered too fast, by the time of the answer before.

    False where that time is not known. Hints and feedback are read in the same time, so only
    answers that are far too fast are found.
    """
    since = practice.answered_at or practice.began_at
    if since is None:
        return False
    return is_too_fast(require_pending(practice).prompt, seconds=(at - since).total_seconds())


def _advance(practice: Practice, *, correct: bool) -> AnswerOutcome:
    """The state with the next question of the block pending, or the block complete."""
    before = require_block(practice)
    block = before.model_copy(
        update={"position": before.position + 1, "correct": before.correct + correct}
    )
    complete = block.position == len(block.questions)
    totals = practice.totals.model_copy(
        update={"blocks_completed": practice.totals.blocks_completed + complete}
    )
    skill_id = practice.skill_asked(before.questions[before.position].question_id)
    changed = practice.model_copy(update={"block": block, "hints_used": 0, "totals": totals})
    return AnswerOutcome(changed, changed.skill(skill_id).mastery, complete)
