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
