"""Practice templates: their content and audience, and the answer keys students must not see."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal, Self, cast

import rfc8785
from pydantic import (
    ConfigDict,
    Field,
    JsonValue,
    ModelWrapValidatorHandler,
    model_validator,
)

from shared.domain.common.closed_model import ClosedModel
from shared.domain.common.entries import MAX_ERRORS, Entries
from shared.domain.common.errors import (
    FieldError,
    InvalidArgument,
    PermissionDenied,
    TemplateArchived,
    TemplateNotFound,
)
from shared.domain.common.fields import (
    ExerciseName,
    Id,
    Instant,
    JsonEnum,
    Label,
    LongText,
    Minutes,
    Name,
    NodeId,
    Text,
    UserId,
    UserIds,
    ValueObject,
)
from shared.domain.common.json_object import BoundedJson, JsonObject
from shared.domain.common.json_schema import DescribedAs, Schema, add_description
from shared.domain.common.revisions import require_same_revision
from shared.domain.common.validation import Violation, validation_error
from shared.domain.questions.any_question import AnyQuestion
from shared.domain.questions.kinds import KINDS
from shared.domain.questions.numeric_parsing import DecimalMark
from shared.domain.questions.stem import MAX_STEPS_OF_STEM, Stem
from shared.domain.students.mastery import MasteryCriterion
from shared.domain.templates.decimal_marks import FIELD as DECIMAL_MARK
from shared.domain.templates.decimal_marks import with_decimal_marks

# Fields that students must not read before they answer.
ANSWER_KEY = frozenset({"answer", "rubric", "explanation", "hints", "correct"})
# The lists of a question, and of its blanks, whose entries may have such fields too.
PARTS = frozenset({"choices", "items", "blanks"})
# The fields of a template's audience. A change of any other field changes what is practised.
AUDIENCE = frozenset({"visibility", "student_ids"})
# Content changes that a template records. An older copy never counts as current.
MAX_CONTENT_CHANGES = 20


class Visibility(JsonEnum):
    PRIVATE = "private"
    ASSIGNED = "assigned"
    PUBLIC = "public"


class Exercise(JsonObject):
    model_config = ConfigDict(
        json_schema_extra=add_description(
            "A question's `stem` is the stem_id of one of `stems`; at most "
            f"{MAX_STEPS_OF_STEM} questions are steps of one."
        )
    )

    id: NodeId | None = None
    name: ExerciseName
    description: LongText | None = None
    skill: Label | None = None
    stems: Entries[Stem] | None = None
    questions: Entries[AnyQuestion] | None = None

    @model_validator(mode="after")
    def _require_stems_of_steps(self) -> Self:
        steps = Counter(question.stem for question in self.questions or [])
        known = {stem.stem_id for stem in self.stems or []}
        violations: list[Violation] = [
            (("questions", position, "stem"), "is not the stem_id of a stem of this exercise")
            for position, question in enumerate(self.questions or [])
            if question.stem is not None and question.stem not in known
        ]
        violations += [
            (("stems", position), f"has {count} steps; the most is {MAX_STEPS_OF_STEM}")
            for position, stem in enumerate(self.stems or [])
            if (count := steps[stem.stem_id]) > MAX_STEPS_OF_STEM
        ]
        if violations:
            raise validation_error("exercise", violations[:MAX_ERRORS])
        return self


class Section(JsonObject):
    name: Name
    duration_minutes: Minutes | None = None
    exercises: Entries[Exercise] = []


Block = Annotated[dict[str, Any], DescribedAs("FreeObject")]


class TemplateBlocks(ClosedModel):
    """Parts of a daily pack that an app shows in its own way, of any shape."""

    dialog: Block | None = None
    pronunciation_drill: Block | None = None


class TemplateContent(JsonObject):
    model_config = ConfigDict(
        json_schema_extra=add_description(
            "Ids of exercises and questions are unique, and so are those of stems."
        )
    )

    sections: Entries[Section]
    total_duration_minutes: Minutes | None = None
    tags: Annotated[list[Label], Field(max_length=100)] | None = None
    blocks: TemplateBlocks | None = None
    decimal_mark: Annotated[
        DecimalMark | None,
        Field(
            description="That of questions of the kinds numeric and expression, and of such "
            "blanks, that have none of their own."
        ),
    ] = None

    @model_validator(mode="wrap")
    @classmethod
    def _read_by_its_mark(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Keys are read by the template's mark, and dumped as they were sent, without it."""
        marked = with_decimal_marks(value)
        content = handler(marked)
        if marked is not value:
            _unset_marks(content, value)
        return content

    @model_validator(mode="after")
    def _require_unique_ids(self) -> Self:
        repeated = [*_repeated(self._ids()), *_repeated(self._stem_ids())]
        if repeated:
            raise validation_error("template_data", repeated[:MAX_ERRORS])
        return self

    def _stem_ids(self) -> Iterator[Violation]:
        for s, section in enumerate(self.sections):
            for e, exercise in enumerate(section.exercises):
                for n, stem in enumerate(exercise.stems or []):
                    yield ("sections", s, "exercises", e, "stems", n, "stem_id"), stem.stem_id

    def _ids(self) -> Iterator[Violation]:
        for s, section in enumerate(self.sections):
            for e, exercise in enumerate(section.exercises):
                at = ("sections", s, "exercises", e)
                if exercise.id is not None:
                    yield (*at, "id"), exercise.id
                for q, question in enumerate(exercise.questions or []):
                    yield (*at, "questions", q, "question_id"), question.question_id


