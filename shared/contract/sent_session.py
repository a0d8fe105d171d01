"""The shape of `stored_session` in requests, which functions take as free JSON: its seal shows
whether it is genuine.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, RootModel

from shared.domain.common.json_schema import DescribedAs, exclude_each_other

# These models are never validated, so not built when a function starts.
NEVER_VALIDATED = ConfigDict(extra="forbid", defer_build=True)


class SessionFields(BaseModel):
    """Fields in Firestore's notation, such as `{"seq": {"integerValue": "3"}}`."""

    model_config = NEVER_VALIDATED

    fields: dict[str, dict[str, Any]]


class SessionValue(BaseModel):
    """A session of infinite practice as Firestore's REST API has it."""

    model_config = NEVER_VALIDATED

    map_value: Annotated[SessionFields, Field(alias="mapValue")]


class SentSession(RootModel[Any]):
    """A session of infinite practice as a client has it: from a reply or an SDK, as plain fields,
    or by REST, in Firestore's own notation.
    """

    model_config = ConfigDict(json_schema_extra=exclude_each_other, defer_build=True)

    # The first by name: it is a component already, because replies have it.
    root: Annotated[dict[str, Any], DescribedAs("StoredSession")] | SessionValue


SealedSession = Annotated[dict[str, Any], DescribedAs(SentSession)]
