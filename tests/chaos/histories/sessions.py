"""Checks of sessions: revisions, one active session, locks, ends, and stray documents."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from shared.domain.sessions.session import Mode
from shared.firestore.locks import LockScope
from tests.chaos.histories import model
from tests.chaos.histories.chain import ABANDONED, ACTIVE, COMPLETED, Chain, Point, requests_about
from tests.chaos.histories.record import History, Json, Stored
from tests.chaos.histories.requests import requests_of

STALE_AFTER_SECONDS = 60
SESSIONS = "practice_sessions"


def revisions(history: History) -> Iterator[str]:
    """Every revision of every session comes from one request, and no answered change is lost.

    No start whose outcome is open explains two sessions.
    """
    requests = requests_of(history)
    for session_id, stored in history.documents_in(SESSIONS).items():
        log = log_of(history, session_id)
        indexes = [entry["index"] for entry in log]
        if indexes != list(range(len(log))):
            yield f"session {session_id}: its log has the indexes {indexes}"
        own = requests_about(session_id, requests)
        found = Chain(history, session_id, stored, log, own).explain()
        if isinstance(found, str):
            yield f"session {session_id}: {found}"
            continue
        starts = {r.number for r in own if r.function == "start_session"} & found.used
        requests = [request for request in requests if request.number not in starts]
        seen = {revision for _, _, revision, _ in _observations(history, session_id)}
        if never := seen - found.revisions:
            yield f"session {session_id} had unexplained revisions: {sorted(never)}"
        for fault in _field_faults(history, stored, found):
            yield f"session {session_id}: {fault}"


def log_of(history: History, session_id: str) -> list[Json]:
    items = history.documents_in(f"{SESSIONS}/{session_id}/items")
    return sorted((item.fields for item in items.values()), key=lambda entry: entry["index"])


def _field_faults(history: History, stored: Stored, found: Point) -> Iterator[str]:
    """Faults in the origin, the teacher, and the fields written at the end."""
    fields = stored.fields
    template = history.templates.get(fields["template_id"] or "")
    assigned = template is not None and fields["student_id"] in template.student_ids
    if fields["origin"] != ("assigned" if assigned else "self_practice"):
        yield f"its origin is {fields['origin']}"
    if assigned != (fields["teacher_id"] is not None):
        yield f"its teacher is {fields['teacher_id']}"
    match fields["status"]:
        case "completed":
            yield from _completion_faults(fields)
            yield from _xp_faults(history, stored, found)
        case "abandoned":
            yield from _abandonment_faults(stored)
            yield from _xp_faults(history, stored, found)


def _completion_faults(fields: Json) -> Iterator[str]:
    lasted_seconds = int((fields["ended_at"] - fields["started_at"]).total_seconds())
    xp = fields["xp"]
    for name, value, wanted in (
        ("duration_seconds", fields["duration_seconds"], lasted_seconds),
        ("last_activity_at", fields["last_activity_at"], fields["ended_at"]),
        ("xp.total", xp["total"], xp["items"] + xp["session_bonus"] + xp["streak_bonus"]),
    ):
        if value != wanted:
            yield f"{name} is {value}, not {wanted}"


def _xp_faults(history: History, stored: Stored, found: Point) -> Iterator[str]:
    """Faults in the XP of an ended session. Only a completed one earns a session bonus.

    Where another session practised the template too, questions may have paid a quarter. Where the
    student has nearly reached the cap of a day, claims may have been paid in part.
    """
    fields, xp = stored.fields, stored.fields["xp"]
    earned = model.earned_xp(found.content)
    bonus = earned["session_bonus"] if fields["status"] == COMPLETED else 0
    verified, claimed = xp["verified"], xp["items"] - xp["verified"]
    if verified != earned["verified"] and not (
        _has_rival(history, stored) and earned["verified"] // 4 <= verified < earned["verified"]
    ):
        yield f"xp.verified is {verified}, not {earned['verified']}"
    parts = min(earned["claimed"], 100), min(bonus, 100 - claimed)
    student = history.documents[f"students/{fields['student_id']}"].fields
    if (claimed, xp["session_bonus"]) != parts and (
        student["claimed"]["xp"] <= 200 or (claimed, xp["session_bonus"]) > parts
    ):
        yield f"claimed items and session bonus are {(claimed, xp['session_bonus'])}, not {parts}"
    if xp["total"] - verified > 100:
        yield f"its claimed XP are {xp['total'] - verified}"


def _has_rival(history: History, stored: Stored) -> bool:
    """Whether the student has another session of infinite practice on the template."""
    place = [
        (s.fields["student_id"], s.fields["template_id"], s.fields["mode"])
        for s in history.documents_in(SESSIONS).values()
        if s is not stored
    ]
    fields = stored.fields
    return (fields["student_id"], fields["template_id"], fields["mode"]) in place


def _abandonment_faults(stored: Stored) -> Iterator[str]:
    """Faults of an abandoned session. It ends with its last activity and pays no bonus."""
    fields = stored.fields
    lasted_seconds = int((fields["last_activity_at"] - fields["started_at"]).total_seconds())
    for name, wanted in (
        ("ended_at", fields["last_activity_at"]),
        ("duration_seconds", lasted_seconds),
        ("time_spent_seconds", lasted_seconds),
        ("end_reason", "stale"),
    ):
        if fields[name] != wanted:
            yield f"{name} is {fields[name]}, not {wanted}"
    if fields["xp"]["total"] != fields["xp"]["items"]:
        yield f"its XP are {fields['xp']}"
    if not model.has_work(fields) and fields["streak_after"] is not None:
        yield "it is empty and has a streak"
    if stored.updated_at - fields["last_activity_at"].timestamp() < STALE_AFTER_SECONDS:
        yield "it was abandoned although it was not stale"


def one_active(history: History) -> Iterator[str]:
    """No two sessions of one student, template and mode are active at once.

    This is checked by the times of the commits that started and ended them, and in every sample.
    """
    spans_by_place: defaultdict[LockScope, list[tuple[float, float, str]]] = defaultdict(list)
    for session_id, stored in history.documents_in(SESSIONS).items():
        fields = stored.fields
        if fields["template_id"] is not None:
            until = float("inf") if fields["status"] == ACTIVE else stored.updated_at
            place = LockScope(fields["student_id"], fields["template_id"], Mode(fields["mode"]))
            spans_by_place[place].append((stored.created_at, until, session_id))
    for place, spans in spans_by_place.items():
        spans.sort()
        for (_, until, one), (begun, _, other) in pairwise(spans):
            if begun < until:
                yield f"{one} and {other} of {place} were active at once"
    for sample in history.samples:
        active = [
            (seen.student_id, seen.template_id, seen.mode)
            for seen in sample.sessions
            if seen.status == ACTIVE and seen.template_id is not None
        ]
        if len(active) != len(set(active)):
            yield f"two active sessions of one place were sampled: {sorted(active)}"


def locks(history: History) -> Iterator[str]:
    """Each active session with a template has a lock that names it. There are no others."""
    expected = {
        LockScope(fields["student_id"], template_id, Mode(fields["mode"])).lock: session_id
        for session_id, session in history.documents_in(SESSIONS).items()
        if (fields := session.fields)["status"] == ACTIVE
        and (template_id := fields["template_id"]) is not None
    }
    stored = {
        f"active_sessions/{name}": lock.fields["session_id"]
        for name, lock in history.documents_in("active_sessions").items()
    }
    for path in sorted(expected.keys() | stored.keys()):
        if expected.get(path) != stored.get(path):
            yield f"{path} names {stored.get(path)}, but {expected.get(path)} is active"


class Observation(NamedTuple):
    """The revision of a session at some moment between `began_at` and `ended_at`."""

    began_at: float
    ended_at: float
    revision: int
    by: str


def _observations(history: History, session_id: str) -> Iterator[Observation]:
    for exchange in history.exchanges:
        session = exchange.reply.get("session") if exchange.is_success else None
        # A replayed reply is as old as the first one.
        if session and session["session_id"] == session_id and not exchange.replayed:
            by = f"{exchange.function} of client {exchange.client}, step {exchange.step}"
            yield Observation(exchange.sent_at, exchange.answered_at, session["revision"], by)
    for sample in history.samples:
        for seen in sample.sessions:
            if seen.session_id == session_id:
                yield Observation(sample.began_at, sample.ended_at, seen.revision, "a sample")


def rising_revisions(history: History) -> Iterator[str]:
    """A request sent after a reply was received gets no older revision than that reply's."""
    for session_id in history.documents_in(SESSIONS):
        observations = sorted(_observations(history, session_id))
        answered = sorted(observations, key=lambda observation: observation.ended_at)
        newest, position = 0, 0
        for observation in observations:
            while answered[position].ended_at < observation.began_at:
                newest = max(newest, answered[position].revision)
                position += 1
            if observation.revision < newest:
                yield (
                    f"session {session_id} was at revision {newest}, and then {observation.by} "
                    f"got {observation.revision}"
                )


