"""The source of a session: skills, exercises and questions of a template, within bounds.

The sealed source travels with every turn, so it is a selection of the template's content.
"""

import hashlib
from collections.abc import Callable, Mapping
from itertools import zip_longest
from typing import Annotated, Any, NamedTuple

import rfc8785
from pydantic import Field, JsonValue, ValidationError, field_validator

from shared.domain.common.entries import ErrorBudget
from shared.domain.common.errors import InvalidArgument, SessionContextTampered
from shared.domain.common.fields import Label, Name, ValueObject
from shared.domain.common.json_object import MAX_BYTES, json_size_bytes
from shared.domain.common.validation import (
    Location,
    field_errors,
    validation_error,
    violations_of,
)
from shared.domain.practice.question_bank import (
    BankQuestion,
    build_question_bank,
    skill_id,
    skill_name,
    stems_in,
)
from shared.domain.practice.self_ratings import exercise_key
from shared.domain.questions.question import Question
from shared.domain.questions.stem import Stem
from shared.domain.students.mastery import FIRSTS_NEEDED, MasteryCriterion, SkillState
from shared.domain.templates.decimal_marks import with_decimal_marks
from shared.domain.templates.template import (
    HASHED_FIELDS,
    Exercise,
    TemplateContent,
    TemplateData,
    content_hash,
    restore_answer_key,
)

MAX_SKILLS = 20
MAX_EXERCISES = 40
MAX_DESCRIPTION = 300
EMPTY = "must have an exercise: this template is empty, so there is nothing to practise"


class Binding(ValueObject):
    """The template version that a session was made from, as the template's seal confirms it."""

    template_id: str
    owner_id: str
    version: int
    content_hash: str


class TemplateSealContent(Binding):
    """The content of a template's seal. `answer_keys` are by question_id."""

    answer_keys: dict[str, dict[str, JsonValue]] = Field(alias="keys")


Locate = Callable[[Location], Location]


class SentTemplate(NamedTuple):
    """The plain fields of a template that a client sent, in whichever notation.

    `locate` gives the location in what was sent of a location in the fields.
    """

    fields: Mapping[str, Any]
    locate: Locate = lambda at: at


class SourceExercise(ValueObject):
    """`node_id` is its id in the template, `key` the one in the ids of its self-ratings. Sources of
    an older version have none.
    """

    skill_id: str
    name: str
    description: str
    node_id: str | None = Field(default=None, exclude_if=lambda node_id: node_id is None)

    @property
    def key(self) -> str | None:
        return None if self.node_id is None else exercise_key(self.node_id)


class PlannedBlock(ValueObject):
    """The questions of a block that is fixed beforehand, by id. `is_new` is True where its skill is
    taught before they are asked.
    """

    question_ids: list[str]
    is_new: bool


