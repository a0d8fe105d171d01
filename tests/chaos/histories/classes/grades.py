"""Checks of the gradebook: cells, overrides with their audit log, and what is shown live."""

import json
from collections.abc import Iterator
from dataclasses import replace

from tests.chaos.histories import sessions, students
from tests.chaos.histories.classes.player import QUESTIONS_PER_SKILL
from tests.chaos.histories.classes.record import (
    classes_of,
    given_of,
    name,
    turns_of,
    voided_of,
    work_of,
)
from tests.chaos.histories.device import ANSWERS, QUESTIONS
from tests.chaos.histories.record import History, Json, Stored
from tests.chaos.histories.sessions import log_of

ASKED = QUESTIONS_PER_SKILL * len(QUESTIONS)
NO_CELL: Json = {"revision": 0, "override": None}


def cells(history: History) -> Iterator[str]:
    """Each session has a cell in its student's row, which says what the session says, and the score
    of the answers that were sent. Other cells have an override alone.
    """
    of_sessions = set()
    for session_id, stored in work_of(history).items():
        session = stored.fields
        place = session["class_id"], session["student_id"], session["assignment_id"]
        of_sessions.add(place)
        cell = _cell(history, *place)
        wanted = _wanted(history, session_id, session)
        for field, value in wanted.items():
            if cell.get(field) != value:
                yield f"{place}: {field} is {cell.get(field)}, not {value}"
    for class_id in classes_of(history):
        for uid, row in history.documents_in(f"classes/{class_id}/rows").items():
            for assignment_id, cell in row.fields.get("cells", {}).items():
                has_work = (class_id, uid, assignment_id) in of_sessions
                if not has_work and (cell.get("status") or not cell.get("revision")):
                    yield f"{(class_id, uid, assignment_id)} has a cell without a session: {cell}"


def _wanted(history: History, session_id: str, session: Json) -> Json:
    begun = {"session_id": session_id, "started_at": session["started_at"]}
    if session["status"] == "active":
        return {**begun, "status": "in_progress", "score_percent": None, "submitted_at": None}
    answered, right = _answers(history, session_id, session)
    asked = ASKED - len(voided_of(history, session))
    return {
        **begun,
        "status": "submitted",
        "submitted_at": session["ended_at"],
        "score_percent": round(100 * right / asked, 1),
        "questions_correct": right,
        "total_questions": answered,
    }


def _answers(history: History, session_id: str, session: Json) -> tuple[int, int]:
    """How many questions were answered, and how many right, by what was sent. Those that are out
    don't count.
    """
    voided = voided_of(history, session)
    if session["assignment"]["policy"] == "strict":
        given = [given_of(turn.fields) for turn in turns_of(history, session_id).values()]
        answered = [each for each in given if each["type"] == "answer"]
        answers = [each for each in answered if each["question_id"] not in voided]
        right = [each for each in answers if ANSWERS[each["question_id"]] == each["answer"]]
        return len(answers), len(right)
    log = [each for each in log_of(history, session_id) if each["node_id"] not in voided]
    return len(log), sum(entry["correct"] for entry in log)


def logs(history: History) -> Iterator[str]:
    """Work that was handed in has an item for each answer that was sent, in their order."""
    for session_id, stored in work_of(history).items():
        session = stored.fields
        log = [(entry["node_id"], entry["correct"]) for entry in log_of(history, session_id)]
        if session["assignment"]["policy"] == "strict":
            turns = sorted(turns_of(history, session_id).items())
            given = [given_of(turn.fields) for _, turn in turns]
            answered = [
                (each["question_id"], ANSWERS[each["question_id"]] == each["answer"])
                for each in given
                if each["type"] == "answer"
            ]
            possible = [answered if session["status"] == "completed" else []]
        else:
            possible = [[], *_sent_answers(history, session_id)]
        if log not in possible:
            yield f"session {session_id} has the items {log}, not one of {possible}"


def _sent_answers(history: History, session_id: str) -> Iterator[list[tuple[str, bool]]]:
    """The answers of each state that was sent to be stored, and may have been."""
    for exchange in history.exchanges:
        state = exchange.body.get("stored_session")
        if (
            state
            and state["session_id"] == session_id
            and (exchange.is_success or exchange.is_open)
        ):
            yield [(each.question_id, each.correct) for each in history.answers_of(state)]


