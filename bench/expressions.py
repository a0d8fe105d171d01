"""How many typed forms of right answers are accepted, and how many of wrong ones.

Keys in mathematics are made by a generator, and typed as people type them: plain, in TeX, with
signs of a keyboard or of a text, in another order. Wrong answers are those of common mistakes, and
the keys of other questions. Writes a table into docs/tutor.md.

    .venv/bin/python -m bench expressions
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from random import Random
from typing import NamedTuple

from bench.report import TUTOR, describe_versions, markdown_table, write_section
from shared.algebra.process import AlgebraProcess
from shared.domain.common.errors import InvalidArgument
from shared.domain.questions.algebra.port import Algebra
from shared.domain.questions.kinds.expression import Expression

KEYS = 1_200
ACCEPTED, FORM, REFUSED, WRONG = "accepted", "other form", "refused", "marked wrong"


class Case(NamedTuple):
    """A key with its right forms and wrong answers. `same` are right in value, not in form."""

    topic: str
    key: str
    form: str | None
    right: Sequence[str]
    wrong: Sequence[str]
    same: Sequence[str] = ()


def signed(number: int) -> str:
    return f"+ {number}" if number >= 0 else f"- {-number}"


def term(factor: int, name: str) -> str:
    return {1: name, -1: f"-{name}"}.get(factor, f"{factor}{name}")


def nonzero(chance: Random, most: int) -> int:
    return chance.choice([-1, 1]) * chance.randint(1, most)


def linear(chance: Random) -> Case:
    a, b = nonzero(chance, 9), nonzero(chance, 12)
    a += a == 1
    key = f"{term(a, 'x')} {signed(b)}"
    right = [
        key,
        key.replace(" ", ""),
        f"{b}{signed(a).replace(' ', '')}x" if abs(a) > 1 else f"{b}-x",
        f"{a}*x{signed(b)}",
        f"{a}·x {signed(b)}",
        f"{term(a, 'x').replace('-', chr(0x2212))} {signed(b)}",
        f"${a}x {signed(b)}$",
        f"({a}x) + ({b})",
    ]
    wrong = [f"{term(-a, 'x')} {signed(b)}", f"{a}x {signed(-b)}", f"{a + b}x", f"{b}x {signed(a)}"]
    return Case("terms", key, None, right, _others(wrong, a == b), [f"{a - 1}x + x {signed(b)}"])


def factored(chance: Random) -> Case:
    p, q = nonzero(chance, 9), nonzero(chance, 9)
    q += q == -p
    one, other = f"(x {signed(p)})", f"(x {signed(q)})"
    key = f"{one}{other}"
    expanded = f"x^2 {signed(p + q)}x {signed(p * q)}"
    right = [key, f"{other}{one}", f"{one}*{other}", f"{one} · {other}", key.replace(" ", "")]
    right += [rf"\left(x {signed(p)}\right)\left(x {signed(q)}\right)", f"({p} + x){other}"]
    wrong = [f"(x {signed(-p)})(x {signed(-q)})", f"{one}(x {signed(q + 1)})", f"{one}^2{other}"]
    return Case("factored", key, "factored", right, wrong, [expanded])


def expanded(chance: Random) -> Case:
    p, q = nonzero(chance, 9), nonzero(chance, 9)
    q += q == -p
    middle = f" {signed(p + q)}x"
    key = f"x^2{middle} {signed(p * q)}"
    right = [key, key.replace("^2", "²"), key.replace("^", "**"), f"{p * q}{middle} + x²"]
    right += [
        f"x^{{2}}{middle} {signed(p * q)}",
        key.replace(" ", ""),
        f"x²{middle}{signed(p * q)}",
    ]
    wrong = [f"x^2 {signed(p * q)}", f"x^2 {signed(-p - q)}x {signed(p * q)}"]
    wrong += [f"x^2{middle} {signed(-p * q)}", f"2x^2{middle} {signed(p * q)}"]
    return Case("expanded", key, "expanded", right, wrong, [f"(x {signed(p)})(x {signed(q)})"])


def fraction(chance: Random) -> Case:
    value = Fraction(nonzero(chance, 11), chance.choice([3, 7, 9, 11, 13]))
    value += Fraction(1, 17) if value.denominator == 1 else 0
    over, under = value.numerator, value.denominator
    key = f"{over}/{under}"
    right = [key, f"{over} / {under}", rf"\frac{{{over}}}{{{under}}}", f"({over})/{under}"]
    right += [f"{over}:{under}", f"x = {key}", rf"$\frac{{{over}}}{{{under}}}$", f"({key})"]
    wrong = [f"{under}/{over}", f"{-over}/{under}", f"{over + 1}/{under}", f"{float(value):.3f}"]
    return Case("fractions", key, "lowest_terms", right, wrong, [f"{2 * over}/{2 * under}"])


def root(chance: Random) -> Case:
    a, n = chance.randint(2, 9), chance.choice([2, 3, 5, 6, 7, 10, 11])
    key = f"{a}√{n}"
    right = [
        key,
        f"{a}sqrt({n})",
        rf"{a}\sqrt{{{n}}}",
        f"{a}*sqrt({n})",
        f"√{n}·{a}",
        f"{a}·√({n})",
    ]
    right += [f"{a} √{n}", f"{a} sqrt {n}", rf"{a}\cdot\sqrt{{{n}}}", f"{a}*{n}^(1/2)"]
    wrong = [f"√{a * n}", f"{a}√{n + 1}", f"{a + 1}√{n}", f"{a * n**0.5:.2f}", f"{a}·{n}"]
    return Case("roots", key, None, right, wrong, [f"√{a * a * n}"])


def pi_multiple(chance: Random) -> Case:
    a, b = chance.randint(1, 7), chance.choice([2, 3, 4, 6])
    a += a % b == 0
    value = Fraction(a, b)
    a, b = value.numerator, value.denominator
    key = f"{a}π/{b}"
    right = [
        key,
        f"{a}pi/{b}",
        rf"\frac{{{a}\pi}}{{{b}}}",
        f"{a}/{b} π",
        f"{a}*pi/{b}",
        f"({a}/{b})π",
    ]
    right += [f"π·{a}/{b}", rf"\frac{{{a}}}{{{b}}}\pi"]
    wrong = [f"{a}/{b}", f"{b}π/{a}" if a != b else "3π", f"{a * 3.14 / b:.2f}", f"-{key}"]
    return Case("multiples of π", key, None, right, wrong)


def power(chance: Random) -> Case:
    n, m = chance.randint(2, 9), chance.randint(2, 6)
    key = f"{m}x^{n}"
    right = [key, f"{m}x^{{{n}}}", f"{m}*x**{n}", f"{m}·x^({n})", f"x^{n}*{m}", f"{m} x^{n}"]
    wrong = [f"{m}x^{n + 1}", f"x^{m * n}", f"({m}x)^{n}", f"{m}x^-{n}", f"{m}x*{n}"]
    return Case("powers", key, None, right, wrong, [f"{m}x*x^{n - 1}"])


def derivative(chance: Random) -> Case:
    a, b = chance.randint(2, 6), chance.randint(2, 6)
    key = f"{a}e^({b}x)"
    right = [
        key,
        f"{a}e^{{{b}x}}",
        f"{a}*exp({b}x)",
        f"{a}exp({b}*x)",
        f"e^({b}x)*{a}",
        f"{a}·e^({b}·x)",
    ]
    wrong = [f"{a * b}e^({b}x)", f"{a}e^x", f"e^({a * b}x)", f"{b}e^({a}x)" if a != b else "x"]
    return Case("exponentials", key, None, right, wrong)


def sine(chance: Random) -> Case:
    a, b = chance.randint(2, 9), chance.randint(2, 9)
    key = f"{a}sin({b}x)"
    right = [key, f"{a} sin {b}x", rf"{a}\sin({b}x)", f"{a}*sin({b}*x)", f"sin({b}x)·{a}"]
    right += [rf"{a}\sin\left({b}x\right)", f"{a} sin({b} x)"]
    wrong = [
        f"{a}cos({b}x)",
        f"{b}sin({a}x)" if a != b else "sin(x)",
        f"-{a}sin({b}x)",
        f"{a * b}sin(x)",
    ]
    return Case("sines", key, None, right, wrong)


def quotient(chance: Random) -> Case:
    p, q = nonzero(chance, 9), nonzero(chance, 9)
    q += q == p
    q += q == 0
    key = f"(x {signed(p)})/(x {signed(q)})"
    right = [
        key,
        rf"\frac{{x {signed(p)}}}{{x {signed(q)}}}",
        key.replace(" ", ""),
        f"({p} + x)/({q} + x)",
    ]
    right += [f"(x {signed(p)}) : (x {signed(q)})", rf"\dfrac{{x{signed(p)}}}{{x{signed(q)}}}"]
    wrong = [
        f"x {signed(p)}/x {signed(q)}",
        f"(x {signed(q)})/(x {signed(p)})",
        f"{p}/{q}",
        f"x {signed(p - q)}",
    ]
    return Case("quotients", key, None, right, wrong)


def equation(chance: Random) -> Case:
    value = nonzero(chance, 20)
    key = f"x = {value}"
    right = [key, f"x={value}", str(value), f"{value} = x", f"$x={value}$", f"x = {value}.0"]
    wrong = [
        f"x = {-value}",
        str(value + 1),
        f"y = {value}",
        f"x = 1/{value}" if abs(value) > 1 else "x = 2",
    ]
    return Case("solved equations", key, None, right, wrong, [f"2x = {2 * value}"])


def line(chance: Random) -> Case:
    m, b = nonzero(chance, 9), nonzero(chance, 9)
    m += m == 1
    key = f"y = {term(m, 'x')} {signed(b)}"
    right = [key, key.replace(" ", ""), f"{term(m, 'x')} {signed(b)} = y", f"y = {b} + {m}*x"]
    right += [f"{term(m, 'x')} {signed(b)}", f"f(x) = {m}x {signed(b)}"[7:]]
    wrong = [f"y = {term(-m, 'x')} {signed(b)}", f"y = {m}x {signed(-b)}", f"x = {m}y {signed(b)}"]
    return Case("lines", key, None, right, wrong)


def solutions(chance: Random) -> Case:
    p, q = nonzero(chance, 9), nonzero(chance, 9)
    q += 20 * (q == p)
    key = f"x = {p} or x = {q}"
    right = [key, f"x={q} or x={p}", f"{p}, {q}", f"{{{p}; {q}}}", f"x_1 = {p}, x_2 = {q}"]
    right += [f"x = {q}, x = {p}", rf"\{{{p}, {q}\}}", f"x ∈ {{{q}, {p}}}", f"{p} or {q}"]
    wrong = [
        f"x = {p}",
        f"x = {-p} or x = {-q}",
        f"{{{p}, {q}, {p + q + 50}}}",
        f"x = {q + 30}, x = {p}",
    ]
    return Case("several solutions", key, None, right, _others(wrong, p == -q, 1))


def inequality(chance: Random) -> Case:
    value = nonzero(chance, 15)
    key = f"x > {value}"
    right = [
        key,
        f"x>{value}",
        f"{value} < x",
        f"({value}; ∞)",
        f"]{value}, ∞[",
        rf"({value}, \infty)",
    ]
    wrong = [f"x < {value}", f"x >= {value}", f"x > {-value}", f"x = {value}", f"[{value}; ∞)"]
    return Case("inequalities", key, None, right, wrong)


def interval(chance: Random) -> Case:
    low = nonzero(chance, 9)
    high = low + chance.randint(1, 9)
    key = f"[{low}; {high})"
    right = [
        key,
        f"[{low}, {high})",
        f"[{low};{high}[",
        f"{low} <= x < {high}",
        f"{low} ≤ x < {high}",
    ]
    right += [rf"{low} \leq x < {high}", f"x ∈ [{low}; {high})"]
    wrong = [f"({low}; {high}]", f"[{low}; {high}]", f"({low}; {high})", f"{low} < x < {high}"]
    return Case("intervals", key, None, right, wrong)


def point(chance: Random) -> Case:
    a, b = nonzero(chance, 9), nonzero(chance, 9)
    b += 20 * (b == a)
    key = f"({a}, {b})"
    right = [
        key,
        f"({a}; {b})",
        f"({a},{b})",
        f"{a}, {b}",
        f"x = {a}, y = {b}",
        rf"\left({a}, {b}\right)",
    ]
    wrong = [f"({b}, {a})", f"({-a}, {b})", f"({a}, {b + 1})", str(a)]
    return Case("points", key, None, right, wrong)


def identity(chance: Random) -> Case:
    a, b = chance.randint(2, 9), chance.randint(2, 9)
    key = f"{b}sin({2 * a}x)"
    right = [
        key,
        f"{2 * b}sin({a}x)cos({a}x)",
        f"{b}·2 sin({a}x) cos({a}x)",
        f"{b}cos({2 * a}x - π/2)",
    ]
    wrong = [
        f"{b}sin({a}x)cos({a}x)",
        f"{2 * b}sin({a}x)",
        f"{b}cos({2 * a}x)",
        f"{2 * b}sin({a}x)^2",
    ]
    return Case("identities", key, "any", right, wrong)


def german(chance: Random) -> Case:
    value = chance.randint(1, 99) + chance.choice([1, 3, 7, 9]) / 10
    comma = f"{value:.1f}".replace(".", ",")
    key = f"{comma}x"
    right = [key, f"{comma} x", f"{comma}*x", f"{comma}·x", f"x·{comma}", f"{value:.1f}x"]
    wrong = [f"{round(10 * value)}x", comma, f"-{key}", f"{comma}x^2"]
    return Case("decimal commas", key, None, right, wrong)


TOPICS: Sequence[Callable[[Random], Case]] = (
    linear,
    factored,
    expanded,
    fraction,
    root,
    pi_multiple,
    power,
    derivative,
    sine,
    quotient,
    equation,
    line,
    solutions,
    inequality,
    interval,
    point,
    identity,
    german,
)


def _others(wrong: list[str], is_right: bool, position: int = 3) -> list[str]:
    """Without the one that happens to be right."""
    return [each for n, each in enumerate(wrong) if not (is_right and n == position)]


def cases(count: int) -> Iterator[Case]:
    """The same cases in each run, of all topics in turn."""
    chance = Random("expressions")
    for n in range(count):
        yield TOPICS[n % len(TOPICS)](chance)


def outcome(question: Expression, typed: str, algebra: Algebra) -> str:
    try:
        verdict = question.grade_with(question.parse_answer(typed), algebra)
    except InvalidArgument:
        return REFUSED
    if verdict.correct:
        return ACCEPTED
    return FORM if verdict.score else WRONG


def question_of(case: Case) -> Expression:
    fields = {"form": case.form} if case.form else {}
    mark = {"decimal_mark": ","} if case.topic == "decimal commas" else {}
    asked = {"question_id": "q", "kind": "expression", "prompt": "?", "answer": case.key}
    return Expression.model_validate({**asked, **fields, **mark})


class Counts(NamedTuple):
    """By topic, how many answers of each sort had each outcome."""

    right: dict[str, Counter[str]]
    wrong: dict[str, Counter[str]]
    same: dict[str, Counter[str]]
    faults: list[tuple[str, str, str]]

    def share(self, sort: str, *outcomes: str) -> float:
        """The share, 0-1, of the answers of a sort (right, wrong, same) with these outcomes."""
        counted = sum(getattr(self, sort).values(), Counter[str]())
        return sum(counted[each] for each in outcomes) / counted.total()


def count(all_cases: Sequence[Case], algebra: Algebra) -> Counts:
    """Every answer of the cases, and as further wrong ones the keys of the three next cases."""
    topics = {case.topic for case in all_cases}
    right, wrong, same = ({topic: Counter[str]() for topic in topics} for _ in range(3))
    counts = Counts(right, wrong, same, [])
    for n, case in enumerate(all_cases):
        question = question_of(case)
        others = [all_cases[(n + k) % len(all_cases)].key for k in (1, 2, 3)]
        for sort, answers, good in (
            (counts.right, case.right, ACCEPTED),
            (counts.wrong, [*case.wrong, *others], None),
            (counts.same, case.same, FORM),
        ):
            for typed in answers:
                found = outcome(question, typed, algebra)
                sort[case.topic][found] += 1
                if found != good and (good or found == ACCEPTED):
                    counts.faults.append((case.key, typed, found))
    return counts


def table(counts: Counts) -> str:
    rows = [
        [
            topic,
            *_shares(counts.right[topic], ACCEPTED, FORM, REFUSED, WRONG),
            *_shares(counts.wrong[topic], ACCEPTED),
            *_shares(counts.same[topic], ACCEPTED),
        ]
        for topic in counts.right
    ]
    total = [
        "all",
        *(f"{counts.share('right', each):.1%}" for each in (ACCEPTED, FORM, REFUSED, WRONG)),
        f"{counts.share('wrong', ACCEPTED):.2%}",
        f"{counts.share('same', ACCEPTED):.2%}",
    ]
    heads = ["right answers", ACCEPTED, FORM, REFUSED, WRONG]
    heads += ["wrong ones accepted", "right in value alone, accepted"]
    return markdown_table(heads, [*sorted(rows), total])


def _shares(counter: Counter[str], *outcomes: str) -> list[str]:
    if not counter:
        return ["" for _ in outcomes]
    return [f"{counter[each] / counter.total():.1%}" for each in outcomes]


def main() -> None:
    algebra = AlgebraProcess()
    try:
        counts = count(list(cases(KEYS)), algebra)
    finally:
        algebra.close()
    forms, mistakes = (
        f"{sum(counted.total() for counted in sort.values()):,}"
        for sort in (counts.right, counts.wrong)
    )
    write_section(
        "expressions",
        f"""{describe_versions("sympy")}. {KEYS:,} keys of a generator, typed in {forms} right
forms that we know of (`bench/expressions.py`); {mistakes} wrong answers are common mistakes and the
keys of other questions.

{table(counts)}""",
        page=TUTOR,
    )
    for key, typed, found in counts.faults:
        if found != FORM:
            print(f"{found}: {typed} for {key}")


if __name__ == "__main__":
    main()
