"""Daily packs: decks of questions, and calls at instants of choice."""

from datetime import datetime
from secrets import token_hex
from typing import Any

from local.api import User
from shared.firestore.client import Client
from tests.support.firestore.faulty_channel import FaultyChannel
from tests.support.firestore.world import TEACHER, World, answer

Json = dict[str, Any]


def exercise(skill: str, *, questions: int = 4) -> Json:
    """An exercise whose questions tell their answer: the last number of the prompt."""
    return {
        "name": skill,
        "description": f"About {skill}",
        "questions": [
            {
                "question_id": f"{skill}-{n}",
                "kind": "numeric",
                "prompt": f"{skill}: write {n + 10}",
                "answer": n + 10,
            }
            for n in range(questions)
        ],
    }


def deck(*skills: str, questions: int = 4, data: Json | None = None, **fields: Any) -> Json:
    """A template; `data` is laid over its content."""
    exercises = [exercise(skill, questions=questions) for skill in skills]
    content = {"sections": [{"name": "All", "exercises": exercises}], **(data or {})}
    return {"name": "Deck", **fields, "template_data": content}


def right(question: Json) -> int:
    return int(question["prompt"].split()[-1])


def wrong(_: Json) -> int:
    return -1


def world_at(client: Client, now: datetime) -> World:
    """The functions at instants of choice, over the database of the stack."""
    world = World(client, FaultyChannel(), id_prefix=token_hex(6))
    world.now = now
    return world


def call(world: World, function: str, user: User | str, body: Json) -> Json:
    """The JSON of the reply, with its status."""
    uid = user if isinstance(user, str) else user.uid
    reply = world.call(function, body, by=uid)
    return {**(answer(reply) or {}), "_status": reply.status}


def practised(world: World, student: User, stored: Json, reply: Any = right) -> Json:
    """The state after an answer to each question until none is pending."""
    while stored["current"]["awaiting"] == "answer":
        question = pending(stored)
        given = {
            "type": "answer",
            "question_id": question["question_id"],
            "answer": reply(question),
        }
        turn = {"session_context": {"stored_session": stored}, "input": given}
        stored = call(world, "practice_turn", student, turn)["session_context"]["stored_session"]
    return stored


def pending(stored: Json) -> Json:
    """The question that waits for an answer."""
    (block,) = [block for block in stored["blocks"] if block["status"] == "current"]
    question_id = stored["current"]["question_id"]
    found: Json = next(q for q in block["questions"] if q["question_id"] == question_id)
    return found


def assigned(world: World, student: User, *skills: str, **fields: Any) -> str:
    """The id of a new template of a teacher, assigned to the student."""
    body = {**deck(*skills, **fields), "student_ids": [student.uid]}
    reply = call(world, "create_template", TEACHER, body)
    template_id: str = reply["template"]["template_id"]
    return template_id


def pack_of(world: World, student: User, **body: Any) -> Json:
    return call(world, "daily_pack", student, body)


def done(world: World, student: User, reply: Json, reply_to: Any = right) -> Json:
    """Practises the pack to its end and completes its session; the reply of that."""
    stored = practised(world, student, reply["stored_session"], reply_to)
    body = {"session_id": reply["pack"]["session_id"], "stored_session": stored}
    return call(world, "complete_session", student, body)
