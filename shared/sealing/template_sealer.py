"""Sealed templates: a seal binds a template's version and content, and holds its answer keys."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_json

from shared.domain.common.errors import SessionContextTampered
from shared.domain.practice.source import Binding, TemplateSealContent
from shared.domain.templates.template import Template
from shared.sealing.fernet_box import FernetBox, padded


class FernetTemplateSealer:
    """The TemplateSealer of shared/ports/sealing.py, over a FernetBox."""

    def __init__(self, box: FernetBox) -> None:
        self._box = box

    def seal(self, template: Template, keys: Mapping[str, Mapping[str, Any]]) -> Template:
        binding = template.model_dump(include=set(Binding.model_fields))
        seal = self._box.seal("template", padded(to_json({**binding, "keys": keys})))
        return template.model_copy(update={"seal": seal})

    def open(self, seal: str) -> TemplateSealContent:
        try:
            return TemplateSealContent.model_validate_json(self._box.open("template", seal).content)
        except ValidationError as error:
            raise SessionContextTampered from error
