"""Validation of a generated block, before a student sees it."""

from collections.abc import Iterator

from shared.domain.common.text_normalisation import fold_text
from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import BlockDraft

BLOCK_SIZES = range(1, 9)


def find_block_violations(draft: BlockDraft, practice: Practice) -> list[str]:
    """The reasons why the draft can't be used, in words that help a model to repair it.

    The rules of single questions (a key among the choices, numbers that parse, no empty text) hold
    already, because the draft is made of valid questions.
    """
    return list(_violations(draft, practice))


def _violations(draft: BlockDraft, practice: Practice) -> Iterator[str]:
    if len(draft.questions) not in BLOCK_SIZES:
        yield f"a block has {BLOCK_SIZES.start} to {BLOCK_SIZES.stop - 1} questions"
    if draft.skill_id not in {skill.skill_id for skill in practice.skills}:
        yield "the block is for a skill of the template"
    ids = [question.question_id for question in draft.questions]
    if len(set(ids)) != len(ids):
        yield "question ids must differ"
    prompts = draft.folded_prompts
    if len(set(prompts)) != len(prompts):
        yield "two questions have the same prompt"
    concept = fold_text(f"{draft.concept.explanation}\n{draft.concept.worked_example or ''}")
    asked = zip(draft.questions, prompts, draft.prompt_hashes, strict=True)
    for number, (question, prompt, prompt_hash) in enumerate(asked, start=1):
        if prompt in concept:
            yield f"question {number} is the worked example: {question.prompt}"
        if prompt_hash in practice.prompts:
            yield f"question {number} was asked before: {question.prompt}"
