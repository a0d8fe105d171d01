"""The contract for those who don't read Python: an OpenAPI document, and a page to browse it."""
