"""`make demo`: a teacher and a student use the product over HTTP. Exit code 1 if a check fails."""

import sys
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

import requests

from local import demo_practice, web_app
from local.api import TIMEOUT_SECONDS, User, found
from local.emulator import RULES, EmulatorError
from local.examples import GUITAR_SESSION, GUITAR_TEMPLATE
from local.run import Stopped, raise_on_stop_signals
from local.stack import Stack, StackError, free_port, start_stack
from local.walkthrough import (
    CheckFailed,
    print_detail,
    print_heading,
    require,
    require_status,
)
from shared.domain.students.scoring import XP_EXERCISE_TICKED, XP_PER_STREAK_DAY, XP_SESSION_BONUS
from shared.domain.students.timing import Flag

PARENT_IDS = ["short-term-goal-1", "short-term-goal-2"]


@dataclass(frozen=True)
class People:
    teacher: User
    student: User
    stranger: User


def main() -> int:
    raise_on_stop_signals()
    try:
        print("Starting the Firestore emulator and the functions ...", flush=True)
        with start_stack(port=free_port(), firestore_port=free_port(), quiet=True) as running:
            running.emulator.load_rules(running.project_id, RULES.read_text())
            walk_through(_people(running))
            open_web_app(running)
    except Stopped:
        print("\nStopped.")
        return 130
    except (CheckFailed, EmulatorError, StackError, requests.RequestException) as error:
        print(f"\nThe demo failed: {error}", file=sys.stderr)
        return 1
    print("\nEverything held.")
    return 0


def _people(running: Stack) -> People:
    # The emulator may contain the documents of earlier demonstrations.
    run = token_hex(3)
    return People(
        teacher=User(running, f"teacher-{run}", teacher=True),
        student=User(running, f"student-{run}"),
        stranger=User(running, f"stranger-{run}"),
    )


def walk_through(people: People) -> None:
    """Raises CheckFailed, or requests.RequestException when a call fails."""
    template_id = create_template(people)
    session_id = start_session(people, template_id)
    update_progress(people, session_id)
    complete_session(people, session_id)
    read_gradebook(people, template_id, session_id)
    delete_template(people, template_id)
    demo_practice.walk_through(people.teacher, people.student)


def open_web_app(running: Stack) -> None:
    """Raises CheckFailed, or requests.RequestException when a request fails."""
    print_heading("The web app, for whoever would rather click")
    if not web_app.is_built():
        print_detail(f"It is {web_app.NOT_BUILT}.")
        return
    page = requests.get(f"{running.url}/", timeout=TIMEOUT_SECONDS)
    config = requests.get(f"{running.url}/config.json", timeout=TIMEOUT_SECONDS).json()
    require("the stack serves it at /", page.ok and '<div id="root">' in page.text)
    require("it is configured for this project", config["projectId"] == running.project_id)
    print_detail("`make run` serves it at http://127.0.0.1:8080/: sign in there with one press.")


def create_template(people: People) -> str:
    print_heading("The teacher writes a template and assigns it")
    created = require_status(
        people.teacher.call(
            "create_template", {**GUITAR_TEMPLATE, "student_ids": [people.student.uid]}
        ),
        201,
    )["template"]
    template_id: str = created["template_id"]
    path = f"session_templates/{template_id}"
    for who, user in (("teacher", people.teacher), ("student", people.student)):
        stored = user.read(path)
        require(
            f"the {who} reads it under the rules, complete and unchanged",
            all(stored[key] == value for key, value in GUITAR_TEMPLATE.items()),
        )
    require("a stranger must not read it", people.stranger.get(path).status_code == 403)
    return template_id


def start_session(people: People, template_id: str) -> str:
    print_heading("The student starts a session from it, linked to two goals")
    started = require_status(
        people.student.call(
            "start_session",
            {"template_id": template_id, "parent_ids": PARENT_IDS, "timezone": "Europe/Berlin"},
        ),
        201,
    )
    begun = started["session"]
    require("it is assigned work", begun["origin"] == "assigned")
    require("both goals are linked", begun["parent_ids"] == PARENT_IDS)
    require("no exercise is done yet", begun["items_count"] == 5 and begun["items_completed"] == 0)
    require(
        "the next exercise is the first one", started["next_item"]["node_id"] == "Chromatic scales"
    )
    again = require_status(people.student.call("start_session", {"template_id": template_id}), 200)
    require(
        "a second start resumes the same session",
        again["resumed"] and again["session"]["session_id"] == begun["session_id"],
    )
    session_id: str = begun["session_id"]
    return session_id


