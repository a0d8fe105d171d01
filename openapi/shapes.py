"""What practice_turn shows, as types: the state a client keeps, and the messages of a turn.

The functions build these as plain JSON, for nothing on their way needs a model of them. Here they
have one for the sake of clients; the tests hold what turns really answer against it.
"""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from shared.domain.common.fields import ExerciseName, Id, Name, NodeId, UserId, ValueObject
from shared.domain.practice.state import Concept, FinishedBlock
from shared.domain.questions.question import QuestionKind


class Shape(ValueObject):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class PracticeProgress(Shape):
    """How far the session is. `score_percent` is null before the first answer."""

    blocks_completed: int
    questions_answered: int
    questions_correct: int
    score_percent: float | None


class PracticeSkill(Shape):
    """`mastery` is the chance that the skill is known, 0-1."""

    skill_id: str
    name: ExerciseName
    mastery: Annotated[float, Field(ge=0, le=1)]
    attempts: int
    mastered: bool


class ShownChoice(Shape):
    id: str
    text: str


class ShownQuestion(Shape):
    """A question before it is answered. `choices` and `unit` are there where the kind has them."""

    question_id: NodeId
    kind: QuestionKind
    prompt: str
    choices: list[ShownChoice] = Field(default=[], exclude_if=lambda choices: not choices)
    unit: str = Field(default="", exclude_if=lambda unit: not unit)
    hints_left: Annotated[int, Field(ge=0)]


class DoneBlock(FinishedBlock):
    """A finished block, shrunk to a line."""

    status: Literal["done"]


class CurrentBlock(Shape):
    block_id: Id
    skill_id: str
    concept: Concept
    questions: list[ShownQuestion]
    status: Literal["current"]


class Current(Shape):
    """What is pending: the question to answer next, and in which block."""

    block_id: Id | None
    question_id: NodeId | None
    awaiting: Literal["answer"] | None


class StoredSession(Shape):
    """A session of infinite practice as its client keeps it.

    Send it back just as it came: `seal` binds every other field, and one that was changed is a
    SESSION_CONTEXT_TAMPERED.
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
    seal: str
