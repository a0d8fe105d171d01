"""What goes into a daily pack: the skills most at risk first, then a little that is new."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.common.json_object import json_size_bytes
from shared.domain.packs.pack import PackLimits
from shared.domain.practice.question_bank import (
    MAX_BANK_BYTES,
    BankQuestion,
    QuestionOrigin,
    stems_in,
)
from shared.domain.practice.question_selection import fitting_difficulty
from shared.domain.practice.self_ratings import is_recall, is_self_rating, rated_exercise
from shared.domain.practice.source import Binding, PlannedBlock, Source, SourceExercise
from shared.domain.questions.question import Question
from shared.domain.questions.stem import Stem
from shared.domain.students.mastery import FIRSTS_NEEDED, MASTERED_FROM, SkillState
from shared.domain.students.reviews import retrievability
from shared.domain.students.skills import Skill, question_key

# Reviews before each new item.
REVIEWS_BEFORE_NEW = 3
# Reviews in a row make blocks of at most so many.
MAX_BLOCK = 5

Sources = Mapping[str, Source]


@dataclass(frozen=True)
class PackEntry:
    """A skill in the pack, with its questions: one, or the steps of an exercise that is new and
    rated by the student.

    `skill` is None for one that was never practised. `stems` has what its questions are steps of.
    """

    skill_id: str
    name: str
    binding: Binding
    questions: Sequence[BankQuestion]
    skill: Skill | None
    is_new: bool
    stems: Sequence[Stem] = ()

    @property
    def size(self) -> int:
        parts = [*(entry.question for entry in self.questions), *self.stems]
        return sum(json_size_bytes(part.model_dump()) for part in parts)


@dataclass(frozen=True)
class PackContents:
    """The entries in the order in which they are asked, and the number of skills that are due."""

    entries: Sequence[PackEntry] = ()
    due_total: int = 0

    @property
    def reviews(self) -> list[PackEntry]:
        return [entry for entry in self.entries if not entry.is_new]

    @property
    def new(self) -> list[PackEntry]:
        return [entry for entry in self.entries if entry.is_new]


@dataclass
class _Chosen:
    """The entries so far, within the bounds of a sealed source."""

    entries: list[PackEntry] = field(default_factory=list)
    size: int = 0

    def add(self, entry: PackEntry) -> bool:
        """Whether the entry fits in."""
        ids = {q.question.question_id for e in self.entries for q in e.questions}
        if any(q.question.question_id in ids for q in entry.questions):
            return False
        if self.entries and self.size + entry.size > MAX_BANK_BYTES:
            return False
        self.entries.append(entry)
        self.size += entry.size
        return True


def by_risk(skills: Iterable[Skill], *, at: datetime) -> list[Skill]:
    """The skills least likely to be recalled first; of equals, the one due longer."""
    return sorted(skills, key=lambda s: (retrievability(s.card, at), s.due_at or at, s.skill_id))


def choose_reviews(
    due: Sequence[Skill], sources: Sources, limits: PackLimits, *, at: datetime, seed: str
) -> list[PackEntry]:
    """At most `limits.review` of the due skills that have a question in one of the sources, the
    least likely to be recalled first.
    """
    chosen = _Chosen()
    for skill in by_risk(due, at=at):
        if len(chosen.entries) >= limits.review:
            break
        if entry := _review(skill, sources, seed=seed):
            chosen.add(entry)
    return chosen.entries


def new_candidates(
    sources: Sources, due: Iterable[Skill], chosen: Iterable[PackEntry]
) -> list[str]:
    """The ids of the sources' skills that are neither due nor in the pack, in their authors' order:
    those of which the pack may bring something new.
    """
    taken = {skill.skill_id for skill in due} | {entry.skill_id for entry in chosen}
    ids = dict.fromkeys(skill.skill_id for source in sources.values() for skill in source.skills)
    return [skill_id for skill_id in ids if skill_id not in taken]


def choose_new(
    skills: Mapping[str, Skill | None],
    sources: Sources,
    reviews: Sequence[PackEntry],
    limits: PackLimits,
    *,
    at: datetime,
) -> list[PackEntry]:
    """Questions never asked, one a skill: of skills never practised, then of the others that are
    not mastered, the weakest first. None where reviews fill their limit.

    `skills` are the stored ones of new_candidates, by skill_id in that order.
    """
    if len(reviews) >= limits.review > 0:
        return []
    chosen = _Chosen(list(reviews), sum(entry.size for entry in reviews))
    known = [skill for skill in skills.values() if skill and skill.attempts]
    unknown = [id_ for id_, skill in skills.items() if skill is None or not skill.attempts]
    weakest = sorted(known, key=lambda skill: skill.belief_at(at).mastery)
    for skill_id in [*unknown, *(s.skill_id for s in weakest if s.belief.known < MASTERED_FROM)]:
        if len(chosen.entries) - len(reviews) >= limits.new:
            break
        if entry := _new(skill_id, skills[skill_id], sources):
            chosen.add(entry)
    return chosen.entries[len(reviews) :]


def in_order(reviews: Sequence[PackEntry], new: Sequence[PackEntry]) -> list[PackEntry]:
    """A new item after every three reviews, the rest at the end."""
    ordered: list[PackEntry] = []
    waiting = list(new)
    for place, entry in enumerate(reviews, start=1):
        ordered.append(entry)
        if place % REVIEWS_BEFORE_NEW == 0 and waiting:
            ordered.append(waiting.pop(0))
    return [*ordered, *waiting]


def pack_source(
    entries: Sequence[PackEntry], sources: Sources, *, name: str, subject: str | None
) -> Source:
    """The source of a session with these entries: their questions alone, in a fixed plan."""
    bindings = {entry.binding.template_id: entry.binding for entry in entries}
    return Source(
        binding=None,
        name=name,
        subject=subject,
        topic=None,
        grade_level=None,
        criterion=None,
        skills=[SkillState(skill_id=entry.skill_id, name=entry.name) for entry in entries],
        exercises=[e for entry in entries if entry.is_new for e in _exercises(entry, sources)],
        bank=[question for entry in entries for question in entry.questions],
        stems=[stem for entry in entries for stem in entry.stems],
        bindings=list(bindings.values()),
        plan=list(_plan(entries)),
        bank_sizes={
            entry.skill_id: min(_bank_size(entry, sources), FIRSTS_NEEDED) for entry in entries
        },
    )


def _plan(entries: Sequence[PackEntry]) -> Iterable[PlannedBlock]:
    """A block for each new item, with its concept; reviews in a row share one."""
    row: list[str] = []
    for entry in entries:
        ids = [question.question.question_id for question in entry.questions]
        if row and (entry.is_new or len(row) >= MAX_BLOCK):
            yield PlannedBlock(question_ids=row, is_new=False)
            row = []
        if entry.is_new:
            yield PlannedBlock(question_ids=ids, is_new=True)
        else:
            row = [*row, *ids]
    if row:
        yield PlannedBlock(question_ids=row, is_new=False)


def _review(skill: Skill, sources: Sources, *, seed: str) -> PackEntry | None:
    for known in skill.sources:
        source = sources.get(known.template_id)
        if source is None:
            continue
        bank = [
            entry
            for entry in _questions(source, skill.skill_id)
            # The recall of an exercise that the student rates, not its steps.
            if rated_exercise(entry.question.question_id) is None
            or is_recall(entry.question.question_id)
        ]
        unasked = _unasked(bank, source, skill)
        found = _fitting(unasked, skill) or _turn(bank, seed)
        if found:
            return _entry(source, skill.skill_id, [found], skill, is_new=False)
    return None


def _new(skill_id: str, skill: Skill | None, sources: Sources) -> PackEntry | None:
    for source in sources.values():
        bank = _questions(source, skill_id)
        unasked = _unasked(bank, source, skill)
        first = _fitting(unasked, skill)
        if first is None:
            continue
        questions = [entry for entry in unasked if _is_asked_with(first.question, entry.question)]
        return _entry(source, skill_id, questions or [first], skill, is_new=True)
    return None


def _is_asked_with(first: Question, other: Question) -> bool:
    """Whether both are steps: of one stem, or of one exercise that the student rates."""
    if first.stem is not None:
        return other.stem == first.stem
    key = rated_exercise(first.question_id)
    return (
        bool(key) and rated_exercise(other.question_id) == key and not is_recall(other.question_id)
    )


def _questions(source: Source, skill_id: str) -> list[BankQuestion]:
    """The bank's questions of the skill; those that only a model grades if there are no others."""
    bank = [entry for entry in source.bank if entry.skill_id == skill_id]
    return [entry for entry in bank if not entry.question.graded_by_model] or bank


