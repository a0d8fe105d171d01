"""Documents of a class's functions: its members, an assignment with points, and graded turns."""

from collections.abc import Callable
from typing import NamedTuple

from bench.metered_stack import Json, MeteredStack

CallFunction = Callable[..., Json]

SUMS: list[Json] = [
    {"question_id": f"q{number}", "kind": "numeric", "prompt": f"{number} + 1?", "answer": number}
    for number in range(6)
]
WORDS: Json = {
    "question_id": "why",
    "kind": "free_response",
    "prompt": "Why?",
    "rubric": [{"criterion_id": "cause", "text": "Names the cause", "points": 1}],
    "hints": ["Think."],
}


class Work(NamedTuple):
    """An assignment with points that the student has begun."""

    assignment: Json
    session_id: str


def call_class_functions(stack: MeteredStack, call: CallFunction) -> None:
    """Has `call` add a row for each function: of a class of the teacher, with one student."""
    created = call("create_class", {"name": "Guitar"})
    of = {"class_id": created["class"]["class_id"]}
    call("update_class", {**of, "name": "Lute"})
    rotated = call("update_class", {**of, "join": {"rotate": True}}, ", another code")
    join = {"code": rotated["join"]["code"], "display_name": "Sam"}
    call("join_class", join)
    call("join_class", join, ", again")
    work = _begin(stack, call, of)
    stack.call("assignment_turn", _answer(work, 1))
    call("complete_session", {"session_id": work.session_id}, " of an assignment")
    grade = {"student_id": "student", "revision": 0, "score_percent": 90}
    call("override_grade", {**work.assignment, **grade})
    call("remove_member", {**of, "student_id": "student"})


def take_graded_turns(stack: MeteredStack) -> None:
    """Adds a row for each kind of turn of graded work, natively and through its doors."""
    created = stack.call("create_class", {"name": "Guitar"})
    of = {"class_id": created["class"]["class_id"]}
    stack.call("join_class", {"code": created["join"]["code"], "display_name": "Sam"})
    work = _begin(stack, lambda name, body, _="": stack.call(name, body), of)
    of_session = {"session_id": work.session_id}

    def turn(name: str, body: Json) -> None:
        stack.add_row(f"assignment_turn{name}", lambda: stack.call("assignment_turn", body))

    turn(", the question once more", of_session)
    turn(", an answer", _answer(work, 1))
    turn(", the same answer again", _answer(work, 1))
    waited = {"input": _answer(work, 2)}
    stack.add_row(
        "assignment_turn/runs/wait, an answer",
        lambda: stack.call("assignment_turn/runs/wait", waited),
    )
    answer = _answer(work, 3)
    state = {name: answer[name] for name in ("session_id", "seq")}
    run = {"state": state, "forwardedProps": {"input": answer["input"]}}
    stack.add_row(
        "assignment_turn/agui, an answer", lambda: run_agent(stack, "assignment_turn/agui", run)
    )
    for seq in (4, 5, 6):
        stack.call("assignment_turn", _answer(work, seq))
    turn(", a hint", {**of_session, "seq": 7, "input": {"type": "hint"}})
    turn(", free text", _answer(work, 8))
    stack.call("complete_session", of_session)
    voided = {**work.assignment, "question_id": SUMS[0]["question_id"]}
    stack.add_row("void_item, of one session", lambda: stack.call("void_item", voided))


def run_agent(stack: MeteredStack, path: str, run: Json) -> None:
    """Runs the agent as its student. Raises AssertionError where it fails."""
    body = {"threadId": "t", "runId": "r", "messages": [], **run}
    response = stack.student.call(path, body)
    if '"RUN_FINISHED"' not in response.text:
        raise AssertionError(response.text)


def _begin(stack: MeteredStack, call: CallFunction, of: Json) -> Work:
    """An assignment of the class, which the student begins."""
    exercise = {"id": "sums", "name": "Sums", "questions": [*SUMS, WORDS]}
    data = {"sections": [{"name": "A", "exercises": [exercise]}]}
    body = {"name": "Sums", "template_data": data}
    template = stack.call("create_template", body)["template"]
    assign = {**of, "template_id": template["template_id"], "points": 10}
    created = call("create_assignment", assign)["assignment"]
    ids = {**of, "assignment_id": created["assignment_id"]}
    session = call("start_session", {**ids, "timezone": "UTC"}, " of an assignment")["session"]
    return Work(ids, session["session_id"])


def _answer(work: Work, seq: int) -> Json:
    """The answer to the question of this seq: the questions are asked in their order."""
    question_id = f"q{seq - 1}" if seq <= len(SUMS) else "why"
    given: Json = {"type": "answer", "question_id": question_id, "answer": "0"}
    return {"session_id": work.session_id, "seq": seq, "input": given}
