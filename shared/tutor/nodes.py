"""The nodes of a turn. Each takes the turn so far and returns what it changes."""

import logging
from typing import Literal

from langgraph.runtime import Runtime

from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import (
    add_block,
    apply_answer,
    begin_turn,
    reveal_hint,
    skip_question,
)
from shared.domain.questions.grading import UnusableFindings, Verdict, grade_answer, grade_by_rubric
from shared.domain.questions.question import Question, QuestionKind
from shared.tutor import tool_calls
from shared.tutor.block_validation import find_block_violations
from shared.tutor.ports import DraftRefused, TutorFailed, Usage
from shared.tutor.state import Turn, TurnContext, usage_so_far
from shared.tutor.tool_calls import Message

Run = Runtime[TurnContext]

logger = logging.getLogger("practice.tutor")


def route_start(
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
    return {"practice": _begun(turn), "is_new": True}


def generate_block(turn: Turn, runtime: Run) -> Turn:
    """The next block: the tutor's, mended once if need be, else the fallback's."""
    practice, usage = turn["practice"], usage_so_far(turn)
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
            repair = [] if tutor is fallback else find_block_violations(draft, practice)
            if not repair:
                made = add_block(practice, draft, tutor=tutor.name, degraded=False)
                return {"practice": made, "usage": usage}
        logger.warning("a block has %d faults", len(repair))
    draft, _ = fallback.draft(practice, [])
    made = add_block(practice, draft, tutor=fallback.name, degraded=True)
    return {"practice": made, "usage": usage}


def present_concept(turn: Turn, runtime: Run) -> Turn:
    """A new session's first call, and no other, carries all of it for the client to store."""
    practice = turn["practice"]
    if not turn.get("is_new"):
        return _said(turn, tool_calls.concept_presentation(practice))
    stored = runtime.context.sealer.seal(practice)
    said = tool_calls.concept_presentation(practice, full_session_payload=stored)
    return {**_said(turn, said), "stored_session": stored}


def present_question(turn: Turn) -> Turn:
    return _said(turn, tool_calls.question_presentation(turn["practice"]))


def give_hint(turn: Turn) -> Turn:
    practice, hint = reveal_hint(_begun(turn))
    said = tool_calls.hint_presentation(practice, hint=hint)
    return {**_said(turn, said), "practice": practice}


def evaluate_answer(turn: Turn, runtime: Run) -> Turn:
    """Grades the answer. What nobody can grade is passed over and counts for nothing."""
    practice = _begun(turn)
    question = practice.pending
    if question is None:
        raise ValueError("no question is pending")
    verdict, usage = _verdict(question, turn, runtime)
    if verdict is None:
        # A tutor that grades no free text has not failed at it.
        degraded = runtime.context.tutor.grades_free_text
        after = skip_question(practice.model_copy(update={"degraded": degraded}))
    else:
        after = apply_answer(practice, verdict, at=runtime.context.now)
    return {
        "practice": after.practice,
        "usage": usage_so_far(turn).plus(usage),
        "evaluated": {
            "question": question,
            "verdict": verdict,
            "mastery": after.mastery,
            "block_complete": after.block_complete,
        },
    }


def present_feedback(turn: Turn) -> Turn:
    said = tool_calls.feedback_presentation(turn["practice"], turn["evaluated"])
    return _said(turn, said)


def route_after_feedback(turn: Turn) -> Literal["generate_block", "present_question"]:
    return "generate_block" if turn["evaluated"]["block_complete"] else "present_question"


def _begun(turn: Turn) -> Practice:
    return begin_turn(turn["practice"], state_hash=turn.get("state_hash"))


def _verdict(question: Question, turn: Turn, runtime: Run) -> tuple[Verdict | None, Usage]:
    """The model finds quotes, criterion by criterion; code computes the score."""
    answer = turn["answer"]
    if question.kind is not QuestionKind.FREE_RESPONSE:
        return grade_answer(question, answer), Usage()
    text = str(answer)
    runtime.context.tell({"event": "grading"})
    try:
        findings, usage = runtime.context.tutor.examine(question, text)
    except TutorFailed as failed:
        return None, failed.usage
    try:
        return grade_by_rubric(question, text, findings), usage
    except UnusableFindings:
        return None, usage


def _said(turn: Turn, said: list[Message]) -> Turn:
    return {"messages": [*turn.get("messages", []), *said]}
