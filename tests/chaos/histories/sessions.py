"""What holds for sessions: each explained, one active at a time, revisions rising, ends final."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from shared.firestore.documents import lock_path
from tests.chaos.histories import model
from tests.chaos.histories.chain import ABANDONED, ACTIVE, COMPLETED, Chain, Point, about
from tests.chaos.histories.record import History, Json, Stored
from tests.chaos.histories.requests import requests_of

STALE_AFTER_SECONDS = 60
SESSIONS = "practice_sessions"


def explained(history: History) -> Iterator[str]:
    """Every revision of every session comes from one request, and every answered change is there.

    No start whose outcome is open explains two sessions.
    """
    requests = requests_of(history)
    for session_id, stored in history.of_collection(SESSIONS).items():
        log = log_of(history, session_id)
        places = [entry["index"] for entry in log]
        if places != list(range(len(log))):
            yield f"session {session_id}: the places in its log are {places}"
        own = about(session_id, requests)
        found = Chain(history, session_id, stored, log, own).explained()
        if isinstance(found, str):
            yield f"session {session_id}: {found}"
            continue
        starts = {r.number for r in own if r.function == "start_session"} & found.used
        requests = [request for request in requests if request.number not in starts]
        seen = {revision for _, _, revision, _ in _sightings(history, session_id)}
        if never := seen - found.revisions:
            yield f"session {session_id} was seen at revisions it never had: {sorted(never)}"
        for fault in _made_right(history, stored, found):
            yield f"session {session_id}: {fault}"


def log_of(history: History, session_id: str) -> list[Json]:
    items = history.of_collection(f"{SESSIONS}/{session_id}/items")
    return sorted((item.fields for item in items.values()), key=lambda entry: entry["index"])


def _made_right(history: History, stored: Stored, found: Point) -> Iterator[str]:
    """What a session is from its start on, and what its end made of it."""
    fields = stored.fields
    template = history.templates.get(fields["template_id"] or "")
    assigned = template is not None and fields["student_id"] in template.student_ids
    if fields["origin"] != ("assigned" if assigned else "self_practice"):
        yield f"its origin is {fields['origin']}"
    if assigned != (fields["teacher_id"] is not None):
        yield f"its teacher is {fields['teacher_id']}"
    match fields["status"]:
        case "completed":
            yield from _completed(fields, found)
        case "abandoned":
            yield from _abandoned(stored)


def _completed(fields: Json, found: Point) -> Iterator[str]:
    took = int((fields["ended_at"] - fields["started_at"]).total_seconds())
    xp = {name: fields["xp"][name] for name in ("items", "session_bonus")}
    for name, value, wanted in (
        ("duration_seconds", fields["duration_seconds"], took),
        ("last_activity_at", fields["last_activity_at"], fields["ended_at"]),
        ("xp", xp, model.paid(found.content)),
        ("xp.total", fields["xp"]["total"], sum(xp.values()) + fields["xp"]["streak_bonus"]),
    ):
        if value != wanted:
            yield f"{name} is {value}, not {wanted}"


def _abandoned(stored: Stored) -> Iterator[str]:
    """Left for a while, and ended with the last activity. Nothing is paid."""
    fields = stored.fields
    took = int((fields["last_activity_at"] - fields["started_at"]).total_seconds())
    for name, wanted in (
        ("ended_at", fields["last_activity_at"]),
        ("duration_seconds", took),
        ("time_spent_seconds", took),
        ("xp", {"items": 0, "session_bonus": 0, "streak_bonus": 0, "total": 0}),
        ("streak_after", None),
    ):
        if fields[name] != wanted:
            yield f"{name} is {fields[name]}, not {wanted}"
    if stored.updated_at - fields["last_activity_at"].timestamp() < STALE_AFTER_SECONDS:
        yield "it was abandoned though its student had just come back"


def one_active(history: History) -> Iterator[str]:
    """Of a student and a template no two sessions are active at once: not by the times of the
    commits that began and ended them, nor in any sample.
    """
    lives: defaultdict[tuple[str, str], list[tuple[float, float, str]]] = defaultdict(list)
    for session_id, stored in history.of_collection(SESSIONS).items():
        fields = stored.fields
        if fields["template_id"] is not None:
            until = float("inf") if fields["status"] == ACTIVE else stored.updated_at
            place = fields["student_id"], fields["template_id"]
            lives[place].append((stored.created_at, until, session_id))
    for place, spans in lives.items():
        spans.sort()
        for (_, until, one), (begun, _, other) in pairwise(spans):
            if begun < until:
                yield f"{one} and {other} of {place} were active at once"
    for sample in history.samples:
        active = [
            (seen.student_id, seen.template_id)
            for seen in sample.sessions
            if seen.status == ACTIVE and seen.template_id is not None
        ]
        if len(active) != len(set(active)):
            yield f"two active sessions of one student and template were seen: {sorted(active)}"


def locks(history: History) -> Iterator[str]:
    """Just the active sessions of templates have a lock, and it names them."""
    wanted = {
        lock_path(stored.fields["student_id"], template_id): session_id
        for session_id, stored in history.of_collection(SESSIONS).items()
        if stored.fields["status"] == ACTIVE
        and (template_id := stored.fields["template_id"]) is not None
    }
    held = {
        f"active_sessions/{name}": lock.fields["session_id"]
        for name, lock in history.of_collection("active_sessions").items()
    }
    for path in sorted(wanted.keys() | held.keys()):
        if wanted.get(path) != held.get(path):
            yield f"{path} names {held.get(path)}, and {wanted.get(path)} is active"


class Sighting(NamedTuple):
    """A session's revision as it was at some moment of this span."""

    began_at: float
    ended_at: float
    revision: int
    by: str


