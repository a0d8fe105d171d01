"""What holds for students: all that was earned, once, in the order in which it was."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tests.chaos.histories.record import History, Json
from tests.chaos.histories.sessions import SESSIONS

COUNTED = ("items_completed", "questions_correct", "total_questions", "time_spent_seconds")


def paid(history: History) -> Iterator[str]:
    """XP and totals are the sums over the completed sessions, by origin and by subject."""
    for uid in history.streaks:
        stored = history.documents[f"students/{uid}"].fields
        sessions = [session for session in _completed(history) if session["student_id"] == uid]
        if (xp := sum(s["xp"]["total"] for s in sessions)) != stored.get("xp_total", 0):
            yield f"{uid} has {stored.get('xp_total')} XP, not {xp}"
        for origin in ("assigned", "self_practice"):
            own = [session for session in sessions if session["origin"] == origin]
            totals = stored.get("totals", {}).get(origin, {})
            by_subject = dict(totals.get("by_subject", {}))
            yield from _sums(f"{uid}'s {origin}", totals, own)
            for subject in {session["subject"] or "(none)" for session in own}:
                of_subject = [s for s in own if (s["subject"] or "(none)") == subject]
                totals = by_subject.pop(subject, {})
                yield from _sums(f"{uid}'s {origin} in {subject}", totals, of_subject)
            if by_subject:
                yield f"{uid}'s {origin} has subjects of no session: {sorted(by_subject)}"


def _sums(what: str, totals: Json, sessions: list[Json]) -> Iterator[str]:
    wanted = {
        "sessions": len(sessions),
        "xp": sum(session["xp"]["total"] for session in sessions),
        **{name: sum(session[name] for session in sessions) for name in COUNTED},
    }
    for name, value in wanted.items():
        if totals.get(name, 0) != value:
            yield f"{what}: {name} is {totals.get(name)}, not {value}"


def _completed(history: History) -> list[Json]:
    """In the order in which they were: an ended session's last write is that which ended it."""
    stored = history.of_collection(SESSIONS).values()
    completed = [document for document in stored if document.fields["status"] == "completed"]
    return [document.fields for document in sorted(completed, key=lambda d: d.updated_at)]


def streaks(history: History) -> Iterator[str]:
    """Each completion took the streak on from the one before, and was paid for its day."""
    held = {uid: dict(streak) for uid, streak in history.streaks.items()}
    for session in _completed(history):
        streak = held[session["student_id"]]
        something = bool(session["items_completed"] or session["total_questions"])
        before, bonus = _practised(streak, _day(session), something)
        after = streak["current"] if something else before
        said = (session["streak_before"], session["streak_after"], session["xp"]["streak_bonus"])
        if said != (before, after, bonus):
            yield (
                f"a session of {session['student_id']} says {said} of its streak, "
                f"not {(before, after, bonus)}"
            )
    for uid, streak in held.items():
        stored = history.documents[f"students/{uid}"].fields["streak"]
        if stored != streak:
            yield f"{uid}'s streak is {stored}, not {streak}"


def _day(session: Json) -> date:
    ended_at: datetime = session["ended_at"]
    return ended_at.astimezone(ZoneInfo(session["timezone"])).date()


def _practised(streak: Json, day: date, something: bool) -> tuple[int, int]:
    """The streak before, and the XP for its day. Moves the streak on."""
    last = streak["last_local_date"]
    gap = (day - date.fromisoformat(last)).days if last else None
    before: int = streak["current"] if gap is not None and gap <= 1 else 0
    if not something or (gap is not None and gap <= 0):
        return before, 0
    streak["current"] = before + 1
    streak["longest"] = max(streak["longest"], before + 1)
    streak["last_local_date"] = day.isoformat()
    return before, 5 * min(before + 1, 7)


def skills(history: History) -> Iterator[str]:
    """Each stored answer moved its skill once, whatever became of its session."""
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    by_session: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for stored in history.of_collection(SESSIONS).values():
        fields = stored.fields
        if fields["stored_session"] is None:
            continue
        for answer in history.answers_of(fields["stored_session"]):
            counted[fields["student_id"]][answer.skill_id] += 1
        for skill in fields["mastery"]:
            by_session[fields["student_id"], skill["skill_id"]].append(skill["after"])
    for uid in history.streaks:
        stored_skills = history.of_collection(f"students/{uid}/skills")
        attempts = {name: skill.fields["attempts"] for name, skill in stored_skills.items()}
        if attempts != counted[uid]:
            yield f"{uid} has attempts {attempts}, not {dict(counted[uid])}"
        for name, skill in stored_skills.items():
            masteries = by_session[uid, name]
            if len(masteries) == 1 and skill.fields["p_mastery"] != masteries[0]:
                yield f"{uid}'s {name} is at {skill.fields['p_mastery']}, not {masteries[0]}"
            if skill.fields["due_at"] is None:
                yield f"{uid}'s {name} is never due"
