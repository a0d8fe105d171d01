"""The free JSON of a session: the template's sections and exercises, ticked and annotated."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import JsonValue

from shared.domain.common.entries import Entries
from shared.domain.common.errors import FieldError, InvalidArgument
from shared.domain.common.fields import (
    ExerciseName,
    LongText,
    Minutes,
    Name,
    NodeId,
    ScoreOutOfTen,
)
from shared.domain.common.json_object import (
    MAX_BYTES,
    MAX_STORED_BYTES,
    BoundedJson,
    JsonObject,
    json_size_bytes,
    size_violation,
    stored_size_bytes,
)
from shared.domain.templates.template import Template

# A session grows with its notes, so a template must leave them room.
ROOM_FOR_NOTES_BYTES = 16 * 1024
# Labels by which a template is found.
NOT_COPIED_FROM_TEMPLATE = {"tags"}
# The keys of a self-made quiz.
QUESTIONS = "questions"
QUESTION_ID = "question_id"
# The question banks are for practice_turn.
NOT_COPIED_FROM_EXERCISE = {"questions", "stems"}
# The session has its own.
NOT_COPIED_FROM_SECTION = {"actual_duration_minutes"}


class SessionExercise(JsonObject):
    id: NodeId | None = None
    name: ExerciseName
    completed: bool | None = None
    notes: LongText | None = None

    @property
    def node_id(self) -> str:
        return self.id if self.id is not None else self.name


class SessionSection(JsonObject):
    name: Name
    duration_minutes: Minutes | None = None
    actual_duration_minutes: Minutes | None = None
    exercises: Entries[SessionExercise] = []


class SessionContent(JsonObject):
    sections: Entries[SessionSection] = []
    notes: LongText | None = None
    total_duration_minutes: Minutes | None = None
    actual_duration_minutes: Minutes | None = None
    focus_score: ScoreOutOfTen | None = None
    energy_level: ScoreOutOfTen | None = None

    def exercises(self) -> Iterator[tuple[int, int, SessionExercise]]:
        for s, section in enumerate(self.sections):
            for e, exercise in enumerate(section.exercises):
                yield s, e, exercise

    def questions(self) -> Iterator[tuple[str, dict[str, JsonValue]]]:
        """The questions of a self-made quiz, by question_id. They are free JSON of any shape."""
        questions = (self.model_extra or {}).get(QUESTIONS)
        for question in questions if isinstance(questions, list) else []:
            question_id = question.get(QUESTION_ID) if isinstance(question, dict) else None
            if isinstance(question_id, str):
                yield question_id, question


SessionData = Annotated[SessionContent, BoundedJson]


class Tick(NamedTuple):
    """The change that a log entry makes to the exercise it names. None leaves its notes."""

    node_id: str
    completed: bool
    notes: str | None


def content_from_template(template: Template) -> SessionContent:
    """Every name and planned minute of the template, nothing completed, notes empty."""
    return SessionContent.model_validate(
        _prepopulated(template.template_data, template.template_id, template.name)
    )


def require_room_for_notes(template_data: dict[str, JsonValue]) -> None:
    """Raises InvalidArgument for a template too large to practise with notes."""
    session_data = _prepopulated(template_data, "", "")
    for size, bound, measure in (
        (json_size_bytes(session_data), MAX_BYTES, "as JSON"),
        (stored_size_bytes(session_data), MAX_STORED_BYTES, "in a document"),
    ):
        if size > (most := bound - ROOM_FOR_NOTES_BYTES):
            message = f"a session made from it takes {size} bytes {measure}; the most is {most}"
            raise InvalidArgument(errors=[FieldError("template_data", message)])


def _prepopulated(template_data: Any, template_id: str, template_name: str) -> dict[str, Any]:
    def fresh(exercise: dict[str, Any]) -> dict[str, Any]:
        copied = {k: v for k, v in exercise.items() if k not in NOT_COPIED_FROM_EXERCISE}
        return {**copied, "completed": False, "notes": ""}

    def planned(section: dict[str, Any]) -> dict[str, Any]:
        copied = {k: v for k, v in section.items() if k not in NOT_COPIED_FROM_SECTION}
        return {**copied, "exercises": [fresh(e) for e in section.get("exercises", [])]}

    return {
        **{k: v for k, v in template_data.items() if k not in NOT_COPIED_FROM_TEMPLATE},
        "template_id": template_id,
        "template_name": template_name,
        "sections": [planned(section) for section in template_data["sections"]],
        "notes": "",
        "total_duration_minutes": template_data.get("total_duration_minutes"),
        "actual_duration_minutes": None,
        "focus_score": None,
        "energy_level": None,
    }


def require_storable_size(
    content: SessionContent, *, field: str = "session_data"
) -> SessionContent:
    """The content, whose parts are within the bounds of free JSON each.

    Raises InvalidArgument at this field of the request when together they are not.
    """
    if message := size_violation(content.model_dump()):
        message = f"the session's data would be too large: {message}"
        raise InvalidArgument(errors=[FieldError(field, message)])
    return content


def apply_ticks(content: SessionContent, ticks: Sequence[Tick]) -> tuple[SessionContent, set[int]]:
    """The content with the named exercises ticked, and the positions of the ticks that name none.

    An exercise goes by its id or, where it has none, by its name. Of several that share a name the
    first unfinished one is meant.
    """
    positions: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for s, e, exercise in content.exercises():
        positions[exercise.node_id].append((s, e))
    exercises = [list(section.exercises) for section in content.sections]
    unlisted = set()
    for position, tick in enumerate(ticks):
        candidates = positions.get(tick.node_id)
        if not candidates:
            unlisted.add(position)
            continue
        s, e = next(
            (at for at in candidates if not exercises[at[0]][at[1]].completed), candidates[0]
        )
        noted = {} if tick.notes is None else {"notes": tick.notes}
        exercises[s][e] = exercises[s][e].model_copy(update={"completed": tick.completed, **noted})
    if len(unlisted) == len(ticks):
        return content, unlisted
    sections = [
        section.model_copy(update={"exercises": changed}) if section.exercises else section
        for section, changed in zip(content.sections, exercises, strict=True)
    ]
    return content.model_copy(update={"sections": sections}), unlisted
