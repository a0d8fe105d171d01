"""The tool calls that a turn shows to its client, as messages in LangChain's shape.

A presentation is an AI message with one tool call. The client shows it; a tool message settles each
call but the question's, whose result is the student's answer.
"""

import re
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from shared.domain.common.fields import Id, NodeId, ValueObject
from shared.domain.practice.client_view import (
    PracticeProgress,
    ShownQuestion,
    ShownStem,
    StoredFields,
    progress,
    shown_question,
    shown_stem,
)
from shared.domain.practice.state import Concept, Practice, require_block, require_pending
from shared.domain.questions.any_question import CorrectAnswer
from shared.domain.questions.grading import Verdict
from shared.domain.questions.question import Question

RIGHT = "Right."
PARTLY = "Partly right."
WRONG = "Not quite."
MISSPELT = "Almost: check the spelling of"
STORED = "Your answer is stored. What was right is shown later."
# The rest of a question's call id after that of its session; see `_call_id`.
_ASKED = re.compile(r"(0|[1-9][0-9]{0,8})-question(?:-.*)?", re.DOTALL)
UNGRADED = "This can't be graded right now, so it doesn't count. A good answer shows:"


class PresentationArgs(ValueObject):
    """The session and block that a call belongs to, and the progress so far."""

    session_id: Id
    block_id: Id | None
    progress: PracticeProgress


class ConceptArgs(PresentationArgs):
    """`full_session_payload` comes with the first concept of a session: it is to be stored."""

    concept: Concept
    full_session_payload: StoredFields | None = Field(
        default=None, exclude_if=lambda payload: payload is None
    )


class QuestionArgs(PresentationArgs):
    """`stem` is what the question is a step of, to be shown with it."""

    question: ShownQuestion
    stem: ShownStem | SkipJsonSchema[None] = Field(
        default=None, exclude_if=lambda stem: stem is None
    )


class FeedbackArgs(PresentationArgs):
    """`correct`, `score` and `correct_answer` are null where the answer could not be graded, where
    `retry` asks for the same question's answer once more, at no cost, and where all that is said of
    it is `withheld` until the work is handed in.

    `read_as` is what was read, where an answer can be written in several ways.
    """

    question_id: NodeId
    correct: bool | None
    score: Annotated[float, Field(ge=0, le=1)] | None
    correct_answer: CorrectAnswer
    feedback: str
    read_as: str | SkipJsonSchema[None] = Field(default=None, exclude_if=lambda text: text is None)
    retry: Literal["spelling"] | SkipJsonSchema[None] = Field(
        default=None, exclude_if=lambda retry: retry is None
    )
    withheld: Literal[True] | SkipJsonSchema[None] = Field(
        default=None, exclude_if=lambda withheld: withheld is None
    )
    new_mastery_score: Annotated[float, Field(ge=0, le=1)]
    block_complete: bool


class HintArgs(PresentationArgs):
    """`hint` is null when none is left."""

    question_id: NodeId | None
    hint: str | None
    hints_left: Annotated[int, Field(ge=0)]


class Presentation(ValueObject):
    """A tool call. Its id is made of the session, the turn and the name, which a turn has once: the
    same turn taken twice has the same ids, and a question presented again replaces itself.
    """

    id: str
    name: str
    args: PresentationArgs
    type: Literal["tool_call"] = "tool_call"


class ConceptPresentation(Presentation):
    name: Literal["concept_presentation"] = "concept_presentation"
    args: ConceptArgs


class QuestionPresentation(Presentation):
    """The only call left pending: its result is the student's answer."""

    name: Literal["question_presentation"] = "question_presentation"
    args: QuestionArgs


class FeedbackPresentation(Presentation):
    name: Literal["feedback_presentation"] = "feedback_presentation"
    args: FeedbackArgs


class HintPresentation(Presentation):
    name: Literal["hint_presentation"] = "hint_presentation"
    args: HintArgs


ToolCall = Annotated[
    ConceptPresentation | QuestionPresentation | FeedbackPresentation | HintPresentation,
    Field(discriminator="name"),
]


class AiMessage(ValueObject):
    """One tool call to show."""

    type: Literal["ai"] = "ai"
    id: str
    content: Literal[""] = ""
    tool_calls: Annotated[list[ToolCall], Field(min_length=1, max_length=1)]


class ToolMessage(ValueObject):
    """Settles a call that asks for no answer."""

    type: Literal["tool"] = "tool"
    id: str
    tool_call_id: str
    name: str
    content: Literal["presented"] = "presented"
    status: Literal["success"] = "success"


Message = Annotated[AiMessage | ToolMessage, Field(discriminator="type")]