def ended_sessions(history: History) -> Iterator[str]:
    """An ended session is not written again."""
    documents = history.documents_in(SESSIONS)
    for sample in history.samples:
        for seen in sample.sessions:
            stored = documents.get(seen.session_id)
            if stored is None:
                yield f"session {seen.session_id} was sampled, but is not stored"
            elif seen.status in (COMPLETED, ABANDONED) and seen.updated_at != stored.updated_at:
                yield f"session {seen.session_id} was {seen.status}, but was written again"


def stray_documents(history: History) -> Iterator[str]:
    """Every document belongs to a known session, student or template."""
    sessions = history.documents_in(SESSIONS)
    for path in history.documents:
        match path.split("/"):
            case ["practice_sessions", session_id, "items", _]:
                known = session_id in sessions
            case ["practice_sessions", session_id, "state", "current"]:
                session = sessions.get(session_id)
                known = session is not None and session.fields["status"] == ACTIVE
            case ["students", uid, "assigned_templates", template_id]:
                template = history.templates.get(template_id)
                known = template is not None and uid in template.student_ids
            case ["students", uid] | ["students", uid, "skills", _]:
                known = uid in history.streaks
            case ["session_templates", template_id] | ["session_templates", template_id, *_]:
                known = template_id in history.templates
            case [collection, _]:
                known = collection in (SESSIONS, "active_sessions", "idempotency")
            case _:
                known = False
        if not known:
            yield f"{path} belongs to no known document"
