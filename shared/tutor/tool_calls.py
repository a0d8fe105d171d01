"""The tool calls a turn shows to its client, in the shape of LangChain messages."""

from collections.abc import Mapping
from typing import Any

from shared.domain.practice.client_view import StoredSession, progress
from shared.domain.practice.state import Practice
from shared.domain.questions.grading import Verdict
from shared.domain.questions.question import Question, public_question

Message = dict[str, Any]

RIGHT = "Right."
PARTLY = "Partly right."
WRONG = "Not quite."
UNGRADED = "This can't be graded right now, so it doesn't count. A good answer shows:"


def _call_id(practice: Practice, name: str) -> str:
    return f"{practice.session_id}-{practice.seq}-{name.removesuffix('_presentation')}"


def question_call_id(practice: Practice) -> str:
    """The id of the call that waits for the answer to the pending question."""
    return _call_id(practice, "question_presentation")


def _call(practice: Practice, name: str, args: dict[str, Any]) -> Message:
    """One AI message with one tool call. Ids come from the turn and the name, for a turn has one of
    a name at most: made twice it has the same, and a question shown again takes its own place.

    Every call says which session and block it belongs to, and how far practice is.
    """
    block_id = practice.block.block_id if practice.block else None
    call_id = _call_id(practice, name)
    told = {
        "session_id": practice.session_id,
        "block_id": block_id,
        "progress": progress(practice).model_dump(),
        **args,
    }
    return {
        "type": "ai",
        "id": f"ai-{call_id}",
        "content": "",
        "tool_calls": [{"id": call_id, "name": name, "args": told, "type": "tool_call"}],
    }


def _settled(call: Message) -> list[Message]:
    """The call and its own result: the client shows it and owes no answer."""
    call_id = call["tool_calls"][0]["id"]
    result = {
        "type": "tool",
        "id": f"tool-{call_id}",
        "tool_call_id": call_id,
        "name": call["tool_calls"][0]["name"],
        "content": "presented",
        "status": "success",
    }
    return [call, result]


def concept_presentation(
    practice: Practice, *, full_session_payload: StoredSession | None = None
) -> list[Message]:
    args: dict[str, Any] = {
        "concept": practice.block.concept.model_dump() if practice.block else None
    }
    if full_session_payload is not None:
        args["full_session_payload"] = full_session_payload
    return _settled(_call(practice, "concept_presentation", args))


def question_presentation(practice: Practice) -> list[Message]:
    """The one call that is left pending: its result is the student's answer."""
    question = practice.pending
    shown = public_question(question, practice.hints_used) if question else None
    return [_call(practice, "question_presentation", {"question": shown})]


def feedback_presentation(practice: Practice, evaluated: Mapping[str, Any]) -> list[Message]:
    question: Question = evaluated["question"]
    args = {
        "question_id": question.question_id,
        **_told(question, evaluated["verdict"]),
        "new_mastery_score": evaluated["mastery"],
        "block_complete": evaluated["block_complete"],
    }
    return _settled(_call(practice, "feedback_presentation", args))


def _told(question: Question, verdict: Verdict | None) -> dict[str, Any]:
    """The answer is behind the student, so now explanation, key and rubric may be told."""
    criteria = question.rubric or []
    if verdict is None:
        lines = [UNGRADED, *(f"- {criterion.text}" for criterion in criteria)]
        told: dict[str, Any] = {"correct": None, "score": None, "correct_answer": None}
    else:
        lines = [RIGHT if verdict.correct else PARTLY if verdict.score else WRONG]
        for criterion in criteria:
            met = criterion.criterion_id in verdict.criteria_met
            lines.append(f"- {'shown' if met else 'missing'}: {criterion.text}")
        told = {
            "correct": verdict.correct,
            "score": verdict.score,
            "correct_answer": verdict.correct_answer,
        }
    if question.explanation:
        lines.append(question.explanation)
    return {**told, "feedback": "\n".join(lines)}


def hint_presentation(practice: Practice, *, hint: str | None) -> list[Message]:
    question = practice.pending
    args = {
        "question_id": question.question_id if question else None,
        "hint": hint,
        "hints_left": len((question.hints or []) if question else []) - practice.hints_used,
    }
    return _settled(_call(practice, "hint_presentation", args))
