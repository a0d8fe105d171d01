"""The network address that a request comes from, as far as it can be trusted."""

from ipaddress import IPv6Address, ip_address, ip_network

from flask import Request

# One customer of an IPv6 network has at least so many addresses.
IPV6_PREFIX = 64


def client_address(request: Request, *, proxies: int) -> str:
    """The address that the outermost of our proxies saw; of IPv6 its network of 64 bits.

    Each proxy adds the address before it to X-Forwarded-For, so only the last ones are ours: a
    client may have sent the rest itself.
    """
    forwarded = ",".join(request.headers.getlist("X-Forwarded-For")).split(",")
    seen = [part.strip() for part in forwarded if part.strip()]
    address = seen[-proxies] if 0 < proxies <= len(seen) else request.remote_addr or ""
    return _network(address)


def _network(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, IPV6_PREFIX), strict=False))
    return str(parsed)
