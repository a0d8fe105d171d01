"""A student's skill over all sessions: mastery, when it is due for review, questions asked."""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from itertools import chain
from typing import Literal, Protocol

from pydantic import Field

from shared.domain.common.fields import ExerciseName, Id, Instant, ValueObject
from shared.domain.questions.grades import Grade
from shared.domain.students.evidence import DECIMALS, UNPRACTISED, Belief, forget, observe
from shared.domain.students.local_days import LocalDays
from shared.domain.students.reviews import Card, is_due_by_day, is_review, retrievability, review

MAX_SOURCES = 5
MAX_NODES = 20
# Two full question banks, 13 bytes each: a hash in a list.
MAX_SEEN = 200
# Sessions of a skill that may be practised in turn, on other devices or templates, beside the
# latest one.
MAX_EARLIER = 3
# A card of a version with learning steps may be due minutes after the last answer. It pays in full
# after this pause. Any other card is due on a later day than its last review.
LEAST_PAUSE = timedelta(hours=12)


class GradedAttempt(Protocol):
    """The attributes of an attempt that change a skill. `score` and `guess` are 0-1."""

    @property
    def question_id(self) -> str: ...
    @property
    def first_attempt(self) -> bool: ...
    @property
    def score(self) -> float: ...
    @property
    def guess(self) -> float: ...
    @property
    def hinted(self) -> bool: ...
    @property
    def grade(self) -> Grade: ...
    @property
    def at(self) -> datetime: ...


class SkillSource(ValueObject):
    """Where a skill was practised: the latest questions of a template, or its exercises."""

    template_id: Id
    node_ids: list[str]


class SkillSession(ValueObject):
    """A session that practised a skill, with the questions that it was the first to ask.

    `was_due` is True if the skill was due for review when the session practised it, at its first
    answers or later ones.
    """

    session_id: Id
    was_due: bool
    questions: list[str] = []


class SkillBefore(ValueObject):
    """The values of a skill before an answer changed them; see Skill.

    `attempts` is the place of that answer among all answers of the skill, from 0.
    """

    attempts: int
    p_mastery: float
    p_half: float | None
    p_known: float | None
    firsts: int
    card: Card
    due_at: Instant | None
    updated_at: Instant | None

    @property
    def belief(self) -> Belief:
        return _belief(self)


class SkillReplay(ValueObject):
    """Where the recomputation of a skill begins: its values before an answer, and the start of the
    session of that answer.
    """

    before: SkillBefore
    since: Instant


class Skill(ValueObject):
    """`p_mastery` is the expected share, 0-1, of the skill that is known; `p_half` and `p_known`
    are its Belief, as of `updated_at`, None where a version that had no Belief wrote the skill.
    `firsts` counts distinct questions answered without a hint. `card` is the review card of FSRS,
    the free spaced repetition scheduler, as JSON; `due_at` is when its day begins for the student.

    `sources` leads back to the questions: the latest templates, and in each the latest nodes.
    The session `latest` practised it last, those in `earlier` before, the newest first. `seen`
    lists the questions of the sessions before these, by question_key; together with those of
    `earlier` they are the newest MAX_SEEN.

    `attempts` counts every answer, also those that count no more because their question was taken
    out of an assignment. `replay` is there once the skill was recomputed without one: what comes
    before it has none of these.
    """

    schema_version: Literal[1] = 1
    skill_id: Id
    name: ExerciseName
    p_mastery: float = UNPRACTISED.mastery
    p_half: float | None = None
    p_known: float | None = None
    firsts: int | None = None
    attempts: int = 0
    card: Card = {}
    due_at: Instant | None = None
    seen: list[str] = []
    latest: SkillSession | None = None
    earlier: list[SkillSession] = []
    updated_at: Instant | None = None
    sources: list[SkillSource] = []
    replay: SkillReplay | None = Field(default=None, exclude_if=lambda replay: replay is None)

    @property
    def belief(self) -> Belief:
        return _belief(self)

    def belief_at(self, at: datetime) -> Belief:
        """The belief, discounted by what will have been forgotten by then."""
        return belief_at(self, at)

    @property
    def before(self) -> SkillBefore:
        """Its values, for a next answer."""
        return SkillBefore(
            attempts=self.attempts,
            p_mastery=self.p_mastery,
            p_half=self.p_half,
            p_known=self.p_known,
            firsts=self.firsts_asked,
            card=self.card,
            due_at=self.due_at,
            updated_at=self.updated_at,
        )

    @property
    def firsts_asked(self) -> int:
        """`firsts`, for a version that did not count them the questions that it noted."""
        return len(self.questions_asked) if self.firsts is None else self.firsts

    @property
    def questions_asked(self) -> set[str]:
        """The questions that any session asked, by question_key, as far as they are noted."""
        return {*self.seen, *_questions([s for s in (self.latest, *self.earlier) if s])}

    def is_asked_earlier(self, question: str) -> bool:
        """Whether another session than the latest was the first to ask the question."""
        return question in self.seen or question in _questions(self.earlier)

    def is_repeated(self, question: str) -> bool:
        """Whether the question was asked earlier, and the skill was not due for review in the
        latest session.
        """
        return self.is_asked_earlier(question) and not (self.latest and self.latest.was_due)

    def is_due(self, at: datetime) -> bool:
        """Whether FSRS has it due for review."""
        if self.due_at is None or self.updated_at is None or at < self.due_at:
            return False
        return is_due_by_day(self.card) or at - self.updated_at >= LEAST_PAUSE


