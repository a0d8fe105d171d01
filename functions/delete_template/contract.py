"""delete_template: DELETE ?template_id= → 204."""

from typing import ClassVar, Literal

from shared.contract.command import Command
from shared.domain.common.fields import Id


class DeleteTemplate(Command):
    method: ClassVar[Literal["POST", "PUT", "DELETE"]] = "DELETE"

    template_id: Id
