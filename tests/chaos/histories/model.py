"""Reference model of a session's content after each change.

It is written from docs/architecture.md and docs/api.md and deliberately imports nothing of
shared/domain: a shared error would remain undetected.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.chaos.histories.record import Answer, Json, Template, state_key

FIRST, LATER, WRONG = "first", "later", "wrong"
INTO_SESSION_DATA = ("notes", "focus_score", "energy_level", "actual_duration_minutes")


@dataclass(frozen=True)
class Content:
    """The content of a session.

    `entries` is the length of the log. `unlisted` has each item that names no exercise, by its node
    id, with whether it is completed. `asked` has node id and correctness of each item with a
    question, in their order. In infinite practice, `state` is the stored practice state and
    `answers` are those that led to it. `closing` is the body of the request that completed the
    session.
    """

    data: Json
    entries: int = 0
    unlisted: Mapping[str, bool] = field(default_factory=dict)
    asked: tuple[tuple[str, bool], ...] = ()
    state: Json | None = None
    answers: tuple[Answer, ...] = ()
    closing: Json | None = None


def start_checklist(template: Template | None, body: Json) -> Content:
    """A checklist session at its start."""
    overlay = body.get("session_data", {})
    if template is None:
        return Content(overlay)
    source = template.template_data
    prepopulated = {
        **{name: value for name, value in source.items() if name != "tags"},
        "template_id": template.template_id,
        "template_name": template.name,
        "sections": [
            {
                **{k: v for k, v in section.items() if k != "actual_duration_minutes"},
                "exercises": [
                    {
                        **{k: v for k, v in exercise.items() if k != "questions"},
                        "completed": False,
                        "notes": "",
                    }
                    for exercise in section.get("exercises", [])
                ],
            }
            for section in source["sections"]
        ],
        "notes": "",
        "total_duration_minutes": source.get("total_duration_minutes"),
        "actual_duration_minutes": None,
        "focus_score": None,
        "energy_level": None,
    }
    return Content({**prepopulated, **overlay})


def apply_update(content: Content, body: Json) -> Content:
    """After session_data was merged into it and items were logged."""
    data = {**content.data, **body.get("session_data", {})}
    items = body.get("items", [])
    unlisted = dict(content.unlisted)
    for item in items:
        ticked = _ticked(data, item)
        unlisted.pop(item["node_id"], None)
        if ticked is None:
            unlisted[item["node_id"]] = item.get("completed", True)
        else:
            data = ticked
    return replace(
        content,
        data=data,
        entries=content.entries + len(items),
        unlisted=unlisted,
        asked=(
            *content.asked,
            *((item["node_id"], item["correct"]) for item in items if "correct" in item),
        ),
    )


def _ticked(data: Json, item: Json) -> Json | None:
    """The data with the item's exercise ticked; None when the item names no exercise."""
    named = [
        (s, e, exercise)
        for s, section in enumerate(data.get("sections", []))
        for e, exercise in enumerate(section.get("exercises", []))
        if exercise.get("id", exercise["name"]) == item["node_id"]
    ]
    if not named:
        return None
    at_s, at_e, _ = next((n for n in named if not n[2].get("completed")), named[0])
    change = {"completed": item.get("completed", True)}
    if "notes" in item:
        change["notes"] = item["notes"]
    sections = [
        {
            **section,
            **(
                {
                    "exercises": [
                        {**exercise, **change} if (s, e) == (at_s, at_e) else exercise
                        for e, exercise in enumerate(section["exercises"])
                    ]
                }
                if "exercises" in section
                else {}
            ),
        }
        for s, section in enumerate(data["sections"])
    ]
    return {**data, "sections": sections}


def apply_practice_state(content: Content, state: Json, answers: tuple[Answer, ...]) -> Content:
    """After a newer practice state was stored, which must descend from the stored one."""
    return replace(content, state=state, answers=answers, entries=len(answers))


def is_newer(content: Content, state: Json) -> bool:
    return content.state is None or state["seq"] > content.state["seq"]


def apply_completion(content: Content, body: Json) -> Content:
    noted = {name: body[name] for name in INTO_SESSION_DATA if name in body}
    return replace(content, data={**content.data, **noted}, closing=body)


def _exercises(content: Content) -> Iterator[Mapping[str, Any]]:
    for section in content.data.get("sections", []):
        yield from section.get("exercises", [])


def expected_fields(content: Content) -> Json:
    """The fields that the reply and the document must have."""
    if content.state is not None:
        count = done = asked = len(content.answers)
        right = sum(answer.correct for answer in content.answers)
    else:
        ticks = [bool(exercise.get("completed")) for exercise in _exercises(content)]
        count = len(ticks) + len(content.unlisted)
        done = sum(ticks) + sum(content.unlisted.values())
        latest = dict(content.asked)
        asked, right = len(latest), sum(latest.values())
    return {
        "session_data": content.data,
        "items_count": count,
        "items_completed": done,
        "total_questions": asked,
        "questions_correct": right,
        "score_percent": round(100 * right / asked, 1) if asked else None,
    }


def expected_completion_fields(content: Content, duration_seconds: int) -> Json:
    """The additional fields of a completed session."""
    closing = content.closing or {}
    minutes = content.data.get("actual_duration_minutes")
    spent = duration_seconds if minutes is None else round(minutes * 60)
    return {
        "topic": closing.get("topic"),
        "time_spent_seconds": closing.get("time_spent_seconds", spent),
    }


def stored_state_key(session: Json) -> str | None:
    """Without the history of the student, which a start adds to the skills that were sent."""
    state = session["stored_session"]
    if not state:
        return None
    if not state["progress"]["questions_answered"]:
        state = {**state, "skills": [skill["skill_id"] for skill in state["skills"]]}
    return state_key(state)


def has_work(session: Json) -> bool:
    return bool(session["items_completed"] or session["total_questions"])


def earned_xp(content: Content) -> Json:
    """XP by part, without the streak bonus, before repeated questions and caps are deducted."""
    results: dict[str, str] = {}
    graded = [(a.question_id, a.correct, a.hinted) for a in content.answers]
    for question, right, hinted in graded or [(q, right, False) for q, right in content.asked]:
        before = results.get(question)
        if before is None:
            results[question] = WRONG if not right else LATER if hinted else FIRST
        elif before == WRONG and right:
            results[question] = LATER
    fields = expected_fields(content)
    if not fields["items_completed"] and not fields["total_questions"]:
        return {"verified": 0, "claimed": 0, "session_bonus": 0}
    ticks = sum(bool(exercise.get("completed")) for exercise in _exercises(content))
    found = list(results.values())
    everything = 0 < fields["items_count"] == fields["items_completed"]
    questions = 10 * found.count(FIRST) + 5 * found.count(LATER)
    infinite = content.state is not None
    return {
        "verified": questions if infinite else 0,
        "claimed": 0 if infinite else questions + 2 * ticks,
        "session_bonus": 20 if everything or fields["items_completed"] >= 5 else 0,
    }


def log_entry(item: Json) -> Json:
    """An item's log entry without the fields that the server adds."""
    defaults = {
        "exercise_type": None,
        "grade": None,
        "correct": None,
        "score": None,
        "duration_ms": None,
        "completed": True,
        "notes": None,
        "answer": None,
        "extra": False,
    }
    return {**defaults, **item, "hinted": False, "verified": False}
