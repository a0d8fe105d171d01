"""The second half of the demo: infinite practice on the example bank, over HTTP."""

import copy
from typing import Any

from local.api import User, found
from local.examples import theory_template
from local.practice_client import BANK, Device, Results, questions_of, right_answer, wrong_answer
from local.walkthrough import print_detail, print_heading, require, require_status
from shared.domain.students.evidence import UNPRACTISED
from shared.domain.students.scoring import XP_SESSION_BONUS

KEY_FIELDS = {"answer", "rubric", "explanation", "hints"}
# Every skill of the bank has short answers, so one is asked long before this.
MAX_TURNS = 60


def walk_through(teacher: User, student: User) -> None:
    """Raises CheckFailed, or requests.RequestException when a call fails."""
    path = create_bank(teacher, student)
    results = Results()
    phone = start_practice(teacher, student, path)
    answer_in_four_ways(phone, results)
    store_progress(phone, results)
    tablet = resume_on_tablet(phone, results)
    complete_block(tablet, results)
    complete_session(tablet, results)


def create_bank(teacher: User, student: User) -> str:
    """The path of the template's document."""
    print_heading("Practice without end: the teacher writes a question bank and assigns it")
    template = theory_template()
    created = require_status(
        teacher.call("create_template", {**template, "student_ids": [student.uid]}), 201
    )["template"]
    path = f"session_templates/{created['template_id']}"
    visible = questions_of(student.read(path)["template_data"])
    require(
        f"the student reads all {len(BANK)} questions and no answer key",
        [q["question_id"] for q in visible] == list(BANK)
        and not any(KEY_FIELDS & question.keys() for question in visible),
    )
    source_denied = student.get(f"{path}/private/source").status_code == 403
    require("the student must not read the full text", source_denied)
    source = teacher.read(f"{path}/private/source")
    require("the teacher reads it", source["template_data"] == template["template_data"])
    return path


def start_practice(teacher: User, student: User, path: str) -> Device:
    print_heading("The student sends the template as read, and practice begins")
    phone = Device(student, {"source_data": student.read(path)})
    concept, question = phone.turn()
    print_detail(f"concept: {concept['args']['concept']['title']}")
    require(
        "a concept comes first, then a question",
        (concept["name"], question["name"]) == ("concept_presentation", "question_presentation"),
    )
    payload = concept["args"]["full_session_payload"]
    started = student.call("start_session", {"stored_session": payload})
    session = require_status(started, 201)["session"]
    require(
        "the session is stored under its own id, as assigned work",
        (session["session_id"], session["origin"], session["mode"])
        == (payload["session_id"], "assigned", "infinite"),
    )
    read = teacher.read(f"practice_sessions/{session['session_id']}/state/current")
    require("the teacher may read it", read["stored_session"]["seq"] == payload["seq"])
    return phone


def answer_in_four_ways(phone: Device, results: Results) -> None:
    print_heading("A right answer, a wrong one, one after a hint, one in free text")
    before = phone.mastery()
    feedback, _ = phone.answer(right_answer(phone.question), results)
    raised = feedback["new_mastery_score"]
    require("a right answer raises mastery", feedback["correct"] and raised > before)
    question_id = phone.question["question_id"]
    feedback, _ = phone.answer(wrong_answer(phone.question), results)
    require(
        "a wrong answer lowers mastery and is explained",
        not feedback["correct"]
        and feedback["new_mastery_score"] < raised
        and BANK[question_id]["explanation"] in feedback["feedback"],
    )
    phone.hint()
    feedback, _ = phone.answer(right_answer(phone.question), results)
    require(
        "a right answer after a hint leaves mastery lower than one without",
        feedback["correct"] and feedback["new_mastery_score"] < raised,
    )
    for _ in range(MAX_TURNS):
        kind = phone.question["kind"]
        feedback, _ = phone.answer(right_answer(phone.question), results)
        if kind == "short_answer":
            break
    require("a free text is asked for", kind == "short_answer")
    require("it is right in any case and spacing", feedback["correct"])


