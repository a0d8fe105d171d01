"""`make demo`: a teacher and a student use the product over HTTP; exit 0 only if all held."""

import sys
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

import requests

from local import demo_practice
from local.api import User, found
from local.emulator import RULES, EmulatorError
from local.examples import GUITAR_SESSION, GUITAR_TEMPLATE
from local.run import Stopped, until_stopped
from local.stack import Stack, StackError, free_port, stack
from local.steps import DemoError, answer, held, title, told

PARENT_IDS = ["short-term-goal-1", "short-term-goal-2"]


@dataclass(frozen=True)
class People:
    teacher: User
    student: User
    stranger: User


def main() -> int:
    until_stopped()
    try:
        print("Starting the Firestore emulator and the functions ...", flush=True)
        with stack(port=free_port(), firestore_port=free_port(), quiet=True) as running:
            running.emulator.load_rules(running.project_id, RULES.read_text())
            walk_through(_people(running))
    except Stopped:
        print("\nStopped.")
        return 130
    except (DemoError, EmulatorError, StackError, requests.RequestException) as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        return 1
    print("\nEverything held.")
    return 0


def _people(running: Stack) -> People:
    # An emulator that was there before may know earlier demos.
    run = token_hex(3)
    return People(
        teacher=User(running, f"teacher-{run}", teacher=True),
        student=User(running, f"student-{run}"),
        stranger=User(running, f"stranger-{run}"),
    )


def walk_through(people: People) -> None:
    template_id = template(people)
    session_id = session(people, template_id)
    progress(people, session_id)
    completion(people, session_id)
    gradebook(people, template_id, session_id)
    archive(people, template_id)
    demo_practice.walk_through(people.teacher, people.student)


def template(people: People) -> str:
    title("The teacher writes a template and assigns it")
    created = answer(
        people.teacher.call(
            "create_template", {**GUITAR_TEMPLATE, "student_ids": [people.student.uid]}
        ),
        201,
    )["template"]
    template_id: str = created["template_id"]
    path = f"session_templates/{template_id}"
    for who, user in (("teacher", people.teacher), ("student", people.student)):
        stored = user.read(path)
        held(
            f"read by the {who} under the rules, nothing of it is lost or altered",
            all(stored[key] == value for key, value in GUITAR_TEMPLATE.items()),
        )
    held("a stranger may not read it", people.stranger.get(path).status_code == 403)
    return template_id


def session(people: People, template_id: str) -> str:
    title("The student starts a session from it, linked to two goals")
    started = answer(
        people.student.call(
            "start_session",
            {"template_id": template_id, "parent_ids": PARENT_IDS, "timezone": "Europe/Berlin"},
        ),
        201,
    )
    begun = started["session"]
    held("it is assigned work", begun["origin"] == "assigned")
    held("both goals are linked", begun["parent_ids"] == PARENT_IDS)
    held("every exercise waits", begun["items_count"] == 5 and begun["items_completed"] == 0)
    held("the first is next", started["next_item"]["node_id"] == "Chromatic scales")
    again = answer(people.student.call("start_session", {"template_id": template_id}), 200)
    held(
        "starting once more goes on with the same session",
        again["resumed"] and again["session"]["session_id"] == begun["session_id"],
    )
    session_id: str = begun["session_id"]
    return session_id


def progress(people: People, session_id: str) -> None:
    title("The student practises; progress is kept in several calls")
    item = {"node_id": "Chromatic scales", "grade": "good", "notes": "Felt good today"}
    ticked = answer(
        people.student.call("update_progress", {"session_id": session_id, "items": [item]}), 200
    )
    held("an exercise done is ticked and noted", ticked["session"]["items_completed"] == 1)
    held("the next one follows", ticked["next_item"]["node_id"] == "Finger stretches")
    revision = ticked["session"]["revision"]
    sections = GUITAR_SESSION["sections"]
    said_at_the_end = {"notes", "focus_score", "energy_level", "actual_duration_minutes"}
    rest = {k: v for k, v in GUITAR_SESSION.items() if k not in {*said_at_the_end, "sections"}}
    for change in ({"sections": sections[:1]}, {"sections": sections}, rest):
        updated = answer(
            people.student.call(
                "update_progress",
                {"session_id": session_id, "revision": revision, "session_data": change},
            ),
            200,
        )["session"]
        revision = updated["revision"]
    stale = people.student.call(
        "update_progress",
        {"session_id": session_id, "revision": 1, "session_data": {"notes": "from another phone"}},
    )
    held(
        "a device that missed them is told so",
        answer(stale, 412)["reason"] == "REVISION_MISMATCH",
    )


