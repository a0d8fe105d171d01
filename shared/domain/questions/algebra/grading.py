"""Answers in mathematics: the check of a key, the check of an answer, and the verdict."""

from shared.domain.questions.algebra.comparison import is_slip, means_the_same
from shared.domain.questions.algebra.equality import Undecided, has_value, is_rounded
from shared.domain.questions.algebra.forms import REQUESTS, can_be_key, has_form
from shared.domain.questions.algebra.parsing import parse
from shared.domain.questions.algebra.port import Algebra
from shared.domain.questions.algebra.tokens import NotUnderstood
from shared.domain.questions.algebra.tree import values_in
from shared.domain.questions.algebra.writing import written
from shared.domain.questions.answers import invalid_answer
from shared.domain.questions.grading import Verdict, all_or_nothing

# What an answer of the right value in another form than the one asked for scores.
WRONG_FORM = 0.5

RIGHT_VALUE = "The value is right, but the form is another."
ROUNDED = "That is a rounded value; the exact one is asked for."
UNDECIDED = (
    "could not be compared with the right answer in time, so it doesn't count; "
    "write it more simply, or try again"
)


def find_key_violation(text: str, *, mark: str, form: str) -> str | None:
    """Why a text can't be a key of this form; None where it can."""
    try:
        key = parse(text, mark)
    except NotUnderstood as error:
        return str(error)
    if not all(map(has_value, values_in(key))):
        return "has no value: it divides by zero, or is no real number"
    if not can_be_key(key, form):
        return f"is not in the form that is asked for: {form}"
    return None


def require_answer(text: str, key: str, *, mark: str) -> None:
    """Raises InvalidArgument, at input.answer, for a text that can't be read or is a slip."""
    try:
        given = parse(text, mark)
    except NotUnderstood as error:
        raise invalid_answer(str(error)) from None
    if is_slip(given, parse(key, mark)):
        decimal = "a comma" if mark == "," else "a point"
        raise invalid_answer(
            f"has several entries, and one value is asked for; {decimal} is the decimal mark"
        )


def grade(text: str, key: str, *, mark: str, form: str, algebra: Algebra) -> Verdict:
    """The verdict on a text that `require_answer` has passed.

    Raises InvalidArgument, at input.answer, where the algebra can't decide: that costs nothing.
    """
    given, expected = parse(text, mark), parse(key, mark)
    read_as = written(given, mark)
    try:
        is_same = means_the_same(given, expected, algebra)
    except Undecided:
        raise invalid_answer(UNDECIDED) from None
    if is_same and not has_form(given, expected, form):
        sentence = f"{RIGHT_VALUE} {REQUESTS[form]}"
        return Verdict(False, WRONG_FORM, key, read_as=read_as, remark=sentence)
    remark = ROUNDED if not is_same and is_rounded(given, expected) else None
    return all_or_nothing(is_same, key)._replace(read_as=read_as, remark=remark)
