"""Values as Firestore's REST API writes them."""

from typing import Any

Json = dict[str, Any]


def in_rest(value: Any) -> Json:
    """A value in Firestore's REST format. Empty maps and lists have no content key."""
    match value:
        case dict():
            fields = {key: in_rest(inner) for key, inner in value.items()}
            return {"mapValue": {"fields": fields} if fields else {}}
        case list():
            return {"arrayValue": {"values": [in_rest(inner) for inner in value]} if value else {}}
        case int() if not isinstance(value, bool):
            return {"integerValue": str(value)}
        case _:
            kinds = {bool: "booleanValue", float: "doubleValue", str: "stringValue"}
            return {kinds.get(type(value), "nullValue"): value}
