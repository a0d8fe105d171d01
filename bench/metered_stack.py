"""The functions over a metered database, and sessions of infinite practice on them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from bench.meter import Meter, Operations, start_meter
from local.api import User
from local.emulator import Emulator
from local.examples import theory_template
from local.practice_client import Device, right_answer
from local.stack import free_port, start_functions
from local.walkthrough import require_status

Json = dict[str, Any]

PROJECT_ID = "demo-bench"
QUESTIONS = 10
OF_TEACHERS = (
    *("create_class", "update_class", "create_assignment", "override_grade"),
    "void_item",
)


@dataclass
class MeteredStack:
    """The functions with a meter in front of their database, a teacher and a student.

    `rows` collects the rows of a table: a name, then the operations.
    """

    url: str
    meter: Meter
    teacher: User
    student: User
    rows: list[list[str]] = field(default_factory=list)

    def add_row(self, name: str, work: Callable[[], Any]) -> Any:
        """Does the work, adds a row with its operations, and returns its result."""
        self.meter.reset()
        result = work()
        self.rows.append([name, *cells(self.meter.reset())])
        return result

    def call(self, function: str, body: Json, *, key: str | None = None) -> Json:
        """The JSON of the reply. Raises requests.HTTPError for an error status."""
        is_teachers = "template" in function or function in OF_TEACHERS
        user = self.teacher if is_teachers else self.student
        response = user.call(function, body, headers={"Idempotency-Key": key} if key else None)
        response.raise_for_status()
        return response.json() if response.content else {}

    def read(self, path: str) -> Json:
        """Reads a document as a client, which is not counted."""
        return self.student.read(path)


@contextmanager
def start_metered_stack(
    emulator: Emulator, environment: dict[str, str] | None = None
) -> Iterator[MeteredStack]:
    with start_meter(emulator) as meter, ExitStack() as running:
        stack = running.enter_context(
            start_functions(
                Emulator(meter.host),
                port=free_port(),
                project_id=PROJECT_ID,
                quiet=True,
                environment=environment,
            )
        )
        # Clients read from the emulator itself, so that only the functions are counted.
        direct = replace(stack, emulator=emulator)
        teacher, student = User(direct, "teacher", teacher=True), User(direct, "student")
        yield MeteredStack(stack.url, meter, teacher, student)


def start_practice(stack: MeteredStack) -> Device:
    template = stack.call("create_template", {**theory_template(), "student_ids": ["student"]})
    stack.meter.reset()
    path = f"session_templates/{template['template']['template_id']}"
    device = Device(stack.student, {"source_data": stack.read(path)})
    device.turn()
    return device


# By name, whether a client stores the session after a feedback.
STORING: dict[str, Callable[[Json], bool]] = {
    "ten questions, stored at the end": lambda _feedback: False,
    "ten questions, stored at every block": lambda feedback: bool(feedback["block_complete"]),
    "ten questions, stored at every answer": lambda _feedback: True,
}


def practise(
    stack: MeteredStack,
    stores: Callable[[Json], bool],
    answer_to: Callable[[Json], Any] = right_answer,
) -> None:
    """A session of infinite practice from its start to its completion."""
    device = start_practice(stack)
    stored = device.stored
    start = {"stored_session": stored, "timezone": "UTC"}
    require_status(stack.student.call("start_session", start), 201)
    for _ in range(QUESTIONS):
        question = device.question
        message = {
            "type": "answer",
            "question_id": question["question_id"],
            "answer": answer_to(question),
        }
        feedback = device.turn(message)[0]["args"]
        if stores(feedback):
            session = require_status(device.store(), 200)["session"]
            device.context = {"stored_session": session["stored_session"]}
    closing = {"session_id": stored["session_id"], "stored_session": device.stored}
    require_status(stack.student.call("complete_session", closing), 200)


def cells(operations: Operations) -> list[str]:
    return [str(count) for count in operations]
