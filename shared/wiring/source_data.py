"""The decoder of templates that clients send to practice_turn as they read them."""

from collections.abc import Mapping
from typing import Any

from shared.firestore.rest_format import plain_template_fields


def decode_template(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """A template's fields, from plain JSON or from Firestore's REST notation."""
    return plain_template_fields(document)
