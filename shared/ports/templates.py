"""Templates as use cases read and store them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol

from pydantic import JsonValue

from shared.domain.templates.template import Template
from shared.ports.calls import IdempotencyContext, R, R_co, Reply, StoredReply

# The owner's full template_data; None where students may read all of it, so that none is stored.
FullTemplateData = dict[str, JsonValue] | None


@dataclass(frozen=True)
class TemplateChange(Generic[R_co]):
    """The reply, and the template to store before it is given, None where nothing changes.

    `source` is stored or, where it is None, removed if `source_changed`.
    """

    reply: Reply[R_co]
    template: Template | None = None
    source_changed: bool = False
    source: FullTemplateData = None


DecideTemplate = Callable[[Template | None], TemplateChange[R]]


class TemplateRepository(Protocol):
    """Stores templates, with the reply where the request has an Idempotency-Key.

    Both methods raise IdempotencyKeyReused or Unavailable.
    """

    def add(
        self,
        template: Template,
        *,
        source: FullTemplateData,
        reply: Reply[R],
        idempotency: IdempotencyContext,
    ) -> Reply[R] | StoredReply: ...

    def update(
        self, template_id: str, decide: DecideTemplate[R], *, idempotency: IdempotencyContext
    ) -> Reply[R] | StoredReply:
        """Decides on the template, None if there is none, and stores the change.

        The decision is a pure function and may be made again; its refusals are raised.
        """
