"""The generated parts of the documents: written, updated, and started for a new function."""

import pytest

from openapi import documentation
from shared.contract.operation import main_operation
from shared.settings import VARIABLES

NAMES = [operation.function for operation in documentation.main_operations()]
CHAPTERS = "".join(
    f"## {name}\n\n<!-- refusals of {name} -->\nold\n<!-- /refusals of {name} -->\n\n"
    for name in NAMES
)
DELETE_CHAPTER = CHAPTERS[CHAPTERS.index("## delete_template") :].partition("\n\n## ")[0] + "\n\n"
API = f"# API\n\n{CHAPTERS}<!-- new functions -->\n\n## Reading Firestore\n"


def test_the_refusals_of_each_chapter_are_renewed() -> None:
    written = documentation.api(API)
    assert "old" not in written
    refusals = "Refusals: `TEMPLATE_NOT_FOUND`, `RATE_LIMITED`."
    assert f"delete_template -->\n{refusals}\n<!-- /refusals of delete_template -->" in written
    assert documentation.api(written) == written


def test_a_new_function_gets_a_chapter_of_its_own() -> None:
    written = documentation.api(API.replace(DELETE_CHAPTER, ""))
    chapter = written.partition("## delete_template\n")[2].partition("\n## ")[0]
    operation = main_operation("delete_template")
    assert f"DELETE → 204. {operation.summary}. {operation.description}\n" in chapter
    assert "\nRefusals: `TEMPLATE_NOT_FOUND`, `RATE_LIMITED`.\n" in chapter
    assert chapter.rstrip().endswith("<!-- new functions -->")
    assert documentation.api(written) == written


def test_a_chapter_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="refusals of delete_template"):
        documentation.api(API.replace("<!-- /refusals of delete_template -->", ""))


def test_the_readme_lists_every_function_and_every_setting() -> None:
    written = documentation.readme(
        "a\n<!-- functions -->\n<!-- /functions -->\n<!-- settings -->\n<!-- /settings -->\nb\n"
    )
    for variable in VARIABLES:
        assert f"`{variable.name}`" in written
    for operation in documentation.main_operations():
        assert (
            f"`{operation.function}`](docs/api.md#{operation.function}) | {operation.summary} |"
            in written
        )
    assert written.startswith("a\n")
    assert written.endswith("\nb\n")
