"""The state of infinite practice as its client sees and stores it.

Between turns the client holds the state: the visible part as plain JSON, the whole state in the
seal. Only the sealed state counts; the visible part must equal its projection.
"""

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import to_json

from shared.domain.common.fields import ExerciseName, Id, Name, NodeId, UserId, ValueObject
from shared.domain.common.json_schema import DescribedAs
from shared.domain.practice.state import (
    Block,
    Concept,
    FinishedBlock,
    OpenedPractice,
    Practice,
)
from shared.domain.questions.any_question import QuestionKind
from shared.domain.questions.question import Question
from shared.domain.students.scoring import score_percent


class Visible(ValueObject):
    """A part of the visible state.

    Fields of a newer version are kept: the seal binds every visible field, so a session from which
    one was dropped could not be resumed.
    """

    model_config = ConfigDict(extra="allow")


class PracticeProgress(Visible):
    """How far the session is. `score_percent` is null before the first answer. Where feedback comes
    later it stays null, and `questions_correct` 0.
    """

    blocks_completed: int
    questions_answered: int
    questions_correct: int
    score_percent: float | None


class PracticeSkill(Visible):
    """`mastery` is the share of the skill, 0-1, that the student is expected to know."""

    skill_id: str
    name: ExerciseName
    mastery: Annotated[float, Field(ge=0, le=1)]
    attempts: int
    mastered: bool


class ShownChoice(Visible):
    id: str
    text: str


class ShownImage(Visible):
    """A picture, at an https address or in the `url` itself (`data:`), and what it shows."""

    url: str
    alt: str


class ShownStem(Visible):
    """What several questions, its steps, are about. It is shown with each of them."""

    stem_id: NodeId
    text: str
    image: ShownImage | SkipJsonSchema[None] = Field(
        default=None, exclude_if=lambda image: image is None
    )


class ShownQuestion(Visible):
    """A question before it is answered. `choices` and `unit` are present where the kind has them,
    `image` where the question has a picture, `stem` where it is a step of the stem with this id.

    `hints_left` is the number of hints not yet given. A kind may add fields.
    """

    question_id: NodeId
    kind: QuestionKind
    prompt: str
    image: ShownImage | SkipJsonSchema[None] = Field(
        default=None, exclude_if=lambda image: image is None
    )
    stem: NodeId | SkipJsonSchema[None] = Field(default=None, exclude_if=lambda stem: stem is None)
    choices: list[ShownChoice] = Field(default=[], exclude_if=lambda choices: not choices)
    unit: str | SkipJsonSchema[None] = Field(default=None, exclude_if=lambda unit: unit is None)
    hints_left: Annotated[int, Field(ge=0)]


class DoneBlock(FinishedBlock, Visible):
    """A finished block, reduced to its counts."""

    status: Literal["done"]


class CurrentBlock(Visible):
    """`stems` has those of its questions, where one is a step."""

    block_id: Id
    skill_id: str
    concept: Concept
    questions: list[ShownQuestion]
    stems: list[ShownStem] = Field(default=[], exclude_if=lambda stems: not stems)
    status: Literal["current"]


class Current(Visible):
    """The pending question, to be answered next, and its block."""

    block_id: Id | None
    question_id: NodeId | None
    awaiting: Literal["answer"] | None


class ShownSession(Visible):
    """A session that a tutor runs, as its student may see it. Where feedback comes later its
    masteries are those of before the session, and no answer is counted as right.
    """

    schema_version: Literal[1]
    session_id: Id
    student_id: UserId
    template_id: str | None
    template_name: Name
    seq: Annotated[int, Field(ge=0)]
    status: Literal["active"]
    skills: list[PracticeSkill]
    blocks: list[Annotated[DoneBlock | CurrentBlock, Field(discriminator="status")]]
    current: Current
    progress: PracticeProgress
    tutor: str
    degraded: bool


class StoredSession(ShownSession):
    """A session of infinite practice as its client keeps it.

    Send it back unchanged: `seal` binds every other field, and a change of one is refused with
    SESSION_CONTEXT_TAMPERED.
    """

    seal: str


