"""A client of a history with classes: teachers and students, in the order of its steps."""

import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from local.api import User
from tests.chaos.histories.classes.known import Known, Pending, choose
from tests.chaos.histories.classes.plan import OWNER, Kind, Step, Taking
from tests.chaos.histories.classes.record import ClassHistory
from tests.chaos.histories.device import ANSWERS, Device
from tests.chaos.histories.plan import Delivery, Json, Place
from tests.chaos.histories.plan import Kind as PlanKind
from tests.chaos.histories.plan import Step as DeviceStep
from tests.chaos.histories.record import Exchange
from tests.chaos.histories.sender import Sender

WRONG = -1
# Where there are so many, clients meet in the same ones.
MAX_CLASSES, MAX_ASSIGNMENTS = 2, 5
VOID = "void_item"
VOIDED = ("sum-3", "product-4")  # the others stay, so that there is always something to be asked


@dataclass(frozen=True)
class SharedContext:
    people: Mapping[str, User]
    template_id: str
    history: ClassHistory
    known: Known = field(default_factory=Known)
    stop: threading.Event = field(default_factory=threading.Event)


class Client:
    def __init__(self, number: int, context: SharedContext) -> None:
        self._context = context
        self._known = context.known
        self._sender = Sender(number, context.history)
        self._devices: dict[str, Device] = {}  # of open work, by session_id

    def run(self, steps: list[Step]) -> None:
        for step in steps:
            if self._context.stop.is_set():
                return
            self._take(step)

    def _take(self, step: Step) -> None:
        match step.kind:
            case Kind.CREATE_CLASS:
                if len(self._known.classes) < MAX_CLASSES:
                    self._deliver(step, "create_class", step.body)
            case Kind.ROTATE | Kind.RESIZE | Kind.ASSIGN | Kind.REMOVE | Kind.LEAVE:
                self._change_class(step)
            case Kind.JOIN:
                self._join(step)
            case Kind.MOVE | Kind.OVERRIDE | Kind.VOID | Kind.BEGIN:
                self._change_assignment(step)
            case Kind.SPY:
                self._spy(step)
            case Kind.ANSWER | Kind.STORE | Kind.HAND_IN:
                self._work(step)

    def _deliver(self, step: Step, function: str, body: Json) -> Exchange:
        exchange = self._sender.deliver(step, self._context.people[step.actor], function, body)
        self._known.record(exchange)
        return exchange

    def _send(self, step: Step, function: str, body: Json) -> Exchange:
        exchange = self._sender.send(step, self._context.people[step.actor], function, body)
        self._known.record(exchange)
        return exchange

    def _change_class(self, step: Step) -> None:
        class_id = choose(self._known.classes, step.at)
        if class_id is None:
            return
        body = {"class_id": class_id, **step.body}
        match step.kind:
            case Kind.ASSIGN if len(self._known.assignments) >= MAX_ASSIGNMENTS:
                return
            case Kind.ASSIGN:
                body["template_id"] = self._context.template_id
                self._deliver(step, "create_assignment", body)
            case Kind.REMOVE | Kind.LEAVE:
                self._deliver(step, "remove_member", {**body, "student_id": step.student})
            case _:
                self._deliver(step, "update_class", body)

    def _join(self, step: Step) -> None:
        class_id = choose(self._known.classes, step.at)
        codes = self._known.codes[class_id] if class_id else []
        if codes:
            code = codes[-1 - min(step.behind, len(codes) - 1)]
            self._deliver(step, "join_class", {"code": code, **step.body})

    def _change_assignment(self, step: Step) -> None:
        assignment = choose(self._known.assignments, step.at)
        if assignment is None:
            return
        ids = {name: assignment[name] for name in ("class_id", "assignment_id")}
        match step.kind:
            case Kind.MOVE:
                self._deliver(step, "update_assignment", {**ids, **step.body})
            case Kind.BEGIN:
                self._deliver(step, "start_session", ids)
            case Kind.VOID:
                question_id = VOIDED[step.right]
                self._send(step, VOID, {**ids, "question_id": question_id, "note": "wrong key"})
            case _:
                revision = self._known.revision(ids["assignment_id"], step.student)
                of = {"student_id": step.student, "revision": max(0, revision - step.behind)}
                self._deliver(step, "override_grade", {**ids, **of, **step.body})

    def _work(self, step: Step) -> None:
        """The student goes on with one of their sessions."""
        sessions = self._known.sessions_of(step.actor)
        # Now and then one that was handed in.
        going_on = [each for each in sessions if each["session_id"] not in self._known.ended]
        session = choose((step.at > 0.1 and going_on) or sessions, step.at)
        if session is None:
            return
        is_strict = session["assignment"]["policy"] == "strict"
        if step.kind is Kind.HAND_IN:
            self._hand_in(step, session)
        elif not is_strict:
            self._work_openly(step, session)
        elif step.kind is Kind.ANSWER:
            self._answer(step, session["session_id"])

    def _hand_in(self, step: Step, session: Json) -> None:
        body = {"session_id": session["session_id"]}
        device = self._devices.get(session["session_id"])
        if device and device.state and step.right:
            body["stored_session"] = device.state
        self._deliver(step, "complete_session", body)

    def _answer(self, step: Step, session_id: str) -> None:
        pending = self._known.pending.get(session_id)
        if pending is None:
            self._send(step, "assignment_turn", {"session_id": session_id})
            return
        for bodies in _bodies(step, session_id, pending):
            with ThreadPoolExecutor(len(bodies)) as pool:
                list(pool.map(lambda body: self._send(step, "assignment_turn", body), bodies))
        # After a lost reply the next step asks what is pending.
        if self._known.pending.get(session_id) == pending:
            self._known.pending.pop(session_id, None)

    def _work_openly(self, step: Step, session: Json) -> None:
        session_id = session["session_id"]
        device = self._devices.get(session_id)
        as_device = DeviceStep(
            step.number,
            PlanKind.ANSWER,
            student=0,
            place=Place.PRACTICE,
            delivery=Delivery.ONCE,
            right=step.right,
        )
        if device is None or not device.state:
            device = Device(self._context.people[step.actor], self._sender, self._context.history)
            self._devices[session_id] = device
            if session["stored_session"]:
                device.adopt(as_device, session["stored_session"])
        elif step.kind is Kind.STORE:
            body = {"session_id": session_id, "stored_session": device.state}
            exchange = self._deliver(step, "update_progress", body)
            if not exchange.is_success and not exchange.is_open:
                device.state = {}
        elif device.question:
            device.answer(as_device)

    def _spy(self, step: Step) -> None:
        """Reads another student's work, and of one's own what would tell the keys."""
        session = choose(self._known.others_sessions(step.actor), step.at)
        own = choose(self._known.sessions_of(step.actor), step.at)
        paths = []
        if session is not None:
            of, student = session["session_id"], session["student_id"]
            paths += [
                f"practice_sessions/{of}",
                f"practice_sessions/{of}/state/current",
                f"classes/{session['class_id']}/rows/{student}",
                f"classes/{session['class_id']}/live/{student}",
            ]
        if own is not None and own["assignment"]["policy"] == "strict":
            of = own["session_id"]
            paths += [f"practice_sessions/{of}/state/current", f"practice_sessions/{of}/turns/1"]
        for path in paths:
            response = self._context.people[step.actor].get(path)
            self._context.history.add_read(step.actor, path, response.status_code)


