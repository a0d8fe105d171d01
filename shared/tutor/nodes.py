"""The nodes of a turn. Each takes the turn so far and returns what it changes."""

import logging
from typing import Literal

from langgraph.runtime import Runtime

from shared.domain.grading import UnusableFindings, Verdict, graded, graded_by_rubric
from shared.domain.question import Kind, Question
from shared.domain.turns import answered, hinted, next_turn, skipped, with_block
from shared.tutor import messages
from shared.tutor.checks import faults
from shared.tutor.messages import Message
from shared.tutor.ports import DraftRefused, TutorFailed, Usage
from shared.tutor.state import Collaborators, Turn, spent

Run = Runtime[Collaborators]

logger = logging.getLogger("practice.tutor")


def first(
    turn: Turn,
) -> Literal["initialize", "evaluate_answer", "give_hint", "present_question"]:
    """Where a turn begins: each step costs, so it goes straight to what was asked for."""
    if turn["practice"].block is None:
        return "initialize"
    match turn["do"]:
        case "answer":
            return "evaluate_answer"
        case "hint":
            return "give_hint"
        case "present":
            return "present_question"


def initialize(turn: Turn) -> Turn:
    """A new session's first turn, whatever was asked for."""
    return {"practice": next_turn(turn["practice"]), "is_new": True}


def generate_block(turn: Turn, runtime: Run) -> Turn:
    """The next block: the tutor's, mended once if need be, else the fallback's."""
    practice, usage = turn["practice"], spent(turn)
    tutor, fallback = runtime.context.tutor, runtime.context.fallback
    repair: list[str] = []
    for _ in range(2):
        runtime.context.tell({"event": "generating_block"})
        try:
            draft, cost = tutor.draft(practice, repair)
        except DraftRefused as refused:
            usage, repair = usage.plus(refused.usage), refused.reasons
        except TutorFailed as failed:
            usage = usage.plus(failed.usage)
            break
        else:
            usage = usage.plus(cost)
            # A bank's own questions come back on purpose; a model's must be new.
            repair = [] if tutor is fallback else faults(draft, practice)
            if not repair:
                made = with_block(practice, draft, tutor=tutor.name, degraded=False)
                return {"practice": made, "usage": usage}
        logger.warning("a block has %d faults", len(repair))
    draft, _ = fallback.draft(practice, [])
    made = with_block(practice, draft, tutor=fallback.name, degraded=True)
    return {"practice": made, "usage": usage}


def present_concept(turn: Turn, runtime: Run) -> Turn:
    """A new session's first call, and no other, carries all of it for the client to store."""
    practice = turn["practice"]
    if not turn.get("is_new"):
        return _said(turn, messages.concept_presentation(practice))
    stored = runtime.context.stored(practice)
    said = messages.concept_presentation(practice, full_session_payload=stored)
    return {**_said(turn, said), "stored_session": stored}


def present_question(turn: Turn) -> Turn:
    return _said(turn, messages.question_presentation(turn["practice"]))


def give_hint(turn: Turn) -> Turn:
    practice, hint = hinted(next_turn(turn["practice"]))
    said = messages.hint_presentation(practice, hint=hint)
    return {**_said(turn, said), "practice": practice}


def evaluate_answer(turn: Turn, runtime: Run) -> Turn:
    """Grades the answer. What nobody can grade is passed over and counts for nothing."""
    practice = next_turn(turn["practice"])
    question = practice.pending
    if question is None:
        raise ValueError("no question is pending")
    verdict, usage = _verdict(question, turn, runtime)
    if verdict is None:
        # A tutor that grades no free text has not failed at it.
        degraded = runtime.context.tutor.grades_free_text
        after = skipped(practice.model_copy(update={"degraded": degraded}))
    else:
        after = answered(practice, verdict, at=runtime.context.now)
    return {
        "practice": after.practice,
        "usage": spent(turn).plus(usage),
        "evaluated": {
            "question": question,
            "verdict": verdict,
            "mastery": after.mastery,
            "block_complete": after.block_complete,
        },
    }


def present_feedback(turn: Turn) -> Turn:
    said = messages.feedback_presentation(turn["practice"], turn["evaluated"])
    return _said(turn, said)


def after_feedback(turn: Turn) -> Literal["generate_block", "present_question"]:
    return "generate_block" if turn["evaluated"]["block_complete"] else "present_question"


def _verdict(question: Question, turn: Turn, runtime: Run) -> tuple[Verdict | None, Usage]:
    """The model finds quotes, criterion by criterion; code computes the score."""
    answer = turn["answer"]
    if question.kind is not Kind.FREE_RESPONSE:
        return graded(question, answer), Usage()
    text = str(answer)
    runtime.context.tell({"event": "grading"})
    try:
        findings, usage = runtime.context.tutor.examine(question, text)
    except TutorFailed as failed:
        return None, failed.usage
    try:
        return graded_by_rubric(question, text, findings), usage
    except UnusableFindings:
        return None, usage


def _said(turn: Turn, said: list[Message]) -> Turn:
    return {"messages": [*turn.get("messages", []), *said]}
