"""The selection of a block's questions from the bank."""

from collections.abc import Sequence

from shared.domain.practice.question_bank import BankQuestion
from shared.domain.practice.question_selection import Candidate, next_question
from shared.domain.practice.self_ratings import is_recall, rated_exercise
from shared.domain.practice.state import Practice
from shared.domain.questions.question import Question


def select_from_bank(practice: Practice, *, size: int) -> list[str]:
    """Ids of the bank's questions for a block: of the skill whose turn it is.

    A question that only a model can grade is selected where the bank has no other. The self-ratings
    of an exercise are one block, whatever its size, and so are the steps of a stem.
    """
    usable = [e for e in practice.source.bank if not e.question.graded_by_model]
    groups: dict[str, list[BankQuestion]] = {}
    for entry in usable or practice.source.bank:
        groups.setdefault(_group(entry.question), []).append(entry)
    candidates = [_candidate(practice, name, group) for name, group in groups.items()]
    last = _group(practice.block.questions[-1]) if practice.block else None
    now = practice.totals.questions_answered
    chosen: list[str] = []
    while len(chosen) < size:
        found = next_question(
            candidates,
            practice.skills,
            now=now + len(chosen),
            seed=practice.session_id,
            avoid=last,
        )
        # A short block is better than the same few questions again.
        if found is None or (chosen and found == last):
            break
        if _is_unit(groups[found]):
            return _select_unit(practice, groups[found])
        chosen.append(found)
        skill_id = groups[found][0].skill_id
        candidates = [
            c
            for c in candidates
            if c.skill_id == skill_id
            and c.question_id not in chosen
            and not _is_unit(groups[c.question_id])
        ]
    return [groups[name][0].question.question_id for name in chosen]


def _group(question: Question) -> str:
    """The questions that are asked together: the ratings of an exercise, the steps of a stem, or
    this question alone.
    """
    if question.stem is not None:
        return f"stem {question.stem}"
    return rated_exercise(question.question_id) or question.question_id


def _is_unit(group: Sequence[BankQuestion]) -> bool:
    return len(group) > 1 or rated_exercise(group[0].question.question_id) is not None


def _candidate(practice: Practice, name: str, group: Sequence[BankQuestion]) -> Candidate:
    """The group as one question, last seen with its latest, as often right as its weakest."""
    seen = [
        practice.seen[entry.question.question_id]
        for entry in group
        if entry.question.question_id in practice.seen
    ]
    is_asked = bool(practice.asked_earlier) and any(
        entry.question.question_id in practice.asked_earlier for entry in group
    )
    return Candidate(
        question_id=name,
        skill_id=group[0].skill_id,
        difficulty=group[0].question.difficulty,
        last_seen_at=max((s.last_seen_at for s in seen), default=0 if is_asked else None),
        successes=min((s.successes for s in seen), default=0),
    )


def _select_unit(practice: Practice, group: Sequence[BankQuestion]) -> list[str]:
    """The steps in their order; when an exercise returns, first its recall, before a step shows
    it.
    """
    ids = [entry.question.question_id for entry in group]
    steps = [id_ for id_ in ids if not is_recall(id_)]
    if not any(id_ in practice.seen for id_ in steps):
        return steps
    return [*(id_ for id_ in ids if is_recall(id_)), *steps]
