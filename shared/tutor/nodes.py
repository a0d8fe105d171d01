"""The nodes of a turn. Each takes the turn so far and returns the fields that it changes."""

import logging
from collections.abc import Sequence
from typing import Literal

from langgraph.runtime import Runtime
from langgraph.types import Command

from shared.domain.practice.attempts import GivenAnswer
from shared.domain.practice.planned_blocks import planned_draft
from shared.domain.practice.state import Practice, require_pending
from shared.domain.practice.transitions import (
    BlockDraft,
    add_block,
    apply_answer,
    begin_turn,
    grant_retry,
    reveal_hint,
    skip_question,
)
from shared.domain.questions.grading import Verdict
from shared.domain.questions.question import Question
from shared.domain.questions.rubric import UnusableFindings, grade_by_rubric
from shared.tutor.ports import DraftRefused, Tutor, TutorFailed, Usage
from shared.tutor.state import Turn, TurnContext, usage_so_far
from shared.tutor.tool_calls import (
    Evaluation,
    Message,
    concept_presentation,
    feedback_presentation,
    feedback_text,
    hint_presentation,
    question_presentation,
)

# A tutor's draft that can't be used is requested once more, with the reasons.
DRAFTS = 2

# LangGraph's name for a state that is one value.
WHOLE_STATE = "__root__"

FirstNode = Literal[
    "initialize", "present_concept", "evaluate_answer", "give_hint", "present_question"
]
TurnRuntime = Runtime[TurnContext]

logger = logging.getLogger("practice.tutor")


def first_node(turn: Turn) -> FirstNode:
    """The node to begin with. Each node takes time, so it is the one that was asked for."""
    practice = turn["practice"]
    if practice.block is None:
        return "initialize"
    match turn["do"]:
        case "answer":
            return "evaluate_answer"
        case "hint":
            return "give_hint"
        case "present":
            # A plan's first block was made with the session, and its concept shown in no turn yet.
            is_begun = practice.block.position or practice.hints_used
            return "present_question" if is_begun or not practice.source.plan else "present_concept"


def initialize(turn: Turn) -> Turn:
    """Begins a new session, for any action."""
    return {"practice": _begin(turn)}


def generate_block(turn: Turn, runtime: TurnRuntime) -> Turn:
    """Adds the tutor's next block, repaired once if need be, or else the fallback's."""
    practice, usage = turn["practice"], usage_so_far(turn)
    if practice.source.plan:
        draft = planned_draft(practice)
        return {"practice": add_block(practice, draft, tutor=practice.tutor, degraded=False)}
    tutor, fallback = runtime.context.tutor, runtime.context.fallback
    violations: Sequence[str] = []
    for _ in range(DRAFTS):
        runtime.context.announce("generating_block")
        try:
            draft, cost = tutor.draft(practice, violations)
        except DraftRefused as refused:
            usage, violations = usage.plus(refused.usage), refused.reasons
        except TutorFailed as failed:
            usage = usage.plus(failed.usage)
            break
        else:
            usage, violations = usage.plus(cost), []
            # A bank's own questions return on purpose, and their authors answer for them.
            if tutor is not fallback:
                draft, violations, cost = _checked(draft, practice, tutor)
                usage = usage.plus(cost)
            if not violations:
                practice = add_block(practice, draft, tutor=tutor.name, degraded=False)
                return {"practice": practice, "usage": usage}
        logger.warning("block rejected: %d violations", len(violations))
    draft, _ = fallback.draft(practice, [])
    practice = add_block(practice, draft, tutor=fallback.name, degraded=True)
    return {"practice": practice, "usage": usage}


def _checked(
    draft: BlockDraft, practice: Practice, tutor: Tutor
) -> tuple[BlockDraft, Sequence[str], Usage]:
    """The draft without faulty questions, the reasons why it can't be used, and the cost.

    Where the tutor fails to solve it, the draft is used as code has checked it: it is as good as
    without the solving, and better for a student than no block.
    """
    from shared.tutor.block_validation import check_draft, check_solutions

    checked = check_draft(draft, practice)
    solvable = [question for question in checked.draft.questions if not question.graded_by_model]
    cost = Usage()
    if tutor.solves_drafts and solvable and not checked.violations:
        try:
            solutions, cost = tutor.solve([practice.as_shown(question) for question in solvable])
        except TutorFailed as failed:
            cost = failed.usage
            logger.warning("block served unsolved: %s", failed)
        else:
            checked = check_solutions(checked.draft, solutions)
    if not checked.violations and len(checked.draft.questions) < len(draft.questions):
        dropped = len(draft.questions) - len(checked.draft.questions)
        logger.info("questions dropped from a block: %d", dropped)
    return checked.draft, checked.violations, cost


