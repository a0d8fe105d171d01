"""A class of three hundred simulated students who work through an assignment.

All join within a minute, work at the pace of people, and hand in within a minute. A proxy between
the functions and the emulator notes which documents each commit wrote, and when.

.venv/bin/python -m bench class
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from random import Random
from statistics import quantiles
from threading import Lock
from typing import Any

from google.cloud.firestore_v1.types import firestore

from bench.load import LoadFailed
from bench.processes import SERVER_CORE, pin_process
from bench.report import describe_versions, markdown_table, write_section
from local.api import User
from local.emulator import RULES, Emulator, start_emulator
from local.stack import Stack, free_port, start_functions
from shared.firestore.rest_format import decode_rest_fields
from testkit.faults.plans import COMMIT
from testkit.faults.proxy import Proxy

PROJECT_ID = "demo-class"
STUDENTS = 300
QUESTIONS = 6
# When students act, in seconds from the first join. Between answers they think.
JOIN, BEGIN, HAND_IN = (0, 60), (60, 90), (180, 240)
THINKING_SECONDS = (5, 15)
TRIES = 8
PACKAGES = ("functions-framework", "google-cloud-firestore")

Json = dict[str, Any]

# Of each kind of document the parts of its path, without ids.
KINDS = {
    "classes": "the class",
    "classes/private": "settings of the code",
    "classes/assignments": "the assignment",
    "join_codes/places": "places of the code",
    "classes/members": "members",
    "classes/rows": "rows of the gradebook",
    "classes/live": "what is shown live",
    "practice_sessions": "sessions",
    "practice_sessions/state": "states",
    "practice_sessions/turns": "committed turns",
    "practice_sessions/items": "items",
    "students": "students",
    "students/skills": "skills",
}


class CommitLog(Proxy):
    """Forwards everything, and keeps the time of each write, by document."""

    def __init__(self, emulator: Emulator) -> None:
        super().__init__(emulator)
        self.writes: defaultdict[str, list[datetime]] = defaultdict(list)
        self._writing = Lock()

    def handle(self, method: str, request: bytes, context: Any) -> Iterator[bytes]:
        for reply in super().handle(method, request, context):
            if method.endswith(f"/{COMMIT}"):
                self._keep(request, reply)
            yield reply

    def _keep(self, request: bytes, reply: bytes) -> None:
        at = firestore.CommitResponse.deserialize(reply).commit_time
        with self._writing:
            for write in firestore.CommitRequest.deserialize(request).writes:
                name = write.update.name or write.delete
                self.writes[name.partition("/documents/")[2]].append(at)


@dataclass
class Timings:
    """The times of all requests in seconds, by function, and how many were sent again."""

    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    resent: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)

    def call(self, user: User, function: str, body: Json) -> Json:
        """The reply. A request is sent again after a 503, as clients do. Raises LoadFailed."""
        for _ in range(TRIES):
            began = time.monotonic()
            response = user.call(function, body)
            with self.lock:
                self.seconds[function].append(time.monotonic() - began)
                self.resent[function] += response.status_code == 503
            if response.ok:
                reply: Json = response.json()
                return reply
            if response.status_code != 503:
                break
        raise LoadFailed(f"{function}: {response.status_code} {response.text[:300]}")

    def table(self) -> str:
        heads = ["", "requests", "median, ms", "95th percentile", "slowest", "sent again"]
        return markdown_table(heads, [self._row(name) for name in sorted(self.seconds)])

    def _row(self, function: str) -> list[str]:
        found = sorted(1_000 * each for each in self.seconds[function])
        percentiles = quantiles(found, n=20, method="inclusive")
        shown = (percentiles[9], percentiles[18], found[-1])
        times = [f"{each:,.0f}" for each in shown]
        return [f"`{function}`", f"{len(found):,}", *times, str(self.resent[function])]


@dataclass(frozen=True)
class Lesson:
    """What a teacher has prepared: the class with its code, and the ids of the assignment."""

    ids: Mapping[str, str]
    code: str


@dataclass(frozen=True)
class Student:
    """One student. `number` decides what they get wrong: every third the last question."""

    user: User
    number: int
    lesson: Lesson
    timings: Timings

    def work(self, began_at: float) -> None:
        """From the join to handing in, at times that are drawn for this student."""
        rng = Random(f"student/{self.number}")

        def wait_until(span: tuple[float, float]) -> None:
            time.sleep(max(0.0, began_at + rng.uniform(*span) - time.monotonic()))

        wait_until(JOIN)
        join = {"code": self.lesson.code, "display_name": self.user.uid}
        self.timings.call(self.user, "join_class", join)
        wait_until(BEGIN)
        started = self.timings.call(self.user, "start_session", dict(self.lesson.ids))
        session_id = started["session"]["session_id"]
        turn = self.timings.call(self.user, "assignment_turn", {"session_id": session_id})
        for number in range(QUESTIONS):
            time.sleep(rng.uniform(*THINKING_SECONDS))
            given = number if number + 1 < QUESTIONS or self.is_all_right else -1
            answer = {"type": "answer", "question_id": f"q{number}", "answer": given}
            body = {"session_id": session_id, "seq": turn["seq"], "input": answer}
            turn = self.timings.call(self.user, "assignment_turn", body)
        wait_until(HAND_IN)
        self.timings.call(self.user, "complete_session", {"session_id": session_id})

    @property
    def is_all_right(self) -> bool:
        return self.number % 3 > 0

    @property
    def score_percent(self) -> float:
        right = QUESTIONS if self.is_all_right else QUESTIONS - 1
        return round(100 * right / QUESTIONS, 1)


def main() -> None:
    timings = Timings()
    with start_emulator(free_port()) as emulator, _logged_stack(emulator) as (stack, log):
        teacher = User(stack, "teacher", teacher=True)
        lesson = _prepare(teacher)
        students = [
            Student(User(stack, f"student-{number}"), number, lesson, timings)
            for number in range(STUDENTS)
        ]
        log.writes.clear()
        began_at = time.monotonic()
        with ThreadPoolExecutor(STUDENTS) as pool:
            list(pool.map(lambda student: student.work(began_at), students))
        _require_nothing_lost(teacher, lesson, students, log)
    documents = documents_table(log.writes)
    versions = describe_versions(*PACKAGES)
    about = (
        f"{versions}. Nothing was lost: {STUDENTS} members, {STUDENTS} rows with the score of what "
        f"was answered, {STUDENTS * QUESTIONS:,} answers committed once each."
    )
    write_section("class", f"{about}\n\n{timings.table()}\n\n{documents}")


@contextmanager
def _logged_stack(emulator: Emulator) -> Iterator[tuple[Stack, CommitLog]]:
    """The functions behind a log of their commits, on the core of servers."""
    emulator.load_rules(PROJECT_ID, RULES.read_text())
    log = CommitLog(emulator)
    environment = {"FIRESTORE_EMULATOR_HOST": log.host}
    functions = start_functions(
        emulator, port=free_port(), project_id=PROJECT_ID, quiet=True, environment=environment
    )
    try:
        with pin_process(SERVER_CORE):
            stack = functions.__enter__()
        yield stack, log
    finally:
        functions.__exit__(None, None, None)
        log.close()


def _prepare(teacher: User) -> Lesson:
    questions = [
        {"question_id": f"q{n}", "kind": "numeric", "prompt": f"What is {n}?", "answer": n}
        for n in range(QUESTIONS)
    ]
    data = {
        "sections": [
            {"name": "A", "exercises": [{"id": "a", "name": "Numbers", "questions": questions}]}
        ]
    }
    timings = Timings()
    template = timings.call(teacher, "create_template", {"name": "Sums", "template_data": data})
    new = {"name": "A large class", "max_students": STUDENTS}
    created = timings.call(teacher, "create_class", new)
    class_id = created["class"]["class_id"]
    body = {
        "class_id": class_id,
        "template_id": template["template"]["template_id"],
        "points": 10,
        "feedback": "immediate",
    }
    assignment = timings.call(teacher, "create_assignment", body)["assignment"]
    ids = {"class_id": class_id, "assignment_id": assignment["assignment_id"]}
    return Lesson(ids, created["join"]["code"])


def _require_nothing_lost(
    teacher: User, lesson: Lesson, students: Sequence[Student], log: CommitLog
) -> None:
    """Raises LoadFailed."""
    class_id, assignment_id = lesson.ids["class_id"], lesson.ids["assignment_id"]
    wanted = {student.user.uid: student.score_percent for student in students}
    rows = _listed(teacher, f"/classes/{class_id}", "rows", class_id)
    found = {
        row["student_id"]: row["cells"][assignment_id]["score_percent"]
        for row in rows
        if row["cells"][assignment_id]["status"] == "submitted"
    }
    if found != wanted:
        raise LoadFailed(f"{len(found)} of {len(wanted)} rows have a score; some are wrong")
    members = _listed(teacher, f"/classes/{class_id}", "members", class_id)
    turns = [times for path, times in log.writes.items() if "/turns/" in path]
    shown = _listed(teacher, f"/classes/{class_id}", "live", class_id)
    counts = (len(members), sum(len(times) for times in turns), len(turns), len(shown))
    if counts != (STUDENTS, STUDENTS * QUESTIONS, STUDENTS * QUESTIONS, 0):
        raise LoadFailed(f"members, committed turns, their documents, shown live: {counts}")


def _listed(teacher: User, parent: str, collection: str, class_id: str) -> list[Json]:
    """The documents of a class, as its teacher reads them."""
    response = teacher.query(
        {
            "from": [{"collectionId": collection}],
            "where": {
                "fieldFilter": {
                    "field": {"fieldPath": "class_id"},
                    "op": "EQUAL",
                    "value": {"stringValue": class_id},
                }
            },
        },
        parent=parent,
    )
    response.raise_for_status()
    documents = [row["document"] for row in response.json() if "document" in row]
    return [decode_rest_fields(document.get("fields", {})) for document in documents]


def documents_table(writes: Mapping[str, Sequence[datetime]]) -> str:
    """A row for each kind of document. The busiest document is the one with the most writes."""
    by_kind: defaultdict[str, list[Sequence[datetime]]] = defaultdict(list)
    for path, times in writes.items():
        by_kind[kind_of(path)].append(times)
    heads = [
        "documents",
        "how many",
        "writes",
        "of the busiest one",
        "its writes per second",
        "closest two writes of one, s",
    ]
    rows = [
        [
            name,
            f"{len(by_kind[kind]):,}",
            f"{sum(map(len, by_kind[kind])):,}",
            str(max(map(len, by_kind[kind]), default=0)),
            f"{max(map(writes_per_second, by_kind[kind]), default=0.0):.2f}",
            _shown_gap(by_kind[kind]),
        ]
        for kind, name in KINDS.items()
    ]
    return markdown_table(heads, rows)


def kind_of(path: str) -> str:
    """The collections of a path, without ids."""
    return "/".join(path.split("/")[::2])


def writes_per_second(times: Sequence[datetime]) -> float:
    """The mean over the time in which a document was written, which is at least a minute: a
    database sustains one a second, and takes a few at once.
    """
    seconds = (max(times) - min(times)).total_seconds() if times else 0.0
    return len(times) / max(60.0, seconds)


def _shown_gap(documents: Sequence[Sequence[datetime]]) -> str:
    gaps = [
        (later - earlier).total_seconds()
        for times in documents
        for earlier, later in pairwise(sorted(times))
    ]
    return f"{min(gaps):.2f}" if gaps else ""
