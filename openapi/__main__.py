"""`make openapi`: regenerates the files that repeat the contracts."""

from openapi.documentation import ROOT, generated_files

for path, text in generated_files().items():
    path.write_text(text, encoding="utf-8")
    print(f"Written: {path.relative_to(ROOT)}")
