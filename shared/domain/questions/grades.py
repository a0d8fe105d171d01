"""Grades: how well a student remembered."""

from enum import StrEnum


class Grade(StrEnum):
    AGAIN = "again"
    HARD = "hard"
    GOOD = "good"
    EASY = "easy"
