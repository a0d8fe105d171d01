"""Answer keys are readable by the owner only, and not in replies or students' documents."""

import json
from typing import Any

import pytest

from local.api import User
from tests.integration.functions.conftest import StoredDocuments, StoredSource, created, started
from tests.support.answers import invalid, ok, refused

SECRET = "the-secret-answer"
PROMPT = "Which of the two?"
KEYS = ("answer", "rubric", "explanation", "hints", "correct")
QUESTIONS: list[dict[str, Any]] = [
    {
        "question_id": "choice",
        "kind": "multiple_choice",
        "prompt": PROMPT,
        "choices": [
            {"id": "a", "text": "This", "colour": "red"},
            {"id": "b", "text": "That", "correct": True, "explanation": SECRET},
        ],
        "answer": "b",
        "explanation": f"Because {SECRET}",
        "hints": [f"It is {SECRET}"],
        "difficulty": 2,
    },
    {"question_id": "number", "kind": "numeric", "prompt": "2 + 2?", "answer": 4, "unit": "apples"},
    {"question_id": "short", "kind": "short_answer", "prompt": "Who?", "answer": [SECRET, "Ann"]},
    {
        "question_id": "free",
        "kind": "free_response",
        "prompt": "Why?",
        "rubric": [{"criterion_id": "c1", "text": SECRET, "points": 2}],
        "answer": None,
    },
    {"question_id": "self", "kind": "self_rated", "prompt": "How was it?", "explanation": SECRET},
]
BANK: dict[str, Any] = {
    "sections": [
        {"name": "A", "exercises": [{"name": "First", "questions": QUESTIONS[:2]}]},
        {"name": "B"},
        {
            "name": "C",
            "exercises": [
                {"name": "Plain", "explanation": "for students"},
                {"name": "Second", "skill": "Why", "questions": QUESTIONS[2:]},
            ],
        },
    ],
    "source_note": {"kept": True},
}


def without_keys(value: Any) -> Any:
    """Template data as students may read it."""
    copied = json.loads(json.dumps(value))
    for section in copied["sections"]:
        for exercise in section.get("exercises", []):
            for question in exercise.get("questions", []):
                for holder in (question, *question.get("choices", [])):
                    for key in KEYS:
                        holder.pop(key, None)
    return copied


def source(owner: User, template_id: str) -> Any:
    """The owner's source of the template as the owner reads it, None if it is missing."""
    response = owner.get(f"session_templates/{template_id}/private/source")
    if response.status_code == 404:
        return None
    document = owner.read(f"session_templates/{template_id}/private/source")
    assert document["schema_version"] == 1
    return document["template_data"]


def update(owner: User, template: dict[str, Any], **fields: Any) -> dict[str, Any]:
    body = {"template_id": template["template_id"], "version": template["version"], **fields}
    updated: dict[str, Any] = ok(owner.call("update_template", body))["template"]
    return updated


def test_students_read_a_template_without_keys_and_its_owner_reads_all_of_it(
    teacher: User, student: User
) -> None:
    template = created(teacher, template_data=BANK, student_ids=[student.uid])

    path = f"session_templates/{template['template_id']}"
    assert template["template_data"] == without_keys(BANK)
    for reader in (teacher, student):
        assert reader.read(path)["template_data"] == without_keys(BANK)
    assert SECRET not in student.get(path).text
    assert source(teacher, template["template_id"]) == BANK
    denied = student.get(f"{path}/private/source")
    assert denied.status_code == 403
    assert SECRET not in denied.text


@pytest.mark.parametrize("function", ["create_template", "update_template"])
def test_no_reply_contains_a_key_even_to_the_owner(teacher: User, function: str) -> None:
    key = {"Idempotency-Key": "k"}
    body: dict[str, Any] = {"name": "Bank", "template_data": BANK}
    if function == "update_template":
        body |= {"template_id": created(teacher)["template_id"], "version": 1}

    for _ in range(2):
        reply = teacher.call(function, body, headers=key)
        assert reply.ok
        assert SECRET not in reply.text