def _sightings(history: History, session_id: str) -> Iterator[Sighting]:
    for exchange in history.exchanges:
        session = exchange.reply.get("session") if exchange.good else None
        # What is told again is as old as the first time.
        if session and session["session_id"] == session_id and not exchange.replayed:
            by = f"{exchange.function} of client {exchange.client}, step {exchange.step}"
            yield Sighting(exchange.sent_at, exchange.answered_at, session["revision"], by)
    for sample in history.samples:
        for seen in sample.sessions:
            if seen.session_id == session_id:
                yield Sighting(sample.began_at, sample.ended_at, seen.revision, "a sample")


def rising(history: History) -> Iterator[str]:
    """Who asks after an answer came sees no revision older than that answer's."""
    for session_id in history.of_collection(SESSIONS):
        sightings = sorted(_sightings(history, session_id))
        answered = sorted(sightings, key=lambda sighting: sighting.ended_at)
        newest, position = 0, 0
        for sighting in sightings:
            while answered[position].ended_at < sighting.began_at:
                newest = max(newest, answered[position].revision)
                position += 1
            if sighting.revision < newest:
                yield (
                    f"session {session_id} was at revision {newest}, and then {sighting.by} "
                    f"was told {sighting.revision}"
                )


def final(history: History) -> Iterator[str]:
    """Once ended, a session is never written again."""
    documents = history.of_collection(SESSIONS)
    for sample in history.samples:
        for seen in sample.sessions:
            stored = documents.get(seen.session_id)
            if stored is None:
                yield f"session {seen.session_id} was seen, and is gone"
            elif seen.status in (COMPLETED, ABANDONED) and seen.updated_at != stored.updated_at:
                yield f"session {seen.session_id} was {seen.status}, and was written again"


def no_strays(history: History) -> Iterator[str]:
    """Every document belongs to something that there is."""
    sessions = history.of_collection(SESSIONS)
    for path in history.documents:
        match path.split("/"):
            case ["practice_sessions", session_id, "items", _]:
                known = session_id in sessions
            case ["students", uid] | ["students", uid, "skills", _]:
                known = uid in history.streaks
            case ["session_templates", template_id] | ["session_templates", template_id, *_]:
                known = template_id in history.templates
            case [collection, _]:
                known = collection in (SESSIONS, "active_sessions", "idempotency")
            case _:
                known = False
        if not known:
            yield f"{path} belongs to nothing"