def apply_attempts(
    skill: Skill,
    attempts: Iterable[GradedAttempt],
    *,
    repeated: Collection[str],
    days: LocalDays,
    student_id: str,
) -> Skill:
    """The skill after more attempts at it, oldest first.

    Each changes the belief. Only the first of a local day is a review: what is practised again on
    the same day shows little of what will be remembered. `repeated` are
    the questions, by question_id, that earlier sessions asked.
    """
    belief, count, firsts = skill.belief, skill.attempts, skill.firsts_asked
    card, due_at, latest = skill.card, skill.due_at, skill.updated_at
    for attempt in attempts:
        # The clocks of two instances may differ, and reviews must not go back in time.
        latest = max(attempt.at, latest) if latest else attempt.at
        if is_review(card, latest, days=days):
            belief = forget(belief, retrievability(card, latest)) if card else belief
            seed = f"{student_id}:{skill.skill_id}"
            card, due_at = review(card, attempt.grade, latest, days=days, seed=seed)
        is_first = attempt.first_attempt and attempt.question_id not in repeated
        belief = observe(
            belief,
            score=attempt.score,
            guess=attempt.guess,
            hinted=attempt.hinted,
            repeated=not is_first,
        )
        belief = Belief(*(round(p, DECIMALS) for p in belief))
        count += 1
        firsts += is_first and not attempt.hinted
    return skill.model_copy(
        update={
            "p_mastery": belief.mastery,
            "p_half": belief.half,
            "p_known": belief.known,
            "firsts": firsts,
            "attempts": count,
            "card": card,
            "due_at": due_at,
            "updated_at": latest,
        }
    )


def replay_answers(
    skill: Skill,
    replay: SkillReplay,
    answers: Iterable[tuple[GradedAttempt, LocalDays]],
    *,
    student_id: str,
) -> Skill:
    """The skill as it would be had these been its answers from that place on, in their order.

    An answer's days are those of its session, and its `first_attempt` is False where an earlier
    session had asked the question.
    """
    replayed = skill.model_copy(
        update={name: getattr(replay.before, name) for name in SkillBefore.model_fields}
    )
    for answer, days in answers:
        replayed = apply_attempts(replayed, [answer], repeated=(), days=days, student_id=student_id)
    return replayed.model_copy(update={"attempts": skill.attempts, "replay": replay})


def belief_at(skill: Skill | SkillBefore, at: datetime) -> Belief:
    """The belief, discounted by what will have been forgotten by then."""
    return forget(skill.belief, retrievability(skill.card, at)) if skill.card else skill.belief


def _belief(skill: Skill | SkillBefore) -> Belief:
    if skill.p_half is not None and skill.p_known is not None:
        return Belief(skill.p_half, skill.p_known)
    return Belief.of_tracing(skill.p_mastery) if skill.attempts else UNPRACTISED


def add_source(skill: Skill, source: SkillSource) -> Skill:
    """The skill after practice on these nodes, the latest first."""
    before = [known.node_ids for known in skill.sources if known.template_id == source.template_id]
    node_ids = list(dict.fromkeys([*source.node_ids, *chain(*before)]))[:MAX_NODES]
    latest = source.model_copy(update={"node_ids": node_ids})
    others = [known for known in skill.sources if known.template_id != source.template_id]
    return skill.model_copy(update={"sources": [latest, *others][:MAX_SOURCES]})


def question_key(template_id: str | None, question_id: str) -> str:
    """A question's name in `seen`: its id is unique in its template only."""
    return hashlib.sha256(f"{template_id}/{question_id}".encode()).hexdigest()[:12]


def note_questions(
    skill: Skill, questions: Iterable[str], *, session_id: str, at: datetime
) -> Skill:
    """The skill with the questions, by question_key, that the session asks from this time on."""
    sessions = [session for session in (skill.latest, *skill.earlier) if session]
    known = next((session for session in sessions if session.session_id == session_id), None)
    latest = known or SkillSession(session_id=session_id, was_due=False)
    latest = latest.model_copy(update={"was_due": latest.was_due or skill.is_due(at)})
    earlier = [session for session in sessions if session.session_id != session_id]
    seen = skill.seen
    while len(earlier) > MAX_EARLIER or len(_questions(earlier)) > MAX_SEEN:
        seen = [*seen, *earlier.pop().questions]
    seen = seen[max(0, len(seen) + len(_questions(earlier)) - MAX_SEEN) :]
    asked = {*seen, *_questions(earlier), *latest.questions}
    new = [question for question in dict.fromkeys(questions) if question not in asked]
    latest = latest.model_copy(update={"questions": [*latest.questions, *new]})
    return skill.model_copy(
        update={
            "seen": seen,
            "latest": latest,
            "earlier": earlier,
            # Where they were never counted: before these questions are among those that it notes.
            "firsts": skill.firsts_asked,
        }
    )


def _questions(sessions: Iterable[SkillSession]) -> list[str]:
    return [question for session in sessions for question in session.questions]