def _bodies(step: Step, session_id: str, pending: Pending) -> list[list[Json]]:
    """The requests of an answer: one list after the other, those of a list at once."""

    def turn(right: bool, seq: int = pending.seq) -> Json:
        question_id: str = pending.question["question_id"]
        answer: Any = ANSWERS[question_id] if right else WRONG
        typed = {"type": "answer", "question_id": question_id, "answer": answer}
        return {"session_id": session_id, "seq": seq, "input": typed}

    one, other = turn(step.right), turn(not step.right)
    shown = {"session_id": session_id}
    hint = {**shown, "seq": pending.seq, "input": {"type": "hint"}}
    before = turn(step.right, max(1, pending.seq - 1))
    bodies: Mapping[Taking, list[list[Json]]] = {
        Taking.ONCE: [[one]],
        Taking.RESENT: [[one], [one]],
        Taking.CHANGED: [[one], [other]],
        Taking.RACE: [[one, other]],
        Taking.RACE_OF_THREE: [[one, one, other]],
        Taking.OLD: [[before]],
        Taking.HINT: [[hint if pending.question["hints_left"] else shown]],
    }
    return bodies[step.taking]


def finish_voiding(context: SharedContext) -> None:
    """Repeats each request that took a question out until all work is graded without it."""
    owner = context.people[OWNER]
    history = context.history
    for body in [each.body for each in history.exchanges if each.function == VOID]:
        unfinished = True
        while unfinished:
            response = owner.call(VOID, body)
            unfinished = (
                response.ok and response.json()["assignment"]["regrading"]["finished_at"] is None
            )
