"""What a generated block must be before a student sees it."""

from collections.abc import Iterator

from shared.domain.practice import Practice
from shared.domain.turns import Draft, asked_before
from shared.domain.wording import folded

QUESTIONS = range(1, 9)


def faults(draft: Draft, practice: Practice) -> list[str]:
    """Why the draft can't be served, in words that help to mend it. A question's own rules (a key
    among the options, numbers that parse, no empty text) hold by construction.
    """
    return list(_faults(draft, practice))


def _faults(draft: Draft, practice: Practice) -> Iterator[str]:
    if len(draft.questions) not in QUESTIONS:
        yield f"a block has {QUESTIONS.start} to {QUESTIONS.stop - 1} questions"
    if draft.skill_id not in {skill.skill_id for skill in practice.skills}:
        yield "the block is for a skill of the template"
    ids = [question.question_id for question in draft.questions]
    if len(set(ids)) != len(ids):
        yield "question ids must differ"
    prompts = [folded(question.prompt) for question in draft.questions]
    if len(set(prompts)) != len(prompts):
        yield "two questions have the same prompt"
    told = folded(f"{draft.concept.explanation}\n{draft.concept.worked_example or ''}")
    for position, question in enumerate(draft.questions):
        if prompts[position] in told:
            yield f"question {position + 1} is the worked example: {question.prompt}"
        if asked_before(practice, question):
            yield f"question {position + 1} was asked before: {question.prompt}"
