"""The generator of the OpenAPI document, and of the texts elsewhere that repeat the contracts."""