def completion(people: People, session_id: str) -> None:
    title("The student completes it: 55 minutes, focus 8, energy 7")
    closing = {
        "session_id": session_id,
        "actual_duration_minutes": 55,
        "focus_score": 8,
        "energy_level": 7,
        "notes": GUITAR_SESSION["notes"],
    }
    completed = answer(people.student.call("complete_session", closing), 200)
    summary = completed["summary"]
    told(f"summary: {summary}")
    held(
        "3 of 4 exercises are done", (summary["items_completed"], summary["items_count"]) == (3, 4)
    )
    held("55 minutes count", summary["time_spent_seconds"] == 55 * 60)
    held(
        "6 XP for exercises, 5 for the first day of a streak",
        summary["xp"] == {"items": 6, "session_bonus": 0, "streak_bonus": 5, "total": 11},
    )
    held("the streak begins", (summary["streak_before"], summary["streak_after"]) == (0, 1))
    repeated = answer(people.student.call("complete_session", closing), 200)
    held("a double tap pays nothing twice", repeated == completed)
    for who, user in (("student", people.student), ("teacher", people.teacher)):
        stored = user.read(f"practice_sessions/{session_id}")
        held(
            f"read by the {who} under the rules, nothing of the session is lost or altered",
            stored["session_data"] == GUITAR_SESSION,
        )


def gradebook(people: People, template_id: str, session_id: str) -> None:
    title("The gradebook: assigned work and self-practice apart")
    own = answer(
        people.student.call("start_session", {"name": "Quick Practice", "subject": "Music"}), 201
    )["session"]
    held("a blank session is self-practice", own["origin"] == "self_practice")
    items = [{"node_id": "Improvise over a blues", "grade": "easy"}]
    practised = {"session_id": own["session_id"], "items": items}
    answer(people.student.call("update_progress", practised), 200)
    answer(people.student.call("complete_session", {"session_id": own["session_id"]}), 200)
    student = people.student.read(f"students/{people.student.uid}")
    totals = student["totals"]
    held(
        "one session each", [totals[o]["sessions"] for o in ("assigned", "self_practice")] == [1, 1]
    )
    held("XP is theirs together", student["xp_total"] == 11 + 20)
    held("the second session of a day is no second day", student["streak"]["current"] == 1)
    of_template = people.teacher.query(_teachers_sessions(people.teacher.uid, template_id))
    held("the teacher finds the assigned session", len(found(of_template)) == 1)
    private = people.teacher.get(f"practice_sessions/{own['session_id']}")
    held("and not the self-practice", private.status_code == 403)
    log = found(
        people.student.query(
            {"from": [{"collectionId": "items"}]}, parent=f"/practice_sessions/{session_id}"
        )
    )
    held("the item log has what was reported", [i["node_id"] for i in log] == ["Chromatic scales"])


def archive(people: People, template_id: str) -> None:
    title("The teacher deletes the template")
    answer(people.teacher.call("delete_template", {"template_id": template_id}), 204)
    refused = answer(people.student.call("start_session", {"template_id": template_id}), 409)
    held("no session starts from it any more", refused["reason"] == "TEMPLATE_ARCHIVED")


def _teachers_sessions(teacher_id: str, template_id: str) -> dict[str, Any]:
    def equal(field: str, value: str) -> dict[str, Any]:
        return {
            "fieldFilter": {
                "field": {"fieldPath": field},
                "op": "EQUAL",
                "value": {"stringValue": value},
            }
        }

    filters = [equal("teacher_id", teacher_id), equal("template_id", template_id)]
    return {
        "from": [{"collectionId": "practice_sessions"}],
        "where": {"compositeFilter": {"op": "AND", "filters": filters}},
        "orderBy": [{"field": {"fieldPath": "started_at"}, "direction": "DESCENDING"}],
    }


if __name__ == "__main__":
    sys.exit(main())
