"""Seals of templates: they hold the answer keys, and their length tells little about them."""

from typing import Any

import pytest
from cryptography.fernet import Fernet
from pydantic_core import to_json

from shared.domain.practice.source import Binding, source_from_template
from shared.domain.practice.state import Practice
from shared.domain.practice.transitions import start_practice
from shared.domain.templates.template import (
    Template,
    TemplateContent,
    answer_keys,
    content_hash,
)
from shared.sealing.fernet_box import FernetBox
from shared.sealing.practice_sealer import FernetPracticeSealer
from shared.sealing.template_sealer import FernetTemplateSealer
from tests.unit.domain.samples import NOON, ROUTINE, a_template

BOX = FernetBox([Fernet.generate_key().decode()])
SEALER = FernetTemplateSealer(BOX)
IDS = [f"choice-{n}" for n in range(8)]


def content(right: int) -> dict[str, Any]:
    """A template with a question of which so many choices are right."""
    choices = [
        {"id": id_, "text": f"Text {id_}", **({"correct": True} if n < right else {})}
        for n, id_ in enumerate(IDS)
    ]
    question = {
        "question_id": "q1",
        "kind": "multi_select",
        "prompt": "Which?",
        "choices": choices,
        "answer": IDS[:right],
        "hints": ["One of them is right."] * right,
    }
    return {"sections": [{"name": "S", "exercises": [{"name": "E", "questions": [question]}]}]}


def seal(right: int) -> str:
    keys = answer_keys(TemplateContent.model_validate(content(right)))
    return SEALER.seal(a_template(content(right)), keys).seal or ""


def practice(right: int) -> Practice:
    source = source_from_template({"name": "T", "template_data": content(right)}, None)
    return start_practice(source, session_id="s", student_id="u", tutor="offline", at=NOON)


def test_the_length_of_a_seal_does_not_tell_how_many_choices_are_right() -> None:
    assert len({len(seal(right)) for right in range(1, len(IDS) + 1)}) == 1


def test_nor_does_the_length_of_the_source_of_a_session() -> None:
    sealer = FernetPracticeSealer(BOX)
    seals = [sealer.seal(practice(right))["seal"] for right in range(1, len(IDS) + 1)]
    assert len({len(sealed.partition(".")[2]) for sealed in seals}) == 1


@pytest.mark.parametrize("right", [1, 8])
def test_a_seal_holds_hints_and_what_choices_say_of_themselves(right: int) -> None:
    (key,) = SEALER.open(seal(right)).answer_keys.values()
    assert key == {
        "answer": IDS[:right],
        "hints": ["One of them is right."] * right,
        "choices": [{"correct": True}] * right + [{}] * (8 - right),
    }


def test_a_seal_without_padding_opens_too() -> None:
    template = a_template(content(2))
    binding = template.model_dump(include=set(Binding.model_fields))
    before = BOX.seal("template", to_json({**binding, "keys": {"q1": {"answer": IDS[:2]}}}))
    assert SEALER.open(before).answer_keys == {"q1": {"answer": IDS[:2]}}


def test_hints_in_the_text_of_a_template_stored_before_are_used_as_they_are() -> None:
    question = {"question_id": "q1", "kind": "numeric", "prompt": "2 + 2?", "hints": ["Count."]}
    data = {"sections": [{"name": "S", "exercises": [{"name": "E", "questions": [question]}]}]}
    fields = {**a_template(ROUTINE).model_dump(), "template_data": data}
    template = SEALER.seal(
        Template.model_validate({**fields, "content_hash": content_hash(fields)}),
        {"q1": {"answer": 4}},
    )
    source = source_from_template(template.model_dump(), SEALER.open(template.seal or ""))
    assert [entry.question.hints for entry in source.bank] == [["Count."]]


def test_a_sealed_template_is_practised_as_its_author_wrote_it() -> None:
    template = SEALER.seal(
        a_template(content(3)), answer_keys(TemplateContent.model_validate(content(3)))
    )
    source = source_from_template(template.model_dump(), SEALER.open(template.seal or ""))
    (entry,) = source.bank
    assert entry.question.hints == ["One of them is right."] * 3
    assert [choice.model_dump().get("correct") for choice in entry.question.choices or []] == [
        *[True] * 3,
        *[None] * 5,
    ]