def _unset_marks(content: TemplateContent, sent: Mapping[str, Any]) -> None:
    """Of the questions and their blanks that were sent without one. The content was just made."""
    for section, sent_section in zip(content.sections, sent["sections"], strict=True):
        for exercise, sent_exercise in zip(
            section.exercises, sent_section.get("exercises", []), strict=True
        ):
            pairs = zip(exercise.questions or [], sent_exercise.get("questions") or [], strict=True)
            for question, sent_question in pairs:
                _unset_mark(question, sent_question)


def _unset_mark(holder: JsonObject, sent: Any) -> None:
    """A field that is not set is not dumped."""
    if isinstance(sent, Mapping):
        if DECIMAL_MARK not in sent:
            holder.model_fields_set.discard(DECIMAL_MARK)
        for blank, sent_blank in zip(
            getattr(holder, "blanks", []), sent.get("blanks") or [], strict=False
        ):
            _unset_mark(blank, sent_blank)


def _repeated(ids: Iterable[Violation]) -> Iterator[Violation]:
    seen: set[str] = set()
    for location, id_ in ids:
        if id_ in seen:
            yield location, "is used twice in this template"
        seen.add(id_)


TemplateData = Annotated[TemplateContent, BoundedJson]
# The text that students read has no answer keys, so it is not validated as questions again.
PublicTemplateData = Annotated[dict[str, Any], DescribedAs("PublicTemplateContent")]
# JSON schema of the second check of require_valid_audience.
VALID_AUDIENCE: Schema = {
    "not": {
        "properties": {"visibility": {"const": "private"}, "student_ids": {"minItems": 1}},
        "required": ["visibility", "student_ids"],
    }
}


class ContentChange(ValueObject):
    """The version of a template that its content, or an answer key, changed with, and when."""

    version: int
    at: Instant


class Template(ValueObject):
    """A template without answer keys. Its document, as students read it, has no `student_ids`."""

    schema_version: Literal[1] = 1
    template_id: Id
    name: Name
    description: Text
    owner_id: UserId
    root_id: Id | None
    subject: Label | None
    topic: Label | None
    grade_level: Label | None
    visibility: Visibility
    student_ids: UserIds
    template_data: PublicTemplateData
    mastery_criterion: MasteryCriterion | None
    version: Annotated[int, Field(ge=1)]
    content_hash: str
    created_at: Instant
    updated_at: Instant
    archived_at: Instant | None
    # The latest ones, the newest last; empty before the first change of any field.
    content_changes: list[ContentChange] = []
    # Opaque; see shared/sealing/template_sealer.py. None until it is sealed.
    seal: str | None = None

    def is_readable_by(self, uid: str) -> bool:
        return (
            uid == self.owner_id or uid in self.student_ids or self.visibility is Visibility.PUBLIC
        )

    def is_assigned_to(self, uid: str) -> bool:
        """A template assigned to its own owner counts as self-practice."""
        return uid in self.student_ids and uid != self.owner_id

    def is_current(self, version: int, *, at: Instant | None) -> bool:
        """Whether a copy of this version has the present content, or had it at that instant.

        None is an instant that is not known.
        """
        if version == self.version:
            return True
        newer = [change for change in self.content_changes if change.version > version]
        if len(newer) == len(self.content_changes):
            return False  # older than what is recorded
        return not newer or (at is not None and at < newer[0].at)


# The content hash covers what practice is made from, not its audience.
HASHED_FIELDS = (
    "name",
    "description",
    "root_id",
    "subject",
    "topic",
    "grade_level",
    "template_data",
    "mastery_criterion",
)


def content_hash(fields: Mapping[str, Any]) -> str:
    """SHA-256, in hex, over the canonical JSON (RFC 8785) of what practice is made from.

    A client that read the template by any SDK computes the same: 10 and 10.0 are one number.
    """
    return hashlib.sha256(rfc8785.dumps({name: fields[name] for name in HASHED_FIELDS})).hexdigest()