# The fields of both. A turn makes them itself, so it does not validate them.
ShownFields = Annotated[dict[str, Any], DescribedAs(ShownSession)]
StoredFields = Annotated[dict[str, Any], DescribedAs("StoredSession")]


@dataclass(frozen=True)
class ResealedPractice:
    """A state that a client sent, opened, and the form to store it in.

    `stored_session` is the state sealed again without its log and chain, which are stored apart.
    `sent_hash` is the hash of the state as it was sent, where the student's history was added.
    """

    opened: OpenedPractice
    stored_session: StoredSession
    sent_hash: str | None = None

    @property
    def practice(self) -> Practice:
        return self.opened.practice


def client_view(practice: Practice) -> dict[str, Any]:
    """The visible state: the fields of its StoredSession, without the seal, in their order.

    It contains no answer key, no rubric, no explanation and no hint.
    """
    block, pending = practice.block, practice.pending
    return {
        "schema_version": practice.schema_version,
        "session_id": practice.session_id,
        "student_id": practice.student_id,
        "template_id": practice.source.template_id,
        "template_name": practice.source.name,
        "seq": practice.seq,
        "status": "active",
        "skills": [
            {
                "skill_id": skill.skill_id,
                "name": skill.name,
                "mastery": skill.mastery_before if practice.feedback_later else skill.mastery,
                "attempts": skill.attempts,
                "mastered": skill.mastered and not practice.feedback_later,
            }
            for skill in practice.skills
        ],
        "blocks": [
            *(_done_block(line, practice) for line in practice.finished),
            *([_current_block(block, practice)] if block else []),
        ],
        "current": {
            "block_id": block.block_id if block else None,
            "question_id": pending.question_id if pending else None,
            "awaiting": "answer" if pending else None,
        },
        "progress": progress(practice),
        "tutor": practice.tutor,
        "degraded": practice.degraded,
    }


def progress(practice: Practice) -> PracticeProgress:
    totals = practice.totals
    if practice.feedback_later:
        totals = totals.model_copy(update={"questions_correct": 0})
    return PracticeProgress(
        blocks_completed=totals.blocks_completed,
        questions_answered=totals.questions_answered,
        questions_correct=totals.questions_correct,
        score_percent=None
        if practice.feedback_later
        else score_percent(totals.questions_correct, totals.questions_answered),
    )


def shown_question(practice: Practice, question: Question) -> ShownQuestion:
    return ShownQuestion.model_validate(
        practice.as_shown(question).public_view(practice.hints_used)
    )


def shown_stem(practice: Practice, question: Question) -> ShownStem | None:
    stem = practice.source.stem_of(question)
    return ShownStem.model_validate(stem.public_view()) if stem else None


def _done_block(block: FinishedBlock, practice: Practice) -> dict[str, Any]:
    return {
        "block_id": block.block_id,
        "skill_id": block.skill_id,
        "title": block.title,
        "questions_answered": block.questions_answered,
        "questions_correct": 0 if practice.feedback_later else block.questions_correct,
        "status": "done",
    }


def _current_block(block: Block, practice: Practice) -> dict[str, Any]:
    return {
        "block_id": block.block_id,
        "skill_id": block.skill_id,
        "concept": block.concept,
        "questions": [practice.as_shown(question).public_view() for question in block.questions],
        **_shown_stems(block, practice),
        "status": "current",
    }


def _shown_stems(block: Block, practice: Practice) -> dict[str, Any]:
    """No field where no question is a step: sessions of a version before have none."""
    used = {question.stem for question in block.questions} - {None}
    stems = [stem.public_view() for stem in practice.source.stems if stem.stem_id in used]
    return {"stems": stems} if stems else {}


def hash_of(practice: Practice) -> str:
    return state_hash(to_json(client_view(practice)))


def state_hash(view_json: bytes) -> str:
    """Identifies a state: the first 32 hex digits of the SHA-256 of its client_view as JSON.

    Hashes are stored and compared across versions, so the JSON's order of keys and its spelling of
    numbers must never change: every state would count as a fork.
    """
    return hashlib.sha256(view_json).hexdigest()[:32]
