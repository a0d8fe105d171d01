"""Questions with official keys, in the form in which a model writes them, and mistakes in keys."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import Any

Json = dict[str, Any]

CAPITALS = {
    "Portugal": "Lisbon",
    "Poland": "Warsaw",
    "Norway": "Oslo",
    "Peru": "Lima",
    "Kenya": "Nairobi",
    "Japan": "Tokyo",
    "Cuba": "Havana",
    "Austria": "Vienna",
    "Egypt": "Cairo",
    "Finland": "Helsinki",
    "Greece": "Athens",
    "Hungary": "Budapest",
    "Ireland": "Dublin",
    "Chile": "Santiago",
    "Canada": "Ottawa",
    "Nepal": "Kathmandu",
}
GERMAN = {
    "house": "Haus",
    "tree": "Baum",
    "water": "Wasser",
    "bread": "Brot",
    "moon": "Mond",
    "apple": "Apfel",
    "flower": "Blume",
    "horse": "Pferd",
    "window": "Fenster",
    "garden": "Garten",
    "knife": "Messer",
    "mirror": "Spiegel",
    "school": "Schule",
    "chair": "Stuhl",
    "spoon": "Löffel",
    "street": "Straße",
    "key": "Schlüssel",
}
NUMBERS_IN_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class OfficialQuestion:
    """`fields` are those of a ModelQuestion. `wrong` is another answer, in the same form, that a
    mistake could lead to.
    """

    def __init__(self, fields: Json, wrong: Sequence[str]) -> None:
        self.fields = fields
        self.wrong = list(wrong)

    def with_slip(self) -> Json:
        """The key is wrong, and the explanation right."""
        return {**self.fields, "answer": self.wrong}

    def with_mistake(self) -> Json:
        """The explanation leads to the wrong key."""
        said = ", ".join(self.text_of(entry) for entry in self.wrong)
        explanation = f"Work through what is given, step by step.\nSo the answer is {said}."
        return {**self.with_slip(), "explanation": explanation}

    def text_of(self, entry: str) -> str:
        texts = {choice["id"]: choice["text"] for choice in self.fields["choices"] or []}
        return str(texts.get(entry, entry))


def _question(
    kind: str,
    prompt: str,
    key: tuple[Sequence[str], Sequence[str]],
    explanation: str,
    hints: Sequence[str],
    **fields: Any,
) -> OfficialQuestion:
    """`key` is the answer, and a wrong one."""
    answer, wrong = key
    absent = {"choices": None, "tolerance": None, "unit": None, "rubric": None}
    own = {"prompt": prompt, "answer": list(answer), "explanation": explanation}
    return OfficialQuestion(
        {"kind": kind, "difficulty": 3, **absent, **own, "hints": list(hints), **fields}, wrong
    )


def _choices(chance: Random, right: str, others: Sequence[str]) -> tuple[list[Json], str, str]:
    """The choices in some order, the id of the right one and that of a wrong one."""
    texts = [right, *others]
    chance.shuffle(texts)
    choices = [{"id": "abcdef"[i], "text": text} for i, text in enumerate(texts)]
    ids = {choice["text"]: choice["id"] for choice in choices}
    return choices, ids[right], ids[others[0]]


def product(chance: Random) -> OfficialQuestion:
    a, b = chance.randint(12, 98), chance.randint(3, 9)
    tens, ones = a // 10 * 10, a % 10
    return _question(
        "numeric",
        f"Compute {a} \u00b7 {b}.",
        ([f"{a * b}"], [f"{a * b + chance.choice((-10, -1, 1, 10, b))}"]),
        f"{tens} \u00b7 {b} = {tens * b} and {ones} \u00b7 {b} = {ones * b}.\n"
        f"{tens * b} + {ones * b} = {a * b}",
        ["Take the number apart.", "Multiply tens and ones, and add."],
    )


def order_of_operations(chance: Random) -> OfficialQuestion:
    a, b, c = (chance.randint(2, 12) for _ in range(3))
    return _question(
        "numeric",
        f"What is {a} + {b} \u00d7 {c}?",
        ([f"{a + b * c}"], [f"{(a + b) * c}"]),
        f"Multiplication comes first: {b} \u00d7 {c} = {b * c}. Then {a} + {b * c} = {a + b * c}.",
        ["Which operation comes first?", "Multiply before you add."],
    )


def fraction_sum(chance: Random) -> OfficialQuestion:
    a, b = chance.sample(range(2, 13), 2)
    total = Fraction(1, a) + Fraction(1, b)
    return _question(
        "numeric",
        f"Add 1/{a} and 1/{b}. Give the sum as a fraction.",
        ([f"{total}"], [f"2/{a + b}"]),
        f"With the common denominator {a * b}: {b}/{a * b} + {a}/{a * b} = {a + b}/{a * b}.\n"
        f"The sum is {total}.",
        ["Find a common denominator.", "Add the numerators."],
    )


def percentage(chance: Random) -> OfficialQuestion:
    percent, whole = chance.choice((5, 15, 20, 35, 45, 60)), chance.randint(2, 40) * 20
    part = whole * percent // 100
    return _question(
        "numeric",
        f"A school has {whole} pupils, and {percent} % of them sing in a choir. How many sing?",
        ([f"{part}"], [f"{whole - part}" if whole != 2 * part else f"{part + percent}"]),
        f"One percent of {whole} is {whole / 100:g}.\n"
        f"So {whole / 100:g} \u00b7 {percent} = {part} pupils.",
        ["What is one percent?", "Multiply one percent."],
    )


def linear_equation(chance: Random) -> OfficialQuestion:
    a, x, b = chance.randint(2, 9), chance.randint(2, 15), chance.randint(1, 20)
    return _question(
        "numeric",
        f"Solve {a}x + {b} = {a * x + b} for x.",
        ([f"{x}"], [f"{x + chance.choice((-1, 1, b))}"]),
        f"Subtract {b}: {a}x = {a * x}. Divide by {a}: x = {x}.\n"
        f"Check: {a} \u00b7 {x} + {b} = {a * x + b}, so x = {x}.",
        ["Subtract first.", "Then divide by the factor of x."],
    )


def speed(chance: Random) -> OfficialQuestion:
    speed_, hours = chance.randint(30, 130), chance.randint(2, 9)
    return _question(
        "numeric",
        f"A train goes {speed_} km in an hour. How far does it get in {hours} hours?",
        ([f"{speed_ * hours}"], [f"{speed_ * hours + speed_}"]),
        f"Each hour adds {speed_} km: {hours} \u00b7 {speed_} = {speed_ * hours} km.",
        ["How far does it get in two hours?", "Multiply speed and time."],
        unit="km",
    )


def rounding(chance: Random) -> OfficialQuestion:
    a, b = chance.randint(10, 99), chance.choice((3, 7, 11, 13))
    value = a / b
    return _question(
        "numeric",
        f"Divide {a} by {b}, to two decimals.",
        ([f"{value:.2f}"], [f"{value + 0.1:.2f}"]),
        f"{a} / {b} = {value:.4f}, which rounds to {value:.2f}.",
        ["Divide with a remainder first.", "Carry on behind the point."],
        tolerance=0.01,
    )


def largest_fraction(chance: Random) -> OfficialQuestion:
    under = chance.sample(range(3, 30), 4)
    best = min(under)
    others = [f"1/{n}" for n in under if n != best]
    choices, right, wrong = _choices(chance, f"1/{best}", others)
    return _question(
        "multiple_choice",
        f"Which is the largest of the unit fractions with the denominators {sorted(under)}?",
        ([right], [wrong]),
        "The fewer parts a whole is divided into, the larger is each of them.\n"
        f"So the largest one is 1/{best}.",
        ["Think of pieces of a cake.", "Compare the denominators."],
        choices=choices,
    )


def capital(chance: Random) -> OfficialQuestion:
    country, *others = chance.sample(sorted(CAPITALS), 4)
    choices, right, wrong = _choices(chance, CAPITALS[country], [CAPITALS[o] for o in others])
    return _question(
        "multiple_choice",
        f"Which city is the capital of {country}?",
        ([right], [wrong]),
        f"The government of {country} has its seat there.\nThe capital is {CAPITALS[country]}.",
        ["Look at the map.", "Its government is there."],
        choices=choices,
    )


def multiples(chance: Random) -> OfficialQuestion:
    of = chance.randint(3, 9)
    good = [of * n for n in chance.sample(range(2, 12), 2)]
    bad = [n + chance.randint(1, of - 1) for n in good]
    texts = [f"{n}" for n in (*good, *bad)]
    order = list(dict.fromkeys(texts))
    chance.shuffle(order)
    choices = [{"id": "abcdef"[i], "text": text} for i, text in enumerate(order)]
    ids = {choice["text"]: choice["id"] for choice in choices}
    return _question(
        "multi_select",
        f"Which of these are multiples of {of}: {', '.join(order)}?",
        ([ids[f"{n}"] for n in good], [ids[f"{good[0]}"], ids[f"{bad[0]}"]]),
        f"Divide each by {of} and look for a remainder.\nOnly {good[0]} and {good[1]} leave none.",
        ["Divide each of them.", "No remainder may be left."],
        choices=choices,
    )


def translation(chance: Random) -> OfficialQuestion:
    english, other = chance.sample(sorted(GERMAN), 2)
    return _question(
        "short_answer",
        f"What is the German noun for \u201c{english}\u201d? Write it without an article.",
        ([GERMAN[english]], [GERMAN[other]]),
        f"The word in the dictionary is \u201c{GERMAN[english]}\u201d.",
        ["It is in every first dictionary.", "Nouns begin with a capital letter."],
    )


def number_word(chance: Random) -> OfficialQuestion:
    a = chance.randint(0, 9)
    b = chance.randint(0, 9 - a)
    words = NUMBERS_IN_WORDS
    return _question(
        "short_answer",
        f"Write the digit as a word: the sum of {a} and {b}.",
        ([words[a + b]], [words[(a + b + 1) % 10]]),
        f"{a} + {b} = {a + b}. As a word: {words[a + b]}.",
        ["Add both.", "Then spell the digit."],
    )


SOURCES: Mapping[str, Callable[[Random], OfficialQuestion]] = {
    source.__name__: source
    for source in (
        product,
        order_of_operations,
        fraction_sum,
        percentage,
        linear_equation,
        speed,
        rounding,
        largest_fraction,
        capital,
        multiples,
        translation,
        number_word,
    )
}
