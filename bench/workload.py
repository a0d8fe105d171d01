"""Valid requests of every function, in any number, over one database."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import cycle, islice, repeat
from secrets import token_hex
from typing import Any, NamedTuple
from urllib.parse import urlencode

from cryptography.fernet import Fernet

from bench.load import Request
from bench.processes import LOAD_CORE, pin_process
from local.api import User
from local.emulator import RULES
from local.examples import GUITAR_TEMPLATE, theory_template
from local.practice_client import right_answer
from local.stack import Stack, free_port, start_stack
from local.tokens import scheduler_token, user_token
from shared.contract.operation import main_operation
from shared.firestore.client import Client

Json = dict[str, Any]

PROJECT_ID = "demo-bench"
TEACHER, SAM, TOM = "ms-lee", "sam", "tom"
VOIDED = "voided"
MAX_UNSTORED_TURNS = 20  # a client must store the session after these
BATCH = 200
FIRST_EXERCISE = GUITAR_TEMPLATE["template_data"]["sections"][0]["exercises"][0]["name"]


class ClassAtWork(NamedTuple):
    """A class with an assignment that SAM has begun; TOM is in it too."""

    code: str
    class_id: str
    template_id: str
    assignment_id: str
    session_id: str

    @property
    def of(self) -> Json:
        return {"class_id": self.class_id}

    @property
    def of_assignment(self) -> Json:
        return {**self.of, "assignment_id": self.assignment_id}


# Bodies that can be sent any number of times.
OF_CLASSES: Mapping[str, Callable[[ClassAtWork], Json]] = {
    "update_class": lambda c: {**c.of, "name": "Lute"},
    "join_class": lambda c: {"code": c.code, "display_name": "Sam"},
    "remove_member": lambda c: {**c.of, "student_id": TOM},
    "create_assignment": lambda c: {**c.of, "template_id": c.template_id},
    "update_assignment": lambda c: {**c.of_assignment, "title": "Scales"},
    "override_grade": lambda c: {
        **c.of_assignment,
        "student_id": SAM,
        "revision": 0,
        "score_percent": 90,
    },
    "void_item": lambda c: {**c.of_assignment, "question_id": VOIDED},
    "assignment_turn": lambda c: {"session_id": c.session_id},
}
OF_STUDENTS = ("join_class", "assignment_turn")


class Workload:
    """One teacher's requests, and the documents that they need, created through the functions.

    A request that can be made only once per document, such as completing a session, gets a copy of
    the document.
    """

    _at_work: ClassAtWork | None = None

    def __init__(self, running: Stack) -> None:
        self._stack = running
        self._client = Client(project=PROJECT_ID)
        self._template = self._call("create_template", self._template_body())["template"]
        self._turns = self._turn_bodies()

    def close(self) -> None:
        self._client.close()

    def requests_for(self, function: str, url: str, count: int) -> list[Request]:
        """Requests to a server of this function alone, each of which can be sent once.

        For practice_turn: the turns after the first of one session, which can be repeated.
        """
        if function == "practice_turn":
            return [self._request(url, function, body) for body in self._turns[1:]]
        return [self._request(url, function, body) for body in self._bodies(function, count)]

    def first_turn(self, url: str) -> Request:
        """The turn that starts a session. It can be repeated."""
        return self._request(url, "practice_turn", self._turns[0])

    def _bodies(self, function: str, count: int) -> Iterator[Json]:
        template_id = self._template["template_id"]
        template = f"session_templates/{template_id}"
        match function:
            case "create_template":
                yield from (self._template_body() for _ in range(count))
            case "update_template":
                changed: Json = {"version": 1, "name": "Daily routine"}
                yield from self._bodies_with_copies("template_id", template, count, changed)
            case "delete_template":
                yield from self._bodies_with_copies("template_id", template, count, {})
            case "start_session":
                yield from ({"template_id": template_id, "timezone": "UTC"} for _ in range(count))
            case "update_progress":
                items: Json = {"items": [{"node_id": FIRST_EXERCISE, "grade": "good"}]}
                session = self._start_session()
                yield from self._bodies_with_copies("session_id", session, count, items)
            case "complete_session":
                closing: Json = {"focus_score": 8, "notes": "Went well"}
                session = self._start_session()
                yield from self._bodies_with_copies("session_id", session, count, closing)
            case "report_question":
                about: Json = {"question_id": FIRST_EXERCISE, "note": "Unclear"}
                yield from repeat({"session_id": self._practised_session(), **about}, count)
            case "cleanup_stale_sessions":
                yield from ({} for _ in range(count))
            case name if name in OF_CLASSES:
                yield from repeat(OF_CLASSES[name](self._class()), count)
            case _:
                yield from self._bodies_of_example(function, count)

    def _bodies_of_example(self, function: str, count: int) -> Iterator[Json]:
        """Bodies like the example of the operation, for copies of the document that it names.

        A GET needs one document for all: each session in the database slows the emulator's queries.
        """
        operation = main_operation(function)
        copies = 1 if operation.method == "GET" else count
        match example := dict(operation.example):
            case {"session_id": _}:
                bodies = self._bodies_with_copies(
                    "session_id", self._start_session(), copies, example
                )
            case {"template_id": _}:
                template = f"session_templates/{self._template['template_id']}"
                bodies = self._bodies_with_copies("template_id", template, copies, example)
            case _:
                bodies = repeat(example, copies)
        yield from islice(cycle(bodies), count)

    def _bodies_with_copies(
        self, id_field: str, path: str, count: int, fields: Json
    ) -> Iterator[Json]:
        """Bodies with the fields, each for another copy of the document."""
        return ({**fields, id_field: copy_id} for copy_id in self._copy(path, count))

    def _practised_session(self) -> str:
        """The id of a new session that has the first exercise in its log."""
        session_id = self._start_session().rpartition("/")[2]
        items = [{"node_id": FIRST_EXERCISE, "grade": "good"}]
        self._call("update_progress", {"session_id": session_id, "items": items})
        return session_id

    def _class(self) -> ClassAtWork:
        if self._at_work is None:
            self._at_work = self._begin_class()
        return self._at_work

    def _begin_class(self) -> ClassAtWork:
        created = self._call("create_class", {"name": "Guitar"})
        of = {"class_id": created["class"]["class_id"]}
        question = {"kind": "numeric", "prompt": "1 + 1?", "answer": 2}
        questions = [{**question, "question_id": name} for name in ("asked", VOIDED)]
        exercise = {"id": "sums", "name": "Sums", "questions": questions}
        data = {"sections": [{"name": "A", "exercises": [exercise]}]}
        body = {"name": "Sums", "template_data": data}
        template_id = self._call("create_template", body)["template"]["template_id"]
        code = created["join"]["code"]
        for student in (SAM, TOM):
            self._call("join_class", {"code": code, "display_name": student}, by=student)
        assign = {**of, "template_id": template_id, "points": 10}
        assignment_id = self._call("create_assignment", assign)["assignment"]["assignment_id"]
        start = {**of, "assignment_id": assignment_id}
        session = self._call("start_session", start, by=SAM)["session"]
        return ClassAtWork(code, of["class_id"], template_id, assignment_id, session["session_id"])

    def _start_session(self) -> str:
        """The path of a new session."""
        body = {"template_id": self._template["template_id"], "timezone": "UTC"}
        session = self._call("start_session", body)["session"]
        return f"practice_sessions/{session['session_id']}"

    def _copy(self, path: str, count: int) -> list[str]:
        """The ids of `count` new copies of the document."""
        fields = self._client.document(path).get().to_dict()
        collection = path.partition("/")[0]
        ids = [token_hex(10) for _ in range(count)]
        for first in range(0, count, BATCH):
            batch = self._client.batch()
            for copy_id in ids[first : first + BATCH]:
                batch.create(self._client.document(f"{collection}/{copy_id}"), fields)
            batch.commit()
        return ids

    def _turn_bodies(self) -> list[Json]:
        """The request bodies of a session's turns, all answered right."""
        body: Json = {"session_context": {"source_data": theory_template()}}
        bodies = []
        for _ in range(MAX_UNSTORED_TURNS):
            bodies.append(body)
            reply = self._call("practice_turn", body)
            question = reply["messages"][-1]["tool_calls"][0]["args"]["question"]
            body = {
                "session_context": reply["session_context"],
                "input": {
                    "type": "answer",
                    "question_id": question["question_id"],
                    "answer": right_answer(question),
                },
            }
        return bodies

    def _template_body(self) -> Json:
        return {**GUITAR_TEMPLATE, "subject": "Music", "visibility": "public"}

    def _call(self, function: str, body: Json, *, by: str = TEACHER) -> Json:
        response = User(self._stack, by, teacher=by == TEACHER).call(function, body)
        response.raise_for_status()
        reply: Json = response.json()
        return reply

    def _request(self, url: str, function: str, body: Json) -> Request:
        if function == "cleanup_stale_sessions":
            token = scheduler_token(project_id=PROJECT_ID)
        else:
            # Each start is another student's, because a second start would resume the session.
            of_student = SAM if function in OF_STUDENTS else TEACHER
            uid = token_hex(6) if function == "start_session" else of_student
            token = user_token(uid, teacher=uid != SAM, project_id=PROJECT_ID)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        operation = main_operation(function)
        if not operation.has_body:
            return Request(f"{url}/?{urlencode(body)}", None, headers, operation.method)
        return Request(f"{url}/", json.dumps(body), headers, operation.method)


@contextmanager
def start_workload() -> Iterator[tuple[Workload, Mapping[str, str]]]:
    """The workload, and the environment for functions over its database with its seal keys.

    The emulator and the functions that prepare the documents run on the core that is not measured.
    """
    environment = {
        "GOOGLE_CLOUD_PROJECT": PROJECT_ID,
        "PRACTICE_SEAL_KEYS": Fernet.generate_key().decode(),
    }
    with (
        pin_process(LOAD_CORE),
        start_stack(
            port=free_port(),
            firestore_port=free_port(),
            project_id=PROJECT_ID,
            quiet=True,
            environment=environment,
        ) as running,
    ):
        running.emulator.load_rules(PROJECT_ID, RULES.read_text())
        os.environ["FIRESTORE_EMULATOR_HOST"] = running.emulator.host
        with closing(Workload(running)) as workload:
            yield workload, environment
