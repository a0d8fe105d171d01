"""The state of infinite practice, as it is sealed from turn to turn."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from shared.domain.common.errors import StrictSession
from shared.domain.common.fields import Id, Instant, UserId, ValueObject
from shared.domain.practice.attempt_log import (
    MAX_KEPT_TEXT_BYTES,
    MAX_LOG_TEXT_BYTES,
    AttemptLog,
    UngradedAnswer,
)
from shared.domain.practice.source import Source
from shared.domain.questions.any_question import AnyQuestion
from shared.domain.questions.question import Question
from shared.domain.students.mastery import SkillState
from shared.domain.students.scoring import QuestionResult, RightAnswers

# Finished blocks kept, the latest ones, each reduced to its counts.
MAX_FINISHED_BLOCKS = 20
MAX_CHAIN = 1_500
MAX_PROMPTS = 200
MAX_RETRIED = 200


class Concept(ValueObject):
    title: Annotated[str, Field(min_length=1, max_length=200)]
    explanation: Annotated[str, Field(min_length=1, max_length=4_000)]
    worked_example: Annotated[str, Field(max_length=4_000)] | None = None


class BlockState(ValueObject):
    """A block without its questions. `position` is the index of the next question to answer."""

    block_id: Id
    skill_id: str
    concept: Concept
    position: int = 0
    correct: int = 0


class Block(BlockState):
    """The block being practised, with its questions."""

    questions: Annotated[list[AnyQuestion], Field(min_length=1)]


class FinishedBlock(ValueObject):
    block_id: Id
    skill_id: str
    title: str
    questions_answered: int
    questions_correct: int


class Seen(ValueObject):
    """The history of a question of the bank in this session; see question_selection.Candidate."""

    last_seen_at: int
    successes: int
    result: QuestionResult


class PracticeTotals(ValueObject):
    """Counts over the whole session. `self_rated` are those of the right answers that the student
    graded; `fast_answers` were given faster than their question can be read. `ungraded` counts the
    answers of a plan that could not be graded.
    """

    blocks_completed: int = 0
    questions_answered: int = 0
    questions_correct: int = 0
    right_at_first_try: int = 0
    right_later: int = 0
    self_rated: RightAnswers = RightAnswers()
    fast_answers: int = 0
    ungraded: int = Field(default=0, exclude_if=lambda count: not count)


class PracticeState(ValueObject):
    """The part of a session that changes from turn to turn, except its current block and its log.

    `source_id` is the digest of the source. `seq` counts turns. `chain` holds the state hashes of
    the turns before, the latest last. `missed` holds the latest prompts answered wrong, and
    `prompts` the hashes of the latest prompts asked, which a tutor must not ask again. `began_at`
    and `answered_at` are the times of the first turn and of the latest answer, None in a state
    begun by a version that did not record them. `retried` holds the hashes of the latest questions
    that were asked once more because of a spelling. `asked_earlier` lists the questions of the bank
    that earlier sessions asked. `shuffled` is False in a state begun by a version that showed
    choices in their author's order. A `strict` state is kept by assignment_turn, and no client has
    it; with `feedback_later` nothing is said of an answer but that it was stored. `ungraded` has
    the answers of a plan that could not be graded and are not stored yet.
    """

    # To be changed with the sealed format: sealed questions are restored without validation.
    schema_version: Literal[1] = 1
    session_id: Id
    student_id: UserId
    seq: int = 0
    began_at: Instant | None = None
    answered_at: Instant | None = None
    source_id: str
    skills: list[SkillState]
    blocks_made: int = 0
    finished: list[FinishedBlock] = []
    hints_used: int = 0
    totals: PracticeTotals = PracticeTotals()
    seen: dict[str, Seen] = {}
    missed: list[str] = []
    prompts: list[str] = []
    retried: list[str] = []
    asked_earlier: list[str] = []
    shuffled: bool = False
    strict: bool = False
    feedback_later: bool = False
    ungraded: list[UngradedAnswer] = Field(default=[], exclude_if=lambda answers: not answers)
    chain: list[str] = []
    tutor: str
    degraded: bool = False


class Practice(PracticeState):
    """A session of infinite practice: its state, its current block, the log of the answers that are
    not stored yet, and its constant source.
    """

    block: Block | None = None
    log: AttemptLog = AttemptLog()
    source: Source

    @property
    def pending(self) -> Question | None:
        """The question to be answered next."""
        if self.block is None or self.block.position >= len(self.block.questions):
            return None
        return self.block.questions[self.block.position]

    @property
    def is_plan_done(self) -> bool:
        """Whether a planned practice has asked all its questions."""
        plan = self.source.plan
        return bool(plan) and self.blocks_made >= len(plan) and self.pending is None

    @property
    def log_text_bytes(self) -> int:
        """The room for the texts of the log."""
        return MAX_KEPT_TEXT_BYTES if self.strict else MAX_LOG_TEXT_BYTES

    def as_shown(self, question: Question) -> Question:
        """The question with its choices in the order of this session, the same on every device."""
        return question.shuffled(self.session_id) if self.shuffled else question

    def with_stem(self, question: Question) -> Question:
        """The question with its stem in its prompt, as one text, for those who read it alone."""
        stem = self.source.stem_of(question)
        if stem is None:
            return question
        picture = f"\n({stem.image.alt})" if stem.image else ""
        return question.model_copy(update={"prompt": f"{stem.text}{picture}\n\n{question.prompt}"})

    def is_asked(self, question_id: str) -> bool:
        """Whether the question was answered before, in this session or an earlier one."""
        return question_id in self.seen or question_id in self.asked_earlier

    def skill_asked(self, question_id: str) -> str:
        """The id of the skill that a question of the current block is about: a planned block asks
        questions of several skills.
        """
        entry = self.source.bank_question(question_id) if self.source.plan else None
        return entry.skill_id if entry else require_block(self).skill_id

    def skill(self, skill_id: str) -> SkillState:
        return next(skill for skill in self.skills if skill.skill_id == skill_id)


def require_block(practice: Practice) -> Block:
    """The current block. Raises ValueError before the first one."""
    if practice.block is None:
        raise ValueError("the practice has no block")
    return practice.block


def require_pending(practice: Practice) -> Question:
    """The question to be answered next. Raises ValueError where there is none."""
    if practice.pending is None:
        raise ValueError("no question is pending")
    return practice.pending


@dataclass(frozen=True)
class OpenedPractice:
    """A practice that a client kept, with the hash of its state."""

    practice: Practice
    state_hash: str


def require_client_state(practice: Practice) -> Practice:
    """A state that clients keep. Raises StrictSession."""
    if practice.strict:
        raise StrictSession
    return practice


def is_descendant(practice: Practice, *, seq: int, hash_: str) -> bool:
    """Whether the state follows, turn by turn, from the one with this seq and hash."""
    turns = practice.seq - seq
    return 0 < turns <= len(practice.chain) and practice.chain[-turns] == hash_


def trim_log(practice: Practice) -> Practice:
    """The same state without log and chain: for a state whose log and hash are stored."""
    return practice.model_copy(update={"log": AttemptLog(), "chain": [], "ungraded": []})