def _unasked(
    bank: Sequence[BankQuestion], source: Source, skill: Skill | None
) -> list[BankQuestion]:
    asked = skill.questions_asked if skill else set()
    return [entry for entry in bank if question_key(*source.origin(entry)) not in asked]


def _fitting(bank: Sequence[BankQuestion], skill: Skill | None) -> BankQuestion | None:
    """The question whose difficulty fits best, the first of equals: the author's order."""
    wanted = fitting_difficulty(skill.belief.mastery if skill else 0)

    def misfit(entry: BankQuestion) -> int:
        difficulty = entry.question.difficulty
        return abs((wanted if difficulty is None else difficulty) - wanted)

    return min(bank, key=misfit, default=None)


def _turn(bank: Sequence[BankQuestion], seed: str) -> BankQuestion | None:
    """One of the questions, each day another, where all were asked before."""

    def turn(entry: BankQuestion) -> bytes:
        return hashlib.sha256(f"{seed}:{entry.question.question_id}".encode()).digest()

    return min(bank, key=turn, default=None)


def _entry(
    source: Source,
    skill_id: str,
    questions: Sequence[BankQuestion],
    skill: Skill | None,
    *,
    is_new: bool,
) -> PackEntry:
    if source.binding is None:
        raise ValueError("a pack is made from stored templates")
    name = next(state.name for state in source.skills if state.skill_id == skill_id)
    template_id = source.binding.template_id
    return PackEntry(
        skill_id=skill_id,
        name=name,
        binding=source.binding,
        questions=[_with_origin(entry, template_id) for entry in questions],
        skill=skill,
        is_new=is_new,
        stems=[
            stem.model_copy(update={"stem_id": question_key(template_id, stem.stem_id)})
            for stem in stems_in(questions, source.stems)
        ],
    )


def _with_origin(entry: BankQuestion, template_id: str) -> BankQuestion:
    """The question under an id that no other template's has, and with such a stem. The ids of
    self-ratings stay: they tell what is rated.
    """
    stem = entry.question.stem
    stems = {} if stem is None else {"stem": question_key(template_id, stem)}
    node_id = entry.question.question_id
    item_id = node_id if is_self_rating(node_id) else question_key(template_id, node_id)
    return BankQuestion.model_construct(
        skill_id=entry.skill_id,
        question=entry.question.model_copy(update={"question_id": item_id, **stems}),
        origin=QuestionOrigin(template_id=template_id, node_id=node_id),
    )


def _exercises(entry: PackEntry, sources: Sources) -> list[SourceExercise]:
    source = sources[entry.binding.template_id]
    return [exercise for exercise in source.exercises if exercise.skill_id == entry.skill_id]


def _bank_size(entry: PackEntry, sources: Sources) -> int:
    source = sources[entry.binding.template_id]
    return sum(question.skill_id == entry.skill_id for question in source.bank)
