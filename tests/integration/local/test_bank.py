"""The example bank, stored by a teacher and read by students."""

import json

from local.api import User
from local.examples import theory_template
from tests.support.bank import QUESTIONS


def test_a_teacher_can_store_the_bank_and_students_read_it_without_keys(
    teacher: User, student: User
) -> None:
    created = teacher.call("create_template", {**theory_template(), "student_ids": [student.uid]})
    assert created.status_code == 201, created.text
    read = student.read(f"session_templates/{created.json()['template']['template_id']}")
    text = json.dumps(read, ensure_ascii=False)
    assert all(question["prompt"] in text for question in QUESTIONS.values())
    assert not any(question["explanation"] in text for question in QUESTIONS.values())
