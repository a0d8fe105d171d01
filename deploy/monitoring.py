"""Metrics counted from log lines, and alerts on them and on Google's own metrics."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.commands import ROOT, ShellCommand, gcloud, look
from deploy.project import Project
from deploy.steps import Found, Step, holds

METRICS = Path(__file__).parent / "metrics"
ALERTS = Path(__file__).parent / "alerts"
# Stands in a dry run for a name that Google assigned.
ITS_NAME = "ITS_NAME"


def steps(project: Project) -> Iterator[Step]:
    for path in sorted(METRICS.glob("*.json")):
        yield _metric(project, path)
    for path in sorted(ALERTS.glob("*.json")):
        yield _alert(project, path)


def _metric(project: Project, path: Path) -> Step:
    wanted: dict[str, Any] = json.loads(path.read_text())
    config = f"--config-from-file={path.relative_to(ROOT)}"
    create = gcloud(project.project, "logging", "metrics", "create", path.stem, config)
    update = gcloud(project.project, "logging", "metrics", "update", path.stem, config)

    def ours(found: Found) -> list[Any]:
        return [one for one in found if one["name"] == path.stem]

    return Step(
        title=f"Metric {path.stem}",
        why=f"{wanted['description']}.",
        look=look(project.project, "logging", "metrics", "list"),
        is_done=lambda found: any(holds(one, _as_found(wanted)) for one in ours(found)),
        create=(create,),
        repair=lambda found: (update,) if found is None or ours(found) else (create,),
        advice="You need the role Logs Configuration Writer.",
    )


def _as_found(metric: dict[str, Any]) -> dict[str, Any]:
    """The metric as Google's JSON has it: without the type of labels that are texts."""
    descriptor = metric["metricDescriptor"]
    labels = [{"key": label["key"]} for label in descriptor["labels"]]
    return {**metric, "metricDescriptor": {**descriptor, "labels": labels}}


def _alert(project: Project, path: Path) -> Step:
    wanted: dict[str, Any] = json.loads(path.read_text())
    label = wanted["userLabels"]["practice"]
    from_file = f"--policy-from-file={path.relative_to(ROOT)}"
    channels = (
        (f"--notification-channels={','.join(project.alert_channels)}",)
        if project.alert_channels
        else ()
    )
    policies = ("alpha", "monitoring", "policies")

    def ours(found: Found) -> list[Any]:
        return [one for one in found if one.get("userLabels", {}).get("practice") == label]

    def is_done(found: Found) -> bool:
        return any(
            holds(one, wanted)
            and set(project.alert_channels) <= set(one.get("notificationChannels", []))
            for one in ours(found)
        )

    def repair(found: Found) -> tuple[ShellCommand, ...]:
        if found is None:
            name = ITS_NAME
        elif present := ours(found):
            name = present[0]["name"]
        else:
            return (create,)
        set_channels = tuple(c.replace("--", "--set-", 1) for c in channels)
        return (gcloud(project.project, *policies, "update", name, from_file, *set_channels),)

    create = gcloud(project.project, *policies, "create", from_file, *channels)
    return Step(
        title=f"Alert {path.stem}",
        why=f"{wanted['displayName'].removeprefix('Practice: ')}.",
        look=look(project.project, *policies, "list"),
        is_done=is_done,
        create=(create,),
        repair=repair,
        advice="You need the role Monitoring Editor, and gcloud's alpha commands "
        "(`gcloud components install alpha`). A new metric is known after some minutes: "
        "then run this again.",
    )