class Evaluation(NamedTuple):
    """The evaluation of an answer. `verdict` is None where the answer could not be graded.

    `mastery` (0-1) is that of the block's skill after it; `block_complete` is True where the
    question was the block's last. `misspelt` is the part of an answer that may be corrected.
    """

    question: Question
    verdict: Verdict | None
    mastery: float
    block_complete: bool
    misspelt: str | None = None


def ai_message(call: ToolCall) -> AiMessage:
    # Not validated: that would take a validator of all presentations, apart from that of the reply.
    return AiMessage.model_construct(id=f"ai-{call.id}", tool_calls=[call])


def question_call_id(practice: Practice) -> str:
    """The id of the call that presents the pending question."""
    return _call_id(practice, "question")


def asked_seq(session_id: str, call_id: str) -> int | None:
    """The seq of the state in which a question of the session was asked by the call of this id, or
    presented again by a later one; None for another call.
    """
    asked = _ASKED.fullmatch(call_id.removeprefix(f"{session_id}-"))
    return int(asked[1]) if asked and call_id.startswith(f"{session_id}-") else None


def concept_presentation(
    practice: Practice, *, full_session_payload: StoredFields | None = None
) -> list[Message]:
    args = ConceptArgs(
        **_shared_args(practice),
        concept=require_block(practice).concept,
        full_session_payload=full_session_payload,
    )
    return _settled(ConceptPresentation(id=_call_id(practice, "concept"), args=args))


def question_presentation(practice: Practice) -> list[Message]:
    question = require_pending(practice)
    args = QuestionArgs(
        **_shared_args(practice),
        question=shown_question(practice, question),
        stem=shown_stem(practice, question),
    )
    return [ai_message(QuestionPresentation(id=question_call_id(practice), args=args))]


def feedback_presentation(practice: Practice, evaluation: Evaluation) -> list[Message]:
    """The answer is given, so explanation, key and rubric may be shown now."""
    question, verdict, mastery, block_complete, misspelt = evaluation
    if practice.feedback_later:
        return _settled(_stored_answer(practice, evaluation))
    misspelling = f"{MISSPELT} \u201c{misspelt}\u201d."
    args = FeedbackArgs(
        **_shared_args(practice),
        question_id=question.question_id,
        correct=verdict.correct if verdict else None,
        score=verdict.score if verdict else None,
        correct_answer=verdict.correct_answer if verdict else None,
        feedback=feedback_text(question, verdict) if misspelt is None else misspelling,
        read_as=verdict.read_as if verdict else None,
        retry=None if misspelt is None else "spelling",
        new_mastery_score=mastery,
        block_complete=block_complete,
    )
    return _settled(FeedbackPresentation(id=_call_id(practice, "feedback"), args=args))


def _stored_answer(practice: Practice, evaluation: Evaluation) -> FeedbackPresentation:
    """Says nothing of the answer, and shows the mastery of before the session."""
    question = evaluation.question
    skill = practice.skill(practice.skill_asked(question.question_id))
    args = FeedbackArgs(
        **_shared_args(practice),
        question_id=question.question_id,
        correct=None,
        score=None,
        correct_answer=None,
        feedback=STORED,
        withheld=True,
        new_mastery_score=skill.mastery_before,
        block_complete=evaluation.block_complete,
    )
    return FeedbackPresentation(id=_call_id(practice, "feedback"), args=args)


def hint_presentation(practice: Practice, *, hint: str | None) -> list[Message]:
    question = require_pending(practice)
    args = HintArgs(
        **_shared_args(practice),
        question_id=question.question_id,
        hint=hint,
        hints_left=len(question.hints or []) - practice.hints_used,
    )
    return _settled(HintPresentation(id=_call_id(practice, "hint"), args=args))


def _call_id(practice: Practice, name: str) -> str:
    return f"{practice.session_id}-{practice.seq}-{name}"


def _shared_args(practice: Practice) -> dict[str, Any]:
    return {
        "session_id": practice.session_id,
        "block_id": require_block(practice).block_id,
        "progress": progress(practice),
    }


def _settled(call: ToolCall) -> list[Message]:
    """The call with its own result: the client shows it and needs no answer."""
    result = ToolMessage(id=f"tool-{call.id}", tool_call_id=call.id, name=call.name)
    return [ai_message(call), result]


def feedback_text(question: Question, verdict: Verdict | None) -> str:
    """The feedback on an answer. `verdict` is None where it could not be graded."""
    criteria = question.rubric or []
    if verdict is None:
        lines = [UNGRADED, *(f"- {criterion.text}" for criterion in criteria)]
    else:
        lines = [RIGHT if verdict.correct else PARTLY if verdict.score else WRONG]
        if verdict.remark:
            lines.append(verdict.remark)
        for criterion in criteria:
            met = criterion.criterion_id in verdict.criteria_met
            lines.append(f"- {'shown' if met else 'missing'}: {criterion.text}")
    return "\n".join([*lines, question.explanation] if question.explanation else lines)
