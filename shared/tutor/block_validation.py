"""What a generated block must be before a student sees it."""

from collections.abc import Iterator

from shared.domain.common.text_normalisation import fold_text
from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import BlockDraft, was_asked_before

BLOCK_SIZES = range(1, 9)


def find_block_violations(draft: BlockDraft, practice: Practice) -> list[str]:
    """Why the draft can't be served, in words that help to mend it. A question's own rules (a key
    among the options, numbers that parse, no empty text) hold by construction.
    """
    return list(_faults(draft, practice))


def _faults(draft: BlockDraft, practice: Practice) -> Iterator[str]:
    if len(draft.questions) not in BLOCK_SIZES:
        yield f"a block has {BLOCK_SIZES.start} to {BLOCK_SIZES.stop - 1} questions"
    if draft.skill_id not in {skill.skill_id for skill in practice.skills}:
        yield "the block is for a skill of the template"
    ids = [question.question_id for question in draft.questions]
    if len(set(ids)) != len(ids):
        yield "question ids must differ"
    prompts = [fold_text(question.prompt) for question in draft.questions]
    if len(set(prompts)) != len(prompts):
        yield "two questions have the same prompt"
    told = fold_text(f"{draft.concept.explanation}\n{draft.concept.worked_example or ''}")
    for position, question in enumerate(draft.questions):
        if prompts[position] in told:
            yield f"question {position + 1} is the worked example: {question.prompt}"
        if was_asked_before(practice, question):
            yield f"question {position + 1} was asked before: {question.prompt}"
