"""Player of a plan against the functions, through a proxy that injects faults."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event
from typing import Any

from local.api import User
from local.emulator import RULES, Emulator
from local.stack import Stack, free_port, start_functions
from shared.firestore import client as store
from testkit.faults.proxy import Proxy, proxied
from tests.chaos.histories.client import Client, SharedContext
from tests.chaos.histories.device import QUESTIONS
from tests.chaos.histories.fault_level import FaultLevel, Faults
from tests.chaos.histories.plan import Json, Place, Plan
from tests.chaos.histories.record import History, Sample, SeenSession, Stored, Template, now

PROJECT_ID = "demo-histories"
SAMPLE_PAUSE_SECONDS = 0.15
STOP_PAUSE_SECONDS = 0.2
OBSERVED = ["student_id", "template_id", "mode", "status", "revision"]

# Two exercises that differ only in their place, two with an id, one identified by its name.
ROUTINE: Json = {
    "sections": [
        {
            "name": "Warm-up",
            "duration_minutes": 10,
            "exercises": [
                {"id": "scales", "name": "Scales"},
                {"id": "arpeggios", "name": "Arpeggios"},
            ],
        },
        {"name": "Songs", "exercises": [{"name": "Blues"}, {"name": "Blues"}, {"name": "March"}]},
    ],
    "total_duration_minutes": 30,
}
SHORT: Json = {"sections": [{"name": "All", "exercises": [{"name": "Blues"}, {"name": "March"}]}]}
BANK: Json = {
    "sections": [
        {
            "name": "All",
            "exercises": [{"name": skill, "questions": bank} for skill, bank in QUESTIONS.items()],
        }
    ]
}
TEMPLATES: dict[Place, Json] = {
    Place.ASSIGNED: {"name": "Routine", "subject": "Music", "template_data": ROUTINE},
    Place.PUBLIC: {"name": "Short", "visibility": "public", "template_data": SHORT},
    Place.PRACTICE: {"name": "Sums", "subject": "Maths", "template_data": BANK},
}


class Interrupted(Exception):
    """A history was not played to its end because a stop was requested."""


class Player:
    """Functions behind a proxy, and a client without it. Setting `stopping` interrupts `play`."""

    def __init__(self, stack: Stack, proxy: Proxy, database: store.Client) -> None:
        self.stack = stack
        self.proxy = proxy
        self.stopping = Event()
        self._database = database

    def play(self, plan: Plan) -> History:
        """Plays the plan on an empty database. Raises Interrupted after a stop request."""
        self.clear()
        context = self._set_up(plan)
        clients = [Client(number, context) for number in range(len(plan.steps))]
        runs = [partial(c.run, steps) for c, steps in zip(clients, plan.steps, strict=True)]
        self.run(runs, plan.faults, context.history, context.stop)
        return context.history

    def clear(self) -> None:
        """Ends the faults, and empties the database."""
        self.proxy.clear_faults()
        self.stack.emulator.clear(self.stack.project_id)

    def run(
        self,
        runs: Sequence[Callable[[], None]],
        faults: Faults,
        history: History,
        stop: Event,
        *,
        finish: Callable[[], None] = lambda: None,
    ) -> None:
        """Runs the clients at once, under the faults, and completes the history with samples and
        documents. `stop` is set for the clients at the end; then, without faults, `finish` ends
        what takes several requests. Raises Interrupted.
        """
        self.proxy.forget()
        self.proxy.plan = faults
        done = Event()
        with ThreadPoolExecutor(len(runs) + 1) as pool:
            try:
                sampling = pool.submit(self._sample, history, done)
                playing = [pool.submit(run) for run in runs]
                while wait(playing, STOP_PAUSE_SECONDS).not_done:
                    if self.stopping.is_set():
                        raise Interrupted
                for future in playing:
                    future.result()
            finally:
                stop.set()
                done.set()
                self.proxy.clear_faults()
            sampling.result()
        self.proxy.settle()
        finish()
        history.documents = self._documents()

    def _set_up(self, plan: Plan) -> SharedContext:
        """Creates a teacher's templates, and students with the streaks of the plan."""
        teacher = User(self.stack, "teacher", teacher=True)
        # Templates are assigned to the first student only.
        uids = [f"student-{number}" for number in range(len(plan.streaks))]
        templates = {place: self._template(teacher, place, uids[:1]) for place in TEMPLATES}
        streaks = {uid: _streak(days) for uid, days in zip(uids, plan.streaks, strict=True)}
        for uid, streak in streaks.items():
            self._database.document(f"students/{uid}").create({"streak": streak})
        history = History(
            calm=plan.fault_level is FaultLevel.CALM,
            templates={template.template_id: template for template in templates.values()},
            streaks=streaks,
        )
        practice = templates[Place.PRACTICE].template_id
        return SharedContext(
            students=[User(self.stack, uid) for uid in uids],
            template_ids={
                place: template.template_id
                for place, template in templates.items()
                if place is not Place.PRACTICE
            },
            source=User(self.stack, uids[0]).read(f"session_templates/{practice}"),
            history=history,
            database=self._database,
        )

    def _template(self, teacher: User, place: Place, student_ids: list[str]) -> Template:
        assigned = {} if place is Place.PUBLIC else {"student_ids": student_ids}
        body = {"visibility": "public", **TEMPLATES[place], **assigned}
        reply = teacher.call("create_template", body)
        reply.raise_for_status()
        created = reply.json()["template"]
        return Template(**{name: created[name] for name in Template.__dataclass_fields__})

    def _sample(self, history: History, done: Event) -> None:
        """Reads all sessions repeatedly until `done` is set."""
        sessions = self._database.collection("practice_sessions").select(OBSERVED)
        while not done.wait(SAMPLE_PAUSE_SECONDS):
            began_at = now()
            seen = [
                SeenSession(
                    document.id, **document.to_dict(), updated_at=document.update_time.timestamp()
                )
                for document in sessions.get()
            ]
            history.samples.append(Sample(began_at, now(), seen))

    def _documents(self) -> dict[str, Stored]:
        return {
            document.reference.path: Stored(
                document.to_dict(), _seconds(document.create_time), _seconds(document.update_time)
            )
            for document in self._database.collection_group("").stream()
        }


