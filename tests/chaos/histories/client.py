"""A client of a history. It takes its steps in order, on sessions that clients share."""

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from google.api_core import exceptions

from local.api import User
from shared.firestore import client as store
from tests.chaos.histories.device import Device
from tests.chaos.histories.plan import Json, Kind, Place, Step
from tests.chaos.histories.record import Exchange, History
from tests.chaos.histories.sender import Sender

AGED_BY = timedelta(minutes=10)


class KnownSessions:
    """The sessions known to the clients, newest last, with their revisions. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: defaultdict[tuple[str, Place], list[str]] = defaultdict(list)
        self._revisions: dict[str, int] = {}
        self._started: set[str] = set()

    def record(self, uid: str, place: Place, exchange: Exchange) -> None:
        if not exchange.is_success or "session" not in exchange.reply:
            return
        session = exchange.reply["session"]
        session_id, revision = session["session_id"], session["revision"]
        with self._lock:
            known = self._sessions[uid, place]
            if session_id not in known:
                known.append(session_id)
            self._revisions[session_id] = max(revision, self._revisions.get(session_id, 0))
            if exchange.reply.get("resumed") is False:
                self._started.add(session_id)

    def session(self, uid: str, place: Place, *, back: int) -> str | None:
        with self._lock:
            known = self._sessions[uid, place]
            return known[-1 - min(back, len(known) - 1)] if known else None

    def has_answered_start(self, session_id: str) -> bool:
        """Whether its start was answered, so that no start of it is still running."""
        with self._lock:
            return session_id in self._started

    def revision(self, session_id: str, *, behind: int) -> int:
        with self._lock:
            return max(1, self._revisions[session_id] - behind)


@dataclass(frozen=True)
class SharedContext:
    """Context shared by all clients. `source` is the practice template as its students read it."""

    students: list[User]
    template_ids: Mapping[Place, str]
    source: Json
    history: History
    database: store.Client  # connected without the proxy
    known_sessions: KnownSessions = field(default_factory=KnownSessions)
    stop: threading.Event = field(default_factory=threading.Event)


class Client:
    def __init__(self, number: int, context: SharedContext) -> None:
        self._context = context
        self._sender = Sender(number, context.history)
        self._devices = {
            student.uid: Device(student, self._sender, context.history)
            for student in context.students
        }

    def run(self, steps: list[Step]) -> None:
        for step in steps:
            if self._context.stop.is_set():
                return
            self._take(step, self._context.students[step.student])

    def _take(self, step: Step, user: User) -> None:
        device = self._devices[user.uid]
        match step.kind:
            case Kind.START:
                self._start(step, user)
            case Kind.UPDATE | Kind.COMPLETE:
                self._change(step, user)
            case Kind.SWEEP:
                self._sender.deliver(step, user, "cleanup_stale_sessions", step.body)
            case Kind.AGE:
                self._age(step, user)
            case Kind.BEGIN:
                self._begin(step, user)
            case _ if step.kind is Kind.ADOPT or not device.state:
                self._adopt(step, user)
            case Kind.ANSWER:
                device.answer(step)
            case Kind.STORE:
                self._store(step, user)

    def _deliver(self, step: Step, user: User, function: str, body: Json) -> Exchange:
        exchange = self._sender.deliver(step, user, function, body)
        self._context.known_sessions.record(user.uid, step.place, exchange)
        return exchange

    def _start(self, step: Step, user: User) -> None:
        template_id = self._context.template_ids.get(step.place)
        of_template = {"template_id": template_id} if template_id else {}
        self._deliver(step, user, "start_session", {**of_template, **step.body})

    def _change(self, step: Step, user: User) -> None:
        session_id = self._context.known_sessions.session(user.uid, step.place, back=step.back)
        if session_id is None:
            return
        body = {"session_id": session_id, **step.body}
        if step.kind is Kind.UPDATE:
            if step.behind is not None:
                body["revision"] = self._context.known_sessions.revision(
                    session_id, behind=step.behind
                )
            self._deliver(step, user, "update_progress", body)
            return
        state = self._devices[user.uid].state
        if state and state["session_id"] == session_id and step.right:
            body["stored_session"] = state
        self._deliver(step, user, "complete_session", body)

    def _age(self, step: Step, user: User) -> None:
        """Moves the times of an active session back, unless another request changes it meanwhile.

        A start whose commit lost its reply recognises its session by the start time, which only
        this method changes. Such a session is skipped until its start is answered.
        """
        session_id = self._context.known_sessions.session(user.uid, step.place, back=step.back)
        if session_id is None or not self._context.known_sessions.has_answered_start(session_id):
            return
        reference = self._context.database.document(f"practice_sessions/{session_id}")
        read = reference.get(["status", "started_at", "last_activity_at"])
        if not read.exists or read.get("status") != "active":
            return
        earlier = {name: read.get(name) - AGED_BY for name in ("started_at", "last_activity_at")}
        unchanged = self._context.database.write_option(last_update_time=read.update_time)
        try:
            reference.update(earlier, option=unchanged)
        except (exceptions.FailedPrecondition, exceptions.Aborted):
            return

    def _begin(self, step: Step, user: User) -> None:
        device = self._devices[user.uid]
        payload = device.begin(step, self._context.source)
        if payload is None:
            return
        body = {"stored_session": payload, **step.body}
        exchange = self._deliver(step, user, "start_session", body)
        if exchange.is_success:
            session = exchange.reply["session"]
            if session["session_id"] != payload["session_id"]:
                device.adopt(step, session["stored_session"])

    def _store(self, step: Step, user: User) -> None:
        device = self._devices[user.uid]
        body = {"session_id": device.state["session_id"], "stored_session": device.state}
        exchange = self._deliver(step, user, "update_progress", body)
        if exchange.is_success:
            if step.right:  # else it continues with the untrimmed state
                device.adopt(step, exchange.reply["session"]["stored_session"])
        elif not exchange.is_open:
            device.state = {}

    def _adopt(self, step: Step, user: User) -> None:
        session_id = self._context.known_sessions.session(user.uid, Place.PRACTICE, back=step.back)
        if session_id is None:
            return
        state = self._context.database.document(f"practice_sessions/{session_id}/state/current")
        if stored := state.get().to_dict():  # it is deleted when its session ends
            self._devices[user.uid].adopt(step, stored["stored_session"])