def update_progress(people: People, session_id: str) -> None:
    print_heading("The student practises and saves progress in several calls")
    item = {"node_id": "Chromatic scales", "grade": "good", "notes": "Felt good today"}
    ticked = require_status(
        people.student.call("update_progress", {"session_id": session_id, "items": [item]}), 200
    )
    require("the exercise is ticked and has its note", ticked["session"]["items_completed"] == 1)
    require(
        "the next exercise is the second one", ticked["next_item"]["node_id"] == "Finger stretches"
    )
    revision = ticked["session"]["revision"]
    sections = GUITAR_SESSION["sections"]
    sent_at_completion = {"notes", "focus_score", "energy_level", "actual_duration_minutes"}
    rest = {k: v for k, v in GUITAR_SESSION.items() if k not in {*sent_at_completion, "sections"}}
    for change in ({"sections": sections[:1]}, {"sections": sections}, rest):
        updated = require_status(
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
    require(
        "a device with an old revision is refused",
        require_status(stale, 412)["reason"] == "REVISION_MISMATCH",
    )


def complete_session(people: People, session_id: str) -> None:
    print_heading("The student completes it: 55 minutes, focus 8, energy 7")
    closing = {
        "session_id": session_id,
        "actual_duration_minutes": 55,
        "focus_score": 8,
        "energy_level": 7,
        "notes": GUITAR_SESSION["notes"],
    }
    completed = require_status(people.student.call("complete_session", closing), 200)
    summary = completed["summary"]
    print_detail(f"summary: {summary}")
    require(
        "3 of 4 exercises are done", (summary["items_completed"], summary["items_count"]) == (3, 4)
    )
    require("55 minutes are counted", summary["time_spent_seconds"] == 55 * 60)
    items_xp = 3 * XP_EXERCISE_TICKED
    require(
        f"{items_xp} XP for exercises, {XP_PER_STREAK_DAY} for the first day of a streak",
        summary["xp"]
        == {
            "items": items_xp,
            "session_bonus": 0,
            "streak_bonus": XP_PER_STREAK_DAY,
            "total": items_xp + XP_PER_STREAK_DAY,
            "verified": 0,
        },
    )
    require("the streak starts", (summary["streak_before"], summary["streak_after"]) == (0, 1))
    repeated = require_status(people.student.call("complete_session", closing), 200)
    require("a repeated completion pays nothing twice", repeated == completed)
    for who, user in (("student", people.student), ("teacher", people.teacher)):
        stored = user.read(f"practice_sessions/{session_id}")
        require(
            f"the {who} reads the session under the rules, complete and unchanged",
            stored["session_data"] == GUITAR_SESSION,
        )
        require(
            f"the {who} reads that 55 minutes are more than the clock counted",
            stored["flags"] == [Flag.CLAIMED_TIME_EXCEEDS_CLOCK],
        )


def read_gradebook(people: People, template_id: str, session_id: str) -> None:
    print_heading("The gradebook: assigned work and self-practice are separate")
    own = require_status(
        people.student.call("start_session", {"name": "Quick Practice", "subject": "Music"}), 201
    )["session"]
    require("a blank session is self-practice", own["origin"] == "self_practice")
    items = [{"node_id": "Improvise over a blues", "grade": "easy"}]
    practised = {"session_id": own["session_id"], "items": items}
    require_status(people.student.call("update_progress", practised), 200)
    require_status(people.student.call("complete_session", {"session_id": own["session_id"]}), 200)
    student = people.student.read(f"students/{people.student.uid}")
    totals = student["totals"]
    require(
        "each origin has one session",
        [totals[o]["sessions"] for o in ("assigned", "self_practice")] == [1, 1],
    )
    of_assigned = 3 * XP_EXERCISE_TICKED + XP_PER_STREAK_DAY
    require("XP is the sum of both", student["xp_total"] == of_assigned + XP_SESSION_BONUS)
    require("all of it is claimed, none verified", student["xp_verified"] == 0)
    require(
        "a second session on the same day does not extend the streak",
        student["streak"]["current"] == 1,
    )
    of_template = people.teacher.query(_teachers_sessions(people.teacher.uid, template_id))
    require("the teacher finds the assigned session", len(found(of_template)) == 1)
    private = people.teacher.get(f"practice_sessions/{own['session_id']}")
    require("and must not read the self-practice", private.status_code == 403)
    log = found(
        people.student.query(
            {"from": [{"collectionId": "items"}]}, parent=f"/practice_sessions/{session_id}"
        )
    )
    require(
        "the item log contains the reported exercise",
        [i["node_id"] for i in log] == ["Chromatic scales"],
    )


def delete_template(people: People, template_id: str) -> None:
    print_heading("The teacher deletes the template")
    require_status(people.teacher.call("delete_template", {"template_id": template_id}), 204)
    refused = require_status(
        people.student.call("start_session", {"template_id": template_id}), 409
    )
    require("no further session can start from it", refused["reason"] == "TEMPLATE_ARCHIVED")


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
