"""All steps of a deployment, in an order in which each finds what it needs.

Rules and indexes come before the functions: nothing is ever stored that no rule guards, and no
query is ever made that no index serves.
"""

from deploy import access, database, monitoring, services
from deploy.project import Project
from deploy.steps import Step
from deploy.upload import source_hash


def plan(project: Project) -> list[Step]:
    return [
        *access.steps(project),
        *database.steps(project),
        *services.steps(project, source=source_hash()),
        *monitoring.steps(project),
    ]
