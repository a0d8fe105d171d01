"""`make openapi`: writes docs/openapi.json anew."""

from openapi.document import FILE, text

FILE.write_text(text(), encoding="utf-8")
print(f"Written: docs/{FILE.name}")
