"""Questions, and drafts of blocks, as a tutor writes them."""

from typing import Any

from shared.domain.practice.state import Concept, Practice
from shared.domain.practice.transitions import BlockDraft
from shared.domain.questions.question import Question
from tests.unit.domain.questions.samples import ANY_QUESTION

RUBRIC = [
    {"criterion_id": "cause", "text": "Names the cause", "points": 3},
    {"criterion_id": "effect", "text": "Names the effect", "points": 1},
]


def question(number: int, **fields: Any) -> Question:
    made = {"question_id": f"q{number}", "kind": "numeric", "prompt": f"Question {number}?"}
    return ANY_QUESTION.validate_python({**made, "answer": number, **fields})


def free_response(number: int = 1) -> Question:
    return question(number, kind="free_response", answer=None, rubric=RUBRIC)


def draft_of(practice: Practice, *questions: Question, **concept: str) -> BlockDraft:
    fields = {"title": "Sums", "explanation": "Add.", **concept}
    return BlockDraft(
        skill_id=practice.skills[0].skill_id, concept=Concept(**fields), questions=list(questions)
    )
