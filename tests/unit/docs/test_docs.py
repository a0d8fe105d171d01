"""The documents name every function, refusal, question kind and setting; their links work."""

import re

import pytest

from local.processes import ROOT
from openapi.documentation import readme
from shared.contract.operation import function_names
from shared.contract.refusals import STATUS_OF
from shared.domain.common.errors import all_refusals
from shared.domain.questions.kinds import KINDS
from shared.settings import VARIABLES

README = (ROOT / "README.md").read_text()
API = (ROOT / "docs" / "api.md").read_text()


@pytest.mark.parametrize("function", function_names())
def test_every_function_is_in_the_readme_and_has_its_chapter(function: str) -> None:
    assert f"`{function}`" in README
    assert f"\n## {function}\n" in API


@pytest.mark.parametrize("reason", sorted({refusal.reason for refusal in all_refusals()}))
def test_every_refusal_is_documented_with_its_status(reason: str) -> None:
    assert re.search(rf"^\| `{reason}` \| {STATUS_OF[reason].value} \|", API, re.MULTILINE)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_question_is_documented(kind: str) -> None:
    assert re.search(rf"^\| `{kind}` \| .* \|$", API, re.MULTILINE)


def test_every_setting_is_in_the_readme() -> None:
    assert len(VARIABLES) > 30
    assert [variable.name for variable in VARIABLES if f"`{variable.name}`" not in README] == []


def test_the_tables_of_the_readme_are_generated_from_the_declarations() -> None:
    assert readme(README) == README, "run `make docs`"


def test_links_between_documents_lead_somewhere() -> None:
    documents = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    broken = [
        (document.name, target)
        for document in documents
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text())
        if not (document.parent / target).exists()
    ]
    assert broken == []
