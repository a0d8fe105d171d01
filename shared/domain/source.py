"""What a session practises: skills, exercises and questions, taken from a template and bounded.

A session carries its source along, sealed, so the source is a selection: enough to practise on for
ever, small enough to travel with every turn.
"""

import hashlib
from collections.abc import Iterable, Mapping
from itertools import zip_longest
from typing import Annotated, Any

import rfc8785
from pydantic import Field, ValidationError

from shared.domain.errors import FieldError, InvalidArgument, SessionContextTampered
from shared.domain.fields import Label, Name, Value
from shared.domain.freeform import faults_of, json_bytes
from shared.domain.mastery import SkillState
from shared.domain.question import Kind, Question
from shared.domain.template import (
    HASHED,
    Exercise,
    MasteryCriterion,
    TemplateContent,
    content_hash,
)

MAX_SKILLS = 20
MAX_EXERCISES = 40
MAX_BANK_BYTES = 30 * 1024
MAX_BANK_QUESTIONS = 100
MAX_DESCRIPTION = 300


class Binding(Value):
    """The genuine template version a session was made from, as that template's seal says."""

    template_id: str
    owner_id: str
    version: int
    content_hash: str


class SourceExercise(Value):
    skill_id: str
    name: str
    description: str


class BankQuestion(Value):
    skill_id: str
    question: Question


class Source(Value):
    """`binding` is None for a template that a client made up."""

    binding: Binding | None
    name: Name
    subject: Label | None
    topic: Label | None
    grade_level: Label | None
    criterion: MasteryCriterion | None
    skills: Annotated[list[SkillState], Field(min_length=1)]
    exercises: list[SourceExercise]
    bank: Annotated[list[BankQuestion], Field(min_length=1)]

    def digest(self) -> str:
        """What tells it from all others."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def as_read(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """A template as plain fields, whether an SDK read it or REST, in Firestore's own notation.

    Raises InvalidArgument for a notation that is neither.
    """
    fields = document.get("fields")
    if not isinstance(fields, dict) or "template_data" in document:
        return document
    try:
        return {name: _plain(value) for name, value in fields.items()}
    except (
        AttributeError,
        KeyError,
        OverflowError,
        TypeError,
        ValueError,
        RecursionError,
    ) as error:
        message = "must be a template as read from Firestore"
        at = "session_context.source_data.fields"
        raise InvalidArgument(errors=[FieldError(at, message)]) from error


def _plain(value: Mapping[str, Any]) -> Any:
    """https://cloud.google.com/firestore/docs/reference/rest/v1/Value"""
    ((kind, inner),) = value.items()
    match kind:
        case "integerValue":
            return int(inner)
        case "mapValue":
            return {name: _plain(entry) for name, entry in inner.get("fields", {}).items()}
        case "arrayValue":
            return [_plain(entry) for entry in inner.get("values", [])]
        case "nullValue":
            return None
        case _:
            return inner


def source_of(data: Mapping[str, Any], opened: Mapping[str, Any] | None) -> Source:
    """The source in `source_data`, a template as a client read it by an SDK or by REST.

    `opened` is the content of the template's seal, None where there is none. Raises
    SessionContextTampered when the template is not what its seal says, InvalidArgument when it is
    no template that can be practised.
    """
    fields = {name: data.get(name) for name in HASHED}
    binding = None
    if opened is not None:
        binding = _bound(fields, opened)
        fields = {**fields, "template_data": _with_keys(fields["template_data"], opened["keys"])}
    content, name = _validated(fields)
    exercises = [e for section in content.sections for e in section.exercises]
    selected = _spread(exercises, MAX_EXERCISES)
    skills = _skills([_skill_name(e) for e in selected] or [name])
    known = {skill.skill_id for skill in skills}
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
                skill_id=_skill_id(_skill_name(e)),
                name=e.name,
                description=(e.description or "")[:MAX_DESCRIPTION],
            )
            for e in selected
            if _skill_id(_skill_name(e)) in known
        ],
        bank=_bank([e for e in exercises if _skill_id(_skill_name(e)) in known], name),
    )


def _bound(fields: Mapping[str, Any], opened: Mapping[str, Any]) -> Binding:
    try:
        genuine = content_hash(fields) == opened["content_hash"]
    except (rfc8785.CanonicalizationError, RecursionError, TypeError, ValueError) as error:
        raise SessionContextTampered from error
    if not genuine:
        raise SessionContextTampered("source_data is not the template that its seal was made for.")
    return Binding(**{name: opened[name] for name in Binding.model_fields})


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
                            {**q, **keys.get(q["question_id"], {})} for q in exercise["questions"]
                        ],
                    }
                    for exercise in section.get("exercises", [])
                ],
            }
            for section in template_data["sections"]
        ],
    }


class _Described(Value):
    """The fields beside template_data that practice uses."""

    name: Name
    subject: Label | None
    topic: Label | None
    grade_level: Label | None
    mastery_criterion: MasteryCriterion | None


