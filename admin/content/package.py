"""The files of a zip archive, within bounds: nothing is unpacked to a disk."""

import lzma
import posixpath
import zipfile
import zlib
from io import BytesIO
from urllib.parse import unquote

from admin.content.items import FileRefused

MAX_MEMBERS = 20_000
MAX_MEMBER_BYTES = 10 * 1024 * 1024
# Of the members that are read, not of pictures and sounds.
MAX_READ_BYTES = 200 * 1024 * 1024
# What deflate reaches with text that people wrote is far below.
MAX_RATIO = 200
SMALL_BYTES = 64 * 1024
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
# Flags of a member: by a password or a certificate, and as a patch of an earlier file.
ENCRYPTED = 0x01 | 0x40
PATCH = 0x20
BROKEN = (
    # A wrong checksum or header, and data that its method can't unpack: bz2 raises OSError.
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError),
    # Data that end too early.
    EOFError,
    # A name that is not in UTF-8, and a place before the beginning of the archive.
    ValueError,
)


class Package:
    """A zip archive. Raises FileRefused for one that is broken or beyond the bounds."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        # zipfile says by NotImplementedError alone that an archive needs a later version of the
        # format than it reads, and by ValueError that a name is not in UTF-8.
        except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
            raise FileRefused(f"The package is not a readable zip archive: {error}.") from error
        # A name may be empty, which ZipInfo.is_dir does not expect.
        members = [info for info in self._zip.infolist() if not info.filename.endswith("/")]
        if len(members) > MAX_MEMBERS:
            raise FileRefused(f"The package has more than {MAX_MEMBERS} files.")
        self._members: dict[str, zipfile.ZipInfo] = {}
        for info in members:
            name = _path(info.filename)
            if name is None:
                raise FileRefused(f"The package has a file outside of itself: {info.filename!r}.")
            if name in self._members:
                raise FileRefused(f"The package has the file {name!r} twice.")
            self._members[name] = info
        self._read_bytes = 0

    @property
    def names(self) -> list[str]:
        return list(self._members)

    def resolve(self, href: str, *, base: str = "") -> str | None:
        """The name of a member that a link in the file `base` leads to; None without one."""
        name = _path(posixpath.join(posixpath.dirname(base), unquote(href.partition("#")[0])))
        return name if name in self._members else None

    def read(self, name: str) -> bytes:
        """The content of a member. Raises FileRefused for one beyond the bounds."""
        info = self._members[name]
        if info.flag_bits & ENCRYPTED:
            raise FileRefused(f"The file {name!r} of the package is encrypted.")
        if info.compress_type not in METHODS or info.flag_bits & PATCH:
            raise FileRefused(f"The file {name!r} of the package is packed by an unknown method.")
        try:
            with self._zip.open(info) as member:
                # The sizes in the archive may be wrong, so as many bytes are read as are allowed.
                data = member.read(MAX_MEMBER_BYTES + 1)
        except BROKEN as error:
            raise FileRefused(f"The file {name!r} of the package is broken: {error}.") from error
        self._read_bytes += len(data)
        if len(data) > MAX_MEMBER_BYTES or self._read_bytes > MAX_READ_BYTES:
            raise FileRefused(f"The file {name!r} of the package is too large.")
        if len(data) > max(SMALL_BYTES, MAX_RATIO * info.compress_size):
            raise FileRefused(f"The file {name!r} of the package is compressed beyond all measure.")
        return data


def _path(name: str) -> str | None:
    """The path inside of the package, in one spelling; None for one that leads out of it."""
    plain = posixpath.normpath(name.replace("\\", "/"))
    is_outside = plain.startswith(("/", "../")) or plain in ("..", ".") or ":" in plain[:3]
    return None if is_outside or "\0" in plain else plain
