"""Refusals: each has a unique name, and each is raised somewhere."""

import ast
from collections.abc import Iterator

import pytest

from local.processes import ROOT
from shared.contract.refusals import STATUS_OF
from shared.domain.common.errors import FieldError, InvalidArgument, Refusal, all_refusals

REFUSALS = sorted(set(all_refusals()), key=lambda refusal: refusal.__name__)


def raised_names() -> Iterator[str]:
    """The names of refusals that the product's code constructs or raises."""
    for folder in ("functions", "shared"):
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                match node:
                    case ast.Raise(exc=ast.Name(id=name)) | ast.Call(func=ast.Name(id=name)):
                        yield name


@pytest.mark.parametrize("refusal", REFUSALS)
def test_every_refusal_is_raised_somewhere(refusal: type[Refusal]) -> None:
    assert refusal.__name__ in set(raised_names())


def test_reasons_are_unique_names() -> None:
    reasons = [refusal.reason for refusal in REFUSALS]

    assert set(reasons) == set(STATUS_OF)
    assert len(set(reasons)) == len(reasons) >= 10
    assert all(reason.replace("_", "").isalpha() and reason.isupper() for reason in reasons)


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_explains_itself(refusal: type[Refusal]) -> None:
    assert refusal().detail == str(refusal()) == refusal.default_detail
    assert refusal.default_detail.endswith(".")
    assert refusal("Another word.").detail == "Another word."
    assert refusal().errors == ()


def test_a_refusal_lists_every_fault_in_order() -> None:
    faults = [FieldError("name", "is too long"), FieldError("sections.0", "is no object")]

    assert InvalidArgument(errors=faults).errors == tuple(faults)
