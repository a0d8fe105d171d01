"""The demo's second half: practice without end, on the example bank, over HTTP."""

import copy
from dataclasses import dataclass, field
from typing import Any

from local.api import User, found
from local.examples import theory_template
from local.steps import DemoError, answer, held, title, told

Json = dict[str, Any]
ANSWER_KEY = {"answer", "rubric", "explanation"}
# The bank has short answers in every skill, so one comes up long before.
MOST_TURNS = 60


def questions(template_data: Json) -> list[Json]:
    return [
        question
        for section in template_data["sections"]
        for exercise in section["exercises"]
        for question in exercise["questions"]
    ]


# The teacher's own text, so the demo may look the right answers up in it.
BANK = {q["question_id"]: q for q in questions(theory_template()["template_data"])}


def right(question: Json) -> Any:
    key = BANK[question["question_id"]]
    match key["kind"]:
        case "short_answer":
            return f"  {key['answer'][0].upper()} "
        case "self_rated":
            return "good"
        case _:
            return key["answer"]


def wrong(question: Json) -> Any:
    key = BANK[question["question_id"]]
    match key["kind"]:
        case "multiple_choice":
            return next(c["id"] for c in key["choices"] if c["id"] != key["answer"])
        case "multi_select":
            return [c["id"] for c in key["choices"] if c["id"] not in key["answer"]]
        case "self_rated":
            return "again"
        case _:
            return "987654321"


@dataclass
class Results:
    """What was shown to be right or wrong, to compare with what the server pays out."""

    answered: int = 0
    correct: int = 0
    xp_of: dict[str, int] = field(default_factory=dict)

    def add(self, question_id: str, *, correct: bool, hinted: bool) -> None:
        self.answered += 1
        self.correct += correct
        before = self.xp_of.get(question_id)
        if not before:
            self.xp_of[question_id] = (
                0 if not correct else 10 if before is None and not hinted else 5
            )


@dataclass
class Device:
    """An app: it keeps the last context, and shows the question that is pending."""

    student: User
    context: Json
    question: Json = field(default_factory=dict)
    hinted: bool = False

    @property
    def stored(self) -> Json:
        stored: Json = self.context["stored_session"]
        return stored

    def turn(self, given: Json | None = None) -> list[Json]:
        """The turn's tool calls. Checks that the last of them alone is pending."""
        body = {"session_context": self.context, **({"input": given} if given else {})}
        reply = answer(self.student.call("practice_turn", body), 200)
        self.context = reply["session_context"]
        messages = reply["messages"]
        calls: list[Json] = [c for m in messages if m["type"] == "ai" for c in m["tool_calls"]]
        settled = {m["tool_call_id"] for m in messages if m["type"] == "tool"}
        if [c["name"] for c in calls if c["id"] not in settled] != ["question_presentation"]:
            raise DemoError("a turn did not end with exactly one pending question")
        self.question = calls[-1]["args"]["question"]
        return calls

    def hint(self) -> None:
        shown = self.turn({"type": "hint"})[0]["args"]
        self.hinted = True
        told(f"hint: {shown['hint']}")

    def answer(self, value: Any, results: Results) -> tuple[Json, list[Json]]:
        """The feedback, and all calls of the turn."""
        question_id = self.question["question_id"]
        told(f"{self.question['kind']}: {self.question['prompt'].splitlines()[0]}")
        told(f"answer: {value!r}")
        calls = self.turn({"type": "answer", "question_id": question_id, "answer": value})
        feedback = calls[0]["args"]
        results.add(question_id, correct=feedback["correct"], hinted=self.hinted)
        self.hinted = False
        told(f"feedback: {feedback['feedback'].splitlines()[0]}")
        told(f"mastery now: {feedback['new_mastery_score']}")
        return feedback, calls

    def mastery(self) -> float:
        """Of the skill that is practised now."""
        skill_id = self.stored["blocks"][-1]["skill_id"]
        mastery: float = next(
            s["mastery"] for s in self.stored["skills"] if s["skill_id"] == skill_id
        )
        return mastery

    def store(self) -> Any:
        body = {"session_id": self.stored["session_id"], "stored_session": self.stored}
        return self.student.call("update_progress", body)


def walk_through(teacher: User, student: User) -> None:
    path = bank(teacher, student)
    results = Results()
    phone = begin(teacher, student, path)
    four_ways_to_answer(phone, results)
    keep(phone, results)
    tablet = resume(phone, results)
    another_block(tablet, results)
    complete(tablet, results)


def bank(teacher: User, student: User) -> str:
    title("Practice without end: the teacher writes a question bank and assigns it")
    template = theory_template()
    created = answer(
        teacher.call("create_template", {**template, "student_ids": [student.uid]}), 201
    )["template"]
    path = f"session_templates/{created['template_id']}"
    read = questions(student.read(path)["template_data"])
    held(
        f"the student reads all {len(BANK)} questions and no answer key",
        [q["question_id"] for q in read] == list(BANK)
        and not any(ANSWER_KEY & question.keys() for question in read),
    )
    held("nor the full text", student.get(f"{path}/private/source").status_code == 403)
    source = teacher.read(f"{path}/private/source")
    held("the teacher reads it", source["template_data"] == template["template_data"])
    return path


def begin(teacher: User, student: User, path: str) -> Device:
    title("The student sends the template as it was read, and practice begins")
    phone = Device(student, {"source_data": student.read(path)})
    concept, question = phone.turn()
    told(f"concept: {concept['args']['concept']['title']}")
    held(
        "first a concept, then a question",
        (concept["name"], question["name"]) == ("concept_presentation", "question_presentation"),
    )
    payload = concept["args"]["full_session_payload"]
    session = answer(student.call("start_session", {"stored_session": payload}), 201)["session"]
    held(
        "stored under its own id, as assigned work",
        (session["session_id"], session["origin"], session["mode"])
        == (payload["session_id"], "assigned", "infinite"),
    )
    seen = teacher.read(f"practice_sessions/{session['session_id']}")
    held("which the teacher may follow", seen["stored_session"]["seq"] == payload["seq"])
    return phone


