"""The generator of the OpenAPI document and of what other documents repeat of the contracts."""
