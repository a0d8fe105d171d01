"""The address that a request is counted by can't be chosen by the client."""

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from shared.endpoint.client_address import client_address


def address(forwarded: str | None, *, proxies: int, remote: str = "10.0.0.7") -> str:
    headers = [] if forwarded is None else [("X-Forwarded-For", forwarded)]
    builder = EnvironBuilder(headers=headers, environ_overrides={"REMOTE_ADDR": remote})
    return client_address(Request(builder.get_environ()), proxies=proxies)


@pytest.mark.parametrize(
    ("forwarded", "proxies", "expected"),
    [
        ("203.0.113.9", 1, "203.0.113.9"),
        ("1.2.3.4, 203.0.113.9", 1, "203.0.113.9"),
        ("1.2.3.4,203.0.113.9 , 35.1.1.1", 2, "203.0.113.9"),
        ("203.0.113.9", 2, "10.0.0.7"),
        ("203.0.113.9", 0, "10.0.0.7"),
        (None, 1, "10.0.0.7"),
        (" , ", 1, "10.0.0.7"),
        ("not an address", 1, "unknown"),
        ("2001:db8:1:2:3:4:5:6", 1, "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", 1, "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", 1, "203.0.113.9"),
    ],
)
def test_the_address_is_the_one_that_our_outermost_proxy_saw(
    forwarded: str | None, proxies: int, expected: str
) -> None:
    assert address(forwarded, proxies=proxies) == expected