def present_concept(turn: Turn, runtime: TurnRuntime) -> Turn:
    """The concept of a session's first block carries the whole session, for the client to store,
    unless it was stored as it began.
    """
    practice = turn["practice"]
    if practice.blocks_made > 1 or practice.source.plan:
        return _append(turn, concept_presentation(practice))
    stored = runtime.context.sealer.seal(practice)
    messages = concept_presentation(practice, full_session_payload=stored)
    return {**_append(turn, messages), "stored_session": stored}


def present_question(turn: Turn) -> Turn:
    """Nothing is left to present where a plan is done."""
    practice = turn["practice"]
    return _append(turn, [] if practice.is_plan_done else question_presentation(practice))


def give_hint(turn: Turn) -> Turn:
    practice, hint = reveal_hint(_begin(turn))
    return {**_append(turn, hint_presentation(practice, hint=hint)), "practice": practice}


def evaluate_answer(turn: Turn, runtime: TurnRuntime) -> Turn:
    """Grades the answer. One whose spelling may be corrected is asked for again, and a question
    whose answer can't be graded is skipped; neither counts.
    """
    practice = _begin(turn)
    question = require_pending(practice)
    practice, misspelt = grant_retry(practice, turn["answer"])
    if misspelt is not None:
        mastery = practice.skill(practice.skill_asked(question.question_id)).mastery
        evaluation = Evaluation(question, None, mastery, block_complete=False, misspelt=misspelt)
        return {"practice": practice, "evaluation": evaluation}
    verdict, usage = _grade(practice.with_stem(question), turn, runtime)
    given = GivenAnswer(
        answer=turn.get("given", turn["answer"]),
        feedback=feedback_text(question, verdict),
        duration_ms=turn.get("duration_ms"),
    )
    if verdict is None:
        # A tutor that never grades free text has not failed.
        degraded = runtime.context.tutor.grades_free_text
        practice = practice.model_copy(update={"degraded": degraded})
        after = skip_question(practice, given, at=runtime.context.now)
    else:
        after = apply_answer(practice, given, verdict, at=runtime.context.now)
    return {
        "practice": after.practice,
        "usage": usage_so_far(turn).plus(usage),
        "evaluation": Evaluation(question, verdict, after.mastery, after.block_complete),
    }


def present_feedback(turn: Turn) -> Command[Literal["generate_block", "present_question"]]:
    """The next node is the next block's first, where the answer ended a block and another comes."""
    practice, evaluation = turn["practice"], turn["evaluation"]
    is_next = evaluation.block_complete and not practice.is_plan_done
    return Command(
        update=[(WHOLE_STATE, _append(turn, feedback_presentation(practice, evaluation)))],
        goto="generate_block" if is_next else "present_question",
    )


def _begin(turn: Turn) -> Practice:
    return begin_turn(turn["practice"], state_hash=turn.get("state_hash"))


def _grade(question: Question, turn: Turn, runtime: TurnRuntime) -> tuple[Verdict | None, Usage]:
    """The verdict, None where the answer can't be graded, and the cost of a model's help.

    For free text the model finds quotes, criterion by criterion; code computes the score.
    """
    answer = turn["answer"]
    if (verdict := turn.get("verdict")) is not None:
        return verdict, Usage()
    if not question.graded_by_model:
        return question.grade(answer), Usage()
    text = str(answer)
    runtime.context.announce("grading")
    try:
        findings, usage = runtime.context.tutor.examine(question, text)
    except TutorFailed as failed:
        return None, failed.usage
    try:
        return grade_by_rubric(question, text, findings), usage
    except UnusableFindings:
        return None, usage


def _append(turn: Turn, messages: list[Message]) -> Turn:
    return {"messages": [*turn.get("messages", []), *messages]}
