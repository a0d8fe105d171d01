"""Packages that can't be read, for the readers of both languages."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from tests.support.content import FOLDER

MANIFEST = "imsmanifest.xml"
ITEM = (FOLDER / "qti21" / "essay.xml").read_bytes()
# Of an entry in the archive's directory: the version that it needs, its flags, its method and the
# checksum of its content.
VERSION, FLAGS, METHOD, CHECKSUM = 6, 8, 10, 16


@dataclass(frozen=True)
class Damaged:
    """`said` is a part of the command's reason, `shown` of the web app's."""

    name: str
    data: bytes
    said: str
    shown: str


def zipped(members: dict[str, bytes]) -> bytes:
    with BytesIO() as out:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return out.getvalue()


def changed(field: int, value: int) -> bytes:
    """A package of one manifest with a wrong byte in its entry of the directory."""
    data = bytearray(zipped({MANIFEST: b"<manifest/>" * 9}))
    data[data.rindex(b"PK\x01\x02") + field] = value
    return bytes(data)


def packages() -> Iterator[Damaged]:
    """No two that follow each other are refused for the same reason."""
    no_zip = ("not a readable zip", "it is no zip archive")
    yield Damaged("not a zip", b"PK\x03\x04", *no_zip)
    yield Damaged(
        "without XML", zipped({"a.png": b""}), f"neither {MANIFEST}", f"neither {MANIFEST}"
    )
    yield Damaged("cut off", zipped({MANIFEST: b"<manifest/>"})[:-30], *no_zip)
    yield Damaged(
        "broken manifest", zipped({MANIFEST: b"<a>"}), "not well-formed", "not well-formed"
    )
    yield Damaged("later version", changed(VERSION, 70), *no_zip)
    large = zipped({MANIFEST: b" " * 11 * 1024 * 1024})
    yield Damaged("large", large, "is too large", f"{MANIFEST} of the package is too large")
    bomb = zipped({MANIFEST: b" " * 1024 * 1024})
    yield Damaged("bomb", bomb, "beyond all measure", "beyond all measure")
    for name in ("../a.xml", "/a.xml", "x/../../a.xml", "C:/a.xml", "..\\a.xml"):
        data = zipped({name: ITEM})
        yield Damaged(f"outside {name}", data, "outside of itself", f"outside of itself: {name}")
    twice = zipped({"a.xml": ITEM, "./a.xml": ITEM})
    yield Damaged("twice", twice, "the file 'a.xml' twice", "the file a.xml twice")
    yield Damaged("password", changed(FLAGS, 0x01), "is encrypted", "is encrypted")
    yield Damaged("method", changed(METHOD, 99), "unknown method", "a method that is not read")
    yield Damaged("certificate", changed(FLAGS, 0x40), "is encrypted", "is encrypted")
    yield Damaged("patch", changed(FLAGS, 0x20), "unknown method", "a method that is not read")
    yield Damaged("checksum", changed(CHECKSUM, 1), "is broken", "is broken")
    many = zipped({f"{n}.xml": b"" for n in range(20_001)})
    yield Damaged("many files", many, "more than 20000 files", "more than 20000 files")
    doctype = b'<!DOCTYPE a [<!ENTITY b "c">]><manifest>&b;</manifest>'
    yield Damaged("entities", zipped({MANIFEST: doctype}), "declares", "declares a document type")
    deep = b"<a>" * 101 + b"</a>" * 101
    yield Damaged("deep", zipped({MANIFEST: deep}), "nested deeper", "nested deeper")
    elements = b"<a>" + b"".join(b"<b%d/>" % (n % 9973) for n in range(500_000)) + b"</a>"
    yield Damaged("elements", zipped({MANIFEST: elements}), "more than 500000", "more than 500000")
