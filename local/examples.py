"""Example data for demo, seeds and tests: a routine, a session of it and a question bank."""

import json
from pathlib import Path
from typing import Any

BANK_FILE = Path(__file__).with_name("bank.json")
ALGEBRA_FILE = Path(__file__).with_name("algebra.json")

GUITAR_TEMPLATE: dict[str, Any] = {
    "name": "Guitar Practice Template",
    "description": "Daily routine for guitar practice",
    "template_data": {
        "sections": [
            {
                "name": "Warm-up",
                "duration_minutes": 10,
                "exercises": [
                    {
                        "name": "Chromatic scales",
                        "description": "Up and down the neck, all strings",
                    },
                    {"name": "Finger stretches", "description": "1-2-3-4 pattern"},
                ],
            },
            {
                "name": "Technique",
                "duration_minutes": 20,
                "exercises": [
                    {"name": "Alternate picking", "description": "Metronome at 120 BPM"},
                    {"name": "Legato runs", "description": "Focus on smooth transitions"},
                ],
            },
            {
                "name": "Song Practice",
                "duration_minutes": 30,
                "exercises": [
                    {
                        "name": "Crazy Train intro",
                        "description": "Work on speed and accuracy",
                    }
                ],
            },
        ],
        "total_duration_minutes": 60,
        "tags": ["guitar", "technique", "songs"],
    },
}

GUITAR_SESSION: dict[str, Any] = {
    "template_id": "abc-123",
    "template_name": "Guitar Practice Template",
    "sections": [
        {
            "name": "Warm-up",
            "duration_minutes": 10,
            "actual_duration_minutes": 12,
            "exercises": [
                {
                    "name": "Chromatic scales",
                    "description": "Up and down the neck, all strings",
                    "completed": True,
                    "notes": "Felt good today",
                },
                {
                    "name": "Finger stretches",
                    "description": "1-2-3-4 pattern",
                    "completed": True,
                    "notes": "",
                },
            ],
        },
        {
            "name": "Technique",
            "duration_minutes": 20,
            "actual_duration_minutes": 18,
            "exercises": [
                {
                    "name": "Alternate picking",
                    "description": "Metronome at 120 BPM",
                    "completed": True,
                    "notes": "Struggled with speed",
                },
                {
                    "name": "Legato runs",
                    "description": "Focus on smooth transitions",
                    "completed": False,
                    "notes": "Ran out of time",
                },
            ],
        },
    ],
    "total_duration_minutes": 60,
    "actual_duration_minutes": 55,
    "focus_score": 8,
    "energy_level": 7,
    "notes": "Good session overall, need more time for legato",
}


def theory_template() -> dict[str, Any]:
    """A create_template request with answer keys, on music theory and the physics of sound."""
    return _template(BANK_FILE)


def algebra_template() -> dict[str, Any]:
    """A create_template request with questions whose answers are mathematics, orders and pairs."""
    return _template(ALGEBRA_FILE)


def _template(file: Path) -> dict[str, Any]:
    template: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return template
