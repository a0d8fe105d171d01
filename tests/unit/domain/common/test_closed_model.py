"""Unknown fields are refused by name, each with the known one that was probably meant."""

import pytest
from pydantic import ValidationError

from shared.domain.common.closed_model import MAX_NAMED, ClosedModel
from shared.domain.common.validation import Violation, violations_of


class Start(ClosedModel):
    template_id: str
    mode: str = ""
    topic: str | None = None


def violations(value: dict[str, object]) -> list[Violation]:
    with pytest.raises(ValidationError) as refused:
        Start.model_validate(value)
    return violations_of(refused.value)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("templateId", "is not a known field: did you mean template_id?"),
        ("TEMPLATE_ID", "is not a known field: did you mean template_id?"),
        ("Mode", "is not a known field: did you mean mode?"),
        ("x" * 1_000_000, "is not a known field"),
        ("", "is not a known field"),
    ],
)
def test_an_unknown_field_suggests_the_nearest(name: str, message: str) -> None:
    assert violations({"template_id": "t", name: 1}) == [((name,), message)]


def test_unknown_fields_are_named_beside_other_violations() -> None:
    assert violations({"tempalte_id": "t", "mode": 5}) == [
        (("template_id",), "Field required"),
        (("mode",), "Input should be a valid string"),
        (("tempalte_id",), "is not a known field: did you mean template_id?"),
    ]


def test_only_the_first_of_many_unknown_fields_are_named() -> None:
    value: dict[str, object] = {f"field_{i}": 0 for i in range(1_000)}
    named = violations({"template_id": "t", **value})
    assert [location for location, _ in named] == [(f"field_{i}",) for i in range(MAX_NAMED)]