def answer_keys(content: TemplateContent) -> dict[str, dict[str, JsonValue]]:
    """The fields of each question that students must not read, by question_id.

    In each of PARTS are those of its entries, in order, where any entry has one.
    """
    return {
        question.question_id: _answer_key(type(question).concealed(question.model_dump()))
        for section in content.sections
        for exercise in section.exercises
        for question in exercise.questions or []
    }


def _answer_key(holder: Mapping[str, Any]) -> dict[str, JsonValue]:
    key = {name: value for name, value in holder.items() if name in ANSWER_KEY}
    for name, parts in _parts_of(holder):
        secrets = [_answer_key(part) for part in parts]
        if any(secrets):
            key[name] = cast("JsonValue", secrets)
    return key


def restore_answer_key(question: Mapping[str, Any], key: Mapping[str, Any]) -> dict[str, Any]:
    """The question with its answer key, its parts in the order in which students read them."""
    whole = {**question, **key}
    for name in PARTS & key.keys():
        pairs = zip(question[name], key[name], strict=True)
        whole[name] = [restore_answer_key(part, secret) for part, secret in pairs]
    return whole


def remove_answer_keys(content: TemplateContent) -> tuple[PublicTemplateData, bool]:
    """The text that students may read, and whether any field was removed for it."""
    removed = False
    data = content.model_dump()
    for section in data["sections"]:
        for exercise in section.get("exercises", []):
            if not exercise.get("questions"):
                continue
            shown = [KINDS[q["kind"]].concealed(q) for q in exercise["questions"]]
            exercise["questions"] = list(map(_without_key, shown))
            removed = removed or exercise["questions"] != shown
    return data, removed


def _without_key(holder: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: value for name, value in holder.items() if name not in ANSWER_KEY}
    for name, parts in _parts_of(shown):
        shown[name] = list(map(_without_key, parts))
    return shown


def _parts_of(holder: Mapping[str, Any]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """The lists of parts with fields of their own; the choices of a blank are texts."""
    found = [(name, holder[name]) for name in sorted(PARTS & holder.keys())]
    return [(name, parts) for name, parts in found if parts and isinstance(parts[0], Mapping)]


def has_question_bank(template: Template) -> bool:
    """Whether any exercise has questions, so that a source with their keys may be stored."""
    return any(
        exercise.get("questions")
        for section in cast("Any", template.template_data["sections"])
        for exercise in section.get("exercises", [])
    )


def require_valid_audience(
    visibility: Visibility, student_ids: list[str], *, by_teacher: bool
) -> None:
    """Raises PermissionDenied when a learner shares a template, which only teachers may, and
    InvalidArgument when a private template is assigned to students.
    """
    if not by_teacher and (student_ids or visibility is not Visibility.PRIVATE):
        raise PermissionDenied(
            "Only a teacher may set student_ids, or a visibility other than private. "
            "An operator makes one: python -m admin role UID teacher; then get a fresh token."
        )
    if student_ids and visibility is Visibility.PRIVATE:
        raise InvalidArgument(
            errors=[FieldError("visibility", "must be assigned or public while student_ids is set")]
        )


def require_template_owned(template: Template | None, *, by: str) -> Template:
    """The user's own template. Raises TemplateNotFound for a missing one or another's."""
    if template is None or template.owner_id != by:
        raise TemplateNotFound
    return template


def require_startable(template: Template | None, *, by: str) -> Template:
    """A template this user may start from. Raises TemplateNotFound or TemplateArchived."""
    if template is None or not template.is_readable_by(by):
        raise TemplateNotFound
    if template.archived_at is not None:
        raise TemplateArchived
    return template


def require_changeable(template: Template, version: int) -> None:
    """Raises TemplateArchived for a deleted template, RevisionMismatch for another version."""
    if template.archived_at is not None:
        raise TemplateArchived
    require_same_revision(version, template.version, found="The template is at version")


def apply_changes(template: Template, changes: Mapping[str, Any], *, at: Instant) -> Template:
    """The next version."""
    fields = {**template.model_dump(), **changes}
    return Template.model_validate(
        {
            **fields,
            "version": template.version + 1,
            "content_changes": _content_changes(template, changes, at=at),
            "content_hash": content_hash(fields),
            "updated_at": at,
        }
    )


def _content_changes(
    template: Template, changes: Mapping[str, Any], *, at: Instant
) -> list[ContentChange]:
    unrecorded = ContentChange(version=template.version, at=template.updated_at)
    known = template.content_changes or [unrecorded]
    if changes.keys() <= AUDIENCE:
        return known
    new = ContentChange(version=template.version + 1, at=at)
    return [*known, new][-MAX_CONTENT_CHANGES:]


def archive(template: Template, *, at: Instant) -> Template:
    if template.archived_at is not None:
        return template
    return template.model_copy(update={"archived_at": at, "updated_at": at})
