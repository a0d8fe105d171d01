"""The gaps in the emulator's coverage report.

The report lists every expression that is not a literal, with each of its values. An empty value
stands for an expression that was not evaluated, because the outcome was clear without it, and
`undefined` for one that failed; neither counts as covered. An expression never reached has no
values, so its type is unknown: it is always a gap.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

ALLOW = re.compile(r"\ballow\b[\w\s,]*(?P<condition>:\s*if\s+)?")


def gaps(report: Mapping[str, Any]) -> list[str]:
    """One line for each condition not seen both true and false, or never reached."""
    (file,) = report["rules"]["files"]
    text, expressions = file["content"], report.get("report", [])
    return [
        *_unconditional(text, expressions),
        *(gap for expression in expressions for gap in _gaps(text, expression)),
    ]


def _gaps(text: str, node: Mapping[str, Any]) -> Iterator[str]:
    at = node["sourcePosition"]
    kinds = {
        f"{kind} {value}" if kind == "boolValue" else kind
        for entry in node.get("values", [])
        for kind, value in entry["value"].items()
        if kind != "undefined"
    }
    truths = kinds & {"boolValue True", "boolValue False"}
    where = f"line {at['line']}, `{text[at['currentOffset'] : at['endOffset'] + 1]}`"
    if not kinds:
        yield f"{where}: never evaluated"
    elif len(truths) == 1:
        yield f"{where}: only ever {'true' if 'boolValue True' in truths else 'false'}"
    for child in node.get("children", []):
        yield from _gaps(text, child)


def _unconditional(text: str, expressions: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The allow statements missing from the report: without a condition, or with a literal."""
    reported = {node["sourcePosition"]["currentOffset"] for node in expressions}
    code = re.sub(r"//.*", lambda comment: " " * len(comment.group()), text)
    for allow in ALLOW.finditer(code):
        if not allow["condition"] or allow.end() not in reported:
            yield f"line {text.count(chr(10), 0, allow.start()) + 1}: allow without a condition"
