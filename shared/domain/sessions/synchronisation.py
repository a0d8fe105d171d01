"""Storing infinite practice: a session advances to a sealed state.

Attempts, score and mastery come from the sealed state alone. A state that is older than the stored
one, or the same, changes nothing. A descendant of the stored state is applied once. Any other state
belongs to another branch and is refused. Strict work has no branches: its state is on the server.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from shared.domain.common.errors import ContextForked
from shared.domain.common.fields import Instant
from shared.domain.practice.attempt_log import TEXTS, Attempt, UngradedAnswer
from shared.domain.practice.client_view import ResealedPractice
from shared.domain.practice.self_ratings import is_self_rating, rated_exercise
from shared.domain.practice.source import Source
from shared.domain.practice.state import Practice, is_descendant
from shared.domain.sessions.document_size import fit_document
from shared.domain.sessions.items import Evidence, LoggedItem, Tally
from shared.domain.sessions.session import Session, SkillProgress, StoredState, recount_items
from shared.domain.students.scoring import QuestionResult, RightAnswers, score_percent
from shared.domain.students.skills import (
    Skill,
    SkillSource,
    add_source,
    apply_attempts,
    note_questions,
    question_key,
)

Skills = Mapping[str, Skill | None]


class Synchronisation(NamedTuple):
    """The advanced session, its new log entries, and the skills that they change."""

    session: Session
    items: list[LoggedItem]
    skills: list[Skill]


def synchronise(
    session: Session,
    resealed: ResealedPractice,
    known_skills: Skills,
    *,
    at: Instant,
    voided: Collection[str] = (),
) -> Synchronisation | None:
    """The session advanced to the state; None when the state has nothing new.

    `known_skills` are the student's stored skills by skill_id. Answers to the questions in `voided`
    are logged and change no skill. Raises ContextForked.
    """
    practice, mark = resealed.practice, session.stored
    if mark is not None:
        if practice.seq < mark.seq:
            return None
        if practice.seq == mark.seq:
            if resealed.opened.state_hash in mark.hashes:
                return None
            raise ContextForked
        if not (practice.strict or _is_descendant_of(mark, practice)):
            raise ContextForked
    known = mark.attempts if mark else 0
    attempts = [attempt for attempt in practice.log.attempts if attempt.index >= known]
    skills, evidence = _apply_to_skills(
        [attempt for attempt in attempts if attempt.question_id not in voided],
        practice,
        known_skills,
        session=session,
    )
    totals = practice.totals
    changed = session.model_copy(
        update={
            "stored_session": resealed.stored_session,
            "stored": StoredState(
                seq=practice.seq,
                state_hash=resealed.opened.state_hash,
                attempts=totals.questions_answered,
                ungraded=totals.ungraded,
                sent_hash=resealed.sent_hash,
            ),
            "tally": _updated_tally(
                session.tally,
                attempts,
                practice,
                skills,
                ticks=session.tally.items_logged - known,
            ),
            "items_count": totals.questions_answered,
            "items_completed": totals.questions_answered,
            "total_questions": totals.questions_answered,
            "questions_correct": totals.questions_correct,
            "score_percent": score_percent(totals.questions_correct, totals.questions_answered),
            "mastery": [
                SkillProgress(
                    skill_id=skill.skill_id,
                    name=skill.name,
                    before=skill.mastery_before,
                    after=skill.mastery,
                )
                for skill in practice.skills
                if skill.attempts
            ],
            "revision": session.revision + 1,
            "last_activity_at": max(at, session.last_activity_at),
        }
    )
    known_ungraded = mark.ungraded if mark else 0
    if session.planned_questions is not None:
        changed = recount_items(_without_ungraded(changed, totals.ungraded - known_ungraded))
    items = [_logged(attempt, evidence.get(attempt.index)) for attempt in attempts]
    items += [
        _logged_ungraded(answer, practice)
        for answer in practice.ungraded
        if answer.index >= known_ungraded
    ]
    return Synchronisation(fit_document(changed), items, skills)


def _without_ungraded(session: Session, count: int) -> Session:
    """The session without so many more questions whose answers could not be graded in its score."""
    work = session.assignment
    if work is None or not count:
        return session
    asked = max(0, work.questions - count)
    return session.model_copy(update={"assignment": work.model_copy(update={"questions": asked})})


def _is_descendant_of(mark: StoredState, practice: Practice) -> bool:
    return any(is_descendant(practice, seq=mark.seq, hash_=hash_) for hash_ in mark.hashes)


def _updated_tally(
    tally: Tally,
    attempts: Sequence[Attempt],
    practice: Practice,
    skills: Sequence[Skill],
    *,
    ticks: int,
) -> Tally:
    """The tally with the totals of the state and the repeated questions among new attempts. `ticks`
    are the items that no turn graded.
    """
    totals, by_id = practice.totals, {skill.skill_id: skill for skill in skills}
    repeated = [
        attempt
        for attempt in attempts
        if (skill := by_id.get(attempt.skill_id))
        and skill.is_repeated(_question_key(practice, attempt))
    ]
    return tally.model_copy(
        update={
            "items_logged": totals.questions_answered + ticks,
            "verified_first": totals.right_at_first_try - totals.self_rated.first,
            "verified_later": totals.right_later - totals.self_rated.later,
            "verified_repeated": _add_earned(
                tally.verified_repeated, [a for a in repeated if not a.self_rated]
            ),
            "self_rated": totals.self_rated,
            "self_rated_repeated": _add_earned(
                tally.self_rated_repeated, [a for a in repeated if a.self_rated]
            ),
            "fast_answers": totals.fast_answers,
        }
    )


def _add_earned(answers: RightAnswers, attempts: Sequence[Attempt]) -> RightAnswers:
    """The right answers with those that the attempts earned."""
    earned = [attempt.earned for attempt in attempts]
    return RightAnswers(
        first=answers.first + earned.count(QuestionResult.FIRST),
        later=answers.later + earned.count(QuestionResult.LATER),
    )


def _question_key(practice: Practice, attempt: Attempt) -> str:
    return question_key(*practice.source.origin_of(attempt.question_id))


def _logged(attempt: Attempt, evidence: Evidence | None) -> LoggedItem:
    # The id is the index in the log, so an attempt can't be appended twice.
    return LoggedItem(
        item_id=f"attempt-{attempt.index:06d}",
        index=attempt.index,
        node_id=attempt.question_id,
        skill_id=attempt.skill_id,
        evidence=evidence,
        exercise_type=attempt.kind,
        grade=attempt.grade,
        correct=attempt.correct,
        score=attempt.score,
        hinted=attempt.hinted,
        verified=True,
        completed_at=attempt.at,
        duration_ms=attempt.duration_ms,
        **{name: getattr(attempt, name) for name in TEXTS},
        image=attempt.image,
        stem=attempt.stem,
    )


def _logged_ungraded(answer: UngradedAnswer, practice: Practice) -> LoggedItem:
    """The entry of an answer that waits for a teacher. It stands after the graded ones."""
    return LoggedItem(
        item_id=f"ungraded-{answer.index:06d}",
        index=practice.totals.questions_answered + answer.index,
        node_id=answer.question_id,
        skill_id=answer.skill_id,
        exercise_type=answer.kind,
        verified=True,
        completed_at=answer.at,
        prompt=answer.prompt,
        answer=answer.answer,
    )


def _apply_to_skills(
    attempts: Sequence[Attempt], practice: Practice, known: Skills, *, session: Session
) -> tuple[list[Skill], dict[int, Evidence]]:
    """The student's skills changed by these attempts, and what each showed, by its index."""
    changed: list[Skill] = []
    evidence: dict[int, Evidence] = {}
    for state in practice.skills:
        own = [attempt for attempt in attempts if attempt.skill_id == state.skill_id]
        if not own:
            continue
        stored = known.get(state.skill_id)
        skill = stored or Skill(skill_id=state.skill_id, name=state.name)
        # Questions are taken out of assignments alone.
        before = skill.before if session.assignment_id is not None else None
        for attempt in own:
            key = _question_key(practice, attempt)
            # Questions that a tutor writes never return.
            asked = [key] if attempt.question_id in practice.seen else []
            skill = note_questions(skill, asked, session_id=practice.session_id, at=attempt.at)
            is_repeated = skill.is_asked_earlier(key)
            evidence[attempt.index] = Evidence(
                place=skill.attempts,
                guess=attempt.guess,
                first=attempt.first_attempt and not is_repeated,
                before=before,
            )
            before = None
            skill = apply_attempts(
                skill,
                [attempt],
                repeated={attempt.question_id} if is_repeated else (),
                days=session.local_days,
                student_id=practice.student_id,
            )
        changed.append(_with_source(skill, own, practice.source))
    return changed, evidence


