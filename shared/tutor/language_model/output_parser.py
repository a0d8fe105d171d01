"""The parser of a model's output. It collects all faults, for the model to repair at once."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from pydantic import JsonValue, ValidationError

from shared.domain.common.text_normalisation import clean_text
from shared.domain.common.validation import field_errors, violations_of
from shared.domain.practice.state import Concept, Practice
from shared.domain.practice.transitions import BlockDraft
from shared.domain.questions.grading import Finding, UnusableFindings, grade_by_rubric
from shared.domain.questions.question import Question, QuestionKind
from shared.tutor.language_model.output_schema import (
    ModelBlock,
    ModelFindings,
    StrictSchema,
    criterion_labels,
)

MODEL_BLOCK_SIZES = range(4, 7)
MAX_FREE_RESPONSES = 1  # each costs another call when it is answered
# A block travels with every turn, so it is kept to a fraction of what a question may be in a bank.
MAX_BLOCK_BYTES = 24_000
MAX_REASONS = 10

W = TypeVar("W", bound=StrictSchema)


class OutputRejected(ValueError):
    """The output can't be used. `reasons` may quote it: they are for the model, not for logs."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(f"{len(reasons)} faults")
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
    written = _cleaned(_read(ModelBlock, text).model_dump())
    concept = written["concept"]
    concept["worked_example"] = concept["worked_example"] or None
    reasons: list[str] = []
    try:
        Concept.model_validate(concept)
    except ValidationError as error:
        reasons += [f"concept.{said}" for said in _said(error)]
    questions: list[Question] = []
    for position, fields in enumerate(written["questions"]):
        at = f"questions.{position}"
        reasons += [f"{at}.{said}" for said in _faults_of_question(fields)]
        try:
            question = _question(fields, question_id=_question_id(practice, position))
            questions.append(Question.model_validate(question))
        except ValidationError as error:
            reasons += [f"{at}.{said}" for said in _said(error)]
    reasons += _faults_of_block([fields["kind"] for fields in written["questions"]])
    if reasons:
        raise OutputRejected(reasons)
    questions.sort(key=lambda question: question.difficulty or 0)
    return BlockDraft(skill_id=skill_id, concept=Concept(**concept), questions=questions)


def parse_findings(text: str, *, question: Question, answer: str) -> ParsedFindings:
    """Raises OutputRejected for findings that don't belong to the rubric."""
    written = _read(ModelFindings, text).findings
    ids = criterion_labels(question)
    if unknown := [w.criterion_id for w in written if w.criterion_id not in ids]:
        raise OutputRejected([f"{name} is no criterion" for name in unknown])
    findings = [Finding(ids[w.criterion_id], w.met, w.quote) for w in written]
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


def _read(written: type[W], text: str) -> W:
    try:
        return written.model_validate_json(text)
    except ValidationError as error:
        raise OutputRejected(list(_said(error))) from error


def _said(error: ValidationError) -> Iterator[str]:
    for fault in field_errors(violations_of(error)):
        yield f"{fault.path or 'reply'}: {fault.message}"


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


def _question_id(practice: Practice, position: int) -> str:
    """A hash, not a random id: the same turn taken twice gives the same ids."""
    made = f"{practice.session_id}:{practice.blocks_made}:{position}"
    return f"q-{hashlib.sha256(made.encode()).hexdigest()[:20]}"


def _question(fields: dict[str, Any], *, question_id: str) -> dict[str, JsonValue]:
    """A question as its author would write it: the fields of its kind, and no others."""
    shared = ("kind", "prompt", "hints", "explanation", "difficulty")
    question = {"question_id": question_id, **{name: fields[name] for name in shared}}
    only_answer = fields["answer"][0] if fields["answer"] else None
    match QuestionKind(fields["kind"]):
        case QuestionKind.MULTIPLE_CHOICE:
            return {**question, "choices": fields["choices"], "answer": only_answer}
        case QuestionKind.MULTI_SELECT:
            return {**question, "choices": fields["choices"], "answer": fields["answer"]}
        case QuestionKind.NUMERIC:
            measured = {"tolerance": fields["tolerance"], "unit": fields["unit"] or None}
            return {**question, **measured, "answer": only_answer}
        case QuestionKind.FREE_RESPONSE:
            rubric = enumerate(fields["rubric"] or [], start=1)
            return {**question, "rubric": [{"criterion_id": f"c{i}", **c} for i, c in rubric]}
        case _:
            return {**question, "answer": fields["answer"]}


def _faults_of_question(fields: dict[str, Any]) -> Iterator[str]:
    """What our own questions may be and these may not."""
    if (
        fields["kind"] in (QuestionKind.MULTIPLE_CHOICE, QuestionKind.NUMERIC)
        and len(fields["answer"]) > 1
    ):
        yield f"answer: {fields['kind']} has one answer"
    if not fields["explanation"]:
        yield "explanation: must not be blank"


def _faults_of_block(kinds: list[str]) -> Iterator[str]:
    if len(kinds) not in MODEL_BLOCK_SIZES:
        yield f"questions: there must be {MODEL_BLOCK_SIZES.start} to {MODEL_BLOCK_SIZES.stop - 1}"
    if kinds.count(QuestionKind.FREE_RESPONSE) > MAX_FREE_RESPONSES:
        yield f"questions: at most {MAX_FREE_RESPONSES} may be free_response"
