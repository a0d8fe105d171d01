"""Lists in requests: many errors are listed, endless ones are not looked for."""

from pydantic import BaseModel, ValidationError

from shared.domain.common.entries import MAX_ERRORS, Entries, ErrorBudget

Json = dict[str, object]


class Leaf(BaseModel):
    name: str


class Branch(BaseModel):
    leaves: Entries[Leaf] = []


class Tree(BaseModel):
    branches: Entries[Branch]


def errors(value: Json, budget: ErrorBudget | None = None) -> list[tuple[int | str, ...]]:
    try:
        Tree.model_validate(value, context=budget)
    except ValidationError as error:
        return [found["loc"] for found in error.errors()]
    return []


def test_entries_that_are_valid_are_kept() -> None:
    value = {"branches": [{"leaves": [{"name": "a"}]}, {}]}
    assert Tree.model_validate(value, context=ErrorBudget()).model_dump() == {
        "branches": [{"leaves": [{"name": "a"}]}, {"leaves": []}]
    }


def test_every_error_is_listed_up_to_the_most() -> None:
    wrong = {"leaves": [{}, {"name": "a"}, {"name": 1}]}
    value: Json = {"branches": [wrong, {}, wrong, 5]}

    assert errors(value, ErrorBudget()) == [
        ("branches", 0, "leaves", 0, "name"),
        ("branches", 0, "leaves", 2, "name"),
        ("branches", 2, "leaves", 0, "name"),
        ("branches", 2, "leaves", 2, "name"),
        ("branches", 3),
    ]


def test_the_errors_of_nested_lists_count_once() -> None:
    value: Json = {"branches": [{"leaves": [{}] * 10} for _ in range(1_000)]}

    assert errors(value, ErrorBudget()) == [
        ("branches", branch, "leaves", leaf, "name") for branch in range(10) for leaf in range(10)
    ]
    assert MAX_ERRORS == 100


def test_without_a_budget_every_error_is_found() -> None:
    assert len(errors({"branches": [0] * 1_000})) == 1_000
