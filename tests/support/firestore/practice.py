"""Infinite practice in a world: turns taken in process, and requests that store their states."""

from typing import Any

from pydantic_core import to_jsonable_python

from shared.domain.practice.source import source_from_template
from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import start_practice
from shared.domain.students.scoring import XP_RIGHT_AT_FIRST_TRY, XP_RIGHT_LATER
from tests.support.firestore.world import STUDENT, TEACHER, World, answer
from tests.support.tutor.playing import Player, right, wrong

QUESTIONS: list[dict[str, Any]] = [
    {
        "question_id": f"q{n}",
        "kind": "numeric",
        "prompt": f"{n} + {n}",
        "answer": 2 * n,
        "hints": [f"Twice {n}."],
    }
    for n in range(8)
]
TEMPLATE: dict[str, Any] = {
    "name": "Sums",
    "subject": "Maths",
    "student_ids": [STUDENT],
    "template_data": {
        "sections": [
            {"name": "All", "exercises": [{"name": "Addition", "questions": QUESTIONS}]},
        ]
    },
}
# Right, wrong, and right after a hint.
ANSWERED, CORRECT, PAID = 5, 4, 3 * XP_RIGHT_AT_FIRST_TRY + XP_RIGHT_LATER


def template(world: World, **changes: Any) -> dict[str, Any]:
    """A template as its students read it."""
    reply = world.call("create_template", {**TEMPLATE, **changes}, by=TEACHER)
    created: dict[str, Any] = answer(reply)["template"]
    return created


def begin(
    world: World, source: dict[str, Any], *, session_id: str = "practice", by: str = STUDENT
) -> Player:
    """Practice on a template, its first question pending."""
    sealed = source.get("seal")
    opened = world.template_sealer.open(sealed) if sealed else None
    player = Player(
        start_practice(
            source_from_template(source, opened),
            session_id=session_id,
            student_id=by,
            tutor="offline",
            at=world.now,
        )
    )
    player.present()
    return player


def practised(player: Player) -> Player:
    """Five answers: right, wrong, right after a hint, right, right."""
    player.answer(right(player.pending))
    player.answer(wrong(player.pending))
    player.hint()
    for _ in range(3):
        player.answer(right(player.pending))
    return player


def form(world: World, practice: Practice) -> dict[str, Any]:
    stored: dict[str, Any] = to_jsonable_python(world.practice_sealer.seal(practice))
    return stored


def started(world: World, player: Player) -> str:
    body = {"stored_session": form(world, player.practice), "timezone": "UTC"}
    session_id: str = answer(world.call("start_session", body))["session"]["session_id"]
    return session_id


def practice_to_start(world: World) -> dict[str, Any]:
    player = practised(begin(world, template(world)))
    return {"stored_session": form(world, player.practice), "timezone": "UTC"}


def practice_to_update(world: World) -> dict[str, Any]:
    player = begin(world, template(world))
    session_id = started(world, player)
    return {
        "session_id": session_id,
        "stored_session": form(world, practised(player).practice),
    }


def practice_to_complete(world: World) -> dict[str, Any]:
    return {**practice_to_update(world), "notes": "went well"}