def four_ways_to_answer(phone: Device, results: Results) -> None:
    title("A right answer, a wrong one, one after a hint, one in free text")
    before = phone.mastery()
    feedback, _ = phone.answer(right(phone.question), results)
    raised = feedback["new_mastery_score"]
    held("right, and mastery rises", feedback["correct"] and raised > before)
    missed = phone.question["question_id"]
    feedback, _ = phone.answer(wrong(phone.question), results)
    held(
        "wrong: mastery falls, and the answer is explained",
        not feedback["correct"]
        and feedback["new_mastery_score"] < raised
        and BANK[missed]["explanation"] in feedback["feedback"],
    )
    before = phone.mastery()
    phone.hint()
    feedback, _ = phone.answer(right(phone.question), results)
    held(
        "right after a hint shows little: mastery stays below a right answer's",
        feedback["correct"] and feedback["new_mastery_score"] < raised,
    )
    for _ in range(MOST_TURNS):
        kind = phone.question["kind"]
        feedback, _ = phone.answer(right(phone.question), results)
        if kind == "short_answer":
            break
    held("free text counts, whatever its case and spaces", kind == "short_answer")
    held("and it is right", feedback["correct"])


def keep(phone: Device, results: Results) -> None:
    title("Progress is kept, by its seal alone")
    forged = copy.deepcopy(phone.stored)
    forged["progress"]["questions_correct"] += 1
    told("one more right answer is written in by hand")
    for function, body in (
        ("update_progress", {"session_id": forged["session_id"], "stored_session": forged}),
        ("practice_turn", {"session_context": {"stored_session": forged}}),
    ):
        refused = answer(phone.student.call(function, body), 422)
        held("it is refused", refused["reason"] == "SESSION_CONTEXT_TAMPERED")
    session = answer(phone.store(), 200)["session"]
    held(
        f"{results.correct} of {results.answered} are right",
        (session["questions_correct"], session["total_questions"])
        == (results.correct, results.answered),
    )
    phone.context = {"stored_session": session["stored_session"]}


def resume(phone: Device, results: Results) -> Device:
    title("A tablet goes on from the stored document, and so does the phone")
    document = phone.student.read(f"practice_sessions/{phone.stored['session_id']}")
    tablet = Device(phone.student, {"stored_session": document["stored_session"]})
    tablet.turn()
    held("the tablet shows what the phone showed", tablet.question == phone.question)
    tablet.answer(right(tablet.question), results)
    answer(tablet.store(), 200)
    phone.answer(wrong(phone.question), Results())
    forked = answer(phone.store(), 409)
    held("the phone is told that it forked", forked["reason"] == "CONTEXT_FORKED")
    return tablet


def another_block(tablet: Device, results: Results) -> None:
    title("A block ends, and another one begins: practice never runs dry")
    for _ in range(MOST_TURNS):
        feedback, calls = tablet.answer(right(tablet.question), results)
        if feedback["block_complete"]:
            break
    held("the block is complete", feedback["block_complete"])
    concept = calls[1]
    told(f"concept: {concept['args']['concept']['title']}")
    held(
        "a concept begins the next one, without another payload",
        concept["name"] == "concept_presentation" and "full_session_payload" not in concept["args"],
    )
    tablet.answer(right(tablet.question), results)


def complete(tablet: Device, results: Results) -> None:
    title("The student completes it, with the last state")
    student, session_id = tablet.student, tablet.stored["session_id"]
    closing = {"session_id": session_id, "stored_session": tablet.stored}
    summary = answer(student.call("complete_session", closing), 200)["summary"]
    told(f"summary: {summary}")
    score = round(100 * results.correct / results.answered, 1)
    held(f"the score is {score}%", summary["score_percent"] == score)
    items = sum(results.xp_of.values())
    held(
        f"{items} XP for questions, 20 for five or more of them",
        (summary["xp"]["items"], summary["xp"]["session_bonus"]) == (items, 20),
    )
    reached = {s["name"]: s["mastery"] for s in tablet.stored["skills"] if s["attempts"]}
    held(
        "mastery is shown before and after, by skill",
        {s["name"]: (s["before"], s["after"]) for s in summary["mastery"]}
        == {name: (0.1, mastery) for name, mastery in reached.items()},
    )
    kept_for_good(student, session_id, results, reached)
    late = answer(tablet.store(), 409)
    held("its seal revives nothing", late["reason"] == "SESSION_NOT_ACTIVE")


def kept_for_good(
    student: User, session_id: str, results: Results, reached: dict[str, float]
) -> None:
    in_order = {"from": [{"collectionId": "items"}], "orderBy": [{"field": {"fieldPath": "index"}}]}
    log = found(student.query(in_order, parent=f"/practice_sessions/{session_id}"))
    held(
        "the log has every answer once, as verified",
        [(entry["index"], entry["verified"]) for entry in log]
        == [(index, True) for index in range(results.answered)],
    )
    all_skills = {"from": [{"collectionId": "skills"}]}
    skills = found(student.query(all_skills, parent=f"/students/{student.uid}"))
    for skill in skills:
        told(f"{skill['name']}: {skill['p_mastery']}, due {skill['due_at']}")
    held(
        "the student's skills follow, each with its next review",
        {skill["name"]: skill["p_mastery"] for skill in skills} == reached
        and all(skill["due_at"] for skill in skills),
    )
