"""Texts that can be found again: every secret of a question with a mark that is in nothing else."""

import re
from typing import Any

KEY, EXPLANATION, HINT, RUBRIC = "KEY", "WHY", "HINT", "SHOULD"
SECRET = re.compile(rf"({KEY}|{EXPLANATION}|{RUBRIC})-[a-z0-9.-]+-\1|7351[0-9]{{12}}")


def marked(question: dict[str, Any], *, named: str) -> dict[str, Any]:
    """The question with marks in its secrets. A numeric key becomes a number of its own; the id of
    a choice is no secret, only that it is the right one.
    """
    secret = {**question, "explanation": mark(EXPLANATION, named)}
    secret["hints"] = [f"{mark(HINT, named)}{i}." for i in range(2)]
    if question["kind"] == "short_answer":
        secret["answer"] = [mark(KEY, named)]
    if question["kind"] == "numeric":
        secret["answer"] = number_mark(named)
    if question["kind"] == "free_response":
        secret["rubric"] = [
            {"criterion_id": "c1", "text": mark(RUBRIC, named), "points": 1},
        ]
    return secret


def mark(what: str, named: str) -> str:
    return f"{what}-{named}-{what}"


def number_mark(named: str) -> str:
    """Digits that nothing else has: a question's name is its number."""
    return f"7351{sum(ord(c) * 31**i for i, c in enumerate(named)) % 10**12:012d}"


def secrets_of(named: str) -> set[str]:
    """What must not be read before the question is answered. Hints are told on demand."""
    return {*(mark(what, named) for what in (KEY, EXPLANATION, RUBRIC)), number_mark(named)}


def secrets_in(text: str) -> set[str]:
    return {found[0] for found in SECRET.finditer(text)}