def test_no_reply_to_a_practising_student_contains_a_key(teacher: User, student: User) -> None:
    template = created(teacher, template_data=BANK, student_ids=[student.uid])
    start = student.call("start_session", {"template_id": template["template_id"]})
    session_id = start.json()["session"]["session_id"]

    item = {"node_id": "choice", "correct": True, "extra": True}
    progress = student.call("update_progress", {"session_id": session_id, "items": [item]})
    complete = student.call("complete_session", {"session_id": session_id})
    stored = student.get(f"practice_sessions/{session_id}")

    for seen in (start, progress, complete, stored):
        assert seen.ok
        assert SECRET not in seen.text
        assert PROMPT not in seen.text


def test_a_template_without_keys_has_no_source(teacher: User) -> None:
    rated = [{"question_id": "q", "kind": "self_rated", "prompt": "How was it?"}]
    exercise = {"name": "E", "answer": "no key of a question", "questions": rated}
    data = {"sections": [{"name": "S", "exercises": [exercise]}]}

    template = created(teacher, template_data=data)

    assert template["template_data"] == data
    assert source(teacher, template["template_id"]) is None


def test_the_source_follows_the_template(teacher: User, stored_source: StoredSource) -> None:
    template = created(teacher)
    template_id = template["template_id"]
    assert stored_source(template_id) is None

    template = update(teacher, template, template_data=BANK)
    assert template["template_data"] == without_keys(BANK)
    assert source(teacher, template_id) == BANK

    template = update(teacher, template, name="Same bank")
    assert source(teacher, template_id) == BANK

    fewer = {"sections": BANK["sections"][:1]}
    template = update(teacher, template, template_data=fewer)
    assert source(teacher, template_id) == fewer

    template = update(teacher, template, template_data={"sections": []})
    assert stored_source(template_id) is None
    assert template["version"] == 5


def test_a_change_of_only_an_answer_updates_the_source(teacher: User) -> None:
    template = created(teacher, template_data=BANK)
    corrected = json.loads(json.dumps(BANK))
    corrected["sections"][0]["exercises"][0]["questions"][1]["answer"] = 5

    after = update(teacher, template, template_data=corrected)

    assert after["version"] == 2
    assert after["template_data"] == template["template_data"]
    assert source(teacher, template["template_id"]) == corrected


def test_identical_keys_sent_again_are_not_a_conflict_and_different_keys_are(
    teacher: User, stored_documents: StoredDocuments
) -> None:
    template = created(teacher)
    first = update(teacher, template, template_data=BANK)
    before = stored_documents(teacher)

    assert update(teacher, template, template_data=BANK) == first
    other = json.loads(json.dumps(BANK).replace("the-secret-answer", "another-answer"))
    body = {"template_id": template["template_id"], "version": 1, "template_data": other}
    refused(teacher.call("update_template", body), "REVISION_MISMATCH")

    assert stored_documents(teacher) == before


def test_the_students_text_sent_back_is_refused_and_keeps_the_keys(
    teacher: User, stored_source: StoredSource
) -> None:
    template = created(teacher, template_data=BANK)

    body = {
        "template_id": template["template_id"],
        "version": 1,
        "template_data": template["template_data"],
    }

    first, second = "template_data.sections.0.exercises.0", "template_data.sections.2.exercises.1"
    paths = invalid(teacher.call("update_template", body))
    assert [path.removesuffix(".answer").removesuffix(".rubric") for path in paths] == [
        f"{first}.questions.0",
        f"{first}.questions.1",
        f"{second}.questions.0",
        f"{second}.questions.1",
    ]
    assert stored_source(template["template_id"]) == BANK


def test_a_refused_update_leaves_the_source_unchanged(
    teacher: User, stored_source: StoredSource
) -> None:
    template = created(teacher, template_data=BANK)

    body = {"template_id": template["template_id"], "template_data": {"sections": []}}
    assert teacher.call("update_template", {**body, "version": 9}).status_code == 412

    assert stored_source(template["template_id"]) == BANK


def test_the_source_outlives_deletion(teacher: User, student: User) -> None:
    template = created(teacher, template_data=BANK, student_ids=[student.uid])
    started(student, template_id=template["template_id"])

    teacher.call("delete_template", {"template_id": template["template_id"]})

    assert source(teacher, template["template_id"]) == BANK
