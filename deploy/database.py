"""Firestore: databases, rules, and the indexes and TTL policies of firestore.indexes.json.

Each index is a command of its own, so that a dry run shows all of them and no tool but gcloud is
needed. gcloud has no command for rules: deploy/rules.py publishes them.
"""

import json
from collections.abc import Iterator
from typing import Any

from deploy.commands import ROOT, ShellCommand, gcloud, look, python
from deploy.project import Project
from deploy.steps import Found, Step, always, holds

INDEXES = ROOT / "firestore.indexes.json"
LIMITS = "limits"
TTL_STATES = ("ACTIVE", "CREATING")
ADMIN = "You need the role Cloud Datastore Owner or Firebase Admin."


def steps(project: Project) -> Iterator[Step]:
    names = [project.database]
    if project.shares_limits and project.limits_database not in names:
        names.append(project.limits_database)
    for database in names:
        yield _database(project, database)
        yield _rules(project, database)
    file: dict[str, Any] = json.loads(INDEXES.read_text())
    for index in file["indexes"]:
        yield _index(project, index)
    for field in file["fieldOverrides"]:
        yield from _field(project, field)


def _database(project: Project, database: str) -> Step:
    return Step(
        title=f"Firestore database {database}",
        why="The counts of the limits, apart from students' data."
        if database == project.limits_database
        else "All stored data. Protected from deletion; its location can't be changed later.",
        look=look(project.project, "firestore", "databases", "describe", f"--database={database}"),
        is_done=lambda found: bool(found) and found.get("type") == "FIRESTORE_NATIVE",
        create=(
            gcloud(
                *(project.project, "firestore", "databases", "create", f"--database={database}"),
                *(f"--location={project.location}", "--type=firestore-native"),
                "--delete-protection",
            ),
        ),
        advice="A database in Datastore mode can't be used: name another in the project's file. "
        + ADMIN,
    )


def _rules(project: Project, database: str) -> Step:
    arguments = ("deploy.rules", f"--project={project.project}", f"--database={database}")
    return Step(
        title=f"Rules of {database}",
        why="firestore.rules: clients read their own data and write nothing.",
        look=ShellCommand(python(*arguments, "--look")),
        is_done=lambda found: bool(found) and found["as_published"] is True,
        repair=always(ShellCommand(python(*arguments))),
        advice="You need the role Firebase Rules Admin. An error in the rules is reported with "
        "its line.",
    )


def _index(project: Project, index: dict[str, Any]) -> Step:
    group, fields = index["collectionGroup"], index["fields"]
    config = [f"--field-config=field-path={field['fieldPath']},{_mode(field)}" for field in fields]

    def exists(found: Found) -> bool:
        # A server adds the document's name as the last field.
        return any(
            f"/collectionGroups/{group}/" in made["name"]
            and made.get("queryScope") == index["queryScope"]
            and made.get("state") in ("READY", "CREATING")
            and holds([f for f in made["fields"] if f["fieldPath"] != "__name__"], fields)
            for made in found
        )

    return Step(
        title=f"Index of {group}: {', '.join(field['fieldPath'] for field in fields)}",
        why="A query that an app makes fails without it. It is built in the background.",
        look=look(
            *(project.project, "firestore", "indexes", "composite", "list"),
            f"--database={project.database}",
        ),
        is_done=exists,
        repair=always(
            gcloud(
                *(project.project, "firestore", "indexes", "composite", "create"),
                *(f"--database={project.database}", f"--collection-group={group}"),
                f"--query-scope={_scope(index)}",
                *(*config, "--async"),
            )
        ),
        advice=ADMIN,
    )


def _field(project: Project, field: dict[str, Any]) -> Iterator[Step]:
    group, path = field["collectionGroup"], field["fieldPath"]
    database = project.limits_database if group == LIMITS else project.database
    if group == LIMITS and not project.shares_limits:
        return
    of = (f"--collection-group={group}", f"--database={database}")

    def named(found: Found) -> list[Any]:
        ending = f"/collectionGroups/{group}/fields/{path}"
        return [made for made in found if made["name"].endswith(ending)]

    if field.get("ttl"):
        yield Step(
            title=f"Deletion of {group} by {path}",
            why="Expired documents are deleted within about a day.",
            look=look(
                *(project.project, "firestore", "fields", "ttls", "list"),
                f"--database={database}",
            ),
            is_done=lambda found: any(
                made.get("ttlConfig", {}).get("state") in TTL_STATES for made in named(found)
            ),
            repair=always(
                gcloud(
                    *(project.project, "firestore", "fields", "ttls", "update", path),
                    *(*of, "--enable-ttl", "--async"),
                )
            ),
            advice=ADMIN,
        )
    if field["indexes"]:
        yield Step(
            title=f"Indexes of {group}.{path}",
            why="A query of all collections of this name fails without it.",
            look=look(
                *(project.project, "firestore", "indexes", "fields", "list"),
                f"--database={database}",
            ),
            is_done=lambda found: any(
                _has_indexes(made, field["indexes"]) for made in named(found)
            ),
            repair=always(
                gcloud(
                    *(project.project, "firestore", "indexes", "fields", "update", path),
                    *of,
                    *(
                        f"--index={_mode(index)},query-scope={_scope(index)}"
                        for index in field["indexes"]
                    ),
                    "--async",
                )
            ),
            advice=ADMIN,
        )
        return
    yield Step(
        title=f"No index of {group}.{path}",
        why="Large or ever-rising values: an index would cost much and serve no query.",
        look=look(
            *(project.project, "firestore", "indexes", "fields", "list"),
            f"--database={database}",
        ),
        is_done=lambda found: any(
            not made.get("indexConfig", {}).get("indexes") for made in named(found)
        ),
        repair=always(
            gcloud(
                *(project.project, "firestore", "indexes", "fields", "update", path),
                *(*of, "--disable-indexes", "--async"),
            )
        ),
        advice=ADMIN,
    )


def _scope(index: dict[str, Any]) -> str:
    """As gcloud spells it."""
    scope: str = index["queryScope"].lower().replace("_", "-")
    return scope


def _mode(field: dict[str, Any]) -> str:
    """How a field is indexed, as gcloud spells it."""
    if "order" in field:
        return f"order={field['order'].lower()}"
    return f"array-config={field['arrayConfig'].lower()}"


def _has_indexes(made: Any, wanted: list[dict[str, Any]]) -> bool:
    found = made.get("indexConfig", {}).get("indexes", [])
    return {(i["queryScope"], _mode(i["fields"][0])) for i in found} == {
        (i["queryScope"], _mode(i)) for i in wanted
    }