def audit(history: History) -> Iterator[str]:
    """Each revision of a grade has one entry, which leads from the one before to the next, and the
    last one to the override. Each was asked for by one request.
    """
    for class_id in classes_of(history):
        entries = _entries(history, class_id)
        notes = [entry["note"] for each in entries.values() for entry in each]
        if twice := {note for note in notes if notes.count(note) > 1}:
            yield f"class {class_id}: several entries are of one request: {sorted(twice)}"
        graded = {
            (uid, assignment_id)
            for uid, row in history.documents_in(f"classes/{class_id}/rows").items()
            for assignment_id in row.fields.get("cells", {})
        }
        for uid, assignment_id in graded | entries.keys():
            cell = {**NO_CELL, **_cell(history, class_id, uid, assignment_id)}
            own = entries.get((uid, assignment_id), [])
            place = f"{class_id} {uid} {assignment_id}"
            if len(own) != cell["revision"]:
                yield f"{place} has revision {cell['revision']} and {len(own)} entries"
            grades = [None, *(entry["after"] for entry in own)]
            if [entry["before"] for entry in own] != grades[:-1]:
                yield f"{place}: the entries do not follow each other: {own}"
            override = cell["override"]
            if (override and override["grade"]) != grades[-1]:
                yield f"{place}: the override is {override}, not {grades[-1]}"
            for entry in own:
                if not _was_asked(history, entry):
                    yield f"{place}: nobody asked for {entry['note']}"


def answered_overrides(history: History) -> Iterator[str]:
    """An answered override is in the log at the revision that its reply reports."""
    for exchange in history.exchanges:
        if exchange.function == "override_grade" and exchange.is_success:
            body, revision = exchange.body, exchange.reply["cell"]["revision"]
            place = body["student_id"], body["assignment_id"]
            own = _entries(history, body["class_id"]).get(place, [])
            after = own[revision - 1]["after"] if 0 < revision <= len(own) else None
            if revision > len(own) or after != body["score_percent"]:
                yield f"{name(exchange)} was answered with revision {revision}, which is {after}"


def _entries(history: History, class_id: str) -> dict[tuple[str, str], list[Json]]:
    """The entries of each grade, the oldest first."""
    found: dict[tuple[str, str], list[Json]] = {}
    stored = history.documents_in(f"classes/{class_id}/audit").values()
    for entry in sorted(stored, key=lambda entry: entry.created_at):
        fields = entry.fields
        if "question_id" in fields:
            continue
        found.setdefault((fields["student_id"], fields["assignment_id"]), []).append(fields)
    return found


def _was_asked(history: History, entry: Json) -> bool:
    return any(
        exchange.uid == entry["by"]
        and exchange.body.get("student_id") == entry["student_id"]
        and exchange.body.get("assignment_id") == entry["assignment_id"]
        and exchange.body["score_percent"] == entry["after"]
        and entry["note"] in (exchange.body["note"], "another body")
        for exchange in history.exchanges
        if exchange.function == "override_grade"
    )


def assignments(history: History) -> Iterator[str]:
    """Each version of an assignment is of one change, and the last one is stored."""
    replied: dict[tuple[str, int], str] = {}
    for exchange in history.exchanges:
        if exchange.function not in ("create_assignment", "update_assignment"):
            continue
        if not exchange.is_success or exchange.replayed:
            continue
        reply = exchange.reply["assignment"]
        class_id, assignment_id, version = (
            reply["class_id"],
            reply["assignment_id"],
            reply["version"],
        )
        stored = history.documents.get(f"classes/{class_id}/assignments/{assignment_id}")
        if stored is None or stored.fields["version"] < version:
            yield f"{name(exchange)} was answered with version {version}, which is not stored"
        shown = json.dumps({**reply, "regrading": None}, sort_keys=True)
        if replied.setdefault((assignment_id, version), shown) != shown:
            yield f"{name(exchange)} was answered with version {version}, which was another one"
        if (
            stored
            and stored.fields["version"] == version
            and stored.fields["points"] != reply["points"]
        ):
            yield f"{name(exchange)} was answered with points that are not stored"


