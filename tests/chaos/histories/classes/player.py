"""Plays a plan with classes."""

from functools import partial

from local.api import User
from tests.chaos.histories.classes.client import Client, SharedContext, finish_voiding
from tests.chaos.histories.classes.plan import CO_TEACHER, FIRST, OWNER, ClassPlan
from tests.chaos.histories.classes.record import ClassHistory
from tests.chaos.histories.device import QUESTIONS
from tests.chaos.histories.fault_level import FaultLevel
from tests.chaos.histories.plan import Json
from tests.chaos.histories.player import Player

QUESTIONS_PER_SKILL = 2
BANK: Json = {
    "sections": [
        {
            "name": "All",
            "exercises": [
                {"name": skill, "questions": bank[:QUESTIONS_PER_SKILL]}
                for skill, bank in QUESTIONS.items()
            ],
        }
    ]
}


def play_classes(player: Player, plan: ClassPlan) -> ClassHistory:
    """Plays the plan on an empty database. Raises Interrupted after a stop request."""
    player.clear()
    context = _set_up(player, plan)
    clients = [Client(number, context) for number in range(len(plan.steps))]
    runs = [partial(c.run, steps) for c, steps in zip(clients, plan.steps, strict=True)]
    finish = partial(finish_voiding, context)
    player.run(runs, plan.faults, context.history, context.stop, finish=finish)
    return context.history


def _set_up(player: Player, plan: ClassPlan) -> SharedContext:
    """A class with two teachers, a code, and a strict assignment. Nobody has joined."""
    everybody = (OWNER, CO_TEACHER, *plan.students)
    people = {uid: User(player.stack, uid, teacher=uid == OWNER) for uid in everybody}
    owner = people[OWNER]
    owned = {"name": "Sums", "visibility": "public", "template_data": BANK}
    template = _done(owner, "create_template", owned)["template"]
    history = ClassHistory(
        calm=plan.fault_level is FaultLevel.CALM,
        templates={},
        streaks={},
        max_students=plan.max_students,
    )
    context = SharedContext(people, template["template_id"], history)
    made = _done(owner, "create_class", {"name": FIRST, "max_students": plan.max_students})
    class_id = made["class"]["class_id"]
    shared = {"class_id": class_id, "teacher_ids": [OWNER, CO_TEACHER]}
    _done(owner, "update_class", shared)
    body = {"class_id": class_id, "template_id": template["template_id"], "points": 10}
    context.known.classes.append(class_id)
    context.known.codes[class_id].append(made["join"]["code"])
    assignment = _done(owner, "create_assignment", body)["assignment"]
    context.known.assignments.append(assignment)
    return context


def _done(user: User, function: str, body: Json) -> Json:
    response = user.call(function, body)
    response.raise_for_status()
    found: Json = response.json()
    return found
