"""Output of a model: blocks with marked secrets, and findings."""

import json
from collections.abc import Collection
from typing import Any

from testkit.model_server import Exchange, replies_with
from tests.support.tutor.marked import marked
from tests.unit.domain.questions.samples import kind_module

CLOSED = ("multiple_choice", "numeric", "short_answer", "multi_select", "numeric")


def a_question(name: str, kind: str, **changes: Any) -> dict[str, Any]:
    """A question whose secrets carry marks with this name; see marked.py."""
    absent = {"choices": None, "tolerance": None, "unit": None, "rubric": None, "difficulty": 3}
    plain = {
        "kind": kind,
        "prompt": f"Question {name}?",
        "answer": [],
        **absent,
        **kind_module(kind).MODEL_OUTPUT,
    }
    question = marked(plain, named=name)
    if isinstance(question["answer"], str):
        question["answer"] = [question["answer"]]
    for criterion in question["rubric"] or []:
        criterion.pop("criterion_id")
    return {**question, **changes}


def a_block(number: int = 0, kinds: tuple[str, ...] = CLOSED) -> dict[str, Any]:
    concept = {"title": f"Block {number}", "explanation": "An idea.", "worked_example": None}
    questions = [a_question(f"b{number}.{i}", kind) for i, kind in enumerate(kinds)]
    return {"concept": concept, "questions": questions}


def findings(*quotes: str | None) -> dict[str, Any]:
    """Findings, one per criterion: met with this quote, or not met if None."""
    return {
        "findings": [
            {"criterion_id": f"c{i}", "quote": quote or "", "met": quote is not None}
            for i, quote in enumerate(quotes, start=1)
        ]
    }


class Writer:
    """A model that always writes another block, solves it as it wrote it, and finds every criterion
    met by the answer.
    """

    def __init__(self, *kinds: tuple[str, ...]) -> None:
        self.kinds = kinds or (CLOSED,)
        self.blocks = 0

    def __call__(self, exchange: Exchange) -> None:
        if "questions" in exchange.data:
            replies_with(solutions_of(a_block(self.blocks - 1, self._kinds(-1)), exchange))(
                exchange
            )
            return
        if "answer" in exchange.data:
            found = findings(*[exchange.data["answer"]] * len(exchange.data["criteria"]))
            replies_with(found)(exchange)
            return
        replies_with(json.dumps(a_block(self.blocks, self._kinds())))(exchange)
        self.blocks += 1

    def _kinds(self, offset: int = 0) -> tuple[str, ...]:
        return self.kinds[(self.blocks + offset) % len(self.kinds)]


def solutions_of(
    block: dict[str, Any], asked: Exchange, *, wrong: Collection[int] = ()
) -> dict[str, Any]:
    """Solutions of a block's questions, those with these numbers wrong."""
    keys = {question["prompt"]: question["answer"] for question in block["questions"]}
    return {
        "solutions": [
            {
                "number": question["number"],
                "working": "Step by step.",
                "answer": ["certainly not this"]
                if question["number"] in wrong
                else keys[question["prompt"]],
            }
            for question in asked.data["questions"]
        ]
    }