def live(history: History) -> Iterator[str]:
    """What is shown of a student is of work in progress, as far as it is stored. It is gone when
    the work is handed in, and there while the work that was written last goes on.
    """
    work = [stored.fields for stored in work_of(history).values()]
    for class_id in classes_of(history):
        shown = history.documents_in(f"classes/{class_id}/live")
        for uid, stored in shown.items():
            assignment_id = stored.fields["assignment_id"]
            own = [s for s in work if (s["student_id"], s["assignment_id"]) == (uid, assignment_id)]
            if not own or own[0]["status"] != "active":
                yield f"{class_id}: {uid} is shown at work that is not in progress"
            elif own[0]["items_completed"] != stored.fields["answered"]:
                yield f"{class_id}: {uid} is shown with {stored.fields['answered']} answers"
        for uid, last in _last_written(history, class_id).items():
            is_at_work = last["status"] == "active" and last["items_completed"] > 0
            if is_at_work and _is_member(history, class_id, uid) and uid not in shown:
                yield f"{class_id}: {uid} is at work and not shown"


def _last_written(history: History, class_id: str) -> dict[str, Json]:
    """Of each student in a class the session that was written last."""
    stored = [s for s in work_of(history).values() if s.fields["class_id"] == class_id]
    return {
        each.fields["student_id"]: each.fields
        for each in sorted(stored, key=lambda each: each.updated_at)
    }


def voiding(history: History) -> Iterator[str]:
    """An answered request took its question out, once, and all work is graded without it."""
    for class_id in classes_of(history):
        stored = history.documents_in(f"classes/{class_id}/audit").values()
        entries = [s.fields for s in stored if "question_id" in s.fields]
        logged = sorted((entry["assignment_id"], entry["question_id"]) for entry in entries)
        out = []
        for assignment_id, of in history.documents_in(f"classes/{class_id}/assignments").items():
            out += [(assignment_id, question_id) for question_id in of.fields["voided"]]
            if of.fields["voided"] and not of.fields["regrading"]["finished_at"]:
                yield f"assignment {assignment_id} is not graded without what is out of it"
        if logged != sorted(out):
            yield f"class {class_id}: {sorted(out)} are out, and the audit log has {logged}"
        for exchange in history.exchanges:
            body = exchange.body
            place = body.get("assignment_id"), body.get("question_id")
            is_here = exchange.function == "void_item" and body["class_id"] == class_id
            if is_here and exchange.is_success and place not in out:
                yield f"{name(exchange)} was answered, but its question is not out"


def xp_and_totals(history: History) -> Iterator[str]:
    """XP and totals are the sums over completions, as in other histories. They stay where a
    question is taken out, and the sessions change: those students can't be summed up.
    """
    changed = {
        session.fields["student_id"]
        for session in work_of(history).values()
        if voided_of(history, session.fields)
    }
    known = {uid: dict[str, object]() for uid in history.documents_in("students")}
    unchanged = {uid: streak for uid, streak in known.items() if uid not in changed}
    yield from students.xp_and_totals(replace(history, streaks=unchanged))


def ended_sessions(history: History) -> Iterator[str]:
    """As in other histories. Work is written again where a question is taken out."""
    again = {
        session_id
        for session_id, session in work_of(history).items()
        if voided_of(history, session.fields)
    }
    samples = [
        replace(sample, sessions=[s for s in sample.sessions if s.session_id not in again])
        for sample in history.samples
    ]
    yield from sessions.ended_sessions(replace(history, samples=samples))


def _cell(history: History, class_id: str, uid: str, assignment_id: str) -> Json:
    row: Stored | None = history.documents.get(f"classes/{class_id}/rows/{uid}")
    found: Json = row.fields.get("cells", {}).get(assignment_id, {}) if row else {}
    return found


def _is_member(history: History, class_id: str, uid: str) -> bool:
    member = history.documents.get(f"classes/{class_id}/members/{uid}")
    return member is not None and member.fields["status"] == "active"
