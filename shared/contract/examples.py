"""Values that the examples of several operations share."""

from collections.abc import Mapping
from typing import Any

TEMPLATE_ID = "5c0e4f7c9a4f0f6f1c9f2d3a"
SESSION_ID = "9a4f0f6f1c9f2d3a5c0e4f7c"
INSTANT = "2026-03-02T17:00:00.000000Z"

TEMPLATE_DATA: Mapping[str, Any] = {
    "sections": [
        {
            "name": "Warm-up",
            "duration_minutes": 10,
            "exercises": [
                {"id": "c-major", "name": "C major", "description": "Two octaves"},
                {
                    "id": "intervals",
                    "name": "Intervals",
                    "skill": "Intervals",
                    "questions": [
                        {
                            "question_id": "fifth",
                            "kind": "numeric",
                            "prompt": "How many semitones are in a perfect fifth?",
                            "hints": ["C to G, counted on the piano's keys"],
                            "answer": 7,
                            "explanation": "C to G: seven keys up.",
                        },
                        {
                            "question_id": "tritone",
                            "kind": "multiple_choice",
                            "prompt": "Which two notes are a tritone apart?",
                            "choices": [
                                {"id": "a", "text": "C and F"},
                                {"id": "b", "text": "C and F sharp"},
                            ],
                            "answer": "b",
                        },
                    ],
                },
            ],
        }
    ],
    "total_duration_minutes": 10,
    "tags": ["scales"],
}
