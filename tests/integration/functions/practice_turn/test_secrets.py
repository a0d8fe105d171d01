"""Secrets of unanswered questions are in no reply and no document that a student can read."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from typing import Any

from local.api import found
from local.examples import theory_template
from local.practice_client import BANK, right_answer, wrong_answer
from tests.support.practice_client import Class, Json, Practising

TURNS = 200
LONG = 8  # shorter accepted answers, such as "3" or "mi", are found in any text


def texts(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for key, inner in value.items():
                yield key
                yield from texts(inner)
        case list():
            for inner in value:
                yield from texts(inner)
        case str():
            yield value


def secrets(question: Json) -> list[str]:
    """Texts that may not be disclosed before the question is answered."""
    disclosed = [question.get("explanation"), *(c["text"] for c in question.get("rubric") or [])]
    if question["kind"] == "short_answer":
        disclosed += [accepted for accepted in question["answer"] if len(accepted) >= LONG]
    return [text for text in disclosed if text]


def public_text() -> str:
    """All public texts: prompts, choices, names, descriptions."""
    hidden = {"answer", "rubric", "explanation", "hints"}
    template = theory_template()
    for section in template["template_data"]["sections"]:
        for exercise in section["exercises"]:
            exercise["questions"] = [
                {k: v for k, v in q.items() if k not in hidden} for q in exercise["questions"]
            ]
    return "\n".join(texts(template))


PUBLIC = public_text()
SECRETS = {
    question_id: [text for text in secrets(question) if text.casefold() not in PUBLIC.casefold()]
    for question_id, question in BANK.items()
}


class LeakDetector:
    """Tracks the texts disclosed so far, and finds secrets that were not."""

    def __init__(self) -> None:
        self.answered: set[str] = set()
        self.hinted: dict[str, int] = {}

    def leaks_in(self, value: Any) -> list[str]:
        """Secrets of questions not answered yet, and hints not requested.

        A text disclosed by one question may equal a secret of another; it counts as disclosed.
        """
        disclosed = [text for question_id in self.answered for text in SECRETS[question_id]]
        hidden = [text for q in BANK.keys() - self.answered for text in SECRETS[q]]
        for question_id, question in BANK.items():
            hints, asked = question.get("hints") or [], self.hinted.get(question_id, 0)
            disclosed += hints[:asked]
            hidden += hints[asked:]
        readable = "\n".join(texts(value))
        for text in sorted(disclosed, key=len, reverse=True):
            readable = readable.replace(text, "")
        return [text for text in hidden if text.casefold() in readable.casefold()]


def without_seals(value: Any) -> Any:
    match value:
        case dict():
            return {k: without_seals(v) for k, v in value.items() if k != "seal"}
        case list():
            return [without_seals(inner) for inner in value]
        case _:
            return value


def turn(practising: Practising, given: Json) -> Json:
    body = {"session_context": practising.context, "input": given}
    taken = practising.user.call("practice_turn", body)
    assert taken.status_code == 200, taken.text[:500]
    reply: Json = taken.json()
    practising.context = reply["session_context"]
    practising.seen += [c for m in reply["messages"] for c in m.get("tool_calls", [])]
    return reply


def documents(room: Class, practising: Practising, session_id: str) -> dict[str, Any]:
    """Every document the student may read, as REST returns them."""
    student = practising.user
    session = f"practice_sessions/{session_id}"
    items = {"from": [{"collectionId": "items"}]}
    skills = {"from": [{"collectionId": "skills"}]}
    return {
        "template": student.read(f"session_templates/{room.template_id}"),
        "session": student.read(session),
        "items": found(student.query(items, parent=f"/{session}")),
        "student": student.get(f"students/{student.uid}").json(),
        "skills": found(student.query(skills, parent=f"/students/{student.uid}")),
    }


def test_the_bank_has_secrets_of_every_sort() -> None:
    assert sum(bool(q.get("explanation")) for q in BANK.values()) >= 30
    assert sum(bool(q.get("hints")) for q in BANK.values()) >= 20
    assert any(q.get("rubric") for q in BANK.values())
    assert all(SECRETS[q] for q in BANK if BANK[q].get("explanation"))


def test_no_secret_is_disclosed_before_its_question_is_answered(room: Class) -> None:
    practising = room.practising()
    detector = LeakDetector()
    assert detector.leaks_in(without_seals(practising.seen)) == []
    session_id = practising.start()["session"]["session_id"]
    disclosed = 0

    for number in range(TURNS):
        question_id = practising.pending["question_id"]
        if number % 7 == 3 and practising.pending["hints_left"]:
            detector.hinted[question_id] = max(
                detector.hinted.get(question_id, 0),
                1 + len(BANK[question_id]["hints"]) - practising.pending["hints_left"],
            )
            reply = turn(practising, {"type": "hint"})
        elif number % 11 == 5:
            reply = turn(practising, {"type": "continue"})
        else:
            reply = practised(practising, detector, correctly=number % 3 > 0)
            explanation = BANK[question_id].get("explanation") or ""
            disclosed += explanation in "\n".join(texts(reply["messages"]))
        assert detector.leaks_in(without_seals(reply)) == [], f"turn {number}"
        if number in (10, 60, TURNS - 1):
            practising.store()
            for name, document in documents(room, practising, session_id).items():
                assert detector.leaks_in(without_seals(document)) == [], name

    # The detector works: secrets of answered questions were disclosed.
    assert disclosed > 100
    unwatched = LeakDetector()
    assert unwatched.leaks_in(practising.seen)
    examples = [
        call["args"]["concept"]["worked_example"]
        for call in practising.seen
        if call["name"] == "concept_presentation"
    ]
    assert sum(example is not None for example in examples) > 5


def practised(practising: Practising, detector: LeakDetector, *, correctly: bool) -> Json:
    """Answers the pending question; its secrets are public from then on."""
    question = practising.pending
    detector.answered.add(question["question_id"])
    value = right_answer(question) if correctly else wrong_answer(question)
    return turn(
        practising, {"type": "answer", "question_id": question["question_id"], "answer": value}
    )


def test_only_the_owner_reads_the_bank_with_its_keys(room: Class) -> None:
    source = f"session_templates/{room.template_id}/private/source"
    assert room.student.get(source).status_code == 403
    assert room.teacher.get(source).status_code == 200


def test_seals_hold_no_plain_text(room: Class) -> None:
    practising = room.practising()
    practising.answer()
    template = room.student.read(f"session_templates/{room.template_id}")
    words = {w for text in texts(list(BANK.values())) for w in text.split() if len(w) >= 5}
    assert len(words) > 200
    for seal in (template["seal"], practising.stored["seal"]):
        raw = urlsafe_b64decode(seal)
        assert [word for word in words if word.encode() in raw or word in seal] == []
        for name in (b"answer", b"explanation", b"student_id", practising.user.uid.encode()):
            assert name not in raw
    # The fields beside the seal disclose no more than the template does.
    visible = json.dumps(without_seals(practising.stored))
    assert '"answer":' not in visible
    assert '"explanation": "' in visible  # of the concept
    assert all(f'"{key}":' not in visible for key in ("rubric", "hints"))
