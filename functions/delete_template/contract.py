"""delete_template: DELETE ?template_id= → 204."""

from shared.contract.command import Command
from shared.contract.examples import TEMPLATE_ID
from shared.contract.operation import Operation, Tag
from shared.domain.common.errors import RateLimited, TemplateNotFound
from shared.domain.common.fields import Id
from shared.environment import Use


class DeleteTemplate(Command):
    template_id: Id


OPERATION = Operation(
    function="delete_template",
    method="DELETE",
    request=DeleteTemplate,
    replies={204: None},
    tag=Tag.TEMPLATES,
    place=3,
    summary="Archive a template",
    description="Active sessions continue with their copy; new sessions are refused. A second "
    "deletion answers 204 too.",
    refusals=(TemplateNotFound, RateLimited),
    uses=frozenset({Use.DATABASE, Use.LIMITS, Use.WRITES}),
    example={"template_id": TEMPLATE_ID},
)
