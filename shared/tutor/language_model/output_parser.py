"""The parser of a model's output. It collects all violations, for the model to repair at once."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from shared.domain.common.text_normalisation import clean_text
from shared.domain.common.validation import field_errors, violations_of
from shared.domain.practice.state import Concept, Practice
from shared.domain.practice.transitions import BlockDraft
from shared.domain.questions.question import Question
from shared.domain.questions.rubric import Finding, UnusableFindings, grade_by_rubric
from shared.tutor.language_model.output_schema import (
    MODEL_KINDS,
    ModelBlock,
    ModelFindings,
    ModelSolutions,
    StrictSchema,
    criterion_labels,
)

MODEL_BLOCK_SIZES = range(4, 7)
MAX_GRADED_BY_MODEL = 1  # each costs another call when it is answered
KINDS_GRADED_BY_MODEL = " or ".join(
    name for name, kind in MODEL_KINDS.items() if kind.graded_by_model
)
# A block travels with every turn, so it must be far smaller than questions in a bank may be.
MAX_BLOCK_BYTES = 24_000
MAX_REASONS = 10
# The fields of a question that mean the same in every kind.
COMMON_FIELDS = ("kind", "prompt", "hints", "explanation", "difficulty")

S = TypeVar("S", bound=StrictSchema)


class OutputRejected(ValueError):
    """The output can't be used. `reasons` may quote it: they are for the model, not for logs."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(f"{len(reasons)} violations")
        self.reasons = list(reasons[:MAX_REASONS])


class ParsedFindings(NamedTuple):
    """Usable findings, with reasons to doubt them. Where there are doubts the model should be asked
    again; if it isn't, a criterion whose quote is not in the answer counts as not met.
    """

    findings: list[Finding]
    doubts: list[str]


def parse_block(text: str, *, practice: Practice, skill_id: str) -> BlockDraft:
    """The block in the text, easier questions first. Raises OutputRejected."""
    if len(text.encode(errors="replace")) > MAX_BLOCK_BYTES:
        raise OutputRejected([f"the block is longer than {MAX_BLOCK_BYTES} bytes"])
    block = _cleaned(_validated(ModelBlock, text).model_dump())
    reasons: list[str] = []
    concept = None
    try:
        concept = _concept(block["concept"])
    except ValidationError as error:
        reasons += [f"concept.{reason}" for reason in _reasons(error)]
    questions: list[Question] = []
    for position, fields in enumerate(block["questions"]):
        at = f"questions.{position}"
        if not fields["explanation"]:
            reasons.append(f"{at}.explanation: must not be blank")
        try:
            questions.append(_question(fields, question_id=_question_id(practice, position)))
        except ValidationError as error:
            reasons += [f"{at}.{reason}" for reason in _reasons(error)]
    reasons += _kind_violations([fields["kind"] for fields in block["questions"]])
    if reasons or concept is None:
        raise OutputRejected(reasons)
    questions.sort(key=lambda question: question.difficulty or 0)
    return BlockDraft(skill_id=skill_id, concept=concept, questions=questions)


def parse_findings(text: str, *, question: Question, answer: str) -> ParsedFindings:
    """Raises OutputRejected for findings that don't belong to the rubric."""
    output = _validated(ModelFindings, text).findings
    ids = criterion_labels(question)
    if unknown := [f.criterion_id for f in output if f.criterion_id not in ids]:
        raise OutputRejected([f"{name} is no criterion" for name in unknown])
    findings = [Finding(ids[f.criterion_id], f.met, f.quote) for f in output]
    try:
        shown = grade_by_rubric(question, answer, findings).criteria_met
    except UnusableFindings as error:
        raise OutputRejected([str(error)]) from error
    met = {finding.criterion_id: finding.met for finding in findings}
    doubts = [
        f"{label}: the quote is not in the answer, word for word"
        if criterion_id in met
        else f"{label}: there is no finding"
        for label, criterion_id in ids.items()
        if met.get(criterion_id, True) and criterion_id not in shown
    ]
    return ParsedFindings(findings, doubts)


def parse_solutions(text: str) -> dict[int, list[str]]:
    """The answers by the number of their question; none where one has several solutions.

    Raises OutputRejected.
    """
    solutions = _validated(ModelSolutions, text).solutions
    numbers = Counter(solution.number for solution in solutions)
    return {
        solution.number: [clean_text(entry) for entry in solution.answer]
        for solution in solutions
        if numbers[solution.number] == 1
    }


def _validated(schema: type[S], text: str) -> S:
    try:
        return schema.model_validate_json(text)
    except ValidationError as error:
        raise OutputRejected(list(_reasons(error))) from error


def _reasons(error: ValidationError) -> Iterator[str]:
    for violation in field_errors(violations_of(error)):
        yield f"{violation.path or 'reply'}: {violation.message}"


def _cleaned(value: Any) -> Any:
    """The value with each of its texts cleaned."""
    match value:
        case str():
            return clean_text(value)
        case list():
            return [_cleaned(entry) for entry in value]
        case dict():
            return {key: _cleaned(entry) for key, entry in value.items()}
        case _:
            return value


def _concept(fields: dict[str, Any]) -> Concept:
    """Raises ValidationError. An empty worked example is none."""
    return Concept(**{**fields, "worked_example": fields["worked_example"] or None})


def _question_id(practice: Practice, position: int) -> str:
    """A hash, not a random id: the same turn taken twice gives the same ids."""
    made = f"{practice.session_id}:{practice.blocks_made}:{position}"
    return f"q-{hashlib.sha256(made.encode()).hexdigest()[:20]}"


def _question(fields: dict[str, Any], *, question_id: str) -> Question:
    """The question with the fields of its kind, and no others. Raises ValidationError."""
    kind = MODEL_KINDS[fields["kind"]]
    common = {name: fields[name] for name in COMMON_FIELDS}
    key = kind.from_model_output(fields)
    return kind.model_validate({"question_id": question_id, **common, **key})


def _kind_violations(kinds: list[str]) -> Iterator[str]:
    if len(kinds) not in MODEL_BLOCK_SIZES:
        yield f"questions: there must be {MODEL_BLOCK_SIZES.start} to {MODEL_BLOCK_SIZES.stop - 1}"
    if sum(MODEL_KINDS[kind].graded_by_model for kind in kinds) > MAX_GRADED_BY_MODEL:
        yield f"questions: at most {MAX_GRADED_BY_MODEL} may be {KINDS_GRADED_BY_MODEL}"
