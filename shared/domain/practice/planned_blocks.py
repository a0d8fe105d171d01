"""The blocks of a practice whose questions are fixed beforehand, such as a daily pack."""

from shared.domain.practice.concepts import concept_of
from shared.domain.practice.question_bank import BankQuestion
from shared.domain.practice.state import Concept, Practice
from shared.domain.practice.transitions import BlockDraft

MAX_TITLE = 200


def planned_draft(practice: Practice) -> BlockDraft:
    """The next block of the plan. Raises IndexError where the plan has no more."""
    planned = practice.source.plan[practice.blocks_made]
    entries = [_entry(practice, question_id) for question_id in planned.question_ids]
    skill_id = entries[0].skill_id
    if planned.is_new:
        concept = concept_of(practice, skill_id, planned.question_ids)
    else:
        concept = _review(practice, entries)
    return BlockDraft(
        skill_id=skill_id, concept=concept, questions=[entry.question for entry in entries]
    )


def _entry(practice: Practice, question_id: str) -> BankQuestion:
    entry = practice.source.bank_question(question_id)
    if entry is None:
        raise ValueError("the plan names a question that its bank lacks")
    return entry


def _review(practice: Practice, entries: list[BankQuestion]) -> Concept:
    """The names of the skills alone: what is reviewed must be recalled, not read."""
    names = list(dict.fromkeys(practice.skill(entry.skill_id).name for entry in entries))
    return Concept(title=", ".join(names)[:MAX_TITLE], explanation="\n".join(names))