def _seconds(timestamp: Any) -> float:
    """Seconds since the epoch. A query over all collections returns protobuf timestamps."""
    seconds: float = timestamp.seconds + timestamp.nanos / 1e9
    return seconds


def _streak(days: int) -> dict[str, Any]:
    """A streak of so many days up to yesterday. Days begin at four in the morning."""
    yesterday = (datetime.now(UTC) - timedelta(days=1, hours=4)).date().isoformat()
    return {
        "current": days,
        "longest": days + 2,
        "last_local_date": yesterday if days else None,
    }


@contextmanager
def running_player(emulator: Emulator) -> Iterator[Player]:
    """Starts functions and a proxy of their own; both end with the block."""
    emulator.load_rules(PROJECT_ID, RULES.read_text())
    database = _direct_client(emulator)
    try:
        with (
            proxied(emulator) as proxy,
            start_functions(
                emulator,
                port=free_port(),
                project_id=PROJECT_ID,
                quiet=True,
                environment={"FIRESTORE_EMULATOR_HOST": proxy.host},
            ) as stack,
        ):
            yield Player(stack, proxy, database)
    finally:
        database.close()


def _direct_client(emulator: Emulator) -> store.Client:
    before = os.environ.get("FIRESTORE_EMULATOR_HOST")
    os.environ["FIRESTORE_EMULATOR_HOST"] = emulator.host
    try:
        return store.Client(project=PROJECT_ID)
    finally:
        if before is None:
            del os.environ["FIRESTORE_EMULATOR_HOST"]
        else:
            os.environ["FIRESTORE_EMULATOR_HOST"] = before
