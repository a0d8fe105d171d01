"""The state of infinite practice, and what of it a client may see.

A client holds the state between turns: the part it may see in the open, and all of it in the seal.
What counts is read from the seal alone; the open part must be just what the seal projects to.
"""

import hashlib
from typing import Annotated, Any, Literal

from pydantic import Field, JsonValue
from pydantic_core import to_json

from shared.domain.common.fields import Id, Instant, NodeId, UserId, ValueObject
from shared.domain.practice.source import Source
from shared.domain.questions.grades import Grade
from shared.domain.questions.question import Question, QuestionKind, public_question
from shared.domain.students.mastery import SkillState
from shared.domain.students.scoring import QuestionResult, score_percent

# A finished block shrinks to a line, and only the last of these lines are kept.
FINISHED_KEPT = 20
# What has not been stored for so long is given up: the log's oldest entries first. Totals stay.
MAX_UNSTORED_ATTEMPTS = 400
MAX_CHAIN = 1_500
PROMPTS_KEPT = 200


class Concept(ValueObject):
    title: Annotated[str, Field(min_length=1, max_length=200)]
    explanation: Annotated[str, Field(min_length=1, max_length=4_000)]
    worked_example: Annotated[str, Field(max_length=4_000)] | None = None


class BlockState(ValueObject):
    """A block without its questions. `position` is that of the question to be answered next."""

    block_id: Id
    skill_id: str
    concept: Concept
    position: int = 0
    correct: int = 0


class Block(BlockState):
    """The block being practised."""

    questions: Annotated[list[Question], Field(min_length=1)]


class FinishedBlock(ValueObject):
    block_id: Id
    skill_id: str
    title: str
    questions_answered: int
    questions_correct: int


class Seen(ValueObject):
    """How a question of the bank went so far; see choice.Candidate."""

    last_seen_at: int
    successes: int
    result: QuestionResult


class Attempt(ValueObject):
    """One graded answer. `index` counts from 0 over the whole session."""

    index: int
    question_id: NodeId
    skill_id: str
    kind: QuestionKind
    correct: bool
    score: float
    hinted: bool
    first_attempt: bool
    guess: float
    grade: Grade
    at: Instant


class PracticeTotals(ValueObject):
    blocks_completed: int = 0
    questions_answered: int = 0
    questions_correct: int = 0
    right_at_first_try: int = 0
    right_later: int = 0


class State(ValueObject):
    """What changes from turn to turn in a session of infinite practice, but for the block at work.

    `source_id` names the source that is practised. `chain` has the state hashes of the turns
    before, the last one last; `missed` and `prompts` tell a tutor what to aim at and what not to
    ask again.
    """

    # Another one for each change to what is sealed: questions in it are not validated again.
    schema_version: Literal[1] = 1
    session_id: Id
    student_id: UserId
    seq: int = 0
    source_id: str
    skills: list[SkillState]
    blocks_made: int = 0
    finished: list[FinishedBlock] = []
    hints_used: int = 0
    totals: PracticeTotals = PracticeTotals()
    seen: dict[str, Seen] = {}
    missed: list[str] = []
    prompts: list[str] = []
    log: list[Attempt] = []
    chain: list[str] = []
    tutor: str
    degraded: bool = False


class Practice(State):
    """Everything there is to know of it. The source never changes."""

    block: Block | None = None
    source: Source

    @property
    def pending(self) -> Question | None:
        """The question that waits for an answer."""
        if self.block is None or self.block.position >= len(self.block.questions):
            return None
        return self.block.questions[self.block.position]

    def skill(self, skill_id: str) -> SkillState:
        return next(skill for skill in self.skills if skill.skill_id == skill_id)


def progress(practice: Practice) -> dict[str, JsonValue]:
    totals = practice.totals
    return {
        "blocks_completed": totals.blocks_completed,
        "questions_answered": totals.questions_answered,
        "questions_correct": totals.questions_correct,
        "score_percent": score_percent(totals.questions_correct, totals.questions_answered),
    }


def client_view(practice: Practice) -> dict[str, Any]:
    """The state as a client may see it: no key, no rubric, no explanation, no hint."""
    block, pending = practice.block, practice.pending
    binding = practice.source.binding
    return {
        "schema_version": practice.schema_version,
        "session_id": practice.session_id,
        "student_id": practice.student_id,
        "template_id": binding.template_id if binding else None,
        "template_name": practice.source.name,
        "seq": practice.seq,
        "status": "active",
        "skills": [
            {
                "skill_id": skill.skill_id,
                "name": skill.name,
                "mastery": skill.mastery,
                "attempts": skill.attempts,
                "mastered": skill.mastered,
            }
            for skill in practice.skills
        ],
        "blocks": [
            *({**dict(line), "status": "done"} for line in practice.finished),
            *([_visible_block(block)] if block else []),
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


def _visible_block(block: Block) -> dict[str, Any]:
    return {
        "block_id": block.block_id,
        "skill_id": block.skill_id,
        "concept": dict(block.concept),
        "questions": [public_question(question, 0) for question in block.questions],
        "status": "current",
    }


def state_hash(practice: Practice) -> str:
    """What tells two states apart: a hash over all that is visible, in the order it is shown in.

    Hashes are stored, and kept in chains: of another order or spelling every state would be a fork.
    """
    return hashlib.sha256(to_json(client_view(practice))).hexdigest()[:32]


def is_descendant(practice: Practice, *, seq: int, hash_: str) -> bool:
    """Whether the state came about, turn by turn, from the one with this seq and hash."""
    turns = practice.seq - seq
    return 0 < turns <= len(practice.chain) and practice.chain[-turns] == hash_


def trim_log(practice: Practice) -> Practice:
    """The same state without the log and the chain, once both are stored."""
    return practice.model_copy(update={"log": [], "chain": []})
