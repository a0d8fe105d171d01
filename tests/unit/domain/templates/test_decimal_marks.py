"""The decimal mark of a template."""

import pytest

from shared.domain.templates.decimal_marks import with_decimal_marks


@pytest.mark.parametrize("mark", [{}, [], ["."], 1, ";", None])
def test_a_mark_that_is_none_is_left_to_validation(mark: object) -> None:
    template_data = {"decimal_mark": mark, "sections": []}

    assert with_decimal_marks(template_data) is template_data
