"""All steps of a deployment, in an order in which each finds the resources that it needs.

Rules and indexes come before the functions: no document is ever stored without its rule, and no
query is made without its index.
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
