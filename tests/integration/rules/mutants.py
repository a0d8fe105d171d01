"""Mutants of the rules: one change each, which the table of cases must detect.

A condition is the expression after an `if` or a `return`, or an operand of && or || in it. It is
made true or false. Not both where one is redundant: an operand of && that is false is a condition
that is false, one that is true is an operand dropped, and for || it is the other way round. Each
allow also loses one of its verbs, and gets the ones it hasn't; each match takes in any document
where it named one, and what is below where it didn't.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

DOCUMENTS = "/databases/{database}/documents"
CONDITION = re.compile(r"(?:\ballow\b[^;{}]*?:\s*if|\breturn)\b")
MATCH = re.compile(r"\bmatch\s+(?P<path>\S*/(?P<document>\S+))\s*\{")
ALLOW = re.compile(r"\ballow\s+(?P<verbs>[\w\s,]+?)\s*[:;]")
BLOCK = re.compile(r"\bmatch\s+(?P<path>\S+)\s*\{|\b(?:service|function)\b[^{]*\{|(?P<close>\})")
SINGLE_VERBS = {"read": ("get", "list"), "write": ("create", "update", "delete")}
# Where to split first: || binds less than &&.
DROPS = {"||": "false", "&&": "true"}


@dataclass(frozen=True)
class Mutant:
    """`path` is that of the innermost match around the change."""

    name: str
    rules: str = field(repr=False)
    path: str
    loosens: bool

    def __str__(self) -> str:
        return self.name

    def concerns(self, document: str) -> int:
        """Distance of a document from the change: 0 in its match, 1 below it, 2 elsewhere."""
        below = re.sub(r"\{\w+=\*\*\}", ".+", self.path.removeprefix("/"))
        of_match = re.sub(r"\{\w+\}", "[^/]+", below)
        if re.fullmatch(of_match, document):
            return 0
        return 1 if re.match(of_match, document) else 2


@dataclass(frozen=True)
class Span:
    start: int
    end: int

    def stripped(self, text: str) -> "Span":
        inside = text[self.start : self.end]
        return Span(
            self.start + len(inside) - len(inside.lstrip()),
            self.end - len(inside) + len(inside.rstrip()),
        )


def mutants(rules: str) -> list[Mutant]:
    code = _code(rules)
    changes = [*_of_conditions(code), *_of_verbs(code), *_of_matches(code)]
    return [_mutant(rules, code, change) for change in changes]


class Change(NamedTuple):
    span: Span
    value: str
    loosens: bool


def _mutant(rules: str, code: str, change: Change) -> Mutant:
    start, end = change.span.start, change.span.end
    line = rules.count("\n", 0, start) + 1
    was = " ".join(rules[start:end].split())
    return Mutant(
        name=f"line {line}: `{was}` becomes `{change.value}`",
        rules=rules[:start] + change.value + rules[end:],
        path=_path(code[:start] + change.value + code[end:], start + 1),
        loosens=change.loosens,
    )


def _of_conditions(code: str) -> Iterator[Change]:
    for found in CONDITION.finditer(code):
        whole = Span(found.end(), code.index(";", found.end())).stripped(code)
        yield Change(whole, "true", loosens=True)
        yield Change(whole, "false", loosens=False)
        yield from _of_operands(code, whole)


def _of_operands(code: str, span: Span) -> Iterator[Change]:
    while (inner := _without_parentheses(code, span)) != span:
        span = inner
    for operator, dropped in DROPS.items():
        operands = _split(code, span, operator)
        if len(operands) > 1:
            for operand in operands:
                yield Change(operand, dropped, loosens=dropped == "true")
                yield from _of_operands(code, operand)
            return


def _of_verbs(code: str) -> Iterator[Change]:
    for found in ALLOW.finditer(code):
        span = Span(*found.span("verbs"))
        written = re.findall(r"\w+", found["verbs"])
        granted = [single for verb in written for single in SINGLE_VERBS.get(verb, (verb,))]
        if len(granted) > 1:
            for lost in granted:
                remaining = ", ".join(verb for verb in granted if verb != lost)
                yield Change(span, remaining, loosens=False)
        for more in ("get", "list", "write"):
            if not set(SINGLE_VERBS.get(more, (more,))) & set(granted):
                yield Change(span, ", ".join([*written, more]), loosens=True)


def _of_matches(code: str) -> Iterator[Change]:
    for found in MATCH.finditer(code):
        document = found["document"]
        wider = f"{document[:-1]}=**}}" if document.startswith("{") else "{any}"
        # A path has one recursive wildcard at most.
        if found["path"] != DOCUMENTS and "=**" not in found["path"]:
            yield Change(Span(*found.span("document")), wider, loosens=True)


def _split(code: str, span: Span, operator: str) -> list[Span]:
    """The operands at the outermost level; the span itself without the operator."""
    cuts, depth = [span.start], 0
    for at in range(span.start, span.end):
        depth += (code[at] in "([") - (code[at] in ")]")
        if depth == 0 and code.startswith(operator, at):
            cuts += [at, at + len(operator)]
    cuts.append(span.end)
    return [Span(*pair).stripped(code) for pair in zip(cuts[::2], cuts[1::2], strict=True)]


def _without_parentheses(code: str, span: Span) -> Span:
    """The inner span, if one pair of parentheses encloses all of it."""
    if code[span.start] != "(":
        return span
    depth = 0
    for at in range(span.start, span.end):
        depth += (code[at] == "(") - (code[at] == ")")
        if depth == 0:
            return Span(span.start + 1, at).stripped(code) if at == span.end - 1 else span
    raise ValueError(f"no end to the parenthesis at {span.start}")


def _path(code: str, offset: int) -> str:
    """The path of the match at this offset, in its block or in its own path."""
    blocks: list[str] = []
    for found in BLOCK.finditer(code):
        if found.start() >= offset:
            break
        if found["close"]:
            blocks.pop()
        else:
            blocks.append(found["path"] or "")
    return "".join(blocks).removeprefix(DOCUMENTS)


def _code(rules: str) -> str:
    """The rules with comments and strings blanked, at unchanged offsets."""
    without_comments = re.sub(r"//[^\n]*", lambda found: " " * len(found.group()), rules)
    return re.sub(r"'[^'\n]*'", lambda found: "_" * len(found.group()), without_comments)