def _with_source(skill: Skill, attempts: list[Attempt], source: Source) -> Skill:
    nodes: dict[str, list[str]] = {}
    for attempt in reversed(attempts):
        template_id, _ = source.origin_of(attempt.question_id)
        if template_id is not None:
            nodes.setdefault(template_id, []).extend(practised_nodes(source, attempt))
    for template_id, node_ids in reversed(nodes.items()):
        latest = SkillSource(template_id=template_id, node_ids=list(dict.fromkeys(node_ids)))
        skill = add_source(skill, latest)
    return skill


def practised_nodes(source: Source, attempt: Attempt) -> list[str]:
    """The nodes of the template that an attempt practised: a question of its bank, the exercise
    that was rated, or, for a question that a model wrote, the exercises of the skill.
    """
    question_id, rated = attempt.question_id, rated_exercise(attempt.question_id)
    if source.has_question(question_id) and not is_self_rating(question_id):
        return [source.origin_of(question_id)[1]]
    return [
        exercise.node_id
        for exercise in source.exercises
        if exercise.node_id and exercise.skill_id == attempt.skill_id
        if rated in (None, exercise.key)
    ]


def practised_skill_ids(practice: Practice | None) -> list[str]:
    """The ids of the skills that storing this state may change."""
    return sorted({attempt.skill_id for attempt in practice.log.attempts}) if practice else []
