"""The decimal mark of a template, which its questions have where they name none of their own."""

from collections.abc import Callable
from typing import Any, get_args

from shared.domain.questions.kinds import KINDS
from shared.domain.questions.kinds.cloze import OF_BLANKS
from shared.domain.questions.numeric_parsing import DecimalMark

FIELD = "decimal_mark"
# A tuple: what a client sends in its place need not be hashable.
_MARKS: tuple[str, ...] = get_args(DecimalMark)
_HAVE_MARK = frozenset(
    name for name, kind in {**KINDS, **OF_BLANKS}.items() if FIELD in kind.model_fields
)


def with_decimal_marks(template_data: Any) -> Any:
    """The content, not validated yet, with its mark in each question and blank that may have one
    and has none; as it is where it has no mark itself.
    """
    mark = template_data.get(FIELD) if isinstance(template_data, dict) else None
    if mark not in _MARKS:
        return template_data

    def marked(question: Any) -> Any:
        if not isinstance(question, dict):
            return question
        kind = question.get("kind")
        is_unmarked = isinstance(kind, str) and kind in _HAVE_MARK and question.get(FIELD) is None
        own = {**question, FIELD: mark} if is_unmarked else question
        return _with_each(own, "blanks", marked)

    def exercise(value: Any) -> Any:
        return _with_each(value, "questions", marked)

    return _with_each(template_data, "sections", lambda s: _with_each(s, "exercises", exercise))


def _with_each(holder: Any, name: str, change: Callable[[Any], Any]) -> Any:
    if not isinstance(holder, dict) or not isinstance(holder.get(name), list):
        return holder
    return {**holder, name: [change(entry) for entry in holder[name]]}
