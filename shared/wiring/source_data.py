"""The decoder of templates as clients read them and send them to practice_turn."""

from collections.abc import Mapping
from typing import Any

from shared.domain.practice.source import SentTemplate
from shared.firestore.rest_format import decode_source_data


def decode_template(source_data: Mapping[str, Any]) -> SentTemplate:
    """The template's fields. Raises InvalidArgument."""
    return decode_source_data(source_data)
