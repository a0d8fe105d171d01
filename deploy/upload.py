"""The files that a deployment uploads, by .gcloudignore, and a hash of them."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from pathspec import GitIgnoreSpec

from deploy.commands import ROOT

IGNORED = ".gcloudignore"


def upload_set(root: Path = ROOT) -> list[Path]:
    """The files to upload, relative to the root, sorted."""
    ignored = GitIgnoreSpec.from_lines((root / IGNORED).read_text().splitlines())
    return sorted(_not_ignored(root, root, ignored))


def source_hash(root: Path = ROOT) -> str:
    """A hash of every file's path and content, in 40 hexadecimal digits, as a label may have."""
    digest = hashlib.sha256()
    for path in upload_set(root):
        content = (root / path).read_bytes()
        digest.update(f"{path.as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:40]


def _not_ignored(root: Path, folder: Path, ignored: GitIgnoreSpec) -> Iterator[Path]:
    # Like git: no pattern brings back a file of an ignored folder.
    for path in folder.iterdir():
        relative = path.relative_to(root)
        if path.is_dir():
            if not ignored.match_file(f"{relative.as_posix()}/"):
                yield from _not_ignored(root, path, ignored)
        elif not ignored.match_file(relative.as_posix()):
            yield relative
