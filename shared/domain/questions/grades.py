"""Grades: how well a student remembered."""

from shared.domain.common.fields import JsonEnum


class Grade(JsonEnum):
    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"