def _validated(fields: Mapping[str, Any]) -> tuple[TemplateContent, str]:
    faults = [(("template_data", *at), said) for at, said in faults_of(fields["template_data"])]
    content = described = None
    try:
        described = _Described.model_validate({n: fields[n] for n in _Described.model_fields})
    except ValidationError as error:
        faults += [(e["loc"], e["msg"]) for e in error.errors(include_url=False)]
    try:
        content = TemplateContent.model_validate(fields["template_data"])
    except ValidationError as error:
        faults += [
            (("template_data", *e["loc"]), e["msg"]) for e in error.errors(include_url=False)
        ]
    if faults or content is None or described is None:
        raise InvalidArgument(
            errors=[
                FieldError(
                    ".".join(map(str, ("session_context", "source_data", *at))),
                    said.removeprefix("Value error, "),
                )
                for at, said in faults
            ]
        )
    return content, described.name


def _skill_name(exercise: Exercise) -> str:
    return exercise.skill or exercise.name


def _skill_id(name: str) -> str:
    """One id for a skill in every template: its name, whatever the case and spacing."""
    folded = " ".join(name.casefold().split())
    return hashlib.sha256(folded.encode()).hexdigest()[:16]


def _skills(names: list[str]) -> list[SkillState]:
    """The skills with these names, each once, as it is written first."""
    found: dict[str, SkillState] = {}
    for name in names:
        skill_id = _skill_id(name)
        found.setdefault(skill_id, SkillState(skill_id=skill_id, name=name))
    return list(found.values())[:MAX_SKILLS]


def _spread(exercises: list[Exercise], most: int) -> list[Exercise]:
    """At most so many, skill by skill in turn, so that no skill is left out for another's sake."""
    by_skill: dict[str, list[Exercise]] = {}
    for exercise in exercises:
        by_skill.setdefault(_skill_id(_skill_name(exercise)), []).append(exercise)
    rounds = zip_longest(*by_skill.values())
    return [e for round_ in rounds for e in round_ if e is not None][:most]


def _bank(exercises: list[Exercise], template_name: str) -> list[BankQuestion]:
    """Questions in turn from each exercise, up to the bounds; a rating where there is no bank."""
    rounds = zip_longest(*(list(_questions(e)) for e in exercises))
    bank: list[BankQuestion] = []
    size = 0
    for entry in (entry for round_ in rounds for entry in round_ if entry is not None):
        size += _size(entry.question)
        if size > MAX_BANK_BYTES or len(bank) == MAX_BANK_QUESTIONS:
            break
        bank.append(entry)
    return bank or [_rating(template_name, template_name, "", "whole")]


def _questions(exercise: Exercise) -> Iterable[BankQuestion]:
    """The exercise's questions, or where it has none, ratings of it done and of it recalled.

    One that would fill the bank by itself is left out: it travels twice, in the bank and in the
    block at work, and a session that has outgrown its bounds could not be gone on with.
    """
    skill = _skill_name(exercise)
    fitting = [q for q in map(_needed, exercise.questions or []) if _size(q) <= MAX_BANK_BYTES]
    if not fitting:
        node_id = exercise.id or exercise.name
        yield _rating(skill, exercise.name, exercise.description or "", node_id)
        if exercise.description:
            yield _recall(skill, exercise.name, node_id)
    for question in fitting:
        yield BankQuestion(skill_id=_skill_id(skill), question=question)


def _size(question: Question) -> int:
    return json_bytes(question.model_dump())


def _needed(question: Question) -> Question:
    """The question without what its author keeps beside it, which no turn uses."""
    known = {name: getattr(question, name) for name in Question.model_fields}
    return Question.model_construct(question.model_fields_set & known.keys(), **known)


def _rating(skill: str, name: str, description: str, node_id: str) -> BankQuestion:
    told = f"{name}: {description[:MAX_DESCRIPTION]}" if description else name
    return _rated(
        skill,
        f"do-{_key(node_id)}",
        f"{told}\nPractise it once with full attention. How did it go?",
    )


def _recall(skill: str, name: str, node_id: str) -> BankQuestion:
    """To be told from memory, which strengthens it more than reading again (Roediger & Karpicke,
    Psychological Science 17, 2006).
    """
    prompt = (
        f"{name}: with nothing in front of you, say what it asks for and how you go about it. "
        "Then look it up. How well did you know it?"
    )
    return _rated(skill, f"recall-{_key(node_id)}", prompt)


def _rated(skill: str, question_id: str, prompt: str) -> BankQuestion:
    question = Question(question_id=question_id, kind=Kind.SELF_RATED, prompt=prompt)
    return BankQuestion(skill_id=_skill_id(skill), question=question)


def _key(node_id: str) -> str:
    return hashlib.sha256(node_id.encode()).hexdigest()[:12]
