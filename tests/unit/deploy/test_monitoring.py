"""Alerts and metrics: each filter uses only fields, loggers and messages that the code writes."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.functions import FUNCTIONS
from deploy.monitoring import ALERTS, METRICS
from local.processes import ROOT
from shared.contract.refusals import STATUS_OF
from tests.support.documents import example

DOCUMENT = (ROOT / "docs" / "deploy.md").read_text()
SOURCES = [p for folder in ("shared", "functions") for p in (ROOT / folder).rglob("*.py")]
# Fields of every log line, and Google's own metrics that alerts use.
OF_EVERY_LINE = {"logger", "message", "severity", "function", "request_id"}
OF_GOOGLE = {
    "run.googleapis.com/request_count",
    "run.googleapis.com/request_latencies",
    "firestore.googleapis.com/document/ttl_expiration_to_deletion_delays",
}


def files(folder: Path) -> dict[str, Any]:
    return {path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))}


def string_constants(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


TEXTS = {source: set(string_constants(source)) for source in SOURCES}
ALL_TEXTS = set().union(*TEXTS.values())


def logged(logger: str) -> list[str]:
    """The messages that modules with this logger may write, as they stand in the code."""
    return [
        node.args[0].value
        for source, texts in TEXTS.items()
        if logger in texts
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "logger"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]


def fields_logged() -> set[str]:
    """The keys of dictionaries that are given as `extra={"fields": …}` or assigned to `fields`."""
    return {
        key.value
        for source in SOURCES
        for node in ast.walk(ast.parse(source.read_text()))
        for made in _dicts_of_fields(node)
        for key in made.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def _dicts_of_fields(node: ast.AST) -> Iterator[ast.Dict]:
    match node:
        case ast.Assign(targets=[ast.Name(id="fields")], value=ast.Dict() as made):
            yield made
        case ast.keyword(arg="extra", value=ast.Dict(values=[ast.Dict() as made])):
            yield made


def unmatched_conditions(filter_text: str) -> list[str]:
    """The conditions of a log filter that no log line meets."""
    known = OF_EVERY_LINE | fields_logged()
    asked = set(re.findall(r"jsonPayload\.(\w+)", filter_text))
    found = [f"no line has the field {field}" for field in sorted(asked - known)]
    loggers = re.findall(r'jsonPayload\.logger="([^"]+)"', filter_text)
    found += [f"no logger is named {name}" for name in loggers if name not in ALL_TEXTS]
    for pattern in re.findall(r'jsonPayload\.message=~"([^"]+)"', filter_text):
        messages = [message for name in loggers for message in logged(name)]
        if not any(re.search(pattern, message) for message in messages):
            found.append(f"no message is like {pattern}")
    statuses = {status.value for status in STATUS_OF.values()} | {200}
    for status in re.findall(r"jsonPayload\.status=(\d+)", filter_text):
        if int(status) not in statuses:
            found.append(f"nothing answers {status}")
    names = {function.name for function in FUNCTIONS}
    for name in re.findall(r'jsonPayload\.function="([^"]+)"', filter_text):
        if name not in names:
            found.append(f"there is no function {name}")
    return found


@pytest.mark.parametrize(("name", "metric"), files(METRICS).items())
def test_a_metric_counts_lines_that_are_written(name: str, metric: dict[str, Any]) -> None:
    assert metric["name"] == name
    assert unmatched_conditions(metric["filter"]) == []
    labels = {label["key"] for label in metric["metricDescriptor"]["labels"]}
    assert set(metric["labelExtractors"]) == labels
    for extractor in metric["labelExtractors"].values():
        assert unmatched_conditions(extractor) == []


@pytest.mark.parametrize(
    ("filter_text", "wrong"),
    [
        ('jsonPayload.reason="X"', "no line has the field reason"),
        ('jsonPayload.logger="practice.nobody"', "no logger is named practice.nobody"),
        (
            'jsonPayload.logger="practice.tutor" AND jsonPayload.message=~"^the model is happy"',
            "no message is like ^the model is happy",
        ),
        ("jsonPayload.status=418", "nothing answers 418"),
        ('jsonPayload.function="cleanup"', "there is no function cleanup"),
    ],
)
def test_a_filter_that_matches_no_log_line_is_found(filter_text: str, wrong: str) -> None:
    assert unmatched_conditions(filter_text) == [wrong]


LOGS = example("docs/deploy.md", "", under="Logs").splitlines()


@pytest.mark.parametrize("filter_text", [*LOGS, example("docs/limits.md", "", under="Monitoring")])
def test_a_filter_in_the_documents_matches_lines(filter_text: str) -> None:
    assert re.search(r"jsonPayload\.\w+(=|>=)", filter_text)
    assert unmatched_conditions(filter_text) == []


def filters_of(policy: dict[str, Any]) -> Iterator[str]:
    for condition in policy["conditions"]:
        kind = condition.get("conditionThreshold") or condition["conditionAbsent"]
        yield kind["filter"]
        if "denominatorFilter" in kind:
            yield kind["denominatorFilter"]


@pytest.mark.parametrize(("name", "policy"), files(ALERTS).items())
def test_an_alert_watches_an_existing_metric(name: str, policy: dict[str, Any]) -> None:
    metrics = files(METRICS)
    for text in filters_of(policy):
        (kind,) = re.findall(r'metric\.type="([^"]+)"', text)
        own = kind.removeprefix("logging.googleapis.com/user/")
        assert own in metrics if own != kind else kind in OF_GOOGLE
        for label in re.findall(r"metric\.label\.(\w+)", text):
            if own != kind:
                assert label in metrics[own]["labelExtractors"]
        for value in re.findall(r"metric\.label\.limit=one_of\(([^)]*)\)", text):
            assert {part.strip('"') for part in value.split(",")} <= ALL_TEXTS
        services = set(re.findall(r'service_name="([^"]+)"', text))
        assert services <= {function.service for function in FUNCTIONS}
    assert policy["userLabels"]["practice"] == name.replace("_", "-")
    assert policy["documentation"]["content"], "the person on call must know what to do"


def test_every_metric_is_watched_and_every_alert_documented() -> None:
    watched = "".join(text for policy in files(ALERTS).values() for text in filters_of(policy))
    assert [name for name in files(METRICS) if f'/{name}"' not in watched] == []
    undocumented = [
        policy["displayName"]
        for policy in files(ALERTS).values()
        if policy["displayName"].removeprefix("Practice: ") not in DOCUMENT
    ]
    assert undocumented == []