def store_progress(phone: Device, results: Results) -> None:
    print_heading("Only progress with a valid seal is stored")
    forged = copy.deepcopy(phone.stored)
    forged["progress"]["questions_correct"] += 1
    print_detail("the client adds a right answer by hand")
    for function, body in (
        ("update_progress", {"session_id": forged["session_id"], "stored_session": forged}),
        ("practice_turn", {"session_context": {"stored_session": forged}}),
    ):
        refused = require_status(phone.student.call(function, body), 422)
        require("the forged state is refused", refused["reason"] == "SESSION_CONTEXT_TAMPERED")
    session = require_status(phone.store(), 200)["session"]
    require(
        f"{results.correct} of {results.answered} answers are right",
        (session["questions_correct"], session["total_questions"])
        == (results.correct, results.answered),
    )
    phone.context = {"stored_session": session["stored_session"]}


def resume_on_tablet(phone: Device, results: Results) -> Device:
    print_heading("A tablet resumes from the stored document, and the phone continues as well")
    state = phone.student.read(f"practice_sessions/{phone.stored['session_id']}/state/current")
    tablet = Device(phone.student, {"stored_session": state["stored_session"]})
    tablet.turn()
    require("the tablet shows the phone's question", tablet.question == phone.question)
    tablet.answer(right_answer(tablet.question), results)
    require_status(tablet.store(), 200)
    phone.answer(wrong_answer(phone.question), Results())
    forked = require_status(phone.store(), 409)
    require("the phone's state is refused as a fork", forked["reason"] == "CONTEXT_FORKED")
    return tablet


def complete_block(tablet: Device, results: Results) -> None:
    print_heading("A block ends and the next one begins: practice never runs out of questions")
    for _ in range(MAX_TURNS):
        feedback, calls = tablet.answer(right_answer(tablet.question), results)
        if feedback["block_complete"]:
            break
    require("the block is complete", feedback["block_complete"])
    concept = calls[1]
    print_detail(f"concept: {concept['args']['concept']['title']}")
    require(
        "the next block begins with a concept, without the session's payload",
        concept["name"] == "concept_presentation" and "full_session_payload" not in concept["args"],
    )
    tablet.answer(right_answer(tablet.question), results)


def complete_session(tablet: Device, results: Results) -> None:
    print_heading("The student completes the session with the last state")
    student, session_id = tablet.student, tablet.stored["session_id"]
    closing = {"session_id": session_id, "stored_session": tablet.stored}
    summary = require_status(student.call("complete_session", closing), 200)["summary"]
    print_detail(f"summary: {summary}")
    score = round(100 * results.correct / results.answered, 1)
    require(f"the score is {score}%", summary["score_percent"] == score)
    xp = sum(results.xp_by_question.values())
    require(
        f"{xp} XP for questions, {XP_SESSION_BONUS} for five or more of them",
        (summary["xp"]["items"], summary["xp"]["session_bonus"]) == (xp, XP_SESSION_BONUS),
    )
    mastery = {s["name"]: s["mastery"] for s in tablet.stored["skills"] if s["attempts"]}
    require(
        "the summary has each skill's mastery before and after",
        {s["name"]: (s["before"], s["after"]) for s in summary["mastery"]}
        == {name: (UNPRACTISED.mastery, after) for name, after in mastery.items()},
    )
    check_documents(student, session_id, results, mastery)
    late = require_status(tablet.store(), 409)
    require("the state can't reopen the session", late["reason"] == "SESSION_NOT_ACTIVE")


def check_documents(
    student: User, session_id: str, results: Results, mastery: dict[str, float]
) -> None:
    """Compares the stored log and skills with the answers. `mastery` is by skill name."""
    by_index: dict[str, Any] = {
        "from": [{"collectionId": "items"}],
        "orderBy": [{"field": {"fieldPath": "index"}}],
    }
    log = found(student.query(by_index, parent=f"/practice_sessions/{session_id}"))
    require(
        "the log has every answer once, as verified",
        [(entry["index"], entry["verified"]) for entry in log]
        == [(index, True) for index in range(results.answered)],
    )
    all_skills = {"from": [{"collectionId": "skills"}]}
    skills = found(student.query(all_skills, parent=f"/students/{student.uid}"))
    for skill in skills:
        print_detail(f"{skill['name']}: {skill['p_mastery']}, due {skill['due_at']}")
    require(
        "each of the student's skills has its mastery and its next review",
        {skill["name"]: skill["p_mastery"] for skill in skills} == mastery
        and all(skill["due_at"] for skill in skills),
    )
