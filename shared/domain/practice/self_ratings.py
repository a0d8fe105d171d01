"""Self-ratings: the steps and the recall of an exercise without questions, rated by the student.

They are made from the exercise's description and belong together: a block asks the steps in their
order, and a later block the recall before them. Their ids contain a hash of the exercise's.
"""

import hashlib
import re

from shared.domain.questions.kinds.self_rated import SelfRated
from shared.domain.templates.template import Exercise

MAX_STEPS = 6
MAX_STEP = 300
RATING_ID = re.compile(r"rate-([0-9a-f]{12})-(?:[1-9]|recall)")
# Sessions begun by an older version continue with its ratings, each a question of its own.
OLDER_RATING_ID = re.compile(r"(?:do|recall)-[0-9a-f]{12}")
# The ends of lines, of sentences (also with full-width marks) and semicolons. After an abbreviation
# the text continues in lower case.
STEP_ENDS = re.compile(r"\n|;|(?<=[.!?])\s+(?![a-z])|(?<=[\u3002\uff01\uff1f])")
# A dash or a number in front of a step.
STEP_MARK = re.compile(r"^(?:[-*•\u2013]\s+|\(?\d{1,2}[.)](?:\s+|$))")


def exercise_key(node_id: str) -> str:
    return hashlib.sha256(node_id.encode()).hexdigest()[:12]


def is_self_rating(question_id: str) -> bool:
    """Whether the question was made by rate_exercise, of this version or an older one."""
    return bool(rated_exercise(question_id) or OLDER_RATING_ID.fullmatch(question_id))


def rated_exercise(question_id: str) -> str | None:
    """The key of the exercise that a rating belongs to, None for other questions."""
    found = RATING_ID.fullmatch(question_id)
    return found[1] if found else None


def is_recall(question_id: str) -> bool:
    return rated_exercise(question_id) is not None and question_id.endswith("-recall")


def rate_exercise(exercise: Exercise) -> list[SelfRated]:
    """The ratings of an exercise: two steps or more, then its recall.

    Recall strengthens memory more than reading again (Roediger & Karpicke, Psychological Science
    17, 2006).
    """
    key, steps = exercise_key(exercise.id or exercise.name), steps_of(exercise.description or "")
    prompts = _step_prompts(exercise.name, steps)
    return [
        *(_rating(f"rate-{key}-{n}", prompt) for n, prompt in enumerate(prompts, start=1)),
        _rating(f"rate-{key}-recall", _recall_prompt(exercise.name, described=bool(steps))),
    ]


def steps_of(description: str) -> list[str]:
    """The lines and sentences of a description; the last step has the remaining text."""
    parts = (STEP_MARK.sub("", part.strip()) for part in STEP_ENDS.split(description))
    steps = [part for part in parts if part]
    whole = [*steps[: MAX_STEPS - 1], " ".join(steps[MAX_STEPS - 1 :])]
    return [step[:MAX_STEP] for step in whole if step]


def _step_prompts(name: str, steps: list[str]) -> list[str]:
    if len(steps) > 1:
        return [
            f"{name}, step {number} of {len(steps)}: {step}\nPractise it. How did it go?"
            for number, step in enumerate(steps, start=1)
        ]
    task = ": ".join([name, *steps])
    return [
        f"{task}\nPractise it once with full attention. How did it go?",
        f"{task}\nPractise it again and attend to what went worst. How did it go this time?",
    ]


def _recall_prompt(name: str, *, described: bool) -> str:
    if described:
        task = "say what it asks for and how you go about it. Then look it up."
    else:
        task = "go through it in your mind from beginning to end."
    return f"{name}: with nothing in front of you, {task} How well did you know it?"


def _rating(question_id: str, prompt: str) -> SelfRated:
    return SelfRated(question_id=question_id, kind="self_rated", prompt=prompt)
