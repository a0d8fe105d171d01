"""All steps of a deployment, in an order in which each finds the resources that it needs.

Rules and indexes come before the functions: no document is ever stored without its rule, and no
query is made without its index. The web app comes after the functions that it calls.
"""

from deploy import access, database, monitoring, services, web_app
from deploy.project import Project
from deploy.steps import Step
from deploy.upload import source_hash


def plan(project: Project) -> list[Step]:
    return [
        *access.steps(project),
        *database.steps(project),
        *services.steps(project, source=source_hash()),
        *web_app.steps(project),
        *monitoring.steps(project),
    ]