class Source(ValueObject):
    """`binding` is None for a template without a seal, made by the client, and for several
    templates: `bindings` has theirs. A source with a `plan` is practised once, block by block; its
    bank has the planned questions alone, and `bank_sizes` counts those of each skill's template.
    """

    binding: Binding | None
    name: Name
    subject: Label | None
    topic: Label | None
    grade_level: Label | None
    criterion: MasteryCriterion | None
    skills: Annotated[list[SkillState], Field(min_length=1)]
    exercises: list[SourceExercise]
    bank: Annotated[list[BankQuestion], Field(min_length=1)]
    stems: list[Stem] = Field(default=[], exclude_if=lambda stems: not stems)
    bindings: list[Binding] = Field(default=[], exclude_if=lambda bindings: not bindings)
    plan: list[PlannedBlock] = Field(default=[], exclude_if=lambda plan: not plan)
    bank_sizes: dict[str, int] = Field(default={}, exclude_if=lambda sizes: not sizes)

    @property
    def template_id(self) -> str | None:
        return self.binding.template_id if self.binding else None

    def digest(self) -> str:
        """SHA-256 of the source as JSON, in hex."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()

    def firsts_needed(self, skill_id: str) -> int:
        """The number of distinct questions that mastery of the skill needs: fewer than
        FIRSTS_NEEDED where the bank has fewer.
        """
        in_bank = self.bank_sizes.get(skill_id) or [e.skill_id for e in self.bank].count(skill_id)
        return min(in_bank or FIRSTS_NEEDED, FIRSTS_NEEDED)

    def has_question(self, question_id: str) -> bool:
        return self.bank_question(question_id) is not None

    def bank_question(self, question_id: str) -> BankQuestion | None:
        return next((e for e in self.bank if e.question.question_id == question_id), None)

    def stem_of(self, question: Question) -> Stem | None:
        """The stem that a question of the bank is a step of."""
        if question.stem is None:
            return None
        return next((stem for stem in self.stems if stem.stem_id == question.stem), None)

    def binding_of(self, question_id: str) -> Binding | None:
        """The binding of the template that a question is from."""
        if not self.bindings:
            return self.binding
        entry = self.bank_question(question_id)
        if entry is None or entry.origin is None:
            return self.binding
        ids = {binding.template_id: binding for binding in self.bindings}
        return ids[entry.origin.template_id]

    def origin_of(self, question_id: str) -> tuple[str | None, str]:
        """The template that a question is from, None for one made by the client, and the question's
        id there.
        """
        entry = self.bank_question(question_id)
        return self.origin(entry) if entry else (self.template_id, question_id)

    def origin(self, entry: BankQuestion) -> tuple[str | None, str]:
        """See origin_of."""
        if entry.origin is None:
            return self.template_id, entry.question.question_id
        return entry.origin.template_id, entry.origin.node_id


def source_from_template(
    data: Mapping[str, Any], sealed: TemplateSealContent | None, *, locate: Locate = lambda at: at
) -> Source:
    """The source in the fields of a template that a client sent as `source_data`.

    `sealed` is the content of the template's seal, None for a template without one. `locate` is
    that of SentTemplate. Raises SessionContextTampered when the template differs from its seal,
    InvalidArgument, with paths in what was sent, when it is not a template that can be practised.
    """
    fields = {name: data.get(name) for name in HASHED_FIELDS}
    binding = None
    if sealed is not None:
        binding = _binding(fields, sealed)
        template_data = _with_keys(fields["template_data"], sealed.answer_keys)
        fields = {**fields, "template_data": template_data}
    fields = {**fields, "template_data": with_decimal_marks(fields["template_data"])}
    content, name = _validated(fields, locate)
    exercises = [e for section in content.sections for e in section.exercises]
    selected = _spread(exercises, MAX_EXERCISES)
    skills = _skills([skill_name(e) for e in selected])
    known = {skill.skill_id for skill in skills}
    bank = build_question_bank([e for e in exercises if skill_id(skill_name(e)) in known])
    return Source(
        binding=binding,
        name=name,
        subject=fields["subject"],
        topic=fields["topic"],
        grade_level=fields["grade_level"],
        criterion=fields["mastery_criterion"],
        skills=skills,
        exercises=[
            SourceExercise(
                skill_id=skill_id(skill_name(e)),
                name=e.name,
                description=(e.description or "")[:MAX_DESCRIPTION],
                node_id=e.id or e.name,
            )
            for e in selected
            if skill_id(skill_name(e)) in known
        ],
        bank=bank,
        stems=stems_in(bank, [stem for e in exercises for stem in e.stems or []]),
    )


def _binding(fields: Mapping[str, Any], sealed: TemplateSealContent) -> Binding:
    try:
        # Hashing takes long, so a value far larger than any template is refused without it.
        genuine = (
            json_size_bytes(dict(fields)) <= 2 * MAX_BYTES
            and content_hash(fields) == sealed.content_hash
        )
    except (rfc8785.CanonicalizationError, RecursionError, TypeError, ValueError) as error:
        raise SessionContextTampered from error
    if not genuine:
        raise SessionContextTampered(
            "source_data is not the template that its seal was made for: read the template again."
        )
    return Binding(**{name: getattr(sealed, name) for name in Binding.model_fields})


def _with_keys(template_data: Any, keys: Mapping[str, Mapping[str, Any]]) -> Any:
    """The template's data with each question's answer key back in it."""
    return {
        **template_data,
        "sections": [
            {
                **section,
                "exercises": [
                    exercise
                    if not exercise.get("questions")
                    else {
                        **exercise,
                        "questions": [
                            restore_answer_key(q, keys.get(q["question_id"], {}))
                            for q in exercise["questions"]
                        ],
                    }
                    for exercise in section.get("exercises", [])
                ],
            }
            for section in template_data["sections"]
        ],
    }


class _Practised(ValueObject):
    """The fields of a template that practice uses."""

    name: Name
    subject: Label | None
    topic: Label | None
    grade_level: Label | None
    mastery_criterion: MasteryCriterion | None
    template_data: TemplateData

    @field_validator("template_data")
    @classmethod
    def _require_exercise(cls, content: TemplateContent) -> TemplateContent:
        if not any(section.exercises for section in content.sections):
            raise validation_error("template_data", [(("sections",), EMPTY)])
        return content


def _validated(fields: Mapping[str, Any], locate: Locate) -> tuple[TemplateContent, str]:
    """The template's content and name. Raises InvalidArgument with all violations at once."""
    try:
        practised = _Practised.model_validate(
            {name: fields[name] for name in _Practised.model_fields}, context=ErrorBudget()
        )
    except ValidationError as error:
        below = ("session_context", "source_data")
        violations = [(locate(location), message) for location, message in violations_of(error)]
        raise InvalidArgument(errors=field_errors(violations, below=below)) from error
    return practised.template_data, practised.name


def _skills(names: list[str]) -> list[SkillState]:
    """The skills with these names, each once, in its first spelling."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(skill_id(name), name)
    skills = [SkillState(skill_id=id_, name=name) for id_, name in found.items()]
    return skills[:MAX_SKILLS]


def _spread(exercises: list[Exercise], most: int) -> list[Exercise]:
    """At most `most` exercises, one of each skill in turn, so that no skill is left out."""
    by_skill: dict[str, list[Exercise]] = {}
    for exercise in exercises:
        by_skill.setdefault(skill_id(skill_name(exercise)), []).append(exercise)
    rounds = zip_longest(*by_skill.values())
    return [e for round_ in rounds for e in round_ if e is not None][:most]
