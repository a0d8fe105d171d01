"""The fields of a question, from what the formats have in common.

A reader names what it found by these; each function is one kind of question here. They raise
ItemRefused where there is no key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from admin.content.items import ItemRefused, Notes
from shared.domain.questions.numeric_parsing import MAX_EXPONENT

Fields = dict[str, Any]
TRUE_FALSE = ("True", "False")


@dataclass(frozen=True)
class Option:
    """One answer that a file lists. `percent` is its share of the points; 100 is right."""

    text: str
    percent: float
    feedback: str = ""


@dataclass(frozen=True)
class NumberOption:
    """A number of the file with its tolerance, both as they are written there."""

    number: str
    tolerance: str
    percent: float
    feedback: str = ""


Options = Sequence[Option] | Sequence[NumberOption]


def one_choice(options: Sequence[Option], notes: Notes) -> Fields:
    """`multiple_choice`: exactly one option must have all points."""
    options = _distinct(options, notes)
    right = [option for option in options if option.percent >= 100]
    if len(right) != 1:
        raise ItemRefused("two_keys" if right else "no_key")
    for option in options:
        if 0 < option.percent < 100:
            notes.add("partial", option.text)
    return {
        "kind": "multiple_choice",
        "choices": _choices(options),
        "answer": choice_id(options.index(right[0])),
    }


def several_choices(options: Sequence[Option], notes: Notes) -> Fields:
    """`multi_select`: the options with points are right."""
    options = _distinct(options, notes)
    right = [option for option in options if option.percent > 0]
    if not right:
        raise ItemRefused("no_key")
    if len({option.percent for option in right}) > 1:
        notes.add("weights")
    return {
        "kind": "multi_select",
        "choices": _choices(options),
        "answer": [choice_id(options.index(option)) for option in right],
    }


def true_false(*, is_true: bool) -> Fields:
    """Two choices in their usual order."""
    choices = [{"id": choice_id(i), "text": text} for i, text in enumerate(TRUE_FALSE)]
    return {
        "kind": "multiple_choice",
        "choices": choices,
        "answer": choice_id(0 if is_true else 1),
        "keep_order": True,
    }


def accepted_texts(options: Sequence[Option], notes: Notes) -> Fields:
    """`short_answer`: the options with all points are accepted. `*` stands for any text there."""
    accepted: list[str] = []
    for option in options:
        if option.percent < 100:
            if option.percent > 0:
                notes.add("partial", option.text.replace("\\*", "*"))
            continue
        if "*" in option.text.replace("\\*", ""):
            notes.add("wildcard", option.text)
        elif (plain := option.text.replace("\\*", "*")) not in accepted:
            accepted.append(plain)
    if not accepted:
        raise ItemRefused("no_key")
    return {"kind": "short_answer", "answer": accepted}


def number(options: Sequence[NumberOption], notes: Notes, *, unit: str = "") -> Fields:
    """`numeric`: the first option with all points. The others are named."""
    right = [option for option in options if option.percent >= 100 and option.number != "*"]
    if not right:
        raise ItemRefused("no_key")
    first, *others = right
    for option in options:
        if option.number != "*" and 0 < option.percent < 100:
            notes.add("partial", option.number)
    if others:
        notes.add("other_answers", ", ".join(option.number for option in others))
    fields: Fields = {"kind": "numeric", "answer": json_number(first.number)}
    tolerance = first.tolerance.strip()
    if tolerance and exact(tolerance):
        fields["tolerance"] = float(exact(tolerance))
    if unit.strip():
        fields["unit"] = unit.strip()
    return fields


def number_between(low: str, high: str) -> tuple[str, str]:
    """The number in the middle of an interval, and the distance to its ends."""
    least, most = exact(low), exact(high)
    return decimal_text((least + most) / 2), decimal_text(abs(most - least) / 2)


def self_rated(notes: Notes) -> Fields:
    notes.add("open")
    return {"kind": "self_rated"}


def matching(pairs: Sequence[tuple[str, str]], others: Sequence[str] = ()) -> Fields:
    """`matching`: pairs of an item and its choice, and choices that belong to no item."""
    texts = list(dict.fromkeys([*(right for _, right in pairs), *others]))
    return {
        "kind": "matching",
        "items": [{"id": str(n), "text": left} for n, (left, _) in enumerate(pairs, start=1)],
        "choices": [{"id": choice_id(i), "text": text} for i, text in enumerate(texts)],
        "answer": [choice_id(texts.index(right)) for _, right in pairs],
    }


def ordering(texts: Sequence[str]) -> Fields:
    """`ordering`: the texts in their right order."""
    choices = [{"id": choice_id(i), "text": text} for i, text in enumerate(texts)]
    return {"kind": "ordering", "choices": choices, "answer": [c["id"] for c in choices]}


def cloze(blanks: Sequence[Fields]) -> Fields:
    """`cloze`: the key of each blank, in the order of their marks in the prompt."""
    numbered = [{"id": str(n), **_blank(blank)} for n, blank in enumerate(blanks, start=1)]
    return {"kind": "cloze", "blanks": numbered}


def _blank(key: Fields) -> Fields:
    """The key of a question as that of a blank, whose choices are texts."""
    blank = {name: value for name, value in key.items() if name != "keep_order"}
    if texts := {choice["id"]: choice["text"] for choice in key.get("choices") or []}:
        blank |= {"choices": list(texts.values()), "answer": texts[key["answer"]]}
    return blank


def blank_mark(number: int) -> str:
    """What stands in a prompt for a blank."""
    return f"{{{{{number}}}}}"


def explained(fields: Fields, explanation: str, options: Options, notes: Notes) -> Fields:
    """With the explanation, or else with the feedback on the only right answer.

    All other feedback has no place here, and is named.
    """
    feedback = [option for option in options if option.feedback.strip()]
    right = [option.feedback for option in feedback if option.percent >= 100]
    left = len(feedback)
    if not explanation.strip() and len(right) == 1:
        notes.add("explanation")
        explanation, left = right[0], left - 1
    if left:
        notes.add("feedback", str(left))
    return {**fields, "explanation": explanation} if explanation.strip() else fields


def choice_id(index: int) -> str:
    """a, b, c … and from the 27th on numbers."""
    return chr(ord("a") + index) if index < 26 else str(index + 1)


def exact(text: str) -> Fraction:
    """The number that a format's decimal notation means. Raises ItemRefused."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise ItemRefused("no_number", text.strip()[:40]) from None
    if not value.is_finite() or abs(value.adjusted()) > MAX_EXPONENT:
        raise ItemRefused("no_number", text.strip()[:40])
    return Fraction(value)


def decimal_text(value: Fraction) -> str:
    """Exact where the decimal ends, else as a fraction."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    return format(Decimal(int(value * 10**places)).scaleb(-places), "f")


def json_number(text: str) -> str | int | float:
    """A JSON number where that is the same text, as the template builder stores it."""
    plain = text.strip()
    exact(plain)
    if plain.removeprefix("-").isdigit() and str(int(plain)) == plain and len(plain) < 16:
        return int(plain)
    return float(plain) if repr(float(plain)) == plain else plain


def _choices(options: Sequence[Option]) -> list[Fields]:
    return [{"id": choice_id(i), "text": option.text} for i, option in enumerate(options)]


def _distinct(options: Sequence[Option], notes: Notes) -> list[Option]:
    found: dict[tuple[str, float], Option] = {}
    for option in options:
        key = (option.text, option.percent)
        if key in found:
            notes.add("duplicate_choice", option.text)
        else:
            found[key] = option
    return list(found.values())
