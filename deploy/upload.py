"""What a deployment uploads, by .gcloudignore, and a hash that tells when it changed."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from pathspec import GitIgnoreSpec

from deploy.commands import ROOT

IGNORED = ".gcloudignore"


def upload_set(root: Path = ROOT) -> list[Path]:
    """The files, relative to the root, in order."""
    ignored = GitIgnoreSpec.from_lines((root / IGNORED).read_text().splitlines())
    return sorted(_kept(root, root, ignored))


def source_hash(root: Path = ROOT) -> str:
    """Of every file's path and content; short enough for a label."""
    digest = hashlib.sha256()
    for path in upload_set(root):
        content = (root / path).read_bytes()
        digest.update(f"{path.as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:40]


def _kept(root: Path, folder: Path, ignored: GitIgnoreSpec) -> Iterator[Path]:
    # A folder that is ignored is not looked into, whatever is said of what it holds.
    for path in folder.iterdir():
        relative = path.relative_to(root)
        if path.is_dir():
            if not ignored.match_file(f"{relative.as_posix()}/"):
                yield from _kept(root, path, ignored)
        elif not ignored.match_file(relative.as_posix()):
            yield relative
