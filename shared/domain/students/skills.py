"""A student's skill over all sessions: mastery, when it is due for review, questions seen."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, Literal, Protocol, cast

from shared.domain.common.fields import ExerciseName, Id, Instant, ValueObject
from shared.domain.questions.grades import Grade
from shared.domain.students.mastery import DECIMALS, HIGHEST, INITIAL, update_mastery

MAX_SOURCES = 5
MAX_NODES = 20
# Two full question banks, 13 bytes each: a hash in a list.
MAX_SEEN = 200
# Sessions of a skill that may be practised in turn, on other devices or templates, beside the
# latest one.
MAX_EARLIER = 3
# A review that is due sooner than this after the last answer does not pay in full.
LEAST_PAUSE = timedelta(hours=12)


class GradedAttempt(Protocol):
    """The attributes of an attempt that change a skill. `score` and `guess` are 0-1."""

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

    `was_due` is True if the skill was due for review when the session began to practise it.
    """

    session_id: Id
    was_due: bool
    questions: list[str] = []


class Skill(ValueObject):
    """`card` is the review card of FSRS, the free spaced repetition scheduler, as JSON.

    `sources` leads back to the questions: the latest templates, and in each the latest nodes.
    The session `latest` practised it last, those in `earlier` before, the newest first. `seen`
    lists the questions of the sessions before these, by question_key; together with those of
    `earlier` they are the newest MAX_SEEN.
    """

    schema_version: Literal[1] = 1
    skill_id: Id
    name: ExerciseName
    p_mastery: float = INITIAL
    attempts: int = 0
    card: dict[str, Any] = {}
    due_at: Instant | None = None
    seen: list[str] = []
    latest: SkillSession | None = None
    earlier: list[SkillSession] = []
    updated_at: Instant | None = None
    sources: list[SkillSource] = []

    def is_repeated(self, question: str) -> bool:
        """Whether another session than the latest was the first to ask the question, and the
        review was not due when the latest one began.
        """
        first_asked_elsewhere = question in self.seen or question in _questions(self.earlier)
        return first_asked_elsewhere and not (self.latest and self.latest.was_due)


def apply_attempts(skill: Skill, attempts: Iterable[GradedAttempt]) -> Skill:
    """The skill after more attempts at it, oldest first."""
    from fsrs import Card, Rating, Scheduler

    rating = {
        Grade.AGAIN: Rating.Again,
        Grade.HARD: Rating.Hard,
        Grade.GOOD: Rating.Good,
        Grade.EASY: Rating.Easy,
    }
    # Without fuzzing: the same attempts give the same card, however often a commit is tried.
    scheduler = Scheduler(enable_fuzzing=False)
    p, count = skill.p_mastery, skill.attempts
    card: Card | None = Card.from_dict(cast("Any", skill.card)) if skill.card else None
    latest = skill.updated_at
    for attempt in attempts:
        p = update_mastery(p, score=attempt.score, guess=attempt.guess, hinted=attempt.hinted)
        p = min(round(p, DECIMALS), HIGHEST)
        count += 1
        # The clocks of two instances may differ, and reviews must not go back in time.
        latest = max(attempt.at, latest) if latest else attempt.at
        at = datetime.fromtimestamp(latest.timestamp(), UTC)
        card = card or Card(card_id=int(skill.skill_id[:8], 16), due=at)
        card, _ = scheduler.review_card(card, rating[attempt.grade], at)
    return skill.model_copy(
        update={
            "p_mastery": p,
            "attempts": count,
            "card": dict(card.to_dict()) if card else {},
            "due_at": card.due if card else None,
            "updated_at": latest,
        }
    )


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
    latest = known or SkillSession(session_id=session_id, was_due=_is_due(skill, at))
    earlier = [session for session in sessions if session.session_id != session_id]
    seen = skill.seen
    while len(earlier) > MAX_EARLIER or len(_questions(earlier)) > MAX_SEEN:
        seen = [*seen, *earlier.pop().questions]
    seen = seen[max(0, len(seen) + len(_questions(earlier)) - MAX_SEEN) :]
    asked = {*seen, *_questions(earlier), *latest.questions}
    new = [question for question in dict.fromkeys(questions) if question not in asked]
    latest = latest.model_copy(update={"questions": [*latest.questions, *new]})
    return skill.model_copy(update={"seen": seen, "latest": latest, "earlier": earlier})


def _questions(sessions: Iterable[SkillSession]) -> list[str]:
    return [question for session in sessions for question in session.questions]


def _is_due(skill: Skill, at: datetime) -> bool:
    """Whether the skill's review is due after a pause: after a wrong answer it is due in minutes,
    and a session begun at once would pay in full again.
    """
    if skill.due_at is None or skill.updated_at is None:
        return False
    return skill.due_at <= at and at - skill.updated_at >= LEAST_PAUSE
