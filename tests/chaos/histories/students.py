"""Checks of students: XP, totals, streaks and skills."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.chaos.histories import model
from tests.chaos.histories.record import History, Json
from tests.chaos.histories.sessions import SESSIONS

COUNTED = ("items_completed", "questions_correct", "total_questions", "time_spent_seconds")


def xp_and_totals(history: History) -> Iterator[str]:
    """XP and totals are the sums over the credited sessions, by origin and by subject."""
    for uid in history.streaks:
        stored = history.documents[f"students/{uid}"].fields
        sessions = [session for session in _credited(history) if session["student_id"] == uid]
        if (xp := sum(s["xp"]["total"] for s in sessions)) != stored.get("xp_total", 0):
            yield f"{uid} has {stored.get('xp_total')} XP, not {xp}"
        if (xp := sum(s["xp"]["verified"] for s in sessions)) != stored.get("xp_verified", 0):
            yield f"{uid} has {stored.get('xp_verified')} verified XP, not {xp}"
        claimed = sum(s["xp"]["total"] - s["xp"]["verified"] for s in sessions)
        if stored.get("claimed", {}).get("xp", 0) > min(claimed, 300):
            yield f"{uid} was paid {stored['claimed']['xp']} claimed XP in a day"
        for origin in ("assigned", "self_practice"):
            own = [session for session in sessions if session["origin"] == origin]
            totals = stored.get("totals", {}).get(origin, {})
            by_subject = dict(totals.get("by_subject", {}))
            yield from _wrong_sums(f"{uid}'s {origin}", totals, own)
            for subject in {session["subject"] or "(none)" for session in own}:
                of_subject = [s for s in own if (s["subject"] or "(none)") == subject]
                totals = by_subject.pop(subject, {})
                yield from _wrong_sums(f"{uid}'s {origin} in {subject}", totals, of_subject)
            if by_subject:
                yield f"{uid}'s {origin} has subjects without a session: {sorted(by_subject)}"


def _wrong_sums(owner: str, totals: Json, sessions: list[Json]) -> Iterator[str]:
    wanted = {
        "sessions": len(sessions),
        "xp": sum(session["xp"]["total"] for session in sessions),
        "xp_verified": sum(session["xp"]["verified"] for session in sessions),
        **{name: sum(session[name] for session in sessions) for name in COUNTED},
    }
    for name, value in wanted.items():
        if totals.get(name, 0) != value:
            yield f"{owner}: {name} is {totals.get(name)}, not {value}"


def _credited(history: History) -> list[Json]:
    """Completed sessions, and stale ones with work, in order of their ends in the database.

    A sweep credits the sessions of a commit in the order of their last activity.
    """
    stored = sorted(
        history.documents_in(SESSIONS).values(),
        key=lambda document: (document.updated_at, document.fields["last_activity_at"]),
    )
    return [document.fields for document in stored if _is_credited(document.fields)]


def _is_credited(session: Json) -> bool:
    is_stale = session["end_reason"] == "stale"
    return session["status"] == "completed" or (is_stale and model.has_work(session))


def streaks(history: History) -> Iterator[str]:
    """Each credited session continues the streak; a completion earns the bonus of its day.

    A history takes less than 12 hours: at most one day of each student counts in it, and only the
    first change of the time zone does.
    """
    streaks_now = {uid: dict(streak) for uid, streak in history.streaks.items()}
    zones: dict[str, str] = {}
    latest: dict[str, datetime] = {}
    for session in _credited(history):
        uid, completed = session["student_id"], session["status"] == "completed"
        streak = streaks_now[uid]
        # A sweep comes late: what the student did since the stale session decides on the zone.
        is_latest = latest.get(uid, session["ended_at"]) <= session["ended_at"]
        latest[uid] = session["ended_at"] if is_latest else latest[uid]
        if session["timezone"] != "UTC" and (completed or is_latest):
            zones.setdefault(uid, session["timezone"])
        day = _day(session, zones.get(uid, "UTC"))
        has_work = model.has_work(session)
        before, bonus = _practise(streak, day, has_work)
        claimed = session["xp"]["total"] - session["xp"]["verified"]
        room = 100 - (claimed - session["xp"]["streak_bonus"])
        bonus = min(bonus, room) if completed else 0
        after = streak["current"] if has_work else before
        reported = (
            session["streak_before"],
            session["streak_after"],
            session["xp"]["streak_bonus"],
        )
        if reported != (before, after, bonus):
            yield (
                f"a session of {session['student_id']} has the streak {reported}, "
                f"not {(before, after, bonus)}"
            )
    for uid, streak in streaks_now.items():
        stored = history.documents[f"students/{uid}"].fields["streak"]
        if any(stored[name] != streak[name] for name in ("current", "longest", "last_local_date")):
            yield f"{uid}'s streak is {stored}, not {streak}"


def _day(session: Json, zone: str) -> date:
    """The local day, which begins at four in the morning."""
    ended_at: datetime = session["ended_at"]
    local = ended_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return (local - timedelta(hours=4)).date()


def _practise(streak: Json, day: date, has_work: bool) -> tuple[int, int]:
    """The streak before the session, and the streak bonus in XP. Updates `streak`."""
    last = streak["last_local_date"]
    gap = (day - date.fromisoformat(last)).days if last else None
    before: int = streak["current"] if gap is not None and gap <= 1 else 0
    if not has_work or (gap is not None and gap <= 0):
        return before, 0
    if streak.get("counted"):
        return streak["current"], 0
    streak["counted"] = True
    streak["current"] = before + 1
    streak["longest"] = max(streak["longest"], before + 1)
    streak["last_local_date"] = day.isoformat()
    return before, 5 * min(before + 1, 7)


def skills(history: History) -> Iterator[str]:
    """Each stored answer counts once for its skill, in ended and abandoned sessions too."""
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    by_session: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    skill_ids = {a.question_id: a.skill_id for known in history.answers.values() for a in known}
    for session_id, stored in history.documents_in(SESSIONS).items():
        fields = stored.fields
        for entry in history.documents_in(f"{SESSIONS}/{session_id}/items").values():
            if entry.fields["verified"]:
                counted[fields["student_id"]][
                    skill_ids.get(entry.fields["node_id"], "unknown")
                ] += 1
        for skill in fields["mastery"]:
            by_session[fields["student_id"], skill["skill_id"]].append(skill["after"])
    for uid in history.streaks:
        stored_skills = history.documents_in(f"students/{uid}/skills")
        attempts = {name: skill.fields["attempts"] for name, skill in stored_skills.items()}
        if attempts != counted[uid]:
            yield f"{uid} has attempts {attempts}, not {dict(counted[uid])}"
        for name, skill in stored_skills.items():
            masteries = by_session[uid, name]
            if len(masteries) == 1 and skill.fields["p_mastery"] != masteries[0]:
                yield f"{uid}'s {name} is at {skill.fields['p_mastery']}, not {masteries[0]}"
            if skill.fields["due_at"] is None:
                yield f"{uid}'s {name} has no due date"
