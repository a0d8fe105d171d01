"""Packages that are damaged: refused with words, whatever zipfile raises for them."""

import contextlib
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin.content.items import FileRefused
from admin.content.package import Package

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


def archive(method: int) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", method) as package:
        package.writestr("añ.xml", "Which planet is the hottest? " * 30)
        package.writestr("b.xml", "Venus")
    return data.getvalue()


def read_all(data: bytes) -> None:
    package = Package(data)
    for name in package.names:
        package.read(name)


ARCHIVES = {method: archive(method) for method in METHODS}


@given(
    method=st.sampled_from(METHODS),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4),
)
def test_a_damaged_package_is_read_or_refused(
    method: int, changes: list[tuple[float, int]]
) -> None:
    data = bytearray(ARCHIVES[method])
    for place, value in changes:
        data[int(place * len(data))] = value
    with contextlib.suppress(FileRefused):
        read_all(bytes(data))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(b"\xb1", b"\xff", id="a name that is not in UTF-8"),
        pytest.param(b"PK\x03\x04", b"PK\xff\xff", id="no member where one should be"),
    ],
)
def test_a_damaged_name_is_refused(before: bytes, after: bytes) -> None:
    data = ARCHIVES[zipfile.ZIP_DEFLATED].replace(before, after, 1)

    with pytest.raises(FileRefused, match="package"):
        read_all(data)


# Of an entry in the archive's directory: the version that it needs, its flags and its method.
VERSION, FLAGS, METHOD = 6, 8, 10


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        pytest.param(VERSION, 70, "not a readable zip archive", id="a later version"),
        pytest.param(FLAGS, 0x01, "encrypted", id="a password"),
        pytest.param(FLAGS, 0x40, "encrypted", id="a certificate"),
        pytest.param(FLAGS, 0x20, "unknown method", id="a patch"),
        pytest.param(METHOD, 99, "unknown method", id="a method"),
    ],
)
def test_what_zipfile_does_not_read_is_refused_by_its_reason(
    field: int, value: int, reason: str
) -> None:
    data = bytearray(ARCHIVES[zipfile.ZIP_DEFLATED])
    entry = data.rindex(b"PK\x01\x02")
    data[entry + field] = value

    with pytest.raises(FileRefused, match=reason):
        read_all(bytes(data))


def test_a_member_whose_name_is_cut_off_is_refused() -> None:
    data = ARCHIVES[zipfile.ZIP_DEFLATED].replace(b"b.xml", b"\0.xml")

    with pytest.raises(FileRefused, match="outside of itself"):
        read_all(data)
