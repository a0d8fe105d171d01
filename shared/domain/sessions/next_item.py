"""The next item of a session: an exercise, or a question."""

from pydantic import Field, JsonValue
from pydantic.json_schema import SkipJsonSchema

from shared.domain.common.fields import ValueObject
from shared.domain.practice.client_view import CurrentBlock, ShownStem, StoredSession
from shared.domain.sessions.items import is_reported
from shared.domain.sessions.session import Session, Status
from shared.domain.sessions.session_data import SessionContent, SessionExercise


class NextItem(ValueObject):
    """The first unfinished exercise, in order."""

    node_id: str
    section_index: int
    section_name: str
    exercise_index: int
    exercise: SessionExercise


class NextQuestion(ValueObject):
    """The first question of `session_data.questions` that no item reports as done or answered; in
    infinite practice the pending question. `node_id` is its `question_id`, `stem` what it is a step
    of.
    """

    node_id: str
    question: dict[str, JsonValue]
    stem: ShownStem | SkipJsonSchema[None] = Field(
        default=None, exclude_if=lambda stem: stem is None
    )


AnyNextItem = NextItem | NextQuestion


def next_item(session: Session) -> AnyNextItem | None:
    """None when nothing is left or the session has ended."""
    if session.status is not Status.ACTIVE:
        return None
    if session.stored_session is not None:
        return _pending_question(session.stored_session)
    return next_exercise(session.session_data) or _next_question(session)


def next_exercise(content: SessionContent) -> NextItem | None:
    for s, e, exercise in content.exercises():
        if not exercise.completed:
            return NextItem(
                node_id=exercise.node_id,
                section_index=s,
                section_name=content.sections[s].name,
                exercise_index=e,
                exercise=exercise,
            )
    return None


def _next_question(session: Session) -> NextQuestion | None:
    for node_id, question in session.session_data.questions():
        if not is_reported(session.tally, node_id):
            return NextQuestion(node_id=node_id, question=question)
    return None


def _pending_question(stored: StoredSession) -> NextQuestion | None:
    blocks = [block for block in stored.blocks if isinstance(block, CurrentBlock)]
    for block, question in ((b, question) for b in blocks for question in b.questions):
        if question.question_id == stored.current.question_id:
            return NextQuestion(
                node_id=question.question_id,
                question=question.model_dump(),
                stem=next((stem for stem in block.stems if stem.stem_id == question.stem), None),
            )
    return None
