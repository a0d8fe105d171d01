"""Marked secrets: each secret of a question carries a unique mark, so that leaks can be found."""

import re
from typing import Any

KEY, EXPLANATION, HINT, RUBRIC = "KEY", "WHY", "HINT", "SHOULD"
SECRET = re.compile(rf"({KEY}|{EXPLANATION}|{RUBRIC})-[a-z0-9.-]+-\1|7351[0-9]{{12}}")


def marked(question: dict[str, Any], *, named: str) -> dict[str, Any]:
    """The question with marks in its secrets. A numeric key becomes a unique number. The id of
    a choice is not a secret; that it is the right one is.
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
    """Digits derived from the question's name; unique in practice."""
    return f"7351{sum(ord(c) * 31**i for i, c in enumerate(named)) % 10**12:012d}"


def secrets_of(named: str) -> set[str]:
    """The marks that must not appear before the question is answered. Hints are not among them."""
    return {*(mark(what, named) for what in (KEY, EXPLANATION, RUBRIC)), number_mark(named)}


def secrets_in(text: str) -> set[str]:
    return {found[0] for found in SECRET.finditer(text)}
