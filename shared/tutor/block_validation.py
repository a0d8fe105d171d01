"""Validation of a generated block, before a student sees it.

Slow to load, with the checks of questions, and needed for a model's blocks only.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from shared.domain.common.text_normalisation import fold_text
from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import BlockDraft
from shared.domain.questions.draft_checks import find_faults
from shared.domain.questions.question import Question
from shared.domain.questions.similarity import (
    PromptTokens,
    are_near_duplicates,
    are_same_task,
    folded_digest,
    prompt_tokens,
)

BLOCK_SIZES = range(1, 9)
# A block that loses questions is served while it has so many left.
LEAST_LEFT = 4


class CheckedDraft(NamedTuple):
    """A draft with the questions that may be served, or the reasons why it can't be used, in words
    that help a model to repair it.
    """

    draft: BlockDraft
    violations: Sequence[str]


def check_draft(draft: BlockDraft, practice: Practice) -> CheckedDraft:
    """The draft without the questions in which code finds a fault.

    The rules of single questions (a key among the choices, numbers that parse, no empty text) hold
    already, because the draft is made of valid questions.
    """
    if violations := list(_draft_violations(draft, practice)):
        return CheckedDraft(draft, violations)
    faults: dict[int, list[str]] = defaultdict(list)
    for position, fault in _question_faults(draft, practice):
        faults[position].append(fault)
    return drop_questions(draft, faults)


def check_solutions(draft: BlockDraft, solutions: Mapping[str, Sequence[str]]) -> CheckedDraft:
    """The draft without the questions whose key a solver didn't find.

    `solutions` are answers by question_id, in the texts in which a model writes `answer`.
    """
    return drop_questions(
        draft,
        {
            position: ["solved without its key, has another answer"]
            for position, question in enumerate(draft.questions)
            if not question.graded_by_model
            and not question.is_solved_by(solutions.get(question.question_id, ()))
        },
    )


def drop_questions(draft: BlockDraft, faults: Mapping[int, Sequence[str]]) -> CheckedDraft:
    """The draft without the questions at these positions. Where too few are left, it is as it was,
    and the faults are its violations.
    """
    left = [q for position, q in enumerate(draft.questions) if position not in faults]
    if not faults or len(left) >= LEAST_LEFT:
        return CheckedDraft(replace(draft, questions=left), [])
    return CheckedDraft(
        draft,
        [
            f"question {position + 1} {fault}: {draft.questions[position].prompt}"
            for position, found in sorted(faults.items())
            for fault in found
        ],
    )


def _draft_violations(draft: BlockDraft, practice: Practice) -> Iterator[str]:
    if len(draft.questions) not in BLOCK_SIZES:
        yield f"a block has {BLOCK_SIZES.start} to {BLOCK_SIZES.stop - 1} questions"
    if draft.skill_id not in {skill.skill_id for skill in practice.skills}:
        yield "the block is for a skill of the template"
    ids = [question.question_id for question in draft.questions]
    if len(set(ids)) != len(ids):
        yield "question ids must differ"


def _question_faults(draft: BlockDraft, practice: Practice) -> Iterator[tuple[int, str]]:
    concept = fold_text(f"{draft.concept.explanation}\n{draft.concept.worked_example or ''}")
    earlier = _Asked(practice)
    served: list[tuple[Question, PromptTokens]] = []
    for position, question in enumerate(draft.questions):
        tokens = prompt_tokens(question.prompt)
        if fold_text(question.prompt) in concept:
            yield position, "is the worked example"
        if any(_are_alike(question, tokens, *other) for other in served):
            yield position, "has nearly the same prompt as another"
        if earlier.has(question, tokens):
            yield position, "was asked before"
        for fault in find_faults(question):
            yield position, fault
        served.append((question, tokens))


def _are_alike(
    question: Question, tokens: PromptTokens, other: Question, others: PromptTokens
) -> bool:
    """Two questions with different keys differ, however similar their prompts are."""
    if tokens == others:
        return True
    same_key = question.kind != other.kind or question.key_texts == other.key_texts
    return same_key and (
        are_near_duplicates(tokens, others)
        or (
            bool(question.key_texts)
            and question.kind == other.kind
            and are_same_task(tokens, others)
        )
    )


class _Asked:
    """The questions that a session must not ask again, as far as its state knows them.

    Of older blocks it has hashes alone, of missed questions the prompts.
    """

    def __init__(self, practice: Practice) -> None:
        known = [entry.question for entry in practice.source.bank]
        known += practice.block.questions if practice.block else []
        self._questions = [(question, prompt_tokens(question.prompt)) for question in known]
        self._missed = [prompt_tokens(prompt) for prompt in practice.missed]
        self._hashes = set(practice.prompts)

    def has(self, question: Question, tokens: PromptTokens) -> bool:
        return (
            not self._hashes.isdisjoint((tokens.digest, folded_digest(question.prompt)))
            or any(are_near_duplicates(tokens, missed) for missed in self._missed)
            or any(_are_alike(question, tokens, *known) for known in self._questions)
        )
