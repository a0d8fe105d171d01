"""A request of each operation that the back end takes as it stands, but for ids of its own; and
the replies, as record.py takes them from a stack.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

REPLIES_FILE = Path(__file__).with_name("replies.json")

TEMPLATE_ID = "5c0e4f7c9a4f0f6f1c9f2d3a"
SESSION_ID = "9a4f0f6f1c9f2d3a5c0e4f7c"

TEMPLATE: dict[str, Any] = {
    "name": "Daily scales",
    "description": "Ten minutes before anything else",
    "subject": "Music",
    "visibility": "assigned",
    "student_ids": ["sam"],
    "template_data": {
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
    },
}
# Made up by a client: without a seal, so with its answer keys.
OWN_TEMPLATE: dict[str, Any] = {
    "name": TEMPLATE["name"],
    "template_data": TEMPLATE["template_data"],
}
BEGIN: dict[str, Any] = {"session_context": {"source_data": OWN_TEMPLATE}}
RUN: dict[str, Any] = {
    "assistant_id": "practice_turn",
    "input": BEGIN,
    "stream_mode": ["updates", "custom"],
}

EXAMPLES: Mapping[str, dict[str, Any]] = {
    "create_template": TEMPLATE,
    "update_template": {
        "template_id": TEMPLATE_ID,
        "version": 1,
        "description": "Five minutes before anything else",
    },
    "delete_template": {"template_id": TEMPLATE_ID},
    "start_session": {"template_id": TEMPLATE_ID, "timezone": "Europe/Berlin"},
    "update_progress": {
        "session_id": SESSION_ID,
        "items": [{"node_id": "c-major", "grade": "good", "notes": "Evenly, at 90"}],
    },
    "complete_session": {"session_id": SESSION_ID, "focus_score": 8, "notes": "Went well"},
    "cleanup_stale_sessions": {"limit": 1000, "dry_run": True},
    "practice_turn": BEGIN,
    "practice_turn_runs_wait": RUN,
    "practice_turn_runs_stream": RUN,
    "practice_turn_threads": {"metadata": {"template": "Daily scales"}},
    "practice_turn_thread_runs_wait": RUN,
    "practice_turn_thread_runs_stream": RUN,
}
THREAD_ID = "0f6f1c9f-2d3a-4c0e-8f7c-9a4f0f6f1c9f"


@cache
def replies() -> Mapping[str, Any]:
    """By operation and status, as in "start_session 201"."""
    taken: Mapping[str, Any] = json.loads(REPLIES_FILE.read_text(encoding="utf-8"))
    return taken
