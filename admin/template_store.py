"""Templates with the owner's full text, as commands read and store them."""

import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from pydantic import ValidationError

from admin.errors import CommandFailed
from functions.create_template import handler as creation
from functions.create_template.contract import CreateTemplate
from functions.update_template import handler as change
from functions.update_template.contract import UpdateTemplate
from shared.domain.common.errors import InvalidArgument, Refusal, Unavailable
from shared.domain.common.validation import message_of
from shared.domain.templates.template import Template
from shared.firestore.assignments import assigned_path, template_of
from shared.firestore.database import Database
from shared.firestore.documents import source_path, template_path
from shared.firestore.retry import COMMAND_DEADLINE_SECONDS, Deadline, retry_until_settled
from shared.firestore.templates import FirestoreTemplateRepository
from shared.ports.calls import Call, Caller, IdempotencyContext
from shared.ports.sealing import TemplateSealer


@dataclass(frozen=True)
class StoredTemplate:
    """`content` is the `template_data` with the answer keys."""

    template: Template
    content: dict[str, Any]


class TemplateStore:
    def __init__(self, database: Database) -> None:
        self.database = database

    def find(self, template_id: str) -> StoredTemplate | None:
        """The template, None without one. Raises CommandFailed for one that was deleted."""
        paths = [path(template_id) for path in (template_path, assigned_path, source_path)]

        def read(deadline: Deadline) -> Any:
            return self.database.read(paths, deadline)

        documents = retry_until_settled(read, seconds=COMMAND_DEADLINE_SECONDS)
        stored, assigned, source = (documents[path] for path in paths)
        template = template_of(stored, assigned)
        if template is None:
            return None
        if template.archived_at is not None:
            raise CommandFailed(f"The template {template_id} ({template.name}) was deleted.")
        full = source.fields["template_data"] if source.fields else template.template_data
        return StoredTemplate(template, full)

    def load(self, template_id: str) -> StoredTemplate:
        """The template. Raises CommandFailed for one that is missing or was deleted."""
        found = self.find(template_id)
        if found is None:
            raise CommandFailed(f"There is no template {template_id}.")
        return found


class TemplateWriter:
    """Stores templates as the functions do, each in one commit. The methods return its id.

    They raise CommandFailed for a template that is not valid, or was changed since it was read.
    """

    def __init__(self, database: Database, sealer: TemplateSealer) -> None:
        self._templates = FirestoreTemplateRepository(database)
        self._sealer = sealer

    def create(
        self, template_id: str, owner: str, fields: Mapping[str, Any], content: Mapping[str, Any]
    ) -> str:
        with _refusals_as_failures():
            creation.handle(
                CreateTemplate.model_validate({**fields, "template_data": content}),
                _call(owner, "create_template"),
                creation.Dependencies(self._templates, self._sealer, partial(str, template_id)),
            )
        return template_id

    def update(self, template: Template, content: Mapping[str, Any]) -> str:
        with _refusals_as_failures():
            change.handle(
                UpdateTemplate.model_validate(
                    {
                        "template_id": template.template_id,
                        "version": template.version,
                        "template_data": content,
                    }
                ),
                _call(template.owner_id, "update_template"),
                change.Dependencies(self._templates, self._sealer),
            )
        return template.template_id


def _call(owner: str, function: str) -> Call:
    now = datetime.now(UTC)
    caller = Caller(owner, is_teacher=True)
    return Call(caller, IdempotencyContext(owner, function, None, "", now), now)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C takes effect at the end: the template is stored, or it is not.

    Pydantic would make another exception of it, and the outcome of a commit would not be known.
    """
    caught: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: caught.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if caught:
        raise KeyboardInterrupt


@contextmanager
def _refusals_as_failures() -> Iterator[None]:
    try:
        with _uninterrupted():
            yield
    except ValidationError as error:
        raise CommandFailed(f"The template {message_of(error.errors()[0])}.") from error
    except InvalidArgument as refusal:
        reasons = "; ".join(f"{error.path}: {error.message}" for error in refusal.errors)
        raise CommandFailed(f"The template is not valid: {reasons}.") from refusal
    except Unavailable:
        raise  # the same command continues
    except Refusal as refusal:
        raise CommandFailed(f"{refusal.detail} Run the same command again.") from refusal
