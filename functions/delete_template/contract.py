"""delete_template: DELETE ?template_id= → 204."""

from typing import ClassVar, Literal

from shared.domain.fields import Id
from shared.endpoint.command import Command


class DeleteTemplate(Command):
    method: ClassVar[Literal["POST", "PUT", "DELETE"]] = "DELETE"

    template_id: Id
